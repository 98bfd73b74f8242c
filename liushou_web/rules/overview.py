"""The headmaster's picture of the house: today in four numbers, last week day by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from .figures import NONE, Figures, total
from .sheet import Sheet

WEEK = timedelta(days=7)


class Now(NamedTuple):
    """Today so far, and this moment; heads only, no names."""

    activities: int  # held today, cancelled ones left out
    on: int  # under way at this moment
    present: int  # children in the building, each once
    rooms: int
    rooms_in_use: int


class Day(NamedTuple):
    """One day of a week, as the weekly sheet counts it."""

    day: date
    rolls: int  # activities whose roll was taken
    figures: Figures


def days_of_week(monday: date, sheet: Sheet) -> list[Day]:
    """Monday to Sunday with what the sheet's columns of each day add up to; a Saturday or
    Sunday only if something was held on it."""
    columns: dict[date, list[Figures]] = defaultdict(list)
    for held, figures in zip(sheet.columns, sheet.totals, strict=True):
        columns[held.meeting.starts.date()].append(figures)
    days = (monday + timedelta(days=n) for n in range(7))
    return [
        Day(day, len(columns[day]), total(columns[day]) if columns[day] else NONE)
        for day in days
        if day.weekday() < 5 or columns[day]
    ]
