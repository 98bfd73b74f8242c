"""Who waits for a call today, in fair order; and who has waited longest without asking."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.class_names import class_name
from liushou_web.db.prepared import Prepared
from liushou_web.db.table import midnights
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
    the order of `rules/queue.py`. Two queries, however many."""
    found = _unreached(_who_waits.rows(*_today(at)), at=at)
    return sorted(
        found,
        key=lambda each: order(each.standing, each.asked_at or at, each.booking, at=at),
    )


@Prepared
def _who_waits(day: Any, begins: Any, ends: Any) -> Any:
    return _query(day, begins, ends).where(Child.id.in_(_who_asked(day)))


def longest(*, at: datetime, limit: int) -> list[Waiting]:
    """Who did not ask for today, without a call for the longest time first."""
    rows = _longest.rows(*_today(at), limit + len(_who_talks()))
    return _unreached(rows, at=at)[:limit]


@Prepared
def _longest(day: Any, begins: Any, ends: Any, limit: Any) -> Any:
    """How their calls stand is asked of the first few alone."""
    fairly = last_connected(), Child.school_class, Child.id
    others = Child.left_on.is_null() & Child.id.not_in(_who_asked(day))
    first = Child.select(Child.id).where(others).order_by(*fairly).limit(limit)
    return _query(day, begins, ends).where(Child.id.in_(first)).order_by(*fairly)


def _who_asked(day: Any) -> Any:
    return CallWish.select(CallWish.child).where(
        CallWish.day == day, CallWish.withdrawn_at.is_null()
    )


def _today(at: datetime) -> tuple[date, datetime, datetime]:
    return at.date(), *midnights(at.date(), at.date())


def _unreached(rows: Iterable[Any], *, at: datetime) -> list[Waiting]:
    """Who of these children was not reached today and is in no call now."""
    talking, today = _who_talks(), at.date()
    return [
        each
        for each in map(_waiting, rows)
        if each.standing.last_connected != today and each.child_id not in talking
    ]


def _who_talks() -> set[int]:
    return {child_id for (child_id,) in _talking.rows()}


@Prepared
def _talking() -> Any:
    return Call.select(Call.child).where(IS_OPEN)


def waiting_of(child_ids: Collection[int], *, at: datetime) -> list[Waiting]:
    """How the calls of these children stand, in the order given; without those who left."""
    place = {child_id: n for n, child_id in enumerate(child_ids)}
    rows = _query(*_today(at)).where(Child.id.in_(list(place))).tuples()
    return sorted(map(_waiting, rows), key=lambda each: place[each.child_id])


def _waiting(row: Any) -> Waiting:
    who, (line, starts, ends), known = row[:7], row[7:10], row[10:]
    booking = BookedTime(line, starts, ends) if line else None
    return Waiting._make((*who, booking, standing(*known)))


def _query(day: Any, begins: Any, ends: Any) -> Any:
    """Children of the school with their wish for a day, which begins and ends then."""
    wish = (
        (CallWish.child == Child.id)
        & (CallWish.day == day)
        & CallWish.withdrawn_at.is_null()
    )
    return (
        Child.select(
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
            *standing_columns(begins, ends),
        )
        .join(SchoolClass)
        .switch(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .switch(Child)
        .join(CallWish, JOIN.LEFT_OUTER, on=wish)
        .join(Phone, JOIN.LEFT_OUTER, on=CallWish.phone == Phone.id)
        .where(Child.left_on.is_null())
    )
