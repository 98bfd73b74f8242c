"""應到, 實到, 請假, not come and 在場: counted by the database, for one roll or a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, fn

from liushou_web.children.store.classes import taught_by
from liushou_web.db.prepared import Prepared
from liushou_web.db.words import count_where
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Child, Leave, SchoolClass

from ..rules.marks import Tally
from .on_leave import held_by
from .rolls import is_expected


def head_count(activity: Activity, *, of_teacher: int | None = None) -> Tally:
    """The head count of one roll; only of one teacher's classes, where given."""
    if activity.opened_at is None:
        awaited = _awaited(fn.COUNT(Child.id), fn.COUNT(Leave.id))
        of_roll = taught_by(awaited, of_teacher).where(Activity.id == activity.id)
        listed, away = of_roll.tuples()[0]
        return _tally(listed, 0, away, 0, 0)
    if of_teacher is None:
        return _tally(*_counts_of.rows(activity.id)[0])
    rows = taught_by(Attendance.select(*_counts()).join(SchoolClass), of_teacher).where(
        Attendance.activity == activity.id
    )
    return _tally(*rows.tuples()[0])


@Prepared
def _counts_of(activity_id: Any) -> Any:
    return Attendance.select(*_counts()).where(Attendance.activity == activity_id)


def counts_on(day: date, *, of_teacher: int | None = None) -> dict[int, Tally]:
    """The head count of every activity of the day, by activity id; two queries."""
    opened = (
        Attendance.select(Attendance.activity, *_counts())
        .join(Activity)
        .switch(Attendance)
        .join(SchoolClass)
        .where(held_on(day))
        .group_by(Attendance.activity)
        .tuples()
    )
    awaited = (
        _awaited(Activity.id, fn.COUNT(Child.id), fn.COUNT(Leave.id))
        .where(held_on(day), Activity.opened_at.is_null())
        .group_by(Activity.id)
        .tuples()
    )
    counts = {
        activity_id: _tally(expected, 0, away, 0, 0)
        for activity_id, expected, away in taught_by(awaited, of_teacher)
    }
    for activity_id, *numbers in taught_by(opened, of_teacher):
        counts[activity_id] = _tally(*numbers)
    return counts


def _awaited(*columns: Any) -> Any:
    """Columns over the children whom the register expects, with the leave that holds."""
    return (
        Activity.select(*columns)
        .join(Child, on=is_expected())
        .join(SchoolClass)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
    )


def _counts() -> tuple[Any, ...]:
    return (
        fn.COUNT(Attendance.id),
        fn.COUNT(Attendance.came_at),
        count_where(Attendance.leave != ""),
        fn.COUNT(Attendance.went_at),
        count_where(Attendance.unsettled_reason != ""),
    )


def _tally(expected: int, came: int, away: int, went: int, not_out: int) -> Tally:
    here = came - went - not_out
    return Tally(expected, came, away, expected - came - away, here, not_out)
