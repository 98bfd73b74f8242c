"""The roll as it is read: who is expected, who came, who went, and how they go home."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Child, Room

from .roll_rows import RollRow, expected, read, rows, taught_by


def activity(activity_id: int) -> Activity:
    """The activity with its room; raises `NotFound`."""
    found = _with_room.row(activity_id)
    if found is None:
        raise NotFound
    of_room = len(Room._meta.sorted_fields)
    activity = as_row(Activity, found[:-of_room])
    activity.room = as_row(Room, found[-of_room:])
    return activity


@Prepared
def _with_room(activity_id: Any) -> Any:
    return Activity.select(Activity, Room).join(Room).where(Activity.id == activity_id)


def roll_of(
    activity: Activity, *, at: datetime, of_teacher: int | None = None
) -> list[RollRow]:
    """Everyone on the roll, in class order, walk-ins too; one query however long.

    Before the roll is opened: those whom the register says are expected.
    """
    if activity.opened_at and of_teacher is None:
        return read(_all_rows.rows(activity.id, activity.starts.date()), activity, at)
    day = activity.starts.date()
    wanted = rows if activity.opened_at else expected
    found = taught_by(wanted(activity.id, day), of_teacher).tuples()
    return read(found, activity, at)


_all_rows = Prepared(lambda activity_id, day: rows(activity_id, day))


def roll_row(activity: Activity, child_id: int, *, at: datetime) -> RollRow | None:
    """One row of an opened roll; None when the child is not on it."""
    day = activity.starts.date()
    found = read(_one_row.rows(activity.id, child_id, day), activity, at)
    return found[0] if found else None


def is_on(activity: Activity, child_id: int) -> bool:
    """Whether the child is on the roll; on one that is not opened, whether expected."""
    day = activity.starts.date()
    if activity.opened_at:
        return _one_row.row(activity.id, child_id, day) is not None
    return bool(expected(activity.id, day).where(Child.id == child_id).exists())


@Prepared
def _one_row(activity_id: Any, child_id: Any, day: Any) -> Any:
    return rows(activity_id, day).where(Attendance.child == child_id)


def changed_since(
    activity: Activity, version: int, *, at: datetime, of_teacher: int | None = None
) -> list[RollRow]:
    """The rows that changed after the roll's `version`."""
    newer = rows(activity.id, activity.starts.date()).where(Attendance.version > version)
    return read(taught_by(newer, of_teacher).tuples(), activity, at)


def size_of_batch(activity_id: int, batch: int) -> int:
    """How many rows one write changed and nobody has changed since."""
    changed = (Attendance.activity == activity_id) & (Attendance.version == batch)
    return int(Attendance.select().where(changed).count())


@db.atomic()
def show_again(child_id: int, at: datetime) -> None:
    """On the rolls of today that are open the child's row counts as changed: whoever
    stands at the door sees within seconds who may collect it."""
    rows: Any = (
        Attendance.select(Activity.id, Activity.version, Attendance.id)
        .join(Activity)
        .where(held_on(at.date()), Activity.closed_at.is_null())
        .where(Attendance.child == child_id, Attendance.went_at.is_null())
        .tuples()
    )
    for activity_id, version, row_id in list(rows):
        Activity.update(version=version + 1).where(Activity.id == activity_id).execute()
        Attendance.update(version=version + 1).where(Attendance.id == row_id).execute()
