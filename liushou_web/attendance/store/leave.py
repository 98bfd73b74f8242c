"""Leave entered ahead: entering it, taking it back, and who will not come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.actor import Actor
from liushou_web.children.store.child_files import file_of
from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.table import within
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.store import roll_state
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Child, Leave, SchoolClass, Staff
from liushou_web.school.store import trail

from ..rules.leave import Part, Stretch, check_restoring, check_stretch, check_withdrawal
from ..rules.marks import LEAVE_LABELS
from .on_leave import held_by


class LeaveEntry(NamedTuple):
    """One leave as lists show it."""

    id: int
    child_id: int
    name: str
    grade: int
    class_number: int
    first_day: date
    last_day: date
    part: str
    kind: str
    note: str
    entered_by: str
    entered_at: datetime
    withdrawn_at: datetime | None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def kind_label(self) -> str:
        return LEAVE_LABELS[self.kind]

    @property
    def part_label(self) -> str:
        return Part(self.part).label

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.first_day, self.last_day, self.part)


def coming(today: date, *, of_teacher: int | None = None) -> list[LeaveEntry]:
    """What holds today or later, and what was withdrawn today, the earliest first."""
    still = Leave.withdrawn_at.is_null() | within(Leave.withdrawn_at, today, today)
    rows = taught_by(_entries(), of_teacher).where(
        Leave.last_day >= today, still, Child.left_on.is_null()
    )
    order = (Leave.first_day, *REGISTER_ORDER, Leave.id)
    return [LeaveEntry(*row) for row in rows.order_by(*order).tuples()]


def one(leave_id: int, *, of_teacher: int | None = None) -> LeaveEntry:
    """Raises `NotFound` also where the child is in none of `of_teacher`'s classes."""
    rows = taught_by(_entries(), of_teacher).where(Leave.id == leave_id)
    row = rows.tuples().first()
    if row is None:
        raise NotFound
    return LeaveEntry(*row)


@db.atomic()
def enter(
    child_id: int,
    stretch: Stretch,
    *,
    kind: str,
    note: str,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> Leave:
    """On each roll that opens within the stretch, and at once on those open now.

    Refuses what overlaps another leave of the child, and a child who has left.
    """
    file = file_of(child_id, of_teacher=of_teacher)
    if file.left_on:
        raise Refused("{name}已離開，不能請假。", name=file.fields.name)
    check_stretch(stretch, at.date())
    _refuse_overlap(child_id, stretch)
    made = Leave.create(
        child=child_id,
        first_day=stretch.first_day,
        last_day=stretch.last_day,
        part=stretch.part,
        kind=kind,
        note=note,
        staff=by.id,
        entered_at=at,
    )
    _set_on_rolls(made, at)
    detail = (
        f"child={child_id}; {stretch.first_day}–{stretch.last_day} {stretch.part} {kind}"
    )
    trail.record("leave.enter", made, by=by, at=at, detail=detail)
    return made


@db.atomic()
def withdraw(
    leave_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> LeaveEntry:
    """From today on; the days before stay as they were. Withdrawn already stays so."""
    entry = one(leave_id, of_teacher=of_teacher)
    if entry.withdrawn_at is None:
        check_withdrawal(entry.last_day, at.date())
        _take_off_rolls(Leave.get_by_id(leave_id), at)
        Leave.update(withdrawn_at=at).where(Leave.id == leave_id).execute()
        _record("leave.withdraw", entry, by, at)
    return entry


@db.atomic()
def restore(
    leave_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> LeaveEntry:
    """Takes back a withdrawal of today; refused where another leave took its place."""
    entry = one(leave_id, of_teacher=of_teacher)
    if entry.withdrawn_at:
        check_restoring(entry.last_day, entry.withdrawn_at, at.date())
        _refuse_overlap(entry.child_id, entry.stretch)
        Leave.update(withdrawn_at=None).where(Leave.id == leave_id).execute()
        _set_on_rolls(Leave.get_by_id(leave_id), at)
        _record("leave.restore", entry, by, at)
    return entry


def _record(deed: str, entry: LeaveEntry, by: Actor, at: datetime) -> None:
    detail = f"child={entry.child_id}"
    trail.record(deed, Leave(id=entry.id), by=by, at=at, detail=detail)


def _refuse_overlap(child_id: int, stretch: Stretch) -> None:
    others = _entries().where(Leave.child == child_id, Leave.withdrawn_at.is_null())
    for entry in (LeaveEntry(*row) for row in others.tuples()):
        if stretch.overlaps(entry.stretch):
            raise Refused(
                "{name}在 {first} 至 {last} 已有請假，日期不能重疊。請先撤回那一次。",
                name=entry.name,
                first=entry.first_day,
                last=entry.last_day,
            )


def _set_on_rolls(leave: Leave, at: datetime) -> None:
    """The child's rows that nobody has signed in or put on leave."""
    waiting = Attendance.came_at.is_null() & (Attendance.leave == "")
    change = {"leave": leave.kind, "leave_note": leave.note, "leave_by": leave.staff_id}
    _change_rows(leave, waiting & (Attendance.walk_in == False), change, at)  # noqa: E712


def _take_off_rolls(leave: Leave, at: datetime) -> None:
    """The rows that say what this leave says, in the name of who entered it."""
    its_own = (
        (Attendance.leave == leave.kind)
        & (Attendance.leave_note == leave.note)
        & (Attendance.leave_by == leave.staff_id)
    )
    _change_rows(leave, its_own, {"leave": "", "leave_note": "", "leave_by": None}, at)


def _change_rows(leave: Leave, which: Any, change: dict[str, Any], at: datetime) -> None:
    """On the rolls of today that are open; each counts the change, so that devices see."""
    for activity_id, version, row_id in list(_rows_of(leave, which, at)):
        roll_state.set_version(activity_id, version + 1)
        Attendance.update(**change, version=version + 1).where(
            Attendance.id == row_id
        ).execute()


def _rows_of(leave: Leave, which: Any, at: datetime) -> Any:
    return (
        Attendance.select(Activity.id, Activity.version, Attendance.id)
        .join(Activity)
        .switch(Attendance)
        .join(Child)
        .join(Leave, on=held_by())
        .where(held_on(at.date()), Activity.ends > at, Activity.closed_at.is_null())
        .where(Leave.id == leave.id, which)
        .tuples()
    )


def _entries() -> Any:
    return (
        Leave.select(
            Leave.id,
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            Leave.first_day,
            Leave.last_day,
            Leave.part,
            Leave.kind,
            Leave.note,
            Staff.name,
            Leave.entered_at,
            Leave.withdrawn_at,
        )
        .join(Child)
        .join(SchoolClass)
        .switch(Leave)
        .join(Staff, JOIN.LEFT_OUTER)
    )
