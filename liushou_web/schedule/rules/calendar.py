"""Terms, teaching weeks, closed days and make-up days: counted here, used everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from liushou_web.refusal import Refused

ONE_DAY, SIX_DAYS, WEEK = timedelta(days=1), timedelta(days=6), timedelta(weeks=1)
SATURDAY = 5  # as a weekday; 0 is Monday
LONGEST_TERM = 250
LONGEST_HOLIDAY = 60


class SpecialDay(NamedTuple):
    """A day that is not as usual: closed, or a make-up day with another date's plan."""

    closed: bool
    name: str
    follows: date | None = None

    @property
    def detail(self) -> str:
        """For the trail: '放假：國慶節', '補班：國慶節，按 2026-10-07'."""
        if self.closed:
            return f"放假：{self.name}"
        plan = f"，按 {self.follows}" if self.follows else ""
        return f"補班：{self.name}{plan}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def seven_days(monday: date) -> list[date]:
    return [monday + n * ONE_DAY for n in range(7)]


def teaching_week(first_day: date, day: date) -> int:
    """Which week of the term `day` is in: 1 is the Monday-to-Sunday week of `first_day`.

    Zero or less before the term.
    """
    return (monday_of(day) - monday_of(first_day)).days // 7 + 1


def days_of_week(first_day: date, number: int) -> list[date]:
    """The seven days, Monday first, of teaching week `number`."""
    return seven_days(monday_of(first_day) + (number - 1) * WEEK)


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
    days = Bounds(first_day, last_day).days()
    return [
        day for day in days if (plan := plan_of(day, special)) and plan.weekday() == weekday
    ]


class Bounds(NamedTuple):
    """The first and last day of a term, both inclusive."""

    first_day: date
    last_day: date

    def __str__(self) -> str:
        return f"{self.first_day} 至 {self.last_day}"

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def days(self) -> list[date]:
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + n * ONE_DAY for n in range(count)]

    def with_weekend(self) -> Bounds:
        """Longer by the weekend days that touch it."""
        first, last = self
        while (first - ONE_DAY).weekday() >= SATURDAY:
            first -= ONE_DAY
        while (last + ONE_DAY).weekday() >= SATURDAY:
            last += ONE_DAY
        return Bounds(first, last)


def check_length(bounds: Bounds, longest: int) -> None:
    """Refuses days out of order, and more than `longest` of them: a slip of the keys."""
    if bounds.first_day > bounds.last_day:
        raise Refused("最後一天不能早於第一天。")
    if (bounds.last_day - bounds.first_day).days >= longest:
        raise Refused("從 {days} 超過 {n} 天，請核對年份。", days=bounds, n=longest)


class GridDay(NamedTuple):
    """One cell of the year's grid; `in_term` tells the edges of the first and last week."""

    day: date
    in_term: bool
    special: SpecialDay | None


class TermWeek(NamedTuple):
    number: int
    days: list[GridDay]

    @property
    def marked(self) -> bool:
        return any(each.special for each in self.days)


def weeks_of(term: Bounds, special: Mapping[date, SpecialDay]) -> list[TermWeek]:
    """The teaching weeks of a term, each with its seven days."""
    last = teaching_week(term.first_day, term.last_day)
    return [
        TermWeek(
            number,
            [
                GridDay(day, term.holds(day), special.get(day))
                for day in days_of_week(term.first_day, number)
            ],
        )
        for number in range(1, last + 1)
    ]


def term_meant(terms: Sequence[Bounds], today: date) -> int:
    """The place, among terms listed latest first, of the latest that has begun; of the
    first term ever where none has."""
    begun = (n for n, term in enumerate(terms) if monday_of(term.first_day) <= today)
    return next(begun, len(terms) - 1)


def last_week(term: Bounds, following: Bounds | None, today: date) -> int:
    """The last week counted from this term: its last teaching week, or in the holidays
    after it the one before the next term, or this week where no next term is known."""
    until = (
        teaching_week(term.first_day, following.first_day) - 1
        if following
        else teaching_week(term.first_day, today)
    )
    return max(teaching_week(term.first_day, term.last_day), until)


def is_teaching(term: Bounds, number: int) -> bool:
    return 1 <= number <= teaching_week(term.first_day, term.last_day)


class Stretch(NamedTuple):
    """Closed days in a row under one name, or one make-up day."""

    days: Bounds
    special: SpecialDay


def stretches(special: Mapping[date, SpecialDay]) -> list[Stretch]:
    """Special days as people speak of them: 「10月1日至7日國慶節」."""
    found: list[Stretch] = []
    for day, each in sorted(special.items()):
        last = found[-1] if found else None
        goes_on = last and last.days.last_day + ONE_DAY == day and last.special == each
        if last and goes_on and each.closed:
            found[-1] = Stretch(Bounds(last.days.first_day, day), each)
        else:
            found.append(Stretch(Bounds(day, day), each))
    return found


class Calendar(NamedTuple):
    """The calendar before or after a change: special days, and the terms by id."""

    special: Mapping[date, SpecialDay]
    terms: Mapping[int, Bounds]

    @property
    def closed(self) -> set[date]:
        return {day for day, special in self.special.items() if special.closed}


def changed_days(old: Calendar, new: Calendar) -> list[date]:
    """Every date whose plan may differ, in order."""
    special = old.special.keys() | new.special.keys()
    days = {day for day in special if old.special.get(day) != new.special.get(day)}
    for term_id, before in old.terms.items():
        days |= set(before.days()) ^ set(new.terms[term_id].days())
    return sorted(days)


def stood_for(closed: Sequence[date], make_ups: int) -> list[date | None]:
    """For each make-up day of a holiday the closed working day it most likely stands for.

    The statutory days come first in a holiday, so those worked for are its last working
    days, in order; None where there are not enough. The school decides.
    """
    working = [day for day in closed if day.weekday() < SATURDAY]
    last: list[date | None] = [*working[max(0, len(working) - make_ups) :]]
    return last + [None] * (make_ups - len(last))


class Holiday(NamedTuple):
    """Days closed in a row, both ends inclusive, and the days worked in exchange."""

    name: str
    first_day: date
    last_day: date
    make_ups: tuple[date, ...] = ()

    def days(self) -> list[date]:
        return Bounds(self.first_day, self.last_day).days()

    def special_days(self) -> dict[date, SpecialDay]:
        closed = {day: SpecialDay(True, self.name) for day in self.days()}
        worked = zip(self.make_ups, stood_for(self.days(), len(self.make_ups)), strict=True)
        return closed | {day: SpecialDay(False, self.name, plan) for day, plan in worked}


# The State Council's schedule of 2026: 33 days closed, 6 worked in exchange.
PUBLISHED = (
    Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
    Holiday(
        "春節",
        date(2026, 2, 15),
        date(2026, 2, 23),
        (date(2026, 2, 14), date(2026, 2, 28)),
    ),
    Holiday("清明節", date(2026, 4, 4), date(2026, 4, 6)),
    Holiday("勞動節", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
    Holiday("端午節", date(2026, 6, 19), date(2026, 6, 21)),
    Holiday("中秋節", date(2026, 9, 25), date(2026, 9, 27)),
    Holiday(
        "國慶節",
        date(2026, 10, 1),
        date(2026, 10, 7),
        (date(2026, 9, 20), date(2026, 10, 10)),
    ),
)
