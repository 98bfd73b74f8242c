"""What the first page wants to know about the whole house."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.access import Role
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.schedule.rules.activities import MIN_ON_DUTY
from liushou_web.schedule.rules.calendar import WEEK
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import (
    Activity,
    ActivityDuty,
    Attendance,
    Child,
    SchoolClass,
    Slot,
    Staff,
)

ABSENT_COLUMNS = (
    Child.id,
    Child.name,
    SchoolClass.grade,
    SchoolClass.number,
    Activity.title,
    Activity.starts,
)


class SetUpSoFar(NamedTuple):
    """What a new installation has already: each is one step of getting started."""

    staff: bool  # enough duty teachers for one activity
    children: bool
    slots: bool


def ready() -> SetUpSoFar:
    """Which steps of getting started are done."""
    duty = Staff.select(Staff.roles).where(Staff.retired_at.is_null())
    on_duty = sum(Role.DUTY in person.roles for person in duty)
    return SetUpSoFar(
        on_duty >= MIN_ON_DUTY, Child.select().exists(), Slot.select().exists()
    )


class AbsentChild(NamedTuple):
    """A child that did not come to an activity, without leave."""

    child_id: int
    name: str
    grade: int
    class_number: int
    title: str
    starts: datetime

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


class LastRollDay(NamedTuple):
    """The last day on which children of a teacher were on a roll that was taken."""

    absent: list[AbsentChild]
    anybody: bool


def absent_lately(teacher_id: int, *, at: datetime) -> LastRollDay:
    """Who of this teacher's classes was absent on the last day with a roll, at most a week
    ago; two queries."""
    mine = (
        (SchoolClass.teacher == teacher_id)
        & Activity.opened_at.is_null(False)
        & Activity.cancelled_at.is_null()
        & (Activity.ends <= at)
        & (Activity.starts > at - WEEK)
    )
    last = _on_rolls(fn.MAX(Activity.starts)).where(mine).scalar()
    if last is None:
        return LastRollDay([], anybody=False)
    missed = Attendance.came_at.is_null() & (Attendance.leave == "")
    rows = (
        _on_rolls(*ABSENT_COLUMNS)
        .where(mine, missed, held_on(last.date()))
        .order_by(*REGISTER_ORDER, Activity.starts)
    )
    return LastRollDay([AbsentChild(*row) for row in rows.tuples()], anybody=True)


def _on_rolls(*columns: Any) -> Any:
    return (
        Attendance.select(*columns)
        .join(Activity)
        .switch(Attendance)
        .join(SchoolClass)
        .switch(Attendance)
        .join(Child)
    )


def duties_on(day: date, staff_id: int) -> set[int]:
    """The activities of the day at which this person is on duty."""
    rows: Any = (
        ActivityDuty.select(ActivityDuty.activity)
        .join(Activity)
        .where(ActivityDuty.staff == staff_id, held_on(day))
        .tuples()
    )
    return {activity_id for (activity_id,) in rows}
