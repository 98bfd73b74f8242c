"""A roll is opened, and from then on changed: one act, one version, one line of trail."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from peewee import JOIN, Value, fn

from liushou_web.actor import Actor
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import roll_state
from liushou_web.schema import (
    Activity,
    Attendance,
    Child,
    Leave,
    PaperRow,
    PaperSheet,
    School,
)
from liushou_web.school.store import trail

from ..rules.closing import check_not_closed
from ..rules.marks import check_tap
from .on_leave import held_by
from .rolls import is_expected

# The columns of a row whose child has not gone.
NO_DEPARTURE: dict[str, Any] = {
    "went_at": None,
    "went_by": None,
    "way_home": "",
    "collected_by": "",
    "release_reason": "",
    "released_by": None,
    "release_seen_at": None,
    "release_seen_by": None,
}


def begin(activity_id: int, *, at: datetime) -> int:
    """Readies the roll for one act and returns the version that the act gets.

    The first act writes a row for each child expected: from then on the register can
    change without rewriting who was expected on this day.
    """
    found = _state.row(activity_id)
    if found is None:
        raise NotFound
    starts, ends, cancelled_at, closed_at, opened_at, version = found
    check_not_closed(closed_at)
    check_tap(starts, ends, cancelled_at, at)
    if opened_at is None:
        open_roll(activity_id, at=at)
    roll_state.set_version(activity_id, version + 1)
    return int(version) + 1


@Prepared
def _state(activity_id: Any) -> Any:
    return Activity.select(
        Activity.starts,
        Activity.ends,
        Activity.cancelled_at,
        Activity.closed_at,
        Activity.opened_at,
        Activity.version,
    ).where(Activity.id == activity_id)


def open_roll(activity_id: int, *, at: datetime, sheet: int | None = None) -> None:
    """Writes a row for each child expected, with its leave entered ahead: by the register
    as it is now, or by a sheet of paper as it was printed. Inside a write."""
    grace = School.get_by_id(1).grace_minutes
    roll_state.open_roll(activity_id, grace_minutes=grace, at=at)
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


def row_of(activity_id: int, child_id: int) -> Attendance:
    """The child's row with the child's name; raises `NotFound`."""
    found = _of_child.row(activity_id, child_id)
    if found is None:
        raise NotFound
    *values, name = found
    row = as_row(Attendance, values)
    row.child = Child(id=child_id, name=name)
    return row


@Prepared
def _of_child(activity_id: Any, child_id: Any) -> Any:
    return (
        Attendance.select(Attendance, Child.name)
        .join(Child)
        .where(Attendance.activity == activity_id, Attendance.child == child_id)
    )


def is_taken_off(activity_id: int, child_id: int) -> bool:
    """Whether a child of the school has no row on this roll, be it no more or not yet."""
    if _of_child.row(activity_id, child_id) is not None:
        return False
    return bool(Child.select().where(Child.id == child_id).exists())


def change(
    row: Attendance,
    version: int,
    deed: str,
    new: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
) -> None:
    """New values of some columns; the trail tells what stood there, or the `detail`."""
    before = {name: str(getattr(row, name)) for name in new if getattr(row, name)}
    write(row.id, version, new)
    trail.record(deed, row, by=by, at=at, detail=detail_of(before) or detail)


def write(row_id: int, version: int, new: dict[str, Any]) -> None:
    """New values of some columns of one row, without a line in the trail."""
    _update_of(tuple(new)).execute(*new.values(), version, row_id)


@cache
def _update_of(columns: tuple[str, ...]) -> Prepared:
    """Sets these columns, then the version, of the row of the id that comes last."""

    def build(*values: Any) -> Any:
        *new, row_id = values
        changed = dict(zip((*columns, "version"), new, strict=True))
        return Attendance.update(changed).where(Attendance.id == row_id)

    return Prepared(build, len(columns) + 2)


def detail_of(before: dict[str, str]) -> str:
    """What stood there before, for the trail: 'came_at=2026-11-23 16:02:00'."""
    return "; ".join(f"{name}={value}" for name, value in before.items())


def take_off(row: Attendance, *, by: Actor, at: datetime) -> None:
    """Away with a row that was only there because the child walked in."""
    detail = f"child={row.child_id}; came_at={row.came_at}"
    trail.record("attendance.undo_walk_in", row, by=by, at=at, detail=detail)
    Attendance.delete().where(Attendance.id == row.id).execute()
