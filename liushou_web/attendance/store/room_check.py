"""The list of the room check, as the school wants it."""

from __future__ import annotations

from datetime import datetime

from peewee import IntegrityError, fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import CheckItem
from liushou_web.school.store import trail


def everything() -> list[CheckItem]:
    """All items in their order, those in use first."""
    return list(CheckItem.select().order_by(CheckItem.retired, CheckItem.position))


def in_use() -> list[CheckItem]:
    """What is asked at a closing, in order."""
    return [item for item in everything() if not item.retired]


def item(item_id: int) -> CheckItem:
    """One item; raises `CheckItem.DoesNotExist`."""
    return CheckItem.get_by_id(item_id)


@db.atomic()
def add(name: str, *, by: Actor, at: datetime) -> CheckItem:
    """A new item at the end of the list. Refuses a name that another has."""
    last = CheckItem.select(fn.MAX(CheckItem.position)).scalar() or 0
    try:
        made = CheckItem.create(position=last + 1, name=name)
    except IntegrityError:
        raise _name_taken(name) from None
    trail.record("check_items.add", made, by=by, at=at, detail=name)
    return made


@db.atomic()
def rename(item_id: int, name: str, *, by: Actor, at: datetime) -> None:
    """The new name shows on past room checks too: for another matter add another item."""
    row = CheckItem.get_by_id(item_id)
    if row.name == name:
        return
    before, row.name = row.name, name
    try:
        row.save()
    except IntegrityError:
        raise _name_taken(name) from None
    trail.record("check_items.rename", row, by=by, at=at, detail=f"{before} → {name}")


@db.atomic()
def retire(item_id: int, *, by: Actor, at: datetime) -> None:
    """Not asked any more; past room checks keep it."""
    _set_retired(item_id, True, "check_items.retire", by=by, at=at)


@db.atomic()
def bring_back(item_id: int, *, by: Actor, at: datetime) -> None:
    """Asked again, in its old place."""
    _set_retired(item_id, False, "check_items.bring_back", by=by, at=at)


def _set_retired(
    item_id: int, retired: bool, deed: str, *, by: Actor, at: datetime
) -> None:
    row = CheckItem.get_by_id(item_id)
    if row.retired != retired:
        row.retired = retired
        row.save()
        trail.record(deed, row, by=by, at=at, detail=row.name)


def _name_taken(name: str) -> Refused:
    return Refused("清單裏已經有「{name}」。請換一個名稱。", name=name)
