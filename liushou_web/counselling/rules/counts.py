"""Counts for the leaders, from which nobody can be guessed.

A figure from 1 to one below the threshold is told as 「少於 3」. The total of a column is
made from the months that are told, and from nothing else: so there is nothing to subtract
it from. To leave out a second figure instead, as statistics offices do, would itself tell
something to a reader who knows how it is chosen; this rule may be known.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import NamedTuple, TypeVar

FIRST_MONTH = 8  # of a school year


class Figure(NamedTuple):
    """A count as it is told; None where it is small. A total is `partial` where it does
    not hold all months."""

    number: int | None
    partial: bool = False


SMALL = Figure(None)


class CountColumn(NamedTuple):
    """One kind of count by month, and what the months that are told make together."""

    cells: list[Figure]
    total: Figure


class KindCounts(NamedTuple):
    """What is told of one kind: sessions, different children, and who did not come."""

    sessions: CountColumn
    children: CountColumn
    missed: CountColumn | None = None


def sums(counts: Sequence[int], threshold: int) -> CountColumn:
    """Counts that add up."""
    cells = [_figure(count, threshold) for count in counts]
    return CountColumn(cells, _total(cells, sum(cell.number or 0 for cell in cells)))


def distinct_persons(who: Sequence[AbstractSet[Hashable]], threshold: int) -> CountColumn:
    """Persons, of whom the same may be in several months and counts once in the total."""
    cells = [_figure(len(month), threshold) for month in who]
    told = [month for month, cell in zip(who, cells, strict=True) if cell != SMALL]
    return CountColumn(cells, _total(cells, len(set[Hashable]().union(*told))))


def public_sums(counts: Sequence[int]) -> CountColumn:
    """What is on the public timetable anyway."""
    return sums(counts, threshold=0)


def _figure(count: int, threshold: int) -> Figure:
    return SMALL if 0 < count < threshold else Figure(count)


def _total(cells: Sequence[Figure], number: int) -> Figure:
    return Figure(number, partial=SMALL in cells)


def months_over(year: int, today: date) -> list[date]:
    """The first days of the months that have passed, of the school year that begins in
    `year`. Not the month under way: compared from one day to the next it would tell who
    came today."""
    firsts = [_first_of(year, FIRST_MONTH + n) for n in range(13)]
    pairs = zip(firsts, firsts[1:], strict=False)
    return [first for first, after in pairs if after <= today]


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def school_year(day: date) -> int:
    """The year in which its school year begins."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


class Session(NamedTuple):
    """An individual session that was held or missed; `who` is the same for one child."""

    starts: datetime
    who: tuple[str, int]
    missed: bool


class Group(NamedTuple):
    """A group session or a lesson, and the children who came to it."""

    starts: datetime
    kind: str
    children: frozenset[int]


Counted = TypeVar("Counted", Session, Group)


def individual(
    rows: Iterable[Session], months: Sequence[date], threshold: int
) -> KindCounts:
    every = _by_month(rows, months)
    came = [[each for each in month if not each.missed] for month in every]
    missed = [len(month) - len(held) for month, held in zip(every, came, strict=True)]
    return KindCounts(
        sums([len(month) for month in came], threshold),
        distinct_persons([{each.who for each in month} for month in came], threshold),
        sums(missed, threshold),
    )


def of_kind(
    rows: Iterable[Group], kind: str, months: Sequence[date], threshold: int
) -> KindCounts:
    every = _by_month([each for each in rows if each.kind == kind], months)
    who = [{child for each in month for child in each.children} for month in every]
    return KindCounts(
        public_sums([len(month) for month in every]), distinct_persons(who, threshold)
    )


def _by_month(rows: Iterable[Counted], months: Sequence[date]) -> list[list[Counted]]:
    listed: dict[date, list[Counted]] = {first: [] for first in months}
    for row in rows:
        listed.get(row.starts.date().replace(day=1), []).append(row)
    return list(listed.values())
