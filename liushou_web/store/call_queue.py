"""Who waits for a call today, in fair order; and who has waited longest without asking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from ..rules.call_queue import Booking, Standing, order
from ..rules.calls import Result
from ..rules.children import class_name
from ..schema import Call, CallWish, Child, ChildFile, Phone, SchoolClass
from .call_entries import last_connected, standing, standing_columns, within


class Waiting(NamedTuple):
    """A child, how its calls stand, and whether it asked for one today."""

    child_id: int
    name: str
    grade: int
    class_number: int
    parents_free: str
    wish_id: int | None
    asked_at: datetime | None
    booking: Booking | None
    standing: Standing

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def queue(*, at: datetime) -> list[Waiting]:
    """Who asked for today and was neither reached today nor is talking now, by
    `rules/call_queue.py`. One query, however many."""
    found = _those(at, CallWish.id.is_null(False), *_unreached(at))
    return sorted(
        found,
        key=lambda each: order(each.standing, each.asked_at or at, each.booking, at=at),
    )


def longest(*, at: datetime, limit: int) -> list[Waiting]:
    """Who did not ask for today, without a call for the longest time first."""
    rows: Any = (
        _joined(at, Child.id)
        .where(CallWish.id.is_null(), *_unreached(at))
        .order_by(last_connected(), SchoolClass.grade, SchoolClass.number, Child.id)
        .limit(limit)
        .tuples()
    )
    return waiting_of([child_id for (child_id,) in rows], at=at)


def waiting_of(child_ids: Collection[int], *, at: datetime) -> list[Waiting]:
    """These children, in the order given."""
    place = {child_id: n for n, child_id in enumerate(child_ids)}
    found = _those(at, Child.id.in_(list(place)))
    return sorted(found, key=lambda each: place[each.child_id])


def _those(at: datetime, *where: Any) -> list[Waiting]:
    rows: Any = (
        _joined(
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
    return [_waiting(*row) for row in rows]


def _waiting(*row: Any) -> Waiting:
    who, (line, starts, ends), known = row[:7], row[7:10], row[10:]
    booking = Booking(line, starts, ends) if line else None
    return Waiting._make((*who, booking, standing(*known)))


def _joined(at: datetime, *columns: Any) -> Any:
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


def _unreached(at: datetime) -> tuple[Any, ...]:
    """Neither reached today nor in a call now."""
    answered = Call.result == Result.CONNECTED.value
    of_child = Call.select(Call.id).where(Call.child == Child.id)
    today = of_child.where(answered, *within(at.date(), at.date()))
    return ~fn.EXISTS(today), ~fn.EXISTS(of_child.where(Call.result == ""))
