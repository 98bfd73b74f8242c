"""Children on paper who are in no register: noted in the paper's words, counted nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.schema import Staff, Unregistered
from liushou_web.school.store import trail


class NotedChild(NamedTuple):
    words: str
    who: str
    at: datetime


@db.atomic()
def note(activity_id: int, words: str, *, by: Actor, at: datetime) -> None:
    """Once, however often it is sent."""
    known = (Unregistered.activity == activity_id) & (Unregistered.words == words)
    if Unregistered.select().where(known).exists():
        return
    row = Unregistered.create(activity=activity_id, words=words, staff=by.id, at=at)
    trail.record("paper.note", row, by=by, at=at, detail=words)


def of_activity(activity_id: int) -> list[NotedChild]:
    """In the order they were noted."""
    rows: Any = (
        Unregistered.select(Unregistered.words, Staff.name, Unregistered.at)
        .join(Staff)
        .where(Unregistered.activity == activity_id)
        .order_by(Unregistered.id)
    )
    return [NotedChild(*row) for row in rows.tuples()]
