"""Who is in the building right now, and whom to call: the page for a fire alarm."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.children.rules import collecting
from liushou_web.children.rules.collecting import WayInWords
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Child, ChildFile, Room, SchoolClass
from liushou_web.school.store import trail

from ..rules.marks import house_day
from .going_home import USUAL, with_usual


class Present(NamedTuple):
    """A child in the building, and whom to call."""

    child_id: int
    name: str
    grade: int
    class_number: int
    came_at: datetime
    room: str
    carer_name: str
    carer_relation: str
    carer_phone: str
    boards: bool
    usual: str | None
    collector_id: int | None
    relation: str | None
    collector: str | None

    @property
    def home(self) -> WayInWords:
        """How the child usually goes home; nothing where that is not open today."""
        if not collecting.usual(self.usual or "", self.collector_id, self.boards):
            return WayInWords("", "")
        person = collecting.called(self.relation or "", self.collector or "")
        return collecting.in_words(self.usual or "", person)

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def present(at: datetime) -> list[Present]:
    """Who came to anything of this day and has not gone, each child once, in class order.

    Not those of a closed roll: the room was looked at, and why they did not sign out is
    told there."""
    joined: Any = (
        Attendance.select(
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            fn.MAX(Attendance.came_at),
            Room.name,
            ChildFile.carer_name,
            ChildFile.carer_relation,
            ChildFile.carer_phone,
            *USUAL.values(),
        )
        .join(Activity)
        .join(Room)
        .switch(Attendance)
        .join(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .switch(Attendance)
        .join(SchoolClass)
        .switch(Child)
    )
    rows = (
        with_usual(joined, house_day(at))
        .where(*in_the_building(at))
        .group_by(Child.id)
        .order_by(*REGISTER_ORDER)
        .tuples()
    )
    return [Present(*row) for row in rows]


def in_the_building(at: datetime) -> tuple[Any, ...]:
    """The conditions of an attendance, joined with its activity, whose child is here.

    After midnight a child of the evening before is here until it goes, or its roll is
    closed.
    """
    held, evening = held_on(at.date()), house_day(at)
    if evening != at.date():
        held = held | (held_on(evening) & Activity.closed_at.is_null())
    return (
        held,
        Attendance.came_at.is_null(False),
        Attendance.went_at.is_null(),
        Attendance.unsettled_reason == "",
    )


@db.atomic()
def note_seen(count: int, *, by: Actor, at: datetime) -> None:
    """The list shows carers' phones, so every look at it is recorded."""
    trail.record("attendance.present", by=by, at=at, detail=str(count))
