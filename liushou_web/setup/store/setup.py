"""The beginning of a school, in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.store import calendar, rooms
from liushou_web.schema import Staff
from liushou_web.school.store import school, staff, trail

from ..rules.setup import check_term


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


@db.atomic()
def set_up(begins: Beginning, *, address: str, at: datetime) -> Staff:
    """The whole beginning or nothing of it; refuses (as not found) once a school exists.
    Returns the first administrator, in whose name it is done."""
    check_term(begins.first_day, begins.last_day)
    made = school.begin(begins.name, begins.home_name, begins.script)
    first = _first_administrator(begins, address, at)
    by = Actor(first.id, first.name, first.roles, address)
    trail.record("school.set_up", made, by=by, at=at, detail=begins.name)
    bounds = Bounds(begins.first_day, begins.last_day)
    calendar.add_term(begins.term_name, bounds, by=by, at=at)
    calendar.seed_published_holidays(by=by, at=at)
    for name in begins.rooms:
        rooms.add(name, by=by, at=at)
    return first


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
