"""Leave that class teachers of the invented school entered ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from liushou_web.actor import Actor
from liushou_web.attendance.rules.leave import Part, Stretch
from liushou_web.attendance.store import leave
from liushou_web.schema import Child, SchoolClass, Staff

# Grade, how many, days from today to the first and to the last; three with a fever alike.
LEAVES = (
    (2, 3, 0, 1, Part.DAY, "sick", "發燒"),
    (3, 1, 0, 0, Part.MORNING, "personal", "回家看爺爺"),
    (5, 1, 1, 4, Part.DAY, "personal", "父母回來，接去過幾天"),
    (6, 1, 2, 2, Part.AFTERNOON, "sick", "去縣醫院複查"),
)


def enter(now: datetime, actor: Callable[[Staff], Actor]) -> None:
    for grade, count, first, last, part, kind, note in LEAVES:
        by = actor(_class_teacher(grade))
        stretch = Stretch(_day(now, first), _day(now, last), part)
        for child in _children(grade)[:count]:
            leave.enter(child.id, stretch, kind=kind, note=note, by=by, at=now)


def _day(now: datetime, ahead: int) -> date:
    return now.date() + timedelta(days=ahead)


def _class_teacher(grade: int) -> Staff:
    group = SchoolClass.get(SchoolClass.grade == grade)
    return Staff.get_by_id(group.teacher_id)


def _children(grade: int) -> list[Child]:
    return list(
        Child.select()
        .join(SchoolClass)
        .where(SchoolClass.grade == grade)
        .order_by(Child.id)
    )
