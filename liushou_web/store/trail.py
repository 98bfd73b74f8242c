"""The trail: who did what to which record, in the same transaction as the deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN

from ..db import db
from ..rules.actor import Actor
from ..schema import Staff, Table, Trail


@db.atomic()
def record(
    deed: str, subject: Table | None = None, *, by: Actor, at: datetime, detail: str = ""
) -> None:
    """Adds one row, inside the write that it tells of; `detail` holds no secrets."""
    Trail.insert(
        deed=deed,
        subject="" if subject is None else subject._meta.table_name,
        subject_id=None if subject is None else subject.id,
        at=at,
        staff=by.id,
        address=by.address,
        detail=detail,
    ).execute()


class Line(NamedTuple):
    at: datetime
    who: str
    address: str
    deed: str
    subject: str
    subject_id: int | None
    detail: str


def latest(*, limit: int = 200) -> list[Line]:
    """The newest lines first; who is '命令行' where no member of staff did it."""
    rows: Any = (
        Trail.select(
            Trail.at,
            Staff.name,
            Trail.address,
            Trail.deed,
            Trail.subject,
            Trail.subject_id,
            Trail.detail,
        )
        .join(Staff, JOIN.LEFT_OUTER)
        .order_by(Trail.id.desc())
        .limit(limit)
        .tuples()
    )
    return [Line(row[0], row[1] or "命令行", *row[2:]) for row in rows]
