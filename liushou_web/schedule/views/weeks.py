"""What every page of one week asks and shows: which week, its days, those beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request

from liushou_web import clock

from ..rules.calendar import SIX_DAYS, WEEK, monday_of
from ..store import calendar
from .words import week_number

MOST_YEARS_OFF = 100


def day_asked(name: str) -> date | None:
    """The day that the address names; None for none, or for one out of all reason."""
    day = request.args.get(name, type=date.fromisoformat)
    near = day and abs(day.year - clock.now().year) < MOST_YEARS_OFF
    return day if near else None


def week_of(day: date | None) -> dict[str, Any]:
    """The week of that day, or of today: what its page says of it."""
    today = clock.now().date()
    monday = monday_of(day or today)
    return {
        "monday": monday,
        "sunday": monday + SIX_DAYS,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "this_week": monday_of(today),
        "today": today,
        "number": week_number(monday),
        "special": calendar.special_days(monday, monday + SIX_DAYS),
    }
