"""Every tap on a roll and its undoing: one function, one transaction, one line of trail."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from peewee import JOIN, Value, fn

from ..db import db
from ..rules.actor import Actor
from ..rules.attendance import check_tap
from ..rules.closing import check_not_closed
from ..rules.refusal import NotFound, Refused
from ..schema import Activity, Attendance, Child, Leave, School
from . import trail
from .on_leave import entered, held_by
from .prepared import Prepared, as_row
from .rolls import is_expected


class Batch(NamedTuple):
    """What one 全部簽到 or 全部簽退 did: the roll's version then, and how many rows."""

    version: int
    size: int


@db.atomic()
def sign_in(activity_id: int, child_id: int, *, by: Actor, at: datetime) -> None:
    """A second tap changes nothing: the first arrival is the true one."""
    version = _open(activity_id, at=at)
    row = _row(activity_id, child_id)
    if row.went_at:
        raise Refused(
            "{name}已於 {time:%H:%M} 簽退。如果記錯了，請先撤銷。",
            name=row.child.name,
            time=row.went_at,
        )
    if row.came_at is None:
        change = {"came_at": at, "came_by": by.id, "leave": "", "leave_note": ""}
        _change(row, version, "attendance.sign_in", change, by=by, at=at)


@db.atomic()
def sign_out(activity_id: int, child_id: int, *, by: Actor, at: datetime) -> None:
    """Refused for a child who has not come. A second tap keeps the first departure."""
    version = _open(activity_id, at=at)
    row = _row(activity_id, child_id)
    if row.came_at is None:
        raise Refused("{name}還沒有簽到，不能簽退。", name=row.child.name)
    if row.went_at is None:
        change = {"went_at": max(at, row.came_at), "went_by": by.id}
        _change(row, version, "attendance.sign_out", change, by=by, at=at)


@db.atomic()
def grant_leave(
    activity_id: int, child_id: int, *, kind: str, note: str, by: Actor, at: datetime
) -> None:
    """`kind` is 'personal' or 'sick'. Refused for a child who is here."""
    version = _open(activity_id, at=at)
    row = _row(activity_id, child_id)
    if row.came_at:
        raise Refused("{name}已經簽到，不能記請假。", name=row.child.name)
    change = {"leave": kind, "leave_note": note, "leave_by": by.id}
    _change(row, version, "attendance.leave", change, by=by, at=at)


@db.atomic()
def undo(activity_id: int, child_id: int, *, was: str, by: Actor, at: datetime) -> None:
    """Takes back an arrival ('in'), a departure ('out') or a leave ('leave').

    What is undone already stays so; an arrival cannot be undone before the departure.
    A child who only walked in is off the roll again; one whose leave was entered ahead is
    on leave again when its arrival is undone.
    """
    version = _open(activity_id, at=at)
    row = _row(activity_id, child_id)
    if was == "in" and row.went_at:
        raise Refused("{name}已經簽退，請先撤銷簽退。", name=row.child.name)
    if was == "in" and row.walk_in and row.came_at:
        _take_off(row, by=by, at=at)
    elif any(getattr(row, name) for name in UNDOES[was]):
        change = UNDOES[was] | (entered(activity_id, child_id) if was == "in" else {})
        _change(row, version, f"attendance.undo_{was}", change, by=by, at=at)


UNDOES: dict[str, dict[str, Any]] = {
    "in": {"came_at": None, "came_by": None},
    "out": {"went_at": None, "went_by": None},
    "leave": {"leave": "", "leave_note": "", "leave_by": None},
}


@db.atomic()
def walk_in(activity_id: int, child_id: int, *, by: Actor, at: datetime) -> None:
    """Adds a child who was not expected and signs it in; on the roll already: signs in."""
    _open(activity_id, at=at)
    child = Child.get(Child.id == child_id, Child.left_on.is_null())
    Attendance.insert(
        activity=activity_id, child=child, school_class=child.school_class_id, walk_in=True
    ).on_conflict_ignore().execute()
    sign_in(activity_id, child_id, by=by, at=at)


@db.atomic()
def sign_all_in(activity_id: int, *, by: Actor, at: datetime) -> Batch:
    """Signs in everyone expected who has neither come nor is on leave."""
    open_rows = Attendance.came_at.is_null() & (Attendance.leave == "")
    change = {"came_at": at, "came_by": by.id}
    return _change_all(activity_id, open_rows, "sign_all_in", change, by=by, at=at)


@db.atomic()
def sign_all_out(activity_id: int, *, by: Actor, at: datetime) -> Batch:
    """Signs out everyone who is still here."""
    here = Attendance.came_at.is_null(False) & Attendance.went_at.is_null()
    change = {"went_at": fn.MAX(at, Attendance.came_at), "went_by": by.id}
    return _change_all(activity_id, here, "sign_all_out", change, by=by, at=at)


@db.atomic()
def undo_all(activity_id: int, batch: int, *, was: str, by: Actor, at: datetime) -> int:
    """Takes back one's own 全部簽到 ('in') or 全部簽退 ('out'); returns how many rows.

    Each write has a version of its own, so rows that changed since are spared.
    """
    version = _open(activity_id, at=at)
    mine = Attendance.came_by if was == "in" else Attendance.went_by
    rows = (
        (Attendance.activity == activity_id)
        & (Attendance.version == batch)
        & (mine == by.id)
    )
    undone: int = Attendance.update(**UNDOES[was], version=version).where(rows).execute()
    trail.record(
        f"attendance.undo_all_{was}",
        Activity(id=activity_id),
        by=by,
        at=at,
        detail=str(undone),
    )
    return undone


def _open(activity_id: int, *, at: datetime) -> int:
    """Readies the roll for one act and returns the version that the act gets.

    The first act writes a row for each child expected: from then on the register can
    change without rewriting who was expected on this day.
    """
    found = _state.row(activity_id)
    if found is None:
        raise NotFound
    starts, cancelled_at, closed_at, opened_at, version = found
    check_not_closed(closed_at)
    check_tap(starts, cancelled_at, at)
    if opened_at is None:
        grace = School.get_by_id(1).grace_minutes
        opened = {"opened_at": at, "grace_minutes": grace}
        Activity.update(opened).where(Activity.id == activity_id).execute()
        _write_expected(activity_id)
    _set_version.execute(version + 1, activity_id)
    return int(version) + 1


@Prepared
def _state(activity_id: Any) -> Any:
    return Activity.select(
        Activity.starts,
        Activity.cancelled_at,
        Activity.closed_at,
        Activity.opened_at,
        Activity.version,
    ).where(Activity.id == activity_id)


@Prepared
def _set_version(version: Any, activity_id: Any) -> Any:
    return Activity.update(version=version).where(Activity.id == activity_id)


def _write_expected(activity_id: int) -> None:
    columns = {
        Attendance.activity: Activity.id,
        Attendance.child: Child.id,
        Attendance.school_class: Child.school_class,
        Attendance.walk_in: Value(False),
        Attendance.leave: fn.COALESCE(Leave.kind, ""),
        Attendance.leave_note: fn.COALESCE(Leave.note, ""),
        Attendance.leave_by: Leave.staff,
        Attendance.version: Value(0),
        Attendance.unsettled_reason: Value(""),
    }
    expected = (
        Activity.select(*columns.values())
        .join(Child, on=is_expected())
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
        .where(Activity.id == activity_id)
    )
    Attendance.insert_from(expected, list(columns)).execute()


def _row(activity_id: int, child_id: int) -> Attendance:
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


def _change(
    row: Attendance,
    version: int,
    deed: str,
    change: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    before = {name: str(getattr(row, name)) for name in change if getattr(row, name)}
    _update_of(tuple(change)).execute(*change.values(), version, row.id)
    trail.record(deed, row, by=by, at=at, detail=told(before))


@cache
def _update_of(columns: tuple[str, ...]) -> Prepared:
    """Sets these columns, then the version, of the row of the id that comes last."""

    def build(*values: Any) -> Any:
        *new, row_id = values
        changed = dict(zip((*columns, "version"), new, strict=True))
        return Attendance.update(changed).where(Attendance.id == row_id)

    return Prepared(build, len(columns) + 2)


def told(before: dict[str, str]) -> str:
    """What stood there before, for the trail: 'came_at=2026-11-23 16:02:00'."""
    return "; ".join(f"{name}={value}" for name, value in before.items())


def _take_off(row: Attendance, *, by: Actor, at: datetime) -> None:
    detail = f"child={row.child_id}; came_at={row.came_at}"
    trail.record("attendance.undo_walk_in", row, by=by, at=at, detail=detail)
    Attendance.delete().where(Attendance.id == row.id).execute()


def _change_all(
    activity_id: int,
    which: Any,
    deed: str,
    change: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Batch:
    version = _open(activity_id, at=at)
    changed = (
        Attendance.update(**change, version=version)
        .where(Attendance.activity == activity_id, which)
        .execute()
    )
    trail.record(
        f"attendance.{deed}", Activity(id=activity_id), by=by, at=at, detail=str(changed)
    )
    return Batch(version, changed)
