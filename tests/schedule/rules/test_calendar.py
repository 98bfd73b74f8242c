"""Teaching weeks, special days, published holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import (
    PUBLISHED,
    Bounds,
    Calendar,
    GridDay,
    SpecialDay,
    Stretch,
    changed_days,
    check_length,
    days_held,
    days_of_week,
    is_teaching,
    last_week,
    plan_of,
    stood_for,
    stretches,
    teaching_week,
    term_meant,
    weeks_of,
)

FIRST, LAST = date(2026, 9, 1), date(2027, 1, 22)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 8, 30), 0),  # the Sunday before
        (date(2026, 8, 31), 1),  # Monday of the first week, a day before the term
        (FIRST, 1),
        (date(2026, 9, 6), 1),  # the Sunday after
        (date(2026, 9, 7), 2),
        (date(2026, 11, 23), 13),
        (date(2027, 1, 1), 18),  # across the year
        (LAST, 21),
    ],
)
def test_teaching_week(day, week):
    assert teaching_week(FIRST, day) == week


@given(first=DAYS, length=st.integers(0, 200))
def test_each_day_of_a_term_is_in_exactly_one_week(first, length):
    days = Bounds(first, first + timedelta(days=length)).days()
    weeks = range(1, teaching_week(first, days[-1]) + 1)

    listed = [day for week in weeks for day in days_of_week(first, week)]

    assert len(listed) == len(set(listed))
    assert set(days) <= set(listed)
    assert all(day in days_of_week(first, teaching_week(first, day)) for day in days)


@given(first=DAYS, number=st.integers(1, 30))
def test_a_week_runs_from_monday_to_sunday(first, number):
    week = days_of_week(first, number)

    assert [day.weekday() for day in week] == [0, 1, 2, 3, 4, 5, 6]
    assert {teaching_week(first, day) for day in week} == {number}


WEDNESDAY, SATURDAY = date(2026, 10, 7), date(2026, 10, 10)
SPECIAL = {
    WEDNESDAY: SpecialDay(True, "國慶節"),
    SATURDAY: SpecialDay(False, "國慶節", WEDNESDAY),
    date(2026, 9, 20): SpecialDay(False, "國慶節"),
}


@pytest.mark.parametrize(
    ("day", "plan"),
    [
        (date(2026, 10, 8), date(2026, 10, 8)),
        (WEDNESDAY, None),  # closed
        (SATURDAY, WEDNESDAY),  # worked in exchange
        (date(2026, 9, 20), None),  # worked, but with no plan
    ],
)
def test_plan_of(day, plan):
    assert plan_of(day, SPECIAL) == plan


def test_days_held_skip_closed_days_and_follow_make_up_days():
    assert days_held(2, date(2026, 9, 28), date(2026, 10, 14), SPECIAL) == [
        date(2026, 9, 30),
        SATURDAY,
        date(2026, 10, 14),
    ]


def test_a_displaced_saturday_is_not_held():
    assert days_held(5, date(2026, 10, 3), date(2026, 10, 17), SPECIAL) == [
        date(2026, 10, 3),
        date(2026, 10, 17),
    ]


def test_published_holidays_close_33_days_and_work_6():
    days = {}
    for holiday in PUBLISHED:
        days |= holiday.special_days()

    assert len(days) == 39
    assert sum(special.closed for special in days.values()) == 33


@pytest.mark.parametrize(
    ("first", "last", "make_ups", "followed"),
    [
        # 2025 as held: the statutory days lead, the days worked for come last
        (date(2025, 10, 1), date(2025, 10, 8), 2, [date(2025, 10, 7), date(2025, 10, 8)]),
        (date(2025, 1, 28), date(2025, 2, 4), 2, [date(2025, 2, 3), date(2025, 2, 4)]),
        (date(2026, 1, 1), date(2026, 1, 3), 1, [date(2026, 1, 2)]),
        (date(2026, 6, 20), date(2026, 6, 21), 1, [None]),  # a weekend stands for no day
        (date(2026, 4, 4), date(2026, 4, 6), 2, [date(2026, 4, 6), None]),
    ],
)
def test_make_up_days_follow_the_last_working_days(first, last, make_ups, followed):
    assert stood_for(Bounds(first, last).days(), make_ups) == followed


def calendar(special, last=LAST):
    return Calendar(special, {1: Bounds(FIRST, last)})


def test_changed_days_are_those_that_differ():
    renamed = {**SPECIAL, WEDNESDAY: SpecialDay(True, "國慶")}
    fewer = {day: special for day, special in SPECIAL.items() if day != SATURDAY}

    assert changed_days(calendar(SPECIAL), calendar(SPECIAL)) == []
    assert changed_days(calendar(SPECIAL), calendar(renamed)) == [WEDNESDAY]
    assert changed_days(calendar(SPECIAL), calendar(fewer)) == [SATURDAY]
    assert changed_days(calendar({}), calendar({}, LAST + timedelta(days=2))) == [
        date(2027, 1, 23),
        date(2027, 1, 24),
    ]


def test_weeks_of_a_term_mark_its_edges_and_its_special_days():
    weeks = weeks_of(Bounds(FIRST, LAST), SPECIAL)

    assert [week.number for week in weeks] == list(range(1, 22))
    assert [day.in_term for day in weeks[0].days] == [False] + [True] * 6
    assert [day.in_term for day in weeks[-1].days] == [True] * 5 + [False] * 2
    assert [week.number for week in weeks if week.marked] == [3, 6]
    assert weeks[5].days[2] == GridDay(WEDNESDAY, True, SpecialDay(True, "國慶節"))


def test_stretches_join_closed_days_of_one_name():
    shut, other = SpecialDay(True, "國慶節"), SpecialDay(True, "校慶")
    make_up = SpecialDay(False, "國慶節")
    days = [date(2026, 10, n) for n in range(1, 9)]
    special = dict(zip(days, [shut, shut, other, make_up, make_up, shut], strict=False))
    special[days[7]] = shut

    assert stretches(special) == [
        Stretch(Bounds(days[0], days[1]), shut),
        Stretch(Bounds(days[2], days[2]), other),
        Stretch(Bounds(days[3], days[3]), make_up),
        Stretch(Bounds(days[4], days[4]), make_up),
        Stretch(Bounds(days[5], days[5]), shut),
        Stretch(Bounds(days[7], days[7]), shut),
    ]


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (date(2026, 9, 4), "從 2026-09-01 至 2026-09-04 超過 3 天，請核對年份。"),
        (date(2026, 8, 31), "最後一天不能早於第一天。"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(last, sentence):
    check_length(Bounds(FIRST, date(2026, 9, 3)), 3)

    with pytest.raises(Refused) as refusal:
        check_length(Bounds(FIRST, last), 3)

    assert str(refusal.value) == sentence


SPRING = Bounds(date(2026, 3, 2), date(2026, 7, 3))  # 18 weeks
AUTUMN = Bounds(FIRST, LAST)  # from a Tuesday; 21 weeks


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (date(2026, 11, 23), AUTUMN),
        (date(2026, 8, 31), AUTUMN),  # the Monday of its first week
        (date(2026, 8, 30), SPRING),  # holidays belong to the term before
        (date(2026, 1, 1), SPRING),  # nothing has begun: the first to come
    ],
)
def test_term_meant(today, meant):
    terms = [AUTUMN, SPRING]

    assert terms[term_meant(terms, today)] == meant


@pytest.mark.parametrize(
    ("term", "following", "today", "last"),
    [
        (AUTUMN, None, date(2026, 11, 23), 21),
        (AUTUMN, None, date(2027, 2, 3), 23),  # holidays, no next term known
        (SPRING, AUTUMN, date(2026, 11, 23), 26),  # up to the week before 31 August
        (SPRING, Bounds(date(2026, 7, 6), date(2026, 7, 10)), date(2026, 11, 23), 18),
        (SPRING, Bounds(date(2026, 7, 4), date(2026, 7, 10)), date(2026, 11, 23), 18),
    ],
)
def test_last_week(term, following, today, last):
    assert last_week(term, following, today) == last


@pytest.mark.parametrize(
    ("number", "teaching"), [(0, False), (1, True), (21, True), (22, False)]
)
def test_is_teaching(number, teaching):
    assert is_teaching(AUTUMN, number) is teaching
