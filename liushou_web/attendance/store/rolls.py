"""The roll as it is read: who is expected, who came, who went, and how they go home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, Value, fn

from liushou_web.children.rules import collecting
from liushou_web.children.rules.collecting import Told
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    Attendance,
    Child,
    Leave,
    Room,
    SchoolClass,
    Staff,
)

from ..rules.marks import Mark, Meeting, mark
from .going_home import usual_columns, with_usual
from .on_leave import held_by

CameBy: Any = Staff.alias("came_by")
WentBy: Any = Staff.alias("went_by")
PaperBy: Any = Staff.alias("paper_by")


class RollRow(NamedTuple):
    """One child on a roll, at one moment."""

    child_id: int
    number: str | None
    name: str
    class_id: int
    grade: int
    class_number: int
    walk_in: bool
    came_at: datetime | None
    came_by: str | None
    went_at: datetime | None
    went_by: str | None
    leave: str
    leave_note: str
    unsettled_reason: str
    paper_by: str | None  # who entered it from paper
    paper_at: datetime | None
    way_home: str
    collected_by: str
    boards: bool
    usual: str | None
    collector_id: int | None  # of the usual person, if it may collect that day
    relation: str | None
    collector: str | None
    mark: Mark

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def choice(self) -> str:
        """The usual way home as a tap carries it; nothing where somebody has to choose."""
        return collecting.usual(self.usual or "", self.collector_id, self.boards)

    @property
    def home(self) -> Told:
        """How the child went home; of one who is still here, how it usually does."""
        if self.went_at:
            return collecting.told(self.way_home, self.collected_by)
        if not self.choice:
            return Told("", collecting.TO_CHOOSE)
        person = collecting.called(self.relation or "", self.collector or "")
        return collecting.told(self.usual or "", person)


def meeting_of(activity: Activity) -> Meeting:
    return Meeting(activity.starts, activity.ends, activity.grace_minutes)


def is_expected() -> Any:
    """The condition that joins an activity with the children expected at it."""
    of_class = ActivityClass.select().where(
        ActivityClass.activity == Activity.id,
        ActivityClass.school_class == Child.school_class,
    )
    chosen = ActivityChild.select().where(
        ActivityChild.activity == Activity.id, ActivityChild.child == Child.id
    )
    still_here = Child.left_on.is_null() | (Child.left_on > fn.date(Activity.starts))
    return still_here & (
        (Activity.expects == "all")
        | ((Activity.expects == "classes") & fn.EXISTS(of_class))
        | ((Activity.expects == "children") & fn.EXISTS(chosen))
    )


def rows(activity_id: Any, day: Any) -> Any:
    """Of an opened roll, in class order."""
    found = (
        Attendance.select(
            Child.id,
            Child.number,
            Child.name,
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            Attendance.walk_in,
            Attendance.came_at,
            CameBy.name,
            Attendance.went_at,
            WentBy.name,
            Attendance.leave,
            Attendance.leave_note,
            Attendance.unsettled_reason,
            PaperBy.name,
            Attendance.paper_at,
            Attendance.way_home,
            Attendance.collected_by,
            *usual_columns(),
        )
        .join(Child)
        .switch(Attendance)
        .join(SchoolClass)
        .switch(Attendance)
        .join(CameBy, JOIN.LEFT_OUTER, on=Attendance.came_by == CameBy.id)
        .switch(Attendance)
        .join(WentBy, JOIN.LEFT_OUTER, on=Attendance.went_by == WentBy.id)
        .switch(Attendance)
        .join(PaperBy, JOIN.LEFT_OUTER, on=Attendance.paper_by == PaperBy.id)
    )
    return (
        with_usual(found.switch(Child), day)
        .where(Attendance.activity == activity_id)
        .order_by(SchoolClass.grade, SchoolClass.number, Child.number, Child.name)
    )


def expected(activity_id: Any, day: Any) -> Any:
    """The same of one that is not opened: those whom the register expects."""
    nothing = Value(None)
    found = (
        Activity.select(
            Child.id,
            Child.number,
            Child.name,
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            Value(False),
            *(nothing, nothing, nothing, nothing),
            fn.COALESCE(Leave.kind, ""),
            fn.COALESCE(Leave.note, ""),
            Value(""),
            *(nothing, nothing),
            *(Value(""), Value("")),
            *usual_columns(),
        )
        .join(Child, on=is_expected())
        .join(SchoolClass)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
    )
    return (
        with_usual(found.switch(Child), day)
        .where(Activity.id == activity_id)
        .order_by(SchoolClass.grade, SchoolClass.number, Child.number, Child.name)
    )


def taught_by(query: Any, teacher: int | None) -> Any:
    """Of the classes of one teacher only; all without one."""
    return query if teacher is None else query.where(SchoolClass.teacher == teacher)


def read(rows: Iterable[Sequence[Any]], activity: Activity, at: datetime) -> list[RollRow]:
    """The rows as they stand at a moment."""
    meeting = meeting_of(activity)
    return [
        RollRow._make((*row, mark(meeting, row[7], row[9], row[11], at))) for row in rows
    ]


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
