"""A child asks for a call, for a day or for a time of its own on a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.store.child_files import file_of
from liushou_web.children.store.classes import taught_by
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CallWish, Child, School, SchoolClass
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules.hours import day_for, hours_on, open_days, slots
from . import phones

DAYS_OFFERED = 5


class FreeSlots(NamedTuple):
    """The slots of one line on one day which nobody has."""

    day: date
    line: phones.PhoneLine
    slots: list[Span]


class WishEntry(NamedTuple):
    id: int
    child_id: int
    day: date
    phone_id: int | None
    starts: datetime | None

    @property
    def slot(self) -> tuple[int, datetime] | None:
        return (self.phone_id, self.starts) if self.phone_id and self.starts else None


def coming(child_ids: Collection[int], today: date) -> dict[int, WishEntry]:
    """The next wish of each of these children that has one, today or later."""
    rows: Any = (
        CallWish.select()
        .where(
            CallWish.child.in_(list(child_ids)),
            CallWish.day >= today,
            CallWish.withdrawn_at.is_null(),
        )
        .order_by(CallWish.day.desc())
    )
    return {row.child_id: _wish(row) for row in rows}


def _wish(row: CallWish) -> WishEntry:
    starts = datetime.combine(row.day, row.starts) if row.starts else None
    return WishEntry(row.id, row.child_id, row.day, row.phone_id, starts)


def free(*, at: datetime, child_id: int) -> list[FreeSlots]:
    """What can be booked for this child on the next open days; its own booking counts as
    free, for it may be kept."""
    plan, lines = phones.plan(at.date()), phones.in_use()
    days = list(open_days(plan.hours, plan.special, at, DAYS_OFFERED))
    taken = _slots_taken(days, child_id)
    minutes = School.get_by_id(1).call_minutes
    found = []
    for day in days:
        held = hours_on(day, plan.hours, plan.special)
        for line in lines:
            spans = slots(day, held, line.room_id, minutes, taken[line.id])
            found.append(FreeSlots(day, line, [span for span in spans if span.ends > at]))
    return [each for each in found if each.slots]


def _slots_taken(days: Collection[date], but: int) -> dict[int, list[Span]]:
    taken = defaultdict(list)
    rows: Any = CallWish.select().where(
        CallWish.day.in_(list(days)), CallWish.starts.is_null(False), CallWish.child != but
    )
    for row in rows:
        starts, ends = (datetime.combine(row.day, t) for t in (row.starts, row.ends))
        taken[row.phone_id].append(Span(starts, ends))
    return taken


@db.atomic()
def ask(
    child_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> CallWish:
    """Queues the child for today, or for the next day with open hours once today's are
    over. Asked already, the first asking counts; withdrawn that day, it holds again."""
    _check_active(child_id, of_teacher)
    plan = phones.plan(at.date())
    wish, new = _for_day(child_id, day_for(plan.hours, plan.special, at), by, at)
    if new:
        _record("call_wishes.ask", wish, by, at)
    return wish


def _check_active(child_id: int, of_teacher: int | None) -> None:
    file = file_of(child_id, of_teacher=of_teacher)
    if file.left_on:
        raise Refused("{name}已離開，不能排隊。", name=file.fields.name)


def _for_day(child_id: int, day: date, by: Actor, at: datetime) -> tuple[CallWish, bool]:
    """The child's one wish of that day, and whether it holds only from now on."""
    wish = CallWish.get_or_none(CallWish.child == child_id, CallWish.day == day)
    if wish is None:
        made = CallWish.create(child=child_id, day=day, asked_at=at, asked_by=by.id)
        return made, True
    if wish.withdrawn_at is None:
        return wish, False
    wish.withdrawn_at = None
    wish.save()
    return wish, True


@db.atomic()
def book(
    child_id: int,
    phone_id: int,
    starts: datetime,
    *,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> CallWish:
    """Keeps a slot of its own for the child, instead of any other day or time that it had.

    Refused where the slot is none that `free` offers: somebody was quicker, or it is over.
    """
    _check_active(child_id, of_teacher)
    span = _slot_offered(child_id, phone_id, starts, at)
    wish, _ = _for_day(child_id, starts.date(), by, at)
    if (wish.phone_id, wish.starts) == (phone_id, starts.time()):
        return wish
    others = (CallWish.child == child_id) & (CallWish.id != wish.id)
    _take_back(others & (CallWish.day >= at.date()), at)
    wish.phone, wish.starts, wish.ends = phone_id, span.starts.time(), span.ends.time()
    wish.save()
    _record("call_wishes.book", wish, by, at)
    return wish


def _slot_offered(child_id: int, phone_id: int, starts: datetime, at: datetime) -> Span:
    for each in free(at=at, child_id=child_id):
        for span in each.slots:
            if (each.line.id, span.starts) == (phone_id, starts):
                return span
    raise Refused("這個時間剛被別人約了，或者已經過去。請另選一個。")


@db.atomic()
def withdraw(
    wish_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> CallWish:
    """Takes a wish out of the queue; its slot is free for others. Withdrawn already, it
    stays so."""
    wish = _wish_of(wish_id, of_teacher)
    if wish.withdrawn_at is None:
        _take_back(CallWish.id == wish_id, at)
        _record("call_wishes.withdraw", wish, by, at)
    return wish


def _wish_of(wish_id: int, of_teacher: int | None) -> CallWish:
    wishes = CallWish.select(CallWish, Child).join(Child).join(SchoolClass)
    rows = taught_by(wishes, of_teacher).where(CallWish.id == wish_id)
    found: CallWish | None = rows.first()
    if found is None:
        raise NotFound
    return found


def _take_back(which: Any, at: datetime) -> None:
    CallWish.update(withdrawn_at=at, phone=None, starts=None, ends=None).where(
        which, CallWish.withdrawn_at.is_null()
    ).execute()


def _record(deed: str, wish: CallWish, by: Actor, at: datetime) -> None:
    slot = f" {wish.starts:%H:%M}" if wish.starts else ""
    detail = f"child={wish.child_id}; {wish.day}{slot}"
    trail.record(deed, CallWish(id=wish.id), by=by, at=at, detail=detail)
