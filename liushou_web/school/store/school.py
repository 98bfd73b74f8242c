"""The school's own row, and its settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound
from liushou_web.schema import School

from ..rules.settings import Settings, changes
from . import trail


def school() -> School | None:
    """The school, or None before the set-up wizard has been through."""
    found = _the_school.row()
    return as_row(School, found) if found else None


@Prepared
def _the_school() -> Any:
    return School.select().where(School.id == 1)


@db.atomic()
def begin(name: str, home_name: str, script: str) -> School:
    """The school's own row; refuses (as not found) once there is one."""
    try:
        return School.create(id=1, name=name, home_name=home_name, script=script)
    except IntegrityError:
        raise NotFound from None


@db.atomic()
def change(settings: Settings, *, by: Actor, at: datetime) -> None:
    """The names hold for every sheet printed from now on, the grace for rolls opened."""
    row = School.get_by_id(1)
    old = Settings(*(getattr(row, name) for name in Settings._fields))
    if detail := changes(old, settings):
        School.update(settings._asdict()).where(School.id == 1).execute()
        trail.record("school.change", row, by=by, at=at, detail=detail)


def set_counselling(*, minutes: int, pause: int, threshold: int) -> None:
    """The counsellor's settings, inside a write that tells of them."""
    School.update(
        counselling_minutes=minutes,
        counselling_pause=pause,
        counselling_threshold=threshold,
    ).where(School.id == 1).execute()
