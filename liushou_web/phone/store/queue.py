"""Who waits for a call today, in fair order; and who has waited longest without asking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.class_names import class_name
from liushou_web.schema import Call, CallWish, Child, ChildFile, Phone, SchoolClass

from ..rules.queue import BookedTime, CallStanding, order
from .entries import IS_OPEN, last_connected, standing, standing_columns


class Waiting(NamedTuple):
    """A child, how its calls stand, and whether it asked for one today."""

    child_id: int
    name: str
    grade: int
    class_number: int
    parents_free: str
    wish_id: int | None
    asked_at: datetime | None
    booking: BookedTime | None
    standing: CallStanding

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def queue(*, at: datetime) -> list[Waiting]:
    """Who asked for today and was neither reached today nor is talking now, in
    the order of `rules/queue.py`. Three queries, however many."""
    asked = [child_id for (child_id,) in _who_asked(at).tuples()]
    found = _unreached(Child.id.in_(asked), at=at)
    return sorted(
        found,
        key=lambda each: order(each.standing, each.asked_at or at, each.booking, at=at),
    )


def longest(*, at: datetime, limit: int) -> list[Waiting]:
    """Who did not ask for today, without a call for the longest time first."""
    rows: Any = (
        Child.select(Child.id)
        .where(Child.left_on.is_null(), Child.id.not_in(_who_asked(at)))
        .order_by(last_connected(), Child.school_class, Child.id)
        .limit(limit + len(_who_talks()))
        .tuples()
    )
    place = {child_id: n for n, (child_id,) in enumerate(rows)}
    found = _unreached(Child.id.in_(list(place)), at=at)
    return sorted(found, key=lambda each: place[each.child_id])[:limit]


def _who_asked(at: datetime) -> Any:
    return CallWish.select(CallWish.child).where(
        CallWish.day == at.date(), CallWish.withdrawn_at.is_null()
    )


def _unreached(which: Any, *, at: datetime) -> list[Waiting]:
    """Who of these children was not reached today and is in no call now."""
    talking, today = _who_talks(), at.date()
    return [
        each
        for each in _waiting_where(at, which)
        if each.standing.last_connected != today and each.child_id not in talking
    ]


def _who_talks() -> set[int]:
    rows: Any = Call.select(Call.child).where(IS_OPEN).tuples()
    return {child_id for (child_id,) in rows}


def waiting_of(child_ids: Collection[int], *, at: datetime) -> list[Waiting]:
    """How the calls of these children stand, in the order given; without those who left."""
    place = {child_id: n for n, child_id in enumerate(child_ids)}
    found = _waiting_where(at, Child.id.in_(list(place)))
    return sorted(found, key=lambda each: place[each.child_id])


def _waiting_where(at: datetime, *where: Any) -> list[Waiting]:
    rows: Any = (
        _query(
            at,
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            ChildFile.parents_free,
            CallWish.id,
            CallWish.asked_at,
            Phone.name,
            CallWish.starts,
            CallWish.ends,
            *standing_columns(at.date()),
        )
        .where(*where)
        .tuples()
    )
    return [_waiting(row) for row in rows]


def _waiting(row: Any) -> Waiting:
    who, (line, starts, ends), known = row[:7], row[7:10], row[10:]
    booking = BookedTime(line, starts, ends) if line else None
    return Waiting._make((*who, booking, standing(*known)))


def _query(at: datetime, *columns: Any) -> Any:
    wish = (
        (CallWish.child == Child.id)
        & (CallWish.day == at.date())
        & CallWish.withdrawn_at.is_null()
    )
    return (
        Child.select(*columns)
        .join(SchoolClass)
        .switch(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .switch(Child)
        .join(CallWish, JOIN.LEFT_OUTER, on=wish)
        .join(Phone, JOIN.LEFT_OUTER, on=CallWish.phone == Phone.id)
        .where(Child.left_on.is_null())
    )
