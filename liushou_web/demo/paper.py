"""Blank sheets that the invented school prints on Mondays, in case the power fails."""

from __future__ import annotations

from datetime import date, datetime, time

from liushou_web.actor import Actor
from liushou_web.attendance.store import paper
from liushou_web.schedule.rules.calendar import SIX_DAYS, monday_of

PRINTED_AT = time(8)


def prepare(day: date, by: Actor, *, now: datetime) -> None:
    """Prints the sheets of this day's week once, on its Monday morning."""
    monday = monday_of(day)
    at = min(datetime.combine(monday, PRINTED_AT), now)
    if paper.unprepared(monday, monday + SIX_DAYS, at=at):
        paper.prepare(monday, monday + SIX_DAYS, by=by, at=at)
