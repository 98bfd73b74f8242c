"""Opening a roll: from then on who was expected is written down, and stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import JOIN, Value, fn

from liushou_web.schema import (
    Activity,
    Attendance,
    Child,
    Leave,
    PaperRow,
    PaperSheet,
    School,
)

from .on_leave import held_by
from .roll_rows import is_expected


def open_roll(activity_id: int, *, at: datetime, sheet: int | None = None) -> None:
    """Writes a row for each child expected, with its leave entered ahead: by the register
    as it is now, or by a sheet of paper as it was printed. Inside a write."""
    grace = School.get_by_id(1).grace_minutes
    opened = {"opened_at": at, "grace_minutes": grace}
    Activity.update(opened).where(Activity.id == activity_id).execute()
    columns = _columns(Child if sheet is None else PaperRow)
    expected = (
        _of(sheet, Activity.select(*columns.values()))
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
        .where(Activity.id == activity_id)
    )
    Attendance.insert_from(expected, list(columns)).execute()


def _of(sheet: int | None, activity: Any) -> Any:
    """The activity joined with its children."""
    if sheet is None:
        return activity.join(Child, on=is_expected())
    of_sheet = (PaperSheet.activity == Activity.id) & (PaperSheet.id == sheet)
    rows = activity.join(PaperSheet, on=of_sheet).join(PaperRow)
    return rows.join(Child, on=PaperRow.child == Child.id)


def _columns(of_class: Any) -> dict[Any, Any]:
    return {
        Attendance.activity: Activity.id,
        Attendance.child: Child.id,
        Attendance.school_class: of_class.school_class,
        Attendance.walk_in: Value(False),
        Attendance.leave: fn.COALESCE(Leave.kind, ""),
        Attendance.leave_note: fn.COALESCE(Leave.note, ""),
        Attendance.leave_by: Leave.staff,
        Attendance.version: Value(0),
        Attendance.unsettled_reason: Value(""),
        Attendance.way_home: Value(""),
        Attendance.collected_by: Value(""),
        Attendance.release_reason: Value(""),
    }
