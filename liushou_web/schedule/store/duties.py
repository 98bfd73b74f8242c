"""Who is on duty when: one's own duties, and being wanted in two rooms at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from liushou_web.access import Role
from liushou_web.counselling.store.times import taken_of
from liushou_web.schema import Activity, ActivityDuty, Room, Staff
from liushou_web.span import Span

from ..rules.activities import Plan
from ..rules.planning import Busy, Worries, in_two_places, too_few


def teachers(also: Iterable[int] = ()) -> list[tuple[int, str]]:
    """Id and name of everyone who may be put on duty, and of those in `also`."""
    chosen = set(also)
    rows = Staff.select().order_by(Staff.name, Staff.id)
    return [
        (row.id, row.name)
        for row in rows
        if row.id in chosen or (row.retired_at is None and Role.DUTY in row.roles)
    ]


def worries(plan: Plan, *, but: int | None = None) -> Worries:
    """What may be accepted with a tick: teachers of this plan on duty elsewhere at that
    time (not at activity `but`), and too few of them."""
    day = plan.span.starts.date()
    others = duties_between(plan.duty, day, day, but=frozenset({but or 0}))
    return Worries(tuple(in_two_places(plan.span, others)), too_few(plan))


def duties_between(
    staff: Iterable[int], first: date, last: date, *, but: frozenset[int]
) -> list[Busy]:
    """The duties of these teachers on these days, those of activities `but` left out; and
    times at which a counsellor is taken, without a title: of these nobody is told more."""
    wanted = list(staff)
    rows: Any = (
        ActivityDuty.select(
            Activity.id,
            Activity.starts,
            Activity.ends,
            Activity.title,
            Room.name,
            Staff.id,
            Staff.name,
        )
        .join(Staff)
        .switch(ActivityDuty)
        .join(Activity)
        .join(Room)
        .where(ActivityDuty.staff.in_(wanted), *held_between(first, last))
        .order_by(Activity.starts, Activity.id, Staff.id)
        .tuples()
    )
    held = [
        Busy(Span(starts, ends), title, room, staff_id, name)
        for id_, starts, ends, title, room, staff_id, name in rows
        if id_ not in but
    ]
    return held + [
        Busy(span, "", staff_id=staff_id, staff=name)
        for staff_id, name, span in taken_of(wanted, first, last)
    ]


def held_between(first: date, last: date) -> tuple[Any, ...]:
    """The conditions of an activity that is held on these days, both inclusive."""
    return (
        Activity.cancelled_at.is_null(),
        Activity.ends > datetime.combine(first, time.min),
        Activity.starts < datetime.combine(last, time.min) + timedelta(days=1),
    )
