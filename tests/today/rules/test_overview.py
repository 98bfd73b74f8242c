"""Last week, day by day, from the weekly sheet's own figures."""

from datetime import date, datetime, timedelta

import pytest

from liushou_web.attendance.rules.marks import Meeting
from liushou_web.reports.rules.arrivals import Arrival
from liushou_web.reports.rules.figures import NONE
from liushou_web.reports.rules.weekly_sheet import (
    SheetActivity,
    SheetChild,
    SheetClass,
    weekly_sheet,
)
from liushou_web.today.rules.overview import overview_of_week

MONDAY = date(2026, 11, 16)
GROUP = SheetClass(1, 3, 1)
PUPILS = [SheetChild(1, "1", "小明"), SheetChild(2, "2", "小紅")]


def sheet(*days):
    """Two children at one activity on each of these days; only the first of them came."""
    held = [
        SheetActivity(n, "閱讀", Meeting(at, at + timedelta(hours=1), 10))
        for n, at in enumerate(datetime(2026, 11, day, 16) for day in days)
    ]
    came = Arrival.CAME + Arrival.WENT
    entries = [
        (one.id, 1, pupil, facts) for one in held for pupil, facts in ((1, came), (2, 0))
    ]
    return weekly_sheet(held, [GROUP], PUPILS, entries, now=datetime(2026, 12, 1))


def test_a_day_adds_up_all_its_activities():
    monday, tuesday, *_ = overview_of_week(MONDAY, sheet(16, 16, 17), {MONDAY: 3})

    assert (monday.rolls, monday.figures.expected, monday.figures.came) == (2, 4, 2)
    assert (tuesday.rolls, tuesday.figures.rate) == (1, "50.0%")
    assert (monday.calls, tuesday.calls) == (3, 0)


@pytest.mark.parametrize(
    ("held", "weekdays"),
    [
        ((), [0, 1, 2, 3, 4]),
        ((16,), [0, 1, 2, 3, 4]),
        ((21,), [0, 1, 2, 3, 4, 5]),  # a make-up Saturday
        ((22,), [0, 1, 2, 3, 4, 6]),
    ],
)
def test_a_weekend_is_shown_only_if_something_was_held(held, weekdays):
    days = overview_of_week(MONDAY, sheet(*held), {})

    assert [day.day.weekday() for day in days] == weekdays
    assert [day.figures for day in days if not day.rolls] == [NONE] * (
        len(weekdays) - len(held)
    )


def test_a_weekend_on_which_only_the_phone_was_used_is_shown_too():
    days = overview_of_week(MONDAY, sheet(), {date(2026, 11, 21): 2})

    assert [(day.day.day, day.calls) for day in days if day.calls] == [(21, 2)]
