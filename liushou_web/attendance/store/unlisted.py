"""Children who were let go with somebody not on their list: the office's list of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.actor import Actor
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schema import Activity, Attendance, Child, Outing, SchoolClass, Staff
from liushou_web.school.store import trail

SeenBy: Any = Staff.alias("seen_by")


class UnlistedPickup(NamedTuple):
    """A child that left with somebody not on its list, as the office is told."""

    id: int  # 0 of a child that came back: nothing is left to be put aside
    child_id: int
    child: str
    grade: int
    class_number: int
    activity_id: int
    title: str
    went_at: datetime
    person: str
    reason: str
    teacher: str
    seen_at: datetime | None
    seen_by: str | None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def waiting(*, limit: int | None = None) -> list[UnlistedPickup]:
    """What the office has not put aside, the newest first."""
    return _lines(Attendance.release_seen_at.is_null(), limit)


def seen(*, limit: int) -> list[UnlistedPickup]:
    """What the office has put aside, and who came back to the activity by itself; the
    newest first."""
    lines = [*_lines(Attendance.release_seen_at.is_null(False), limit), *_returned(limit)]
    return sorted(lines, key=lambda line: line.went_at, reverse=True)[:limit]


def _returned(limit: int) -> list[UnlistedPickup]:
    rows: Any = (
        Outing.select(
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            Activity.id,
            Activity.title,
            Outing.went_at,
            Outing.collected_by,
            Outing.release_reason,
            Staff.name,
            Outing.back_at,
        )
        .join(Attendance)
        .join(Activity)
        .switch(Attendance)
        .join(Child)
        .switch(Attendance)
        .join(SchoolClass)
        .switch(Outing)
        .join(Staff, on=Outing.released_by == Staff.id)
        .order_by(Outing.went_at.desc())
        .limit(limit)
        .tuples()
    )
    return [UnlistedPickup._make((0, *row, None)) for row in rows]


def _lines(which: Any, limit: int | None) -> list[UnlistedPickup]:
    rows: Any = (
        Attendance.select(
            Attendance.id,
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            Activity.id,
            Activity.title,
            Attendance.went_at,
            Attendance.collected_by,
            Attendance.release_reason,
            Staff.name,
            Attendance.release_seen_at,
            SeenBy.name,
        )
        .join(Activity)
        .switch(Attendance)
        .join(Child)
        .switch(Attendance)
        .join(SchoolClass)
        .switch(Attendance)
        .join(Staff, on=Attendance.released_by == Staff.id)
        .switch(Attendance)
        .join(SeenBy, JOIN.LEFT_OUTER, on=Attendance.release_seen_by == SeenBy.id)
        .where(Attendance.released_by.is_null(False), which)
        .order_by(Attendance.went_at.desc(), Attendance.id.desc())
        .limit(limit)
        .tuples()
    )
    return [UnlistedPickup(*row) for row in rows]


@db.atomic()
def put_aside(row_id: int, *, by: Actor, at: datetime) -> None:
    """知道了, for the whole office. Put aside already stays as it was."""
    if _row(row_id).release_seen_at is None:
        _set_seen(row_id, at, by.id)
        trail.record("collecting.put_aside", Attendance(id=row_id), by=by, at=at)


@db.atomic()
def bring_back(row_id: int, *, by: Actor, at: datetime) -> None:
    """Back among what waits for the office. What waits already goes on waiting."""
    if _row(row_id).release_seen_at:
        _set_seen(row_id, None, None)
        trail.record("collecting.bring_back", Attendance(id=row_id), by=by, at=at)


def _row(row_id: int) -> Attendance:
    unlisted = Attendance.released_by.is_null(False)
    row = Attendance.get_or_none(unlisted, Attendance.id == row_id)
    if row is None:
        raise NotFound
    return row


def _set_seen(row_id: int, at: datetime | None, by: int | None) -> None:
    Attendance.update(release_seen_at=at, release_seen_by=by).where(
        Attendance.id == row_id
    ).execute()
