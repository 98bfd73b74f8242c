"""The trail: who did what to which record, in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.inserts import write_each
from liushou_web.db.prepared import Prepared
from liushou_web.db.table import within
from liushou_web.schema import Staff, Table, Trail


def record(
    deed: str, subject: Table | None = None, *, by: Actor, at: datetime, detail: str = ""
) -> None:
    """Adds one row, inside the write that it tells of; `detail` holds no secrets. Its time
    is when the act came in, be it done before."""
    subject_id = None if subject is None else subject.id
    name = "" if subject is None else subject._meta.table_name
    with db.joined():
        _line.execute(at + by.waited, by.id, by.address, deed, name, subject_id, detail)


@Prepared
def _line(
    at: Any, staff: Any, address: Any, deed: Any, subject: Any, subject_id: Any, detail: Any
) -> Any:
    return Trail.insert(
        at=at,
        staff=staff,
        address=address,
        deed=deed,
        subject=subject,
        subject_id=subject_id,
        detail=detail,
    )


def new_line(deed: str, *, by: Actor, at: datetime, detail: str) -> Any:
    """The write that adds one row, for a database that is not in use."""
    return Trail.insert(at=at, staff=by.id, address=by.address, deed=deed, detail=detail)


@db.atomic()
def record_each(
    deed: str,
    subject: type[Table],
    details: Mapping[int, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """One deed on many rows of one table, quickly; a detail for each row's id."""
    same = {"at": at, "staff": by.id, "address": by.address, "deed": deed}
    same["subject"] = subject._meta.table_name
    write_each(
        Trail,
        ({**same, "subject_id": row, "detail": text} for row, text in details.items()),
    )


def last_at(deed: str) -> datetime | None:
    """When the deed was last done by anybody; None where it never was."""
    row = Trail.select(Trail.at).where(Trail.deed == deed).order_by(Trail.id.desc()).first()
    return row.at if row else None


class TrailLine(NamedTuple):
    id: int
    at: datetime
    who: str
    address: str
    deed: str
    subject: str
    subject_id: int | None
    detail: str


def latest(
    *,
    features: Sequence[str] = (),
    staff_id: int | None = None,
    day: date | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[TrailLine]:
    """The newest lines first, those older than the line `before`: all, or of some
    `features` only, of one person, of one day. `who` is '' where nobody was logged in."""
    rows: Any = (
        Trail.select(
            Trail.id,
            Trail.at,
            Staff.name,
            Trail.address,
            Trail.deed,
            Trail.subject,
            Trail.subject_id,
            Trail.detail,
        )
        .join(Staff, JOIN.LEFT_OUTER)
        .where(*_wanted(features, staff_id, day, before))
        .order_by(Trail.id.desc())
        .limit(limit)
        .tuples()
    )
    return [TrailLine(row[0], row[1], row[2] or "", *row[3:]) for row in rows]


def _wanted(
    features: Sequence[str], staff_id: int | None, day: date | None, before: int | None
) -> list[Any]:
    """The conditions; one that is always true, so that there is never none."""
    wanted: list[Any] = [Trail.id > 0]
    if features:
        wanted.append(reduce(or_, (Trail.deed.startswith(f"{f}.") for f in features)))
    if staff_id:
        wanted.append(Trail.staff == staff_id)
    if day:
        wanted.append(within(Trail.at, day, day))
    if before:
        wanted.append(Trail.id < before)
    return wanted
