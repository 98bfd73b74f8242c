"""Teaching weeks, closed days and make-up days: counted in one place, used everywhere."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class SpecialDay(NamedTuple):
    """A day that is not as usual: closed, or a make-up day with another date's plan."""

    closed: bool
    name: str
    follows: date | None = None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def teaching_week(first_day: date, day: date) -> int:
    """Which week of the term `day` is in: 1 is the Monday-to-Sunday week of `first_day`.

    Zero or less before the term.
    """
    return (monday_of(day) - monday_of(first_day)).days // 7 + 1


def days_of_week(first_day: date, number: int) -> list[date]:
    """The seven days, Monday first, of teaching week `number`."""
    monday = monday_of(first_day) + timedelta(weeks=number - 1)
    return [monday + timedelta(days=n) for n in range(7)]


def plan_of(day: date, special: Mapping[date, SpecialDay]) -> date | None:
    """The date whose weekday's plan is held on `day`: the day itself as a rule, another
    on a make-up day, None when the school is closed or a make-up day follows no plan."""
    marked = special.get(day)
    if marked is None:
        return day
    return None if marked.closed else marked.follows


def days_held(
    weekday: int, first_day: date, last_day: date, special: Mapping[date, SpecialDay]
) -> list[date]:
    """The days from `first_day` to `last_day` on which the plan of `weekday` is held."""
    count = (last_day - first_day).days + 1
    days = (first_day + n * ONE_DAY for n in range(count))
    return [
        day for day in days if (plan := plan_of(day, special)) and plan.weekday() == weekday
    ]
