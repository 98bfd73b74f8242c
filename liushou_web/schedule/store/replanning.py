"""Changes of the calendar, with the future openings that they move, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.table import within
from liushou_web.refusal import Refused
from liushou_web.schema import Activity, Room, Slot
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules.calendar import Bounds, Calendar, SpecialDay, changed_days
from ..rules.replanning import (
    Act,
    CalendarChange,
    Move,
    Planned,
    Series,
    check_seen,
    new_reasons,
    replan,
)
from . import activities, calendar, holds, slots, swaps

Days = Mapping[date, SpecialDay | None]  # None: a day like any other

# A room is left before it is taken.
IN_ORDER = (Act.CANCEL, Act.RESTORE, Act.ADD, Act.CLASH, Act.STAY)


def preview(
    *,
    days: Days | None = None,
    terms: Mapping[int, Bounds] | None = None,
    at: datetime,
) -> list[Move]:
    """What would be cancelled, made, brought back or left alone, by time."""
    return replan(_change(days or {}, terms or {}, at))


@db.atomic()
def change_days(days: Days, *, seen: str, by: Actor, at: datetime) -> list[Move]:
    """Makes these days closed, make-up or ordinary, and moves what is planned by them.

    `seen` is the fingerprint of the preview that was confirmed ('' where nothing moves);
    another one raises `Unconfirmed` with the preview, and nothing is changed.
    """
    change = _change(days, {}, at)
    moves = replan(change)
    check_seen(moves, seen)
    calendar.put_days(days)
    for day, special in sorted(days.items()):
        detail = "照常" if special is None else special.detail
        trail.record("calendar.day", by=by, at=at, detail=f"{day} {detail}")
    _carry_out(change, moves, by, at)
    return moves


@db.atomic()
def add_days(
    days: Mapping[date, SpecialDay], *, seen: str, by: Actor, at: datetime
) -> list[Move]:
    """Makes ordinary days closed or make-up days; refuses days that are so already. `seen`
    is the fingerprint of the preview that was confirmed."""
    calendar.check_unmarked(days)
    return change_days(days, seen=seen, by=by, at=at)


@db.atomic()
def change_stretch(
    day: date,
    days: Mapping[date, SpecialDay],
    *,
    seen: str,
    by: Actor,
    at: datetime,
) -> list[Move]:
    """The stretch that `day` is in becomes `days`: longer, shorter, elsewhere, or none.
    `seen` is the fingerprint of the preview that was confirmed."""
    before = calendar.stretch_at(day).days.days()
    calendar.check_unmarked(set(days) - set(before))
    return change_days({**dict.fromkeys(before), **days}, seen=seen, by=by, at=at)


@db.atomic()
def change_term(
    term_id: int, name: str, bounds: Bounds, *, seen: str, by: Actor, at: datetime
) -> list[Move]:
    """Renames a term or moves its ends, and its openings with them. `seen` is the
    fingerprint of the preview that was confirmed.

    Refuses a name that is taken and days that lie in another term.
    """
    term = calendar.term(term_id)
    calendar.check_term(bounds, but=term_id)
    change = _change({}, {term_id: bounds}, at)
    moves = replan(change)
    check_seen(moves, seen)
    term.name, term.first_day, term.last_day = name, *bounds
    try:
        term.save()
    except IntegrityError as taken:
        raise Refused("已有名為「{name}」的學期，請換一個名稱。", name=name) from taken
    trail.record("calendar.term", term, by=by, at=at, detail=f"{name}：{bounds}")
    _carry_out(change, moves, by, at)
    return moves


def _carry_out(change: CalendarChange, moves: list[Move], by: Actor, at: datetime) -> None:
    for activity_id, reason in new_reasons(change):
        Activity.update(cancel_reason=reason).where(Activity.id == activity_id).execute()
    for move in sorted(moves, key=lambda move: IN_ORDER.index(move.act)):
        match move.act:
            case Act.CANCEL:
                activities.cancel(move.activity_id or 0, reason=move.why, by=by, at=at)
            case Act.RESTORE:
                _restore(move, by, at)
            case Act.ADD:
                slots.make_activity(move.slot_id or 0, move.day, by=by, at=at)


def _restore(move: Move, by: Actor, at: datetime) -> None:
    """It comes back as its opening is now: time, room or people may have changed."""
    back = move.activity_id or 0
    plan = slots.plan_of(move.slot_id or 0).on(move.day)
    activities.put(back, swaps.plan_with_swaps(back, plan))
    activities.restore(back, by=by, at=at)


def _change(days: Days, terms: Mapping[int, Bounds], at: datetime) -> CalendarChange:
    bounds = {term.id: calendar.bounds_of(term) for term in calendar.terms()}
    after = bounds | dict(terms)
    touched = [day for each in (*bounds.values(), *after.values()) for day in each]
    touched += list(days)
    special = calendar.special_days(min(touched), max(touched)) if touched else {}
    new = {day: kept for day, kept in {**special, **days}.items() if kept}
    old_and_new = Calendar(special, bounds), Calendar(new, after)
    changed = [day for day in changed_days(*old_and_new) if day >= at.date()]
    if not changed:
        return CalendarChange(*old_and_new, (), (), at)
    first, last = changed[0], changed[-1]
    taken = holds.bookings(first, last)
    return CalendarChange(*old_and_new, _series(), _planned(first, last, at), at, taken)


def _series() -> list[Series]:
    rows: Any = (
        Slot.select(
            Slot.id,
            Slot.term,
            Slot.weekday,
            Slot.room,
            Room.name,
            Slot.starts,
            Slot.ends,
            Slot.title,
            Slot.ended,
            Room.retired,
        )
        .join(Room)
        .order_by(Slot.starts, Slot.id)
        .tuples()
    )
    return [
        Series(*series)._replace(goes_on=not (ended or retired))
        for *series, ended, retired in rows
    ]


def _planned(first: date, last: date, at: datetime) -> list[Planned]:
    """All activities on, or made for, the days from `first` to `last`."""
    rows: Any = (
        Activity.select(Activity, Room.name.alias("room_name"))
        .join(Room)
        .where(
            within(Activity.starts, first, last) | within(Activity.moved_from, first, last)
        )
        .order_by(Activity.starts, Activity.id)
        .objects()
    )
    return [_as_planned(row, at) for row in rows]


def _as_planned(row: Activity, at: datetime) -> Planned:
    return Planned(
        row.id,
        row.slot_id,
        row.room_id,
        row.room_name,
        Span(row.starts, row.ends),
        row.title,
        home=(row.moved_from or row.starts).date(),
        begun=row.opened_at is not None or row.starts <= at,
        moved=row.moved_from is not None,
        cancelled=row.cancelled_at is not None,
        reason=row.cancel_reason,
    )
