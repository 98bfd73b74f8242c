"""How long a session is, the pause after it, and how small a figure is not told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared
from liushou_web.schema import School
from liushou_web.school.store import trail

from ..rules.times import Length


def length() -> Length:
    """How long a session is, and the pause after it."""
    minutes, pause = _lengths.rows()[0]
    return Length(timedelta(minutes=minutes), timedelta(minutes=pause))


@Prepared
def _lengths() -> Any:
    columns = School.counselling_minutes, School.counselling_pause
    return School.select(*columns).where(School.id == 1)


@db.atomic()
def set_lengths(
    *, minutes: int, pause: int, threshold: int, by: Actor, at: datetime
) -> None:
    """For what is booked from now on; the threshold for the counts at once."""
    row = School.get_by_id(1)
    told = f"{minutes} / {pause} / {threshold}"
    if told != _lengths_of(row):
        before, row.counselling_minutes = _lengths_of(row), minutes
        row.counselling_pause, row.counselling_threshold = pause, threshold
        row.save()
        detail = f"{before} → {told}"
        trail.record("counselling_hours.settings", row, by=by, at=at, detail=detail)


def _lengths_of(row: School) -> str:
    return " / ".join(
        str(each)
        for each in (
            row.counselling_minutes,
            row.counselling_pause,
            row.counselling_threshold,
        )
    )
