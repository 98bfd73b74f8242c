"""The classes of the school and their teachers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, IntegrityError, fn

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.class_names import CHINESE_DIGITS, class_name
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Attendance, Call, Child, SchoolClass, Staff
from liushou_web.school.rules.trail import differences
from liushou_web.school.store import trail


class ClassLine(NamedTuple):
    """A class as lists show it, with the number of its active children."""

    id: int
    grade: int
    number: int
    teacher_id: int | None
    teacher: str
    children: int

    @property
    def name(self) -> str:
        return class_name(self.grade, self.number)


def everything() -> list[ClassLine]:
    """All classes in order, in one query."""
    rows: Any = (
        SchoolClass.select(
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            SchoolClass.teacher,
            fn.coalesce(Staff.name, ""),
            fn.count(Child.id),
        )
        .join(Staff, JOIN.LEFT_OUTER)
        .switch(SchoolClass)
        .join(
            Child,
            JOIN.LEFT_OUTER,
            on=(Child.school_class == SchoolClass.id) & Child.left_on.is_null(),
        )
        .group_by(SchoolClass.id)
        .order_by(SchoolClass.grade, SchoolClass.number)
        .tuples()
    )
    return [ClassLine(*row) for row in rows]


def names(*, of_teacher: int | None = None) -> dict[int, str]:
    """Class names by id, in order: all, or those of one teacher."""
    rows: Any = SchoolClass.select(SchoolClass.id, SchoolClass.grade, SchoolClass.number)
    ordered = taught_by(rows, of_teacher).order_by(SchoolClass.grade, SchoolClass.number)
    return {row_id: class_name(grade, number) for row_id, grade, number in ordered.tuples()}


def taught_by(rows: Any, teacher: int | None) -> Any:
    """Of these rows, joined with `SchoolClass`, those of one teacher's classes; all of
    them without a teacher."""
    return rows if teacher is None else rows.where(SchoolClass.teacher == teacher)


def one(class_id: int) -> ClassLine:
    """One class; NotFound where there is none."""
    line = next((each for each in everything() if each.id == class_id), None)
    if line is None:
        raise NotFound
    return line


def teachers() -> list[tuple[int, str]]:
    """Active staff who may have a class: those with the role 班主任."""
    rows = Staff.select(Staff.id, Staff.name, Staff.roles).where(Staff.retired_at.is_null())
    return [
        (person.id, person.name)
        for person in rows.order_by(Staff.name)
        if Role.HELPER in person.roles
    ]


@db.atomic()
def add(
    grade: int, number: int, *, teacher_id: int | None = None, by: Actor, at: datetime
) -> SchoolClass:
    try:
        added = SchoolClass.create(grade=grade, number=number, teacher=teacher_id)
    except IntegrityError as error:
        raise _refusal(grade, number, error) from error
    trail.record("classes.add", added, by=by, at=at, detail=added.name)
    return added


@db.atomic()
def add_grades(first: int, last: int, per_grade: int, *, by: Actor, at: datetime) -> int:
    """Classes 1 to `per_grade` of each grade, but those there already; how many are new."""
    if first > last:
        raise Refused("年級的順序不對：「從」不能大於「到」。")
    there = {(line.grade, line.number) for line in everything()}
    wanted = [(g, n) for g in range(first, last + 1) for n in range(1, per_grade + 1)]
    new = [each for each in wanted if each not in there]
    for grade, number in new:
        add(grade, number, by=by, at=at)
    return len(new)


@db.atomic()
def ensure(grade: int, number: int, *, by: Actor, at: datetime) -> int:
    """The id of the class, which is added if it is not there yet."""
    found = SchoolClass.get_or_none(grade=grade, number=number)
    return found.id if found else add(grade, number, by=by, at=at).id


@db.atomic()
def change(
    class_id: int,
    grade: int,
    number: int,
    *,
    teacher_id: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """A class with attendance keeps its name, which is on the sheets of the past."""
    was = one(class_id)
    if (was.grade, was.number) != (grade, number) and _has_past(class_id):
        raise Refused(
            "這個班已有考勤或通話記錄，改了年級或班號會改寫以前的記錄。"
            "升級時請把學生調到新的班級。"
        )
    try:
        SchoolClass.update(grade=grade, number=number, teacher=teacher_id).where(
            SchoolClass.id == class_id
        ).execute()
    except IntegrityError as error:
        raise _refusal(grade, number, error) from error
    now = one(class_id)
    detail = differences(
        [("名稱", was.name, now.name), ("班主任", was.teacher, now.teacher)]
    )
    if detail:
        trail.record(
            "classes.change", SchoolClass(id=class_id), by=by, at=at, detail=detail
        )


@db.atomic()
def remove(class_id: int, *, by: Actor, at: datetime) -> None:
    """Only a class that never had a child, a roll or an activity of its own."""
    gone = one(class_id)
    try:
        SchoolClass.delete().where(SchoolClass.id == class_id).execute()
    except IntegrityError as error:
        raise Refused(
            "這個班有學生、考勤或活動記錄，不能刪除。請先把學生調到別的班。"
        ) from error
    trail.record("classes.remove", SchoolClass(id=class_id), by=by, at=at, detail=gone.name)


def _has_past(class_id: int) -> bool:
    tables: tuple[Any, ...] = (Attendance, Call)
    return any(t.select().where(t.school_class == class_id).exists() for t in tables)


def _refusal(grade: int, number: int, error: IntegrityError) -> Refused:
    if "CHECK" in str(error):
        return Refused("年級請填 1 到 9，班號請填 1 到 40。")
    if "FOREIGN KEY" in str(error):
        return Refused("這位班主任的賬號已不在，請重新選擇。")
    return Refused(
        "{grade}年級{number}班已經有了。", grade=CHINESE_DIGITS[grade], number=number
    )
