"""One child's whole file: reading it, and what has become of it since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.actor import Actor
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound
from liushou_web.schema import Child, ChildFile, SchoolClass, Staff, Trail
from liushou_web.school.store import trail

from ..rules.register import ChildFields
from .classes import taught_by

CHILD_COLUMNS = ("name", "class_id", "number", "sex", "birth_date", "boards")
FAMILY_COLUMNS = tuple(
    field for field in ChildFields.__dataclass_fields__ if field not in CHILD_COLUMNS
)
KEPT = (*CHILD_COLUMNS, *FAMILY_COLUMNS)
CHANGING_DEEDS = ("children.change", "children.leave", "children.come_back")


class File(NamedTuple):
    """One child with everything that is kept, and the version to change it by."""

    id: int
    fields: ChildFields
    class_name: str
    teacher: str
    teacher_id: int | None
    left_on: date | None
    left_reason: str
    version: int


def file_of(child_id: int, *, of_teacher: int | None = None) -> File:
    """One query. NotFound also where the child is in none of `of_teacher`'s classes."""
    found = (
        _of_child.row(child_id)
        if of_teacher is None
        else _of_child_taught.row(child_id, of_teacher)
    )
    if found is None:
        raise NotFound
    *rest, grade, number, teacher, teacher_id, left_on, left_reason, version = found
    fields = ChildFields(**dict(zip(KEPT, rest, strict=True)))
    return File(
        child_id,
        fields,
        class_name(grade, number),
        teacher or "",
        teacher_id,
        left_on,
        left_reason,
        version,
    )


def _files(child_id: Any) -> Any:
    columns = [
        *(getattr(Child, column_of(name).removesuffix("_id")) for name in CHILD_COLUMNS),
        *(getattr(ChildFile, name) for name in FAMILY_COLUMNS),
        *(SchoolClass.grade, SchoolClass.number, Staff.name, Staff.id),
        *(Child.left_on, Child.left_reason, Child.version),
    ]
    return (
        Child.select(*columns)
        .join(SchoolClass)
        .join(Staff, JOIN.LEFT_OUTER)
        .switch(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .where(Child.id == child_id)
    )


_of_child = Prepared(lambda child_id: _files(child_id))


@Prepared
def _of_child_taught(child_id: Any, teacher_id: Any) -> Any:
    return taught_by(_files(child_id), teacher_id)


def column_of(field: str) -> str:
    return "school_class_id" if field == "class_id" else field


@db.atomic()
def view(child_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None) -> File:
    """The file, and a line in the trail that it was read."""
    file = file_of(child_id, of_teacher=of_teacher)
    trail.record("children.view", Child(id=child_id), by=by, at=at)
    return file


class FileChange(NamedTuple):
    at: datetime
    who: str
    detail: str


def changes_since(child_id: int, version: int) -> list[FileChange]:
    """Who changed what after that version, oldest first: each change has a trail line."""
    newer = file_of(child_id).version - version
    rows = (
        Trail.select(Trail.at, Staff.name, Trail.detail)
        .join(Staff, JOIN.LEFT_OUTER)
        .where(
            Trail.subject == "child",
            Trail.subject_id == child_id,
            Trail.deed.in_(CHANGING_DEEDS),
        )
        .order_by(Trail.id.desc())
        .limit(max(newer, 0))
        .tuples()
    )
    return [FileChange(*row) for row in reversed(list(rows))]


class Carer(NamedTuple):
    name: str
    relation: str
    phone: str


def carers_of(child_ids: Sequence[int]) -> dict[int, Carer]:
    """Who looks after each of these children, by the child's id."""
    rows: Any = ChildFile.select(
        ChildFile.child,
        ChildFile.carer_name,
        ChildFile.carer_relation,
        ChildFile.carer_phone,
    ).where(ChildFile.child.in_(list(child_ids)))
    return {child_id: Carer(*rest) for child_id, *rest in rows.tuples()}
