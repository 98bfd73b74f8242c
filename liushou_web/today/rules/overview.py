"""The headmaster's picture of the house: today in four numbers, last week day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from liushou_web.reports.rules.figures import NONE, Figures, total
from liushou_web.reports.rules.weekly_sheet import WeeklySheet
from liushou_web.schedule.rules.calendar import SATURDAY, seven_days


class HouseNow(NamedTuple):
    """Today so far, and this moment; heads only, no names."""

    activities: int  # held today, cancelled ones left out
    on: int  # under way at this moment
    present: int  # children in the building, each once
    rooms: int
    rooms_in_use: int
    calls: int  # children who reached their family by phone today, each call counted
    never_taken: int  # activities of the last 14 days whose roll nobody took


class OverviewDay(NamedTuple):
    """One day of a week, as the weekly sheet counts it."""

    day: date
    rolls: int  # activities whose roll was taken
    figures: Figures
    calls: int  # that were answered


def overview_of_week(
    monday: date, sheet: WeeklySheet, calls: Mapping[date, int]
) -> list[OverviewDay]:
    """Monday to Sunday with what the sheet's columns of each day add up to, and the calls
    that were answered; a Saturday or Sunday only if there was anything."""
    columns: dict[date, list[Figures]] = defaultdict(list)
    for held, figures in zip(sheet.columns, sheet.totals, strict=True):
        columns[held.meeting.starts.date()].append(figures)
    return [
        OverviewDay(
            day,
            len(columns[day]),
            total(columns[day]) if columns[day] else NONE,
            calls.get(day, 0),
        )
        for day in seven_days(monday)
        if day.weekday() < SATURDAY or columns[day] or day in calls
    ]
