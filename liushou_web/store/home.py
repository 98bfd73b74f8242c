"""What the first page wants to know about the whole house."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ..rules.access import Role
from ..rules.activities import MIN_ON_DUTY
from ..schema import Activity, ActivityDuty, Child, Slot, Staff
from .rolls import on_day


class Ready(NamedTuple):
    """What a new installation has already: each is one step of getting started."""

    staff: bool  # enough duty teachers for one activity
    children: bool
    slots: bool


def ready() -> Ready:
    duty = Staff.select(Staff.roles).where(Staff.retired_at.is_null())
    on_duty = sum(Role.DUTY in person.roles for person in duty)
    return Ready(on_duty >= MIN_ON_DUTY, Child.select().exists(), Slot.select().exists())


def duties_on(day: date, staff_id: int) -> set[int]:
    """The activities of the day at which this person is on duty."""
    rows: Any = (
        ActivityDuty.select(ActivityDuty.activity)
        .join(Activity)
        .where(ActivityDuty.staff == staff_id, *on_day(day))
        .tuples()
    )
    return {activity_id for (activity_id,) in rows}
