"""The school's own row, its settings, and its beginning in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound
from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.store import calendar, rooms
from liushou_web.schema import School, Staff

from ..rules.settings import Settings, changed, check_term
from . import staff, trail


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
def change(settings: Settings, *, by: Actor, at: datetime) -> None:
    """The names hold for every sheet printed from now on, the grace for rolls opened."""
    row = School.get_by_id(1)
    told = changed(Settings(*(getattr(row, name) for name in Settings._fields)), settings)
    if told:
        School.update(settings._asdict()).where(School.id == 1).execute()
        trail.record("school.change", row, by=by, at=at, detail=told)


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
