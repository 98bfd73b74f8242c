"""The list of the room check, as the school wants it."""

from __future__ import annotations

from datetime import datetime

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.schema import CheckItem
from liushou_web.school.store.retirable import RetirableList


def everything() -> list[CheckItem]:
    """All items in their order, those in use first."""
    return list(CheckItem.select().order_by(CheckItem.retired, CheckItem.position))


def in_use() -> list[CheckItem]:
    """What is asked at a closing, in order."""
    return [item for item in everything() if not item.retired]


@db.atomic()
def add(name: str, *, by: Actor, at: datetime) -> CheckItem:
    """A new item at the end of the list. Refuses a name that another has."""
    last = CheckItem.select(fn.MAX(CheckItem.position)).scalar() or 0
    made: CheckItem = ITEMS.add(name, by=by, at=at, position=last + 1)
    return made


ITEMS = RetirableList(CheckItem, "check_items", "清單裏已經有「{name}」。請換一個名稱。")
