"""Counts that tell the leaders how much was done, and nobody who it was."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.counselling.rules.counts import (
    SMALL,
    CountColumn,
    Figure,
    Group,
    Session,
    distinct_persons,
    individual,
    months_over,
    of_kind,
    public_sums,
    school_year,
    sums,
)

SEP, OCT = date(2026, 9, 1), date(2026, 10, 1)
thresholds = some.integers(3, 6)
counts = some.lists(some.integers(0, 12), min_size=1, max_size=12)


def test_a_column_tells_what_is_large_and_sums_what_it_tells():
    assert sums([5, 0, 2, 3, 1], 3) == CountColumn(
        [Figure(5), Figure(0), SMALL, Figure(3), SMALL], Figure(8, partial=True)
    )
    assert sums([5, 0, 3], 3) == CountColumn([Figure(5), Figure(0), Figure(3)], Figure(8))
    assert public_sums([1, 2]) == CountColumn([Figure(1), Figure(2)], Figure(3))


def test_a_child_counts_once_in_each_month_and_once_in_the_total():
    who = [{1, 2, 3}, {2, 3, 4}, {9}]

    column = distinct_persons(who, 3)

    assert column.cells == [Figure(3), Figure(3), SMALL]
    assert column.total == Figure(4, partial=True)


@given(counts, thresholds, some.data())
def test_whatever_the_small_figures_are_the_same_is_published(numbers, threshold, data):
    """So no reader can work them out, not even one who knows this rule."""
    others = [
        data.draw(some.integers(1, threshold - 1)) if 0 < number < threshold else number
        for number in numbers
    ]

    assert sums(others, threshold) == sums(numbers, threshold)


children = some.sets(some.integers(1, 15), max_size=8)


@given(some.lists(children, min_size=1, max_size=12), thresholds, some.data())
def test_whoever_came_in_small_months_the_same_is_published(months, threshold, data):
    few = some.sets(some.integers(1, 15), min_size=1, max_size=threshold - 1)
    others = [data.draw(few) if 0 < len(who) < threshold else who for who in months]

    assert distinct_persons(others, threshold) == distinct_persons(months, threshold)


@given(counts, thresholds)
def test_no_small_figure_is_ever_told(numbers, threshold):
    column = sums(numbers, threshold)

    for figure in (*column.cells, column.total):
        assert figure.number is None or figure.number == 0 or figure.number >= threshold


@pytest.mark.parametrize(
    ("year", "today", "months"),
    [
        (2026, date(2026, 11, 23), ["2026-08", "2026-09", "2026-10"]),
        (2026, date(2026, 12, 1), ["2026-08", "2026-09", "2026-10", "2026-11"]),
        (2026, date(2026, 8, 31), []),
        (
            2025,
            date(2026, 11, 23),
            [f"2025-{n:02}" for n in range(8, 13)] + [f"2026-{n:02}" for n in range(1, 8)],
        ),
        (
            2026,
            date(2027, 2, 28),
            ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"],
        ),
    ],
)
def test_only_months_that_are_over_are_told(year, today, months):
    assert [f"{month:%Y-%m}" for month in months_over(year, today)] == months


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2027, 1, 1), 2026)],
)
def test_a_school_year_begins_in_august(day, year):
    assert school_year(day) == year


def session(day, who, missed=False):
    return Session(datetime(2026, *day, 14), ("child", who), missed)


def test_individual_sessions_by_month():
    rows = [session((9, n), n % 4) for n in range(1, 10)]
    rows += [session((9, 20), 1, missed=True), session((10, 1), 1), session((11, 1), 1)]

    part = individual(rows, [SEP, OCT], 3)

    assert part.sessions == CountColumn([Figure(9), SMALL], Figure(9, True))
    assert part.children == CountColumn([Figure(4), SMALL], Figure(4, True))
    assert part.missed == CountColumn([SMALL, Figure(0)], Figure(0, True))


def test_group_sessions_tell_how_often_and_how_many_different_children():
    rows = [
        Group(datetime(2026, 9, 3, 10), "group_session", frozenset({1, 2, 3})),
        Group(datetime(2026, 9, 10, 10), "group_session", frozenset({2, 3, 4})),
        Group(datetime(2026, 10, 8, 10), "group_session", frozenset({1})),
        Group(datetime(2026, 9, 3, 10), "psychology", frozenset({7})),
    ]

    part = of_kind(rows, "group_session", [SEP, OCT], 3)

    assert part.sessions == CountColumn([Figure(2), Figure(1)], Figure(3))
    assert part.children == CountColumn([Figure(4), SMALL], Figure(4, True))
    assert part.missed is None
