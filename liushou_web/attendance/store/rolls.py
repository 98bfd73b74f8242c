"""The roll as it is read: who is expected, who came, who went, and how they go home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, Case, Value, fn

from liushou_web.children.rules import collecting
from liushou_web.children.rules.collecting import WayInWords
from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.db.table import within
from liushou_web.db.words import day_of
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import roll_state
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    Attendance,
    Child,
    Leave,
    Move,
    Room,
    SchoolClass,
    Staff,
)

from ..rules.marks import TAP_AFTER, TAP_BEFORE, Mark, Meeting, house_day, mark
from .going_home import USUAL, with_usual
from .on_leave import held_by

CameBy: Any = Staff.alias("came_by")
WentBy: Any = Staff.alias("went_by")
PaperBy: Any = Staff.alias("paper_by")
Beside: Any = Activity.alias("beside")


class RollRow(NamedTuple):
    """One child on a roll, at one moment."""

    child_id: int
    number: str | None
    name: str
    class_id: int
    grade: int
    class_number: int
    pinyin: str
    boards: bool
    usual: str | None
    collector_id: int | None  # of the usual person, if it may collect that day
    relation: str | None
    collector: str | None
    leave: str = ""
    leave_note: str = ""
    walk_in: bool = False
    came_at: datetime | None = None
    came_by: str | None = None
    went_at: datetime | None = None
    went_by: str | None = None
    way_home: str = ""
    collected_by: str = ""
    unsettled_reason: str = ""
    paper_by: str | None = None  # who entered it from paper
    paper_at: datetime | None = None
    moved_to: str | None = None  # the activity that it went over to
    version: int = 0  # of the roll when this row last changed
    mark: Mark = Mark.EXPECTED

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def sort_name(self) -> str:
        """The first reading of each character; then the name itself."""
        readings = (sounds.split("/")[0] for sounds in self.pinyin.split())
        return f"{' '.join(readings)} {self.name}"

    @property
    def choice(self) -> str:
        """The usual way home as a tap carries it; nothing where somebody has to choose."""
        return collecting.usual(self.usual or "", self.collector_id, self.boards)

    @property
    def home(self) -> WayInWords:
        """How the child went home, or where to; of one who is still here, how it usually
        goes home."""
        if self.moved_to:
            return WayInWords(f"→ {self.moved_to}", "")
        if self.went_at:
            return collecting.in_words(self.way_home, self.collected_by)
        if not self.choice:
            return WayInWords("", collecting.TO_CHOOSE)
        person = collecting.called(self.relation or "", self.collector or "")
        return collecting.in_words(self.usual or "", person)


def current(*, of: int | None, at: datetime) -> int | None:
    """The id of the activity whose roll is to be taken now: one that goes on or is about to
    begin, with `of` on duty first; else the next of the day. None where there is none."""
    mine = ActivityDuty.select().where(
        ActivityDuty.activity == Activity.id, ActivityDuty.staff == of
    )
    found = (
        Activity.select(Activity.id)
        .where(
            within(Activity.starts, at.date() - timedelta(days=1), at.date()),
            Activity.cancelled_at.is_null(),
            Activity.closed_at.is_null(),
            Activity.ends >= at - TAP_AFTER,
        )
        .order_by(
            Case(None, ((Activity.starts <= at + TAP_BEFORE, 0),), 1),
            Case(None, ((fn.EXISTS(mine), 0),), 1),
            Activity.starts,
            Activity.id,
        )
        .first()
    )
    return found.id if found else None


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
    still_here = Child.left_on.is_null() | (Child.left_on > day_of(Activity.starts))
    return still_here & (
        (Activity.expects == "all")
        | ((Activity.expects == "classes") & fn.EXISTS(of_class))
        | ((Activity.expects == "children") & fn.EXISTS(chosen))
    )


# The columns of each field of a row; a field without one is as by default.
OF_CHILD: dict[str, Any] = {
    "child_id": Child.id,
    "number": Child.number,
    "name": Child.name,
    "class_id": SchoolClass.id,
    "grade": SchoolClass.grade,
    "class_number": SchoolClass.number,
    "pinyin": Child.pinyin,
    **USUAL,
}
EXPECTED: dict[str, Any] = {
    **OF_CHILD,
    "leave": fn.COALESCE(Leave.kind, ""),
    "leave_note": fn.COALESCE(Leave.note, ""),
}
WRITTEN: dict[str, Any] = {
    **OF_CHILD,
    "leave": Attendance.leave,
    "leave_note": Attendance.leave_note,
    "walk_in": Attendance.walk_in,
    "came_at": Attendance.came_at,
    "came_by": CameBy.name,
    "went_at": Attendance.went_at,
    "went_by": WentBy.name,
    "way_home": Attendance.way_home,
    "collected_by": Attendance.collected_by,
    "unsettled_reason": Attendance.unsettled_reason,
    "paper_by": PaperBy.name,
    "paper_at": Attendance.paper_at,
    "moved_to": Beside.title,
    "version": Attendance.version,
}


def _written(activity_id: Any, day: Any) -> Any:
    """The rows of a roll that is opened."""
    rows = (
        Attendance.select(*_columns(WRITTEN))
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
    rows = (
        rows.switch(Attendance)
        .join(Move, JOIN.LEFT_OUTER, on=Move.attendance == Attendance.id)
        .join(Beside, JOIN.LEFT_OUTER, on=Move.activity == Beside.id)
    )
    of_roll = Attendance.activity == activity_id
    return with_usual(rows.switch(Child), day).where(of_roll).order_by(*REGISTER_ORDER)


def _expected(activity_id: Any, day: Any) -> Any:
    """The rows of a roll that is not opened yet: whom the register expects."""
    rows = (
        Activity.select(*_columns(EXPECTED))
        .join(Child, on=is_expected())
        .join(SchoolClass)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
    )
    of_roll = Activity.id == activity_id
    return with_usual(rows.switch(Child), day).where(of_roll).order_by(*REGISTER_ORDER)


def _columns(known: dict[str, Any]) -> list[Any]:
    """In the order of the fields of `RollRow`, but for its mark."""
    usual = RollRow._field_defaults
    *fields, _mark = RollRow._fields
    return [known.get(name, Value(usual.get(name))) for name in fields]


_facts = itemgetter(*map(RollRow._fields.index, ("came_at", "went_at", "leave")))


def _read(rows: Iterable[Sequence[Any]], activity: Activity, at: datetime) -> list[RollRow]:
    """The rows as they stand at a moment."""
    meeting, read = meeting_of(activity), []
    for row in rows:
        came_at, went_at, leave = _facts(row)
        read.append(RollRow._make((*row, mark(meeting, came_at, went_at, leave, at))))
    return read


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
    day = activity.starts.date()
    if activity.opened_at and of_teacher is None:
        return _read(_every_row.rows(activity.id, day), activity, at)
    rows = (_written if activity.opened_at else _expected)(activity.id, day)
    if activity.opened_at is None:  # nobody took it: nobody is absent yet
        at = min(at, activity.ends - timedelta(seconds=1))
    return _read(taught_by(rows, of_teacher).tuples(), activity, at)


_every_row = Prepared(lambda activity_id, day: _written(activity_id, day))


def roll_row(activity: Activity, child_id: int, *, at: datetime) -> RollRow | None:
    """One row of an opened roll; None when the child is not on it."""
    day = activity.starts.date()
    found = _read(_one_row.rows(activity.id, child_id, day), activity, at)
    return found[0] if found else None


def is_on(activity: Activity, child_id: int) -> bool:
    """Whether the child is on the roll; on one that is not opened, whether expected."""
    day = activity.starts.date()
    if activity.opened_at:
        return _one_row.row(activity.id, child_id, day) is not None
    return bool(_expected(activity.id, day).where(Child.id == child_id).exists())


@Prepared
def _one_row(activity_id: Any, child_id: Any, day: Any) -> Any:
    return _written(activity_id, day).where(Attendance.child == child_id)


def rows_since(
    activity: Activity, version: int, *, at: datetime, of_teacher: int | None = None
) -> list[RollRow]:
    """The rows that changed after the roll's `version`."""
    newer = _written(activity.id, activity.starts.date()).where(
        Attendance.version > version
    )
    return _read(taught_by(newer, of_teacher).tuples(), activity, at)


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
        .where(held_on(house_day(at)), Activity.closed_at.is_null())
        .where(Attendance.child == child_id, Attendance.went_at.is_null())
        .tuples()
    )
    for activity_id, version, row_id in list(rows):
        roll_state.set_version(activity_id, version + 1)
        Attendance.update(version=version + 1).where(Attendance.id == row_id).execute()
