"""The school's own row, its settings, and its beginning in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import IntegrityError

from ..db import db
from ..rules.actor import Actor
from ..rules.calendar import Bounds
from ..rules.refusal import NotFound
from ..rules.school import check_term
from ..schema import School, Staff
from . import calendar, rooms, staff, trail
from .prepared import Prepared, as_row

SCRIPT_LABELS = {"hant": "繁體", "hans": "简体"}


class Beginning(NamedTuple):
    """All that the set-up wizard asks."""

    name: str
    home_name: str
    script: str
    term_name: str
    first_day: date
    last_day: date
    rooms: tuple[str, ...]
    login: str
    person: str
    password_hash: str
    roles: frozenset[str]


def school() -> School | None:
    """The school, or None before the set-up wizard has been through."""
    found = _the_school.row()
    return as_row(School, found) if found else None


@Prepared
def _the_school() -> Any:
    return School.select().where(School.id == 1)


@db.atomic()
def set_up(begins: Beginning, *, address: str, at: datetime) -> Staff:
    """The whole beginning or nothing of it; refuses (as not found) once a school exists.
    Returns the first administrator, in whose name it is done."""
    check_term(begins.first_day, begins.last_day)
    try:
        made = School.create(
            id=1, name=begins.name, home_name=begins.home_name, script=begins.script
        )
    except IntegrityError:
        raise NotFound from None
    first = _first_administrator(begins, address, at)
    by = Actor(first.id, first.name, first.roles, address)
    trail.record("school.set_up", made, by=by, at=at, detail=begins.name)
    bounds = Bounds(begins.first_day, begins.last_day)
    calendar.add_term(begins.term_name, bounds, by=by, at=at)
    calendar.seed_published_holidays(by=by, at=at)
    for name in begins.rooms:
        rooms.add(name, by=by, at=at)
    return first


@db.atomic()
def change(
    *,
    name: str,
    home_name: str,
    script: str,
    grace_minutes: int,
    absences_in_row: int,
    sick_alike: int,
    closing_grace_minutes: int | None = None,
    vault_idle_minutes: int | None = None,
    call_minutes: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """The names hold for every sheet printed from now on, the grace for rolls opened."""
    row = School.get_by_id(1)
    before = _told(row)
    row.name, row.home_name, row.script = name, home_name, script
    row.grace_minutes = grace_minutes
    row.absences_in_row, row.sick_alike = absences_in_row, sick_alike
    if closing_grace_minutes is not None:
        row.closing_grace_minutes = closing_grace_minutes
    if vault_idle_minutes is not None:
        row.vault_idle_minutes = vault_idle_minutes
    if call_minutes is not None:
        row.call_minutes = call_minutes
    if _told(row) != before:
        row.save()
        trail.record("school.change", row, by=by, at=at, detail=f"{before} → {_told(row)}")


def _told(row: School) -> str:
    grace = f"{row.grace_minutes} / {row.closing_grace_minutes} 分鐘"
    told = [f"連續缺席 {row.absences_in_row} 次", f"同班病假 {row.sick_alike} 人"]
    told.append(f"筆記 {row.vault_idle_minutes} 分鐘鎖上")
    told.append(f"每次通話 {row.call_minutes} 分鐘")
    return " / ".join((row.name, row.home_name, SCRIPT_LABELS[row.script], grace, *told))


def _first_administrator(begins: Beginning, address: str, at: datetime) -> Staff:
    return staff.add(
        begins.login,
        begins.person,
        begins.roles,
        begins.password_hash,
        by=Actor(None, begins.person, begins.roles, address),
        at=at,
        must_change=False,
    )
