"""The register of children: add, change, and say who left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import IntegrityError, fn

from liushou_web.actor import Actor
from liushou_web.class_names import CHINESE_DIGITS
from liushou_web.db import db
from liushou_web.db.inserts import write_each
from liushou_web.refusal import Refused
from liushou_web.schema import Child, ChildFile, SchoolClass
from liushou_web.school.store import trail

from ..rules.names import search_columns
from ..rules.register import LEFT_LABELS, ChildFields, FieldChange, changes, tidied
from . import classes, collecting
from .child_files import CHILD_COLUMNS, FAMILY_COLUMNS, column_of, file_of
from .search import Found as Found
from .search import SearchResult as SearchResult
from .search import find as find
from .search import find_counted as find_counted

STILL_HERE = (
    "這個班已有一名學生叫{name}。如果是另一名同名的學生，請勾選「確認是另一名學生」。"
)
HAS_LEFT = (
    "這個班有一名已離開的學生叫{name}。如果是同一人，請打開他的檔案點「回到在冊」；"
    "如果是另一人，請勾選「確認是另一名學生」。"
)


class SameName(Refused):
    """The class has a child of this name: a person has to say that it is another."""


class OutdatedFile(Refused):
    """Somebody else changed the file after it was opened."""


@db.atomic()
def add(fields: ChildFields, *, by: Actor, at: datetime, another: bool = False) -> Child:
    """A child of its own, whoever else has the name: `another` says that this is known."""
    fields = tidied(fields)
    if not another:
        _refuse_same_name(fields, None)
    try:
        child = Child.create(**_child_row(fields))
    except IntegrityError as error:
        raise _refusal(fields, error) from error
    ChildFile.create(child=child, **_file_row(fields))
    collecting.take_from_files([child.id], by=by, at=at)
    trail.record("children.add", child, by=by, at=at, detail=fields.name)
    return child


@db.atomic()
def add_all(fields: Sequence[ChildFields], *, by: Actor, at: datetime) -> list[int]:
    """Many at once, as a roster brings them; the ids in the order given.

    All or none: one number that is taken refuses them all. Names are not compared.
    """
    every = list(map(tidied, fields))
    try:
        ids = insert_each([Columns(_child_row(each), _file_row(each)) for each in every])
    except IntegrityError as error:
        raise Refused("名單裏有重複的學籍號或已不在的班級，一個也沒有保存。") from error
    collecting.take_from_files(ids, by=by, at=at)
    names = {child_id: each.name for child_id, each in zip(ids, every, strict=True)}
    trail.record_each("children.add", Child, names, by=by, at=at)
    return ids


class Columns(NamedTuple):
    """A child as the two tables keep it, without its id: values by column."""

    child: dict[str, Any]
    file: dict[str, Any]


def insert_each(every: Sequence[Columns]) -> list[int]:
    """New children by two statements, inside a write that tells of them; the ids they got.
    Raises `IntegrityError` for a number that is taken or a class that is gone."""
    first = (Child.select(fn.MAX(Child.id)).scalar() or 0) + 1
    new = dict(enumerate(every, first))
    write_each(Child, ({"id": id_, **row.child} for id_, row in new.items()))
    write_each(ChildFile, ({"child": id_, **row.file} for id_, row in new.items()))
    return list(new)


def update_each(every: Mapping[int, Columns], *, back: Sequence[int] = ()) -> None:
    """Known children by their ids, one version on, inside a write that tells of them; of
    those who left, `back` names whoever is active again. Raises as `insert_each` does."""
    rows = [{"id": id_, **row.child} for id_, row in every.items()]
    files = [{"child": id_, **row.file} for id_, row in every.items()]
    newer = {Child.version: Child.version + 1}
    write_each(Child, rows, key=Child.id, change=newer)
    write_each(ChildFile, files, key=ChildFile.child)
    if back:
        Child.update(left_on=None, left_reason="").where(Child.id.in_(back)).execute()


@db.atomic()
def change(
    child_id: int,
    fields: ChildFields,
    *,
    version: int,
    by: Actor,
    at: datetime,
    another: bool = False,
) -> list[FieldChange]:
    """What was changed. Outdated, if `version` is no longer the file's, and nothing is
    written over; but a second press of the same button finds nothing left to do."""
    file, fields = file_of(child_id), tidied(fields)
    changed = changes(file.fields, fields, classes.names())
    if changed and file.version != version:
        raise OutdatedFile("這份檔案剛被別人改過，您的修改還沒有保存。")
    if {"name", "class_id"} & {each.field for each in changed} and not another:
        _refuse_same_name(fields, child_id)
    if changed:
        _write(child_id, fields)
        collecting.take_from_files([child_id], by=by, at=at)
        collecting.follow_files({child_id: [each.field for each in changed]})
        detail = "；".join(map(str, changed))
        trail.record("children.change", Child(id=child_id), by=by, at=at, detail=detail)
    return changed


def _write(child_id: int, fields: ChildFields) -> None:
    row = _child_row(fields) | {"version": Child.version + 1}
    try:
        Child.update(row).where(Child.id == child_id).execute()
    except IntegrityError as error:
        raise _refusal(fields, error) from error
    ChildFile.update(_file_row(fields)).where(ChildFile.child == child_id).execute()


@db.atomic()
def leave(child_id: int, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Off the active register from that day; the file and the past stay. The reason is a
    word of `LEFT_LABELS` or one's own."""
    file = file_of(child_id)
    if file.left_on:
        raise Refused("{name}已於 {day} 離開。", name=file.fields.name, day=file.left_on)
    if on > at.date():
        raise Refused("離開日期在今天以後，請到那天再登記。")
    _set_left(child_id, on, reason)
    detail = f"{on} {LEFT_LABELS.get(reason, reason)}"
    trail.record("children.leave", Child(id=child_id), by=by, at=at, detail=detail)


@db.atomic()
def come_back(child_id: int, *, by: Actor, at: datetime) -> None:
    """Active again, in the class that the file names. Of an active child: nothing to do."""
    if file_of(child_id).left_on:
        _set_left(child_id, None, "")
        trail.record("children.come_back", Child(id=child_id), by=by, at=at)


def _set_left(child_id: int, on: date | None, reason: str) -> None:
    Child.update(left_on=on, left_reason=reason, version=Child.version + 1).where(
        Child.id == child_id
    ).execute()


def _child_row(fields: ChildFields) -> dict[str, Any]:
    kept = {column_of(column): getattr(fields, column) for column in CHILD_COLUMNS}
    return kept | search_columns(fields.name)._asdict()


def _file_row(fields: ChildFields) -> dict[str, Any]:
    return {column: getattr(fields, column) for column in FAMILY_COLUMNS}


def _refuse_same_name(fields: ChildFields, child_id: int | None) -> None:
    same = (
        Child.select(Child.left_on)
        .where(
            Child.school_class == fields.class_id,
            Child.folded == search_columns(fields.name).folded,
            Child.id != (child_id or 0),
        )
        .order_by(Child.left_on)
        .first()
    )
    if same is None:
        return
    raise SameName(STILL_HERE if same.left_on is None else HAS_LEFT, name=fields.name)


def _refusal(fields: ChildFields, error: IntegrityError) -> Refused:
    """Which rule of the tables was met, in words."""
    owner = None
    if "child.number" in str(error):
        owner = (
            Child.select(Child, SchoolClass)
            .join(SchoolClass)
            .where(Child.number == fields.number)
            .first()
        )
    if owner is None:
        return Refused("這個班級已不在，請重新選擇班級。")
    return Refused(
        "學籍號 {number} 已屬於{grade}年級{class_number}班的{name}，請核對。",
        number=fields.number,
        grade=CHINESE_DIGITS[owner.school_class.grade],
        class_number=owner.school_class.number,
        name=owner.name,
    )
