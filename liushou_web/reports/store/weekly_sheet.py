"""What the weekly sheet is made of, read flat: three queries however large the school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from peewee import Case, fn

from liushou_web.attendance.rules.marks import Meeting
from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import CLASS_ORDER
from liushou_web.db.prepared import Prepared
from liushou_web.db.table import midnights
from liushou_web.db.words import number_if
from liushou_web.schema import Activity, Attendance, Child, SchoolClass

from ..rules.arrivals import Arrival, late_after
from ..rules.weekly_sheet import (
    ChildTimes,
    SheetActivity,
    SheetChild,
    SheetClass,
    SheetEntry,
    WeeklySheet,
    weekly_sheet,
)


class SheetWeek(NamedTuple):
    """All activities of a week, and the sheet of those that had their roll taken."""

    held: list[SheetActivity]
    sheet: WeeklySheet


def classes(*, of_teacher: int | None = None) -> list[SheetClass]:
    """The classes by grade and number, or only those of one class teacher."""
    rows = _all_classes.rows() if of_teacher is None else _classes_of.rows(of_teacher)
    return [SheetClass(*row) for row in rows]


def _classes() -> Any:
    columns = SchoolClass.id, SchoolClass.grade, SchoolClass.number
    return SchoolClass.select(*columns).order_by(SchoolClass.grade, SchoolClass.number)


_all_classes = Prepared(lambda: _classes())
_classes_of = Prepared(lambda teacher_id: taught_by(_classes(), teacher_id))


def first_day() -> date | None:
    """The day of the first activity ever."""
    found: datetime | None = Activity.select(fn.MIN(Activity.starts)).scalar()
    return found.date() if found else None


def week(
    first_day: date, last_day: date, chosen: Sequence[SheetClass], *, now: datetime
) -> SheetWeek:
    """The sheet of these days for these classes, as of `now`."""
    held = _held(first_day, last_day)
    rolls = [one for one in held if one.taken]
    entries = _entries(rolls, chosen)
    return SheetWeek(held, weekly_sheet(rolls, chosen, _pupils(rolls), entries, now=now))


def times(sheet: WeeklySheet) -> dict[tuple[int, int], ChildTimes]:
    """Arrivals, departures and leave behind the marks, by activity and child. One query."""
    query: Any = Attendance.select(
        Attendance.activity,
        Attendance.child,
        Attendance.came_at,
        Attendance.went_at,
        Attendance.leave,
        Attendance.leave_note,
    ).where(*_of(sheet.columns, [block.group for block in sheet.blocks]))
    return {row[:2]: ChildTimes(*row[2:]) for row in query.tuples()}


def _held(first_day: date, last_day: date) -> list[SheetActivity]:
    return [
        SheetActivity(
            row[0],
            row[1],
            Meeting(*row[2:5]),
            bool(row[5]),
            bool(row[6]),
            row[7],
            bool(row[8]),
        )
        for row in _activities.rows(*midnights(first_day, last_day))
    ]


@Prepared
def _activities(begins: Any, ends: Any) -> Any:
    return (
        Activity.select(
            Activity.id,
            Activity.title,
            Activity.starts,
            Activity.ends,
            Activity.grace_minutes,
            Activity.opened_at,
            Activity.cancelled_at,
            Activity.cancel_reason,
            Activity.closed_at,
        )
        .where(Activity.starts >= begins, Activity.starts < ends)
        .order_by(Activity.starts, Activity.id)
    )


def _entries(
    rolls: Sequence[SheetActivity], chosen: Sequence[SheetClass]
) -> list[SheetEntry]:
    if not rolls or not chosen:
        return []
    deadlines = [late_after(one.meeting) for one in rolls]
    prepared = _entries_of(len(rolls), len(chosen))
    return prepared.bare(*_ids(rolls), *deadlines, *_ids(chosen))


@cache
def _entries_of(rolls: int, classes: int) -> Prepared:
    """Asked for the ids of so many rolls, the moments after which one is late there, and
    the ids of so many classes."""

    def build(*values: Any) -> Any:
        ids, deadlines, chosen = values[:rolls], values[rolls:-classes], values[-classes:]
        arrivals = _arrivals(list(zip(ids, deadlines, strict=True)))
        return Attendance.select(
            Attendance.activity, Attendance.school_class, Attendance.child, arrivals
        ).where(Attendance.activity.in_(ids), Attendance.school_class.in_(chosen))

    return Prepared(build, 2 * rolls + classes)


def _arrivals(deadlines: list[tuple[Any, Any]]) -> Any:
    """The `Arrival` of each row, worked out by the database."""
    late = Attendance.came_at > Case(Attendance.activity, deadlines)
    went = Attendance.went_at.is_null(False)
    came = number_if(late, Arrival.LATE) + number_if(went, Arrival.WENT) + Arrival.CAME
    away = number_if(Attendance.leave != "", Arrival.LEAVE)
    return Case(None, [(Attendance.came_at.is_null(), away)], came)


def _pupils(rolls: Sequence[SheetActivity]) -> list[SheetChild]:
    rows = _pupils_of(len(rolls)).bare(*_ids(rolls))
    return [SheetChild(key, number or "", name) for key, number, name in rows]


@cache
def _pupils_of(rolls: int) -> Prepared:
    def build(*ids: Any) -> Any:
        listed = Attendance.select(Attendance.child).where(Attendance.activity.in_(ids))
        columns = Child.id, Child.number, Child.name
        return Child.select(*columns).where(Child.id.in_(listed)).order_by(*CLASS_ORDER)

    return Prepared(build, rolls)


def _ids(those: Sequence[SheetActivity] | Sequence[SheetClass]) -> list[int]:
    return [each.id for each in those]


def _of(rolls: Sequence[SheetActivity], chosen: Sequence[SheetClass]) -> tuple[Any, Any]:
    return (
        Attendance.activity.in_(_ids(rolls)),
        Attendance.school_class.in_(_ids(chosen)),
    )
