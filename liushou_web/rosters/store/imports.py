"""A roster into the register: looked over first, then written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.children.rules.names import SearchColumns, search_columns
from liushou_web.children.store import classes as class_store
from liushou_web.children.store import collecting
from liushou_web.children.store.register import Columns, insert_each, update_each
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import Child
from liushou_web.school.store import trail

from ..rules.changes import words
from ..rules.preview import ImportPlan, ImportPreview, decide
from ..rules.rows import Record, RosterRows
from . import drafts
from .known_children import FILE_FIELDS, Register, register

MOVED_ON = "預覽之後，名單又有了改動。請核對下面新的預覽，再確認一次。"


class Result(NamedTuple):
    """What an import did, in numbers of children; and the classes that it made."""

    new: int
    changed: int
    unchanged: int
    skipped: int
    faulty: int
    classes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """'new=83; changed=0; …; 三年級2班', for the trail."""
        counts = [
            f"{name}={count}" for name, count in zip(self._fields, self[:5], strict=False)
        ]
        return "; ".join([*counts, *self.classes])


class Ready(NamedTuple):
    """All that is to be written, worked out before the write lock is taken."""

    plan: ImportPlan
    register: Register
    found_by: dict[str, SearchColumns]  # by name


def preview(rows: RosterRows) -> ImportPreview:
    """What importing these rows would do to the register as it is now."""
    known = register()
    return ImportPreview(rows, known.children(), set(known.classes))


def confirm(
    rows: RosterRows,
    *,
    seen: str,
    choices: Mapping[int, str],
    by: Actor,
    at: datetime,
    token: str = "",
) -> Result:
    """Writes what the preview with the digest `seen` showed, in one transaction.

    Refused when the register has changed so that the preview would differ. With the
    `token` of a draft, a second press answers like the first.
    """
    if token and (done := drafts.result(token, by=by, at=at)):
        return result_of(done)
    return _write(_ready(rows, seen, choices), token, by=by, at=at)


def result_of(text: str) -> Result:
    """The counts as `import_drafts.result` gives them back."""
    told = json.loads(text)
    return Result(**{**told, "classes": tuple(told["classes"])})


def _ready(rows: RosterRows, seen: str, choices: Mapping[int, str]) -> Ready:
    known = register()
    now = ImportPreview(rows, known.children(), set(known.classes))
    if now.digest != seen:
        raise Refused(MOVED_ON)
    plan = decide(now, choices)
    records = [*plan.new, *(update.record for update in plan.updates)]
    found_by = {record.name: search_columns(record.name) for record in records}
    return Ready(plan, known, found_by)


@db.atomic()
def _write(ready: Ready, token: str, *, by: Actor, at: datetime) -> Result:
    if token and (done := drafts.result(token, by=by, at=at)):
        return result_of(done)
    if register() != ready.register:
        raise Refused(MOVED_ON)
    plan, classes = ready.plan, dict(ready.register.classes)
    missing = [one for one in plan.classes if one not in classes]
    for one in missing:
        grade, number = map(int, one.split("."))
        classes[one] = class_store.ensure(grade, number, by=by, at=at)
    try:
        new = _add(ready, classes, by=by, at=at)
        _change(ready, classes, by=by, at=at)
    except IntegrityError as clash:
        raise Refused("有兩名學生的學籍號相同，一個也沒有導入。請先核對。") from clash
    known = {one.child_id: [each.field for each in one.changes] for one in plan.updates}
    collecting.take_from_files([*new, *known], by=by, at=at)
    if known:
        collecting.follow_files(known)
    made = tuple(words("school_class", one) for one in missing)
    result = Result(
        len(plan.new), len(plan.updates), plan.unchanged, plan.skipped, plan.faulty, made
    )
    trail.record("imports.confirm", by=by, at=at, detail=str(result))
    if token:
        drafts.finish(token, json.dumps(result._asdict()), by=by, at=at)
    return result


def _add(ready: Ready, classes: Mapping[str, int], *, by: Actor, at: datetime) -> list[int]:
    """The new children and their files; their ids follow on the last."""
    new = ready.plan.new
    ids = insert_each([_columns(record, ready.found_by, classes) for record in new])
    names = {id_: record.name for id_, record in zip(ids, new, strict=True)}
    trail.record_each("children.add", Child, names, by=by, at=at)
    return ids


def _change(ready: Ready, classes: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """Known children as the plan has them, one version on: nobody wrote in between."""
    updates = ready.plan.updates
    known = {
        update.child_id: _columns(update.record, ready.found_by, classes)
        for update in updates
    }
    back = [update.child_id for update in updates if update.comes_back]
    update_each(known, back=back)
    told = {update.child_id: str(update) for update in updates}
    trail.record_each("children.change", Child, told, by=by, at=at)


def _columns(
    record: Record, found_by: Mapping[str, SearchColumns], classes: Mapping[str, int]
) -> Columns:
    child = {
        "number": record.number or None,
        "name": record.name,
        "sex": record.sex,
        "birth_date": record.birth_date or None,
        "school_class_id": classes[record.school_class],
        "boards": record.boards == "yes",
        **found_by[record.name]._asdict(),
    }
    return Columns(child, {field: getattr(record, field) for field in FILE_FIELDS})
