"""A day, a week, a month: how much one page of a register or a list holds."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from .calendar import ONE_DAY, SIX_DAYS, monday_of


class By(StrEnum):
    """How many days one page holds."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        return BY_LABELS[self]


BY_LABELS = {By.DAY: "一天", By.WEEK: "一周", By.MONTH: "一個月"}


class Days(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def before(self) -> date:
        """A day of the page before."""
        return self.first - ONE_DAY

    @property
    def after(self) -> date:
        """A day of the page after."""
        return self.last + ONE_DAY


def days_by(by: By, day: date) -> Days:
    """The page that `day` is on: the day, its week from Monday, its month."""
    if by is By.DAY:
        return Days(day, day)
    if by is By.WEEK:
        monday = monday_of(day)
        return Days(monday, monday + SIX_DAYS)
    return month_of(day)


def month_of(day: date) -> Days:
    """The whole month that `day` is in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Days(first, following - ONE_DAY)
