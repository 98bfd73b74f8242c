"""Series of dates: previewed, then saved exactly as previewed, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.consent import Consent
from liushou_web.db import db
from liushou_web.schema import Activity, Slot, Term
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules import planning
from ..rules.activities import SlotPlan
from ..rules.holds import Hold, clashing
from ..rules.planning import OpeningPreview, PlannedDate, PlannedState, Worries
from . import calendar, holds, people, swaps
from .activities import book, put


class SlotDates(NamedTuple):
    """What a change finds of an opening's dates: those it may replace, by day; those that
    are settled; and those moved by hand, which keep their time and take the rest."""

    replaceable: dict[date, int]
    settled: dict[date, PlannedDate]
    moved: dict[date, int]


def preview(plan: SlotPlan, *, at: datetime) -> OpeningPreview:
    """What saving a new opening would do, from now to the end of its term."""
    return _preview(plan, at.date(), SlotDates({}, {}, {}), at)


def preview_change(
    slot_id: int, plan: SlotPlan, first_day: date, *, at: datetime
) -> OpeningPreview:
    """What changing an opening would do to its dates from `first_day` on."""
    day = max(first_day, at.date())
    return _preview(plan, day, _series(slot_id, day, at), at)


def _preview(
    plan: SlotPlan, first_day: date, series: SlotDates, at: datetime
) -> OpeningPreview:
    term = Term.get_by_id(plan.term_id)
    first = max(first_day, term.first_day)
    special = calendar.special_days(first, term.last_day)
    lines = [
        series.settled.get(line.day, line)
        for line in planning.dates(plan.weekday, first, term.last_day, special)
        if plan.on(line.day).span.ends > at
    ]
    ours = frozenset(series.replaceable.values())
    taken = holds.in_rooms((plan.room_id,), first, term.last_day, but=ours)
    lines = planning.against(lines, plan, taken)
    planned = {line.day: line.state for line in lines}
    replaceable = series.replaceable
    return OpeningPreview(
        tuple(lines),
        Worries(
            tuple(_double_duty(lines, plan, first, term.last_day, ours)),
            planning.too_few(plan),
        ),
        removed=tuple(day for day in replaceable if day not in planned),
        kept=tuple(day for day in replaceable if planned.get(day) is PlannedState.CLASH),
        moved=tuple(series.moved),
    )


def _double_duty(
    lines: Iterable[PlannedDate],
    plan: SlotPlan,
    first: date,
    last: date,
    ours: frozenset[int],
) -> Iterable[Hold]:
    duties = holds.of_staff(plan.duty, first, last, but=ours)
    for line in lines:
        if line.state is PlannedState.FREE:
            yield from clashing(plan.on(line.day).span, duties)


def _series(slot_id: int, first_day: date, at: datetime) -> SlotDates:
    series = SlotDates({}, {}, {})
    rows = Activity.select().where(Activity.slot == slot_id).order_by(Activity.starts)
    for row in rows:
        _sort(row, series, first_day, at)
    return series


def _sort(row: Activity, series: SlotDates, first_day: date, at: datetime) -> None:
    day = row.starts.date()
    if row.moved_from:
        home = row.moved_from.date()
        series.settled[home] = PlannedDate(home, PlannedState.MOVED)
    if row.cancelled_at:
        series.settled[day] = PlannedDate(day, PlannedState.CANCELLED, row.cancel_reason)
    elif row.opened_at or row.ends <= at:
        series.settled[day] = PlannedDate(day, PlannedState.BEGUN)
    elif day >= first_day and row.moved_from:
        series.moved[day] = row.id
    elif day >= first_day:
        series.replaceable[day] = row.id


@db.atomic()
def open_slot(plan: SlotPlan, consent: Consent, *, by: Actor, at: datetime) -> Slot:
    """Saves the opening and makes every free date, all at once. Refuses if anything is
    not as it was previewed, or not agreed to."""
    shown = preview(plan, at=at)
    planning.check_consent(shown, consent)
    slot = Slot.create(**_columns(plan), term=plan.term_id)
    people.put(people.SLOT, slot.id, plan)
    for day in shown.free:
        book(plan.on(day), slot_id=slot.id)
    trail.record("slots.open", slot, by=by, at=at, detail=_detail_of(plan, len(shown.free)))
    return slot


@db.atomic()
def change_slot(
    slot_id: int,
    plan: SlotPlan,
    first_day: date,
    consent: Consent,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The new plan for the dates from `first_day` on, exactly as previewed. What was held,
    begun, cancelled or moved by hand stays; moved dates take all but time and room."""
    slot = Slot.get_by_id(slot_id)
    day = max(first_day, at.date())
    series = _series(slot_id, day, at)
    shown = _preview(plan, day, series, at)
    planning.check_consent(shown, consent)
    Slot.update(**_columns(plan)).where(Slot.id == slot_id).execute()
    people.put(people.SLOT, slot_id, plan)
    for gone in shown.removed:
        Activity.delete().where(Activity.id == series.replaceable[gone]).execute()
    for moved_id in series.moved.values():
        _put_in_place(moved_id, plan)
    for free in shown.free:
        if replaced := series.replaceable.get(free):
            put(replaced, swaps.plan_with_swaps(replaced, plan.on(free)))
        else:
            book(plan.on(free), slot_id=slot_id)
    trail.record(
        "slots.change", slot, by=by, at=at, detail=_detail_of(plan, len(shown.free))
    )


def _put_in_place(activity_id: int, plan: SlotPlan) -> None:
    row = Activity.get_by_id(activity_id)
    there = swaps.plan_with_swaps(activity_id, plan.on(row.starts.date()))
    put(activity_id, there._replace(room_id=row.room_id, span=Span(row.starts, row.ends)))


def _columns(plan: SlotPlan) -> dict[str, Any]:
    return {
        "room": plan.room_id,
        "weekday": plan.weekday,
        "starts": plan.starts,
        "ends": plan.ends,
        "title": plan.title,
        "kind": plan.kind,
        "expects": plan.expected.kind,
    }


def _detail_of(plan: SlotPlan, count: int) -> str:
    times = f"{plan.starts:%H:%M}–{plan.ends:%H:%M}"
    return f"{plan.title} 週{'一二三四五六日'[plan.weekday]} {times}，{count} 次"
