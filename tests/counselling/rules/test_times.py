"""Which times are free: hours, exceptions, the calendar, pauses; and the blind view."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.counselling.rules.times import (
    Away,
    Cell,
    Extra,
    Held,
    Length,
    Open,
    Weekly,
    blind,
    free_in,
    is_free,
    open_on,
    within,
)
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.span import Span

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY + timedelta(days=6)
MINUTE = timedelta(minutes=1)
USUAL = Length(45 * MINUTE, 10 * MINUTE)
HOURS = [Weekly(0, time(14), time(17), 1)]


def span(text, day=MONDAY):
    starts, ends = (time.fromisoformat(part) for part in text.split("-"))
    return Span(datetime.combine(day, starts), datetime.combine(day, ends))


def told(spans):
    return [f"{each.starts:%H:%M}-{each.ends:%H:%M}" for each in spans]


def opened(day=MONDAY, exceptions=(), special=None):
    return told(each.span for each in open_on(day, HOURS, exceptions, special or {}))


@pytest.mark.parametrize(
    ("exceptions", "hours"),
    [
        ([], ["14:00-17:00"]),
        ([Away(MONDAY, MONDAY)], []),
        ([Away(MONDAY - timedelta(days=3), MONDAY)], []),
        ([Away(MONDAY - timedelta(days=3), MONDAY - timedelta(days=1))], ["14:00-17:00"]),
        ([Away(MONDAY, MONDAY, time(13), time(15))], ["15:00-17:00"]),
        ([Away(MONDAY, MONDAY, time(15), time(16))], ["14:00-15:00", "16:00-17:00"]),
        ([Away(MONDAY, MONDAY, time(16), time(18))], ["14:00-16:00"]),
        ([Away(MONDAY, MONDAY, time(17), time(18))], ["14:00-17:00"]),
        ([Extra(MONDAY, MONDAY, time(9), time(10), 1)], ["09:00-10:00", "14:00-17:00"]),
        ([Extra(MONDAY, MONDAY, time(9), time(10), 1), Away(MONDAY, MONDAY)], []),
    ],
)
def test_hours_of_a_day_with_its_exceptions(exceptions, hours):
    assert opened(exceptions=exceptions) == hours


def test_a_closed_day_has_no_hours_and_extra_ones_all_the_same():
    closed = {MONDAY: SpecialDay(True, "停課")}
    extra = [Extra(MONDAY, MONDAY, time(9), time(10), 1)]

    assert opened(special=closed) == []
    assert opened(exceptions=extra, special=closed) == ["09:00-10:00"]


@pytest.mark.parametrize(
    ("follows", "hours"),
    [(MONDAY, ["14:00-17:00"]), (MONDAY + timedelta(days=1), []), (None, [])],
)
def test_a_make_up_day_has_those_of_the_day_it_stands_for(follows, hours):
    assert opened(SUNDAY, special={SUNDAY: SpecialDay(False, "補班", follows)}) == hours


@pytest.mark.parametrize(
    ("held", "free"),
    [
        ([], ["14:00-14:45", "14:55-15:40", "15:50-16:35"]),
        ([Held(span("14:55-15:40"), True)], ["14:00-14:45", "15:50-16:35"]),
        ([Held(span("14:30-15:15"), True)], ["15:25-16:10"]),
        ([Held(span("14:30-15:15"), False)], ["15:15-16:00", "16:10-16:55"]),
        ([Held(span("13:00-14:03"), False)], ["14:05-14:50", "15:00-15:45", "15:55-16:40"]),
        ([Held(span("14:50-15:00"), True)], ["15:10-15:55", "16:05-16:50"]),
        ([Held(span("13:00-18:00"), False)], []),
    ],
)
def test_sessions_that_still_fit(held, free):
    assert told(free_in(Open(span("14:00-17:00"), 1), held, USUAL)) == free


minutes = some.integers(0, 24 * 12 - 1).map(lambda n: n * 5)
stretches = some.tuples(minutes, minutes).filter(lambda two: two[0] < two[1])
spans = stretches.map(lambda two: Span(*(at(each) for each in two)))
taken = some.lists(some.builds(Held, spans, some.booleans()), max_size=5)
lengths = some.builds(
    Length,
    some.integers(10, 90).map(lambda n: n * MINUTE),
    some.integers(0, 30).map(lambda n: n * MINUTE),
)


def at(minute):
    return datetime.combine(MONDAY, time()) + minute * MINUTE


@given(spans, taken, lengths)
def test_every_session_offered_is_free_and_within_and_takes_no_other(hours, held, length):
    opening = Open(hours, 1)

    offered = free_in(opening, held, length)

    for one in offered:
        others = [Held(each, True) for each in offered if each != one]
        assert within(one, [opening]) is opening
        assert one.ends - one.starts == length.session
        assert is_free(one, held + others, length.pause)


@given(spans, taken, lengths)
def test_nothing_that_fits_at_the_beginning_is_left_out(hours, held, length):
    ends = hours.starts + length.session
    first = Span(hours.starts, ends) if ends <= hours.ends else None

    offered = free_in(Open(hours, 1), held, length)

    if first and is_free(first, held, length.pause):
        assert offered[0] == first


def test_what_is_taken_without_a_gap_is_one_stretch():
    held = [
        span("15:00-15:45"),
        span("14:00-14:45"),
        span("14:45-15:00"),
        span("16:00-17:00"),
    ]

    cells = blind([span("17:00-17:45")], held)

    assert cells == [
        Cell(span("14:00-15:45"), False),
        Cell(span("16:00-17:00"), False),
        Cell(span("17:00-17:45"), True),
    ]
