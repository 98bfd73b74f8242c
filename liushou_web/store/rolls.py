"""The roll as it is read: who is expected, who came, who went, who is in the building."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, Expression, Value, fn

from ..rules import collecting
from ..rules.attendance import Mark, Meeting, Tally, mark
from ..rules.children import class_name
from ..rules.collecting import Told
from ..rules.refusal import NotFound
from ..schema import (
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
from .on_leave import held_by
from .prepared import Prepared, as_row
from .ways_home import usual_columns, with_usual

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


def meeting_of(activity: Activity) -> Meeting:
    return Meeting(activity.starts, activity.ends, activity.grace_minutes)


def roll_of(
    activity: Activity, *, at: datetime, of_teacher: int | None = None
) -> list[RollRow]:
    """Everyone on the roll, in class order, walk-ins too; one query however long.

    Before the roll is opened: those whom the register says are expected.
    """
    if activity.opened_at and of_teacher is None:
        found = _all_rows.rows(activity.id, activity.starts.date())
        return _read(found, activity, at)
    rows = _rows if activity.opened_at else _expected
    day = activity.starts.date()
    asked = _of_teacher(rows(activity.id, day), of_teacher)
    return _read(asked.tuples(), activity, at)


_all_rows = Prepared(lambda activity_id, day: _rows(activity_id, day))


def roll_row(activity: Activity, child_id: int, *, at: datetime) -> RollRow | None:
    """One row of an opened roll; None when the child is not on it."""
    day = activity.starts.date()
    rows = _read(_one_row.rows(activity.id, child_id, day), activity, at)
    return rows[0] if rows else None


def is_on(activity: Activity, child_id: int) -> bool:
    """Whether the child is on the roll; on one that is not opened, whether expected."""
    day = activity.starts.date()
    if activity.opened_at:
        return _one_row.row(activity.id, child_id, day) is not None
    return bool(_expected(activity.id, day).where(Child.id == child_id).exists())


@Prepared
def _one_row(activity_id: Any, child_id: Any, day: Any) -> Any:
    return _rows(activity_id, day).where(Attendance.child == child_id)


def changed_since(
    activity: Activity, version: int, *, at: datetime, of_teacher: int | None = None
) -> list[RollRow]:
    """The rows that changed after the roll's `version`."""
    rows = _rows(activity.id, activity.starts.date())
    rows = rows.where(Attendance.version > version)
    return _read(_of_teacher(rows, of_teacher).tuples(), activity, at)


def head_count(activity: Activity, *, of_teacher: int | None = None) -> Tally:
    """應到, 實到, 請假, not come and 在場, counted by the database."""
    if activity.opened_at is None:
        awaited = _of_teacher(_expected(activity.id, activity.starts.date()), of_teacher)
        counted = awaited.select(fn.COUNT(Child.id), fn.COUNT(Leave.id)).order_by()
        expected, away = counted.tuples()[0]
        return _tally(expected, 0, away, 0)
    if of_teacher is None:
        return _tally(*_counts_of.rows(activity.id)[0])
    rows = _of_teacher(Attendance.select(*_counts()).join(SchoolClass), of_teacher).where(
        Attendance.activity == activity.id
    )
    return _tally(*rows.tuples()[0])


@Prepared
def _counts_of(activity_id: Any) -> Any:
    return Attendance.select(*_counts()).where(Attendance.activity == activity_id)


def size_of_batch(activity_id: int, batch: int) -> int:
    """How many rows one write changed and nobody has changed since."""
    rows = (Attendance.activity == activity_id) & (Attendance.version == batch)
    return int(Attendance.select().where(rows).count())


def counts_on(day: date, *, of_teacher: int | None = None) -> dict[int, Tally]:
    """The head count of every activity of the day, by activity id; two queries."""
    opened = (
        Attendance.select(Attendance.activity, *_counts())
        .join(Activity)
        .switch(Attendance)
        .join(SchoolClass)
        .where(*on_day(day))
        .group_by(Attendance.activity)
        .tuples()
    )
    awaited = (
        Activity.select(Activity.id, fn.COUNT(Child.id), fn.COUNT(Leave.id))
        .join(Child, on=is_expected())
        .join(SchoolClass)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
        .where(*on_day(day), Activity.opened_at.is_null())
        .group_by(Activity.id)
        .tuples()
    )
    counts = {
        activity_id: _tally(expected, 0, away, 0)
        for activity_id, expected, away in _of_teacher(awaited, of_teacher)
    }
    for activity_id, *numbers in _of_teacher(opened, of_teacher):
        counts[activity_id] = _tally(*numbers)
    return counts


def on_day(day: date) -> tuple[Expression, ...]:
    midnight = datetime.combine(day, time())
    return (
        Activity.starts >= midnight,
        Activity.starts < midnight + timedelta(days=1),
        Activity.cancelled_at.is_null(),
    )


def _counts() -> tuple[Any, ...]:
    return (
        fn.COUNT(Attendance.id),
        fn.COUNT(Attendance.came_at),
        fn.SUM(Attendance.leave != ""),
        fn.COUNT(Attendance.went_at),
    )


def _tally(expected: int, came: int, on_leave: int | None, went: int) -> Tally:
    away = on_leave or 0
    return Tally(expected, came, away, expected - came - away, came - went)


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


def _rows(activity_id: Any, day: Any) -> Any:
    rows = (
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
        with_usual(rows.switch(Child), day)
        .where(Attendance.activity == activity_id)
        .order_by(SchoolClass.grade, SchoolClass.number, Child.number, Child.name)
    )


def _expected(activity_id: Any, day: Any) -> Any:
    nothing = Value(None)
    rows = (
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
        with_usual(rows.switch(Child), day)
        .where(Activity.id == activity_id)
        .order_by(SchoolClass.grade, SchoolClass.number, Child.number, Child.name)
    )


def _of_teacher(query: Any, teacher: int | None) -> Any:
    return query if teacher is None else query.where(SchoolClass.teacher == teacher)


def _read(rows: Iterable[Sequence[Any]], activity: Activity, at: datetime) -> list[RollRow]:
    meeting = meeting_of(activity)
    return [
        RollRow._make((*row, mark(meeting, row[7], row[9], row[11], at))) for row in rows
    ]
