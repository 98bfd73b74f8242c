"""Blank sheets that the invented school prints on Mondays, in case the power fails."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from liushou_web.actor import Actor
from liushou_web.attendance.store import paper
from liushou_web.schedule.rules.calendar import monday_of

EIGHT, TO_SUNDAY = time(8), timedelta(days=6)


def prepare(day: date, by: Actor, *, now: datetime) -> None:
    """Once for the week of this day, on its Monday morning."""
    monday = monday_of(day)
    at = min(datetime.combine(monday, EIGHT), now)
    if paper.unprepared(monday, monday + TO_SUNDAY, at=at):
        paper.prepare(monday, monday + TO_SUNDAY, by=by, at=at)
