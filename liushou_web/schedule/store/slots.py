"""Weekly openings: their plan, the dated activities made from it, and their end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schema import Activity, Room, Slot, Term
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules.activities import SlotPlan
from . import activities, people
from .holds import check_free


class SlotLine(NamedTuple):
    """A weekly opening as lists and the wall timetable show it."""

    id: int
    term_id: int
    term: str
    room_id: int
    room: str
    weekday: int
    starts: time
    ends: time
    title: str
    kind: str
    expects: str
    ended: bool
    duty: tuple[str, ...] = ()
    coming: int = 0  # dates still to be held
    next_at: datetime | None = None


def of_term(term_id: int, *, at: datetime) -> list[SlotLine]:
    """The openings of a term by weekday and time, ended ones last."""
    return _lines(at, Slot.term == term_id)


def line(slot_id: int, *, at: datetime) -> SlotLine:
    """One opening; raises `NotFound`."""
    found = _lines(at, Slot.id == slot_id)
    if not found:
        raise NotFound
    return found[0]


def _lines(at: datetime, condition: Any) -> list[SlotLine]:
    rows: Any = (
        Slot.select(
            Slot.id,
            Slot.term,
            Term.name,
            Slot.room,
            Room.name,
            Slot.weekday,
            Slot.starts,
            Slot.ends,
            Slot.title,
            Slot.kind,
            Slot.expects,
            Slot.ended,
        )
        .join(Term)
        .switch(Slot)
        .join(Room)
        .where(condition)
        .order_by(Slot.ended, Slot.weekday, Slot.starts, Slot.room, Slot.id)
        .tuples()
    )
    slots = [SlotLine(*row) for row in rows]
    ids = [slot.id for slot in slots]
    names, ahead = people.duty_names(people.SLOT, ids), _ahead(ids, at)
    return [
        slot._replace(duty=names[slot.id])._replace(**ahead.get(slot.id, {}))
        for slot in slots
    ]


def _ahead(slot_ids: Iterable[int], at: datetime) -> dict[int, dict[str, Any]]:
    rows: Any = (
        Activity.select(Activity.slot, fn.COUNT(Activity.id), fn.MIN(Activity.starts))
        .where(
            Activity.slot.in_(list(slot_ids)),
            Activity.cancelled_at.is_null(),
            Activity.ends > at,
        )
        .group_by(Activity.slot)
        .tuples()
    )
    return {slot: {"coming": count, "next_at": first} for slot, count, first in rows}


def plan_of(slot_id: int) -> SlotPlan:
    """What the slot's dates are made from; raises `Slot.DoesNotExist`."""
    slot = Slot.get_by_id(slot_id)
    return SlotPlan(
        slot.term_id,
        slot.room_id,
        slot.weekday,
        slot.starts,
        slot.ends,
        slot.title,
        slot.kind,
        people.on_duty(people.SLOT, slot_id),
        people.expected(people.SLOT, slot_id, slot.expects),
    )


@db.atomic()
def make_activity(slot_id: int, day: date, *, by: Actor, at: datetime) -> Activity:
    """The slot's plan on that date, whichever weekday it is (a make-up day may be any).

    Refuses when the room is taken then.
    """
    return activities.add(plan_of(slot_id).on(day), by=by, at=at, slot_id=slot_id)


def _open_dates(slot_id: int, at: datetime) -> Any:
    return (Activity.slot == slot_id) & Activity.opened_at.is_null() & (Activity.ends > at)


@db.atomic()
def end(slot_id: int, first_day: date, *, reason: str, by: Actor, at: datetime) -> int:
    """Cancels the rest of the series from `first_day` on, with a reason; how many dates.

    Past dates and opened rolls stay, and the calendar makes no more dates of it.
    """
    slot = Slot.get_by_id(slot_id)
    cancelled: int = (
        Activity.update(cancelled_at=at, cancel_reason=reason)
        .where(
            _open_dates(slot_id, at),
            Activity.cancelled_at.is_null(),
            Activity.starts >= datetime.combine(first_day, time.min),
        )
        .execute()
    )
    Slot.update(ended=True).where(Slot.id == slot_id).execute()
    detail = f"{first_day} 起 {cancelled} 次：{reason}"
    trail.record("slots.end", slot, by=by, at=at, detail=detail)
    return cancelled


@db.atomic()
def resume(slot_id: int, *, by: Actor, at: datetime) -> int:
    """Undoes `end`: the dates that it cancelled and that are to come; how many dates.

    Dates cancelled one by one before stay cancelled. Refuses as a whole if a room was
    given away meanwhile.
    """
    slot = Slot.get_by_id(slot_id)
    if not slot.ended:
        return 0
    last = Activity.select(fn.MAX(Activity.cancelled_at)).where(_open_dates(slot_id, at))
    rows = list(
        Activity.select().where(_open_dates(slot_id, at), Activity.cancelled_at == last)
    )
    for row in rows:
        check_free(row.room_id, Span(row.starts, row.ends))
        row.cancelled_at = None
        row.cancel_reason = ""
        row.save()
    Slot.update(ended=False).where(Slot.id == slot_id).execute()
    trail.record("slots.resume", slot, by=by, at=at, detail=f"{len(rows)} 次")
    return len(rows)
