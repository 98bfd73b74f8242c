"""The register of calls: which days a page of it holds, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from liushou_web.schedule.rules.calendar import monday_of

from .calls import Result


class By(StrEnum):
    """How much one page of the register holds."""

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
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the page after."""
        return self.last + timedelta(days=1)


def days_by(by: By, day: date) -> Days:
    """The page that `day` is on: the day, its week from Monday, its month."""
    if by is By.DAY:
        return Days(day, day)
    if by is By.WEEK:
        monday = monday_of(day)
        return Days(monday, monday + timedelta(days=6))
    return month_of(day)


def month_of(day: date) -> Days:
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Days(first, following - timedelta(days=1))


class Sums(NamedTuple):
    """Attempts, those that were answered, and the minutes that these took together."""

    attempts: int
    connected: int
    minutes: int


def sums(calls: Iterable[tuple[str, int | None]]) -> Sums:
    """Of results and minutes; a call still open counts for nothing yet."""
    over = [(result, minutes) for result, minutes in calls if result]
    talked = [minutes or 0 for result, minutes in over if result == Result.CONNECTED]
    return Sums(len(over), len(talked), sum(talked))
