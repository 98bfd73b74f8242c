"""What the timetables ask: one's own duties, single activities, who is expected."""

from __future__ import annotations

from datetime import date, time
from typing import Any, NamedTuple

from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db.table import within
from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    Child,
    CounsellingHours,
    DutySwap,
    Room,
    SchoolClass,
    Staff,
)

from .activities import ActivityEntry, entries_where


def duties_of(staff_id: int, first: date, last: date) -> list[ActivityEntry]:
    """The activities at which a person is on duty on these days, cancelled ones too."""
    own = ActivityDuty.select(ActivityDuty.activity).where(ActivityDuty.staff == staff_id)
    return entries_where(Activity.id.in_(own), within(Activity.starts, first, last))


def not_as_usual(first: date, last: date) -> list[ActivityEntry]:
    """What is held on these days apart from the weekly openings, and the openings at which
    a duty was handed over."""
    handed = DutySwap.select(DutySwap.activity).where(DutySwap.answer == "accepted")
    return entries_where(
        Activity.slot.is_null() | Activity.id.in_(handed),
        Activity.cancelled_at.is_null(),
        within(Activity.starts, first, last),
    )


def dates_of(slot_id: int) -> list[ActivityEntry]:
    """Every date of a weekly opening, cancelled ones too."""
    return entries_where(Activity.slot == slot_id)


def classes() -> list[tuple[int, str]]:
    """Id and name of every class."""
    rows: Any = (
        SchoolClass.select(SchoolClass.id, SchoolClass.grade, SchoolClass.number)
        .order_by(SchoolClass.grade, SchoolClass.number)
        .tuples()
    )
    return [(id_, class_name(grade, number)) for id_, grade, number in rows]


def classes_of(activity_id: int) -> list[str]:
    """The names of the classes expected at an activity."""
    rows: Any = (
        ActivityClass.select(SchoolClass.grade, SchoolClass.number)
        .join(SchoolClass)
        .where(ActivityClass.activity == activity_id)
        .order_by(SchoolClass.grade, SchoolClass.number)
        .tuples()
    )
    return [class_name(*row) for row in rows]


class Chosen(NamedTuple):
    id: int
    name: str
    class_name: str
    own: bool  # of a class of the reader's


def chosen_children(activity_id: int, *, of_teacher: int | None = None) -> list[Chosen]:
    """The children chosen one by one; `own` where they are the given teacher's, or where
    no teacher is given."""
    rows: Any = (
        ActivityChild.select(
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            SchoolClass.teacher,
        )
        .join(Child)
        .join(SchoolClass)
        .where(ActivityChild.activity == activity_id)
        .order_by(*REGISTER_ORDER)
        .tuples()
    )
    return [
        Chosen(id_, name, class_name(grade, number), of_teacher in (None, teacher))
        for id_, name, grade, number, teacher in rows
    ]


class CounsellorHours(NamedTuple):
    """Weekly hours of a counsellor on the wall: when to ask for a time, and no more."""

    room_id: int
    room: str
    weekday: int
    starts: time
    ends: time
    title: str
    duty: tuple[str, ...]


def counsellor_hours(*, title: str) -> list[CounsellorHours]:
    """The hours of every counsellor, in rooms that are in use, by weekday and time."""
    rows: Any = (
        CounsellingHours.select(
            Room.id,
            Room.name,
            CounsellingHours.weekday,
            CounsellingHours.starts,
            CounsellingHours.ends,
            Staff.name,
        )
        .join(Room)
        .switch(CounsellingHours)
        .join(Staff)
        .where(Room.retired == False, Staff.retired_at.is_null())  # noqa: E712
        .order_by(CounsellingHours.weekday, CounsellingHours.starts)
        .tuples()
    )
    return [
        CounsellorHours(room_id, room, weekday, starts, ends, title, (who,))
        for room_id, room, weekday, starts, ends, who in rows
    ]
