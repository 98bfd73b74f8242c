"""停電包: blank sign-in sheets, prepared while there is power and kept as printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.actor import Actor
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.inserts import write_each
from liushou_web.db.table import within
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.store import people
from liushou_web.schema import (
    Activity,
    ActivityDuty,
    Child,
    Leave,
    PaperRow,
    PaperSheet,
    Room,
    SchoolClass,
    Staff,
)
from liushou_web.school.store import trail

from ..rules import paper as rules
from ..rules.closing import in_charge
from . import rolls
from .on_leave import held_by


class SheetListed(NamedTuple):
    """One sheet as lists show it; `number` is its 單號."""

    number: int
    made_at: datetime
    made_by: str
    activity_id: int
    title: str
    room: str
    starts: datetime
    ends: datetime
    opened_at: datetime | None
    cancelled_at: datetime | None
    closed_at: datetime | None
    newest: bool = True  # of its activity
    duty: tuple[str, ...] = ()


class NumberedRow(NamedTuple):
    """A numbered row of a sheet, with the leave entered ahead that holds today."""

    sheet: int
    number: int
    child_id: int
    name: str
    pupil_number: str | None
    class_id: int
    grade: int
    class_number: int
    leave: str

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


@db.atomic()
def prepare(first_day: date, last_day: date, *, by: Actor, at: datetime) -> list[int]:
    """A sheet for each activity of these days that is not over; answers with the numbers.

    Where the children are still those of the newest sheet, that one stays. Refuses days
    without an activity to come.
    """
    coming = _coming(first_day, last_day, at)
    if not coming:
        raise Refused("這一週沒有還要舉行的活動，不用準備簽到單。")
    newest = _newest(activity.id for activity in coming)
    printed = _children_of(newest.values())
    made = []
    for activity in coming:
        children = [(row.child_id, row.class_id) for row in rolls.roll_of(activity, at=at)]
        if activity.id not in newest or printed[newest[activity.id]] != children:
            made.append(_make(activity, children, by, at))
    if made:
        detail = f"{first_day}–{last_day}: {detail_of(made)}"
        trail.record("paper.prepare", by=by, at=at, detail=detail)
    return made


def _coming(first_day: date, last_day: date, at: datetime) -> list[Activity]:
    in_week = within(Activity.starts, first_day, last_day), Activity.ends > at
    to_be = Activity.cancelled_at.is_null(), Activity.closed_at.is_null()
    order = Activity.starts, Activity.room, Activity.id
    return list(Activity.select().where(*in_week, *to_be).order_by(*order))


def _newest(activity_ids: Iterable[int]) -> dict[int, int]:
    """The newest sheet of each of these activities that has one."""
    rows: Any = (
        PaperSheet.select(PaperSheet.activity, fn.MAX(PaperSheet.id))
        .where(PaperSheet.activity.in_(list(activity_ids)))
        .group_by(PaperSheet.activity)
        .tuples()
    )
    return dict(rows)


def _children_of(sheets: Iterable[int]) -> defaultdict[int, list[tuple[int, int]]]:
    """The children of each of these sheets, in order, each with its class."""
    rows: Any = (
        PaperRow.select(PaperRow.sheet, PaperRow.child, PaperRow.school_class)
        .where(PaperRow.sheet.in_(list(sheets)))
        .order_by(PaperRow.sheet, PaperRow.number)
        .tuples()
    )
    printed: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for sheet, child, group in rows:
        printed[sheet].append((child, group))
    return printed


def _make(
    activity: Activity, children: list[tuple[int, int]], by: Actor, at: datetime
) -> int:
    sheet = PaperSheet.create(activity=activity, made_at=at, staff=by.id)
    write_each(
        PaperRow,
        (
            {"sheet": sheet.id, "number": number, "child": child, "school_class": group}
            for number, (child, group) in enumerate(children, 1)
        ),
    )
    return int(sheet.id)


def detail_of(numbers: Iterable[int]) -> str:
    """For the trail: 'No.3 No.4'."""
    return " ".join(f"No.{number}" for number in numbers)


@db.atomic()
def note_printed(numbers: Iterable[int], *, by: Actor, at: datetime) -> None:
    """Whoever takes names out of the house is on the trail."""
    trail.record("paper.print", by=by, at=at, detail=detail_of(numbers))


def one(number: int) -> SheetListed:
    """The sheet of this 單號; raises `NotFound`, also where its activity is no more."""
    found = _sheets(PaperSheet.id == number)
    if not found:
        raise NotFound
    return found[0]


def of_activity(activity_id: int) -> list[SheetListed]:
    """The sheets of an activity, the newest first."""
    return _sheets(PaperSheet.activity == activity_id)


def to_print(first_day: date, last_day: date, *, at: datetime) -> list[SheetListed]:
    """The newest sheet of each activity of these days that is not over, by time."""
    coming = [activity.id for activity in _coming(first_day, last_day, at)]
    sheets = _sheets(PaperSheet.id.in_(list(_newest(coming).values())))
    return sorted(sheets, key=lambda sheet: (sheet.starts, sheet.number))


def unprepared(first_day: date, last_day: date, *, at: datetime) -> int:
    """How many activities to come on these days have no sheet yet."""
    coming = [activity.id for activity in _coming(first_day, last_day, at)]
    return len(coming) - len(_newest(coming))


def latest(*, at: datetime) -> list[SheetListed]:
    """The sheets that may still be of use: of what is to come, and of the last 60 days."""
    return _sheets(Activity.starts >= at - rules.ENTERED_WITHIN)


def in_charge_of(sheets: Iterable[SheetListed], by: Actor) -> set[int]:
    """The activities of these sheets whose rolls are this person's to enter; one query."""
    duty = {sheet.activity_id: set[int]() for sheet in sheets}
    rows: Any = ActivityDuty.select(ActivityDuty.activity, ActivityDuty.staff).where(
        ActivityDuty.activity.in_(list(duty))
    )
    for activity_id, staff_id in rows.tuples():
        duty[activity_id].add(staff_id)
    return {activity_id for activity_id, staff in duty.items() if in_charge(by, staff)}


def _sheets(*conditions: Any) -> list[SheetListed]:
    """The newest activity first, of one activity the newest sheet. Two queries."""
    rows: Any = (
        PaperSheet.select(
            PaperSheet.id,
            PaperSheet.made_at,
            Staff.name,
            Activity.id,
            Activity.title,
            Room.name,
            Activity.starts,
            Activity.ends,
            Activity.opened_at,
            Activity.cancelled_at,
            Activity.closed_at,
            PaperSheet.id == _number_of_newest(),
        )
        .join(Staff)
        .switch(PaperSheet)
        .join(Activity)
        .join(Room)
        .where(*conditions)
        .order_by(Activity.starts.desc(), Activity.id, PaperSheet.id.desc())
        .tuples()
    )
    sheets = [SheetListed(*row) for row in rows]
    names = people.duty_names(people.ACTIVITY, (sheet.activity_id for sheet in sheets))
    return [sheet._replace(duty=names[sheet.activity_id]) for sheet in sheets]


def _number_of_newest() -> Any:
    other: Any = PaperSheet.alias("other")
    return other.select(fn.MAX(other.id)).where(other.activity == PaperSheet.activity)


def rows_of(sheets: Iterable[int]) -> list[NumberedRow]:
    """The rows of these sheets, by sheet and number; one query."""
    rows: Any = (
        PaperRow.select(
            PaperRow.sheet,
            PaperRow.number,
            Child.id,
            Child.name,
            Child.number,
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            fn.COALESCE(Leave.kind, ""),
        )
        .join(PaperSheet)
        .join(Activity)
        .switch(PaperRow)
        .join(Child)
        .switch(PaperRow)
        .join(SchoolClass)
        .switch(PaperRow)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
        .where(PaperRow.sheet.in_(list(sheets)))
        .order_by(PaperRow.sheet, PaperRow.number)
        .tuples()
    )
    return [NumberedRow(*row) for row in rows]
