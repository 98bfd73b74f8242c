"""Which times are free: what still fits between what is taken; and the blind view."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.counselling.rules.hours import Length, RoomTime
from liushou_web.counselling.rules.times import (
    Cell,
    blind_view,
    free_in,
    opening_around,
    with_pause,
)
from liushou_web.span import Span, clashes

MONDAY = date(2026, 11, 23)
MINUTE = timedelta(minutes=1)
USUAL = Length(45 * MINUTE, 10 * MINUTE)


def span(text, day=MONDAY):
    starts, ends = (time.fromisoformat(part) for part in text.split("-"))
    return Span(datetime.combine(day, starts), datetime.combine(day, ends))


def booked(one, pause=USUAL.pause):
    return with_pause(one, pause)


def told(spans):
    return [f"{each.starts:%H:%M}-{each.ends:%H:%M}" for each in spans]


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], ["14:00-14:45", "14:55-15:40", "15:50-16:35"]),
        ([booked(span("14:55-15:40"))], ["14:00-14:45", "15:50-16:35"]),
        ([booked(span("14:30-15:15"))], ["15:25-16:10"]),
        ([span("14:30-15:15")], ["15:15-16:00", "16:10-16:55"]),
        ([span("13:00-14:03")], ["14:05-14:50", "15:00-15:45", "15:55-16:40"]),
        ([booked(span("14:50-15:00"))], ["15:10-15:55", "16:05-16:50"]),
        ([span("13:00-18:00")], []),
    ],
)
def test_sessions_that_still_fit(taken, free):
    assert told(free_in(RoomTime(span("14:00-17:00"), 1), taken, USUAL)) == free


minutes = some.integers(0, 24 * 12 - 1).map(lambda n: n * 5)
stretches = some.tuples(minutes, minutes).filter(lambda two: two[0] < two[1])
spans = stretches.map(lambda two: Span(*(at(each) for each in two)))
held = some.lists(some.tuples(spans, some.booleans()), max_size=5)
lengths = some.builds(
    Length,
    some.integers(10, 90).map(lambda n: n * MINUTE),
    some.integers(0, 30).map(lambda n: n * MINUTE),
)


def taken(held, length):
    """The times of `held`, those of bookings with their pause."""
    return [booked(each, length.pause) if pauses else each for each, pauses in held]


def at(minute):
    return datetime.combine(MONDAY, time()) + minute * MINUTE


@given(spans, held, lengths)
def test_every_session_offered_is_free_and_within_and_takes_no_other(hours, held, length):
    opening = RoomTime(hours, 1)

    offered = free_in(opening, taken(held, length), length)

    for one in offered:
        others = [(each, True) for each in offered if each != one]
        assert opening_around(one, [opening]) is opening
        assert one.ends - one.starts == length.session
        assert not clashes(one, taken(held + others, length))


@given(spans, held, lengths)
def test_nothing_that_fits_at_the_beginning_is_left_out(hours, held, length):
    ends = hours.starts + length.session
    first = Span(hours.starts, ends) if ends <= hours.ends else None

    offered = free_in(RoomTime(hours, 1), taken(held, length), length)

    if first and not clashes(first, taken(held, length)):
        assert offered[0] == first


def test_what_is_taken_without_a_gap_is_one_stretch():
    held = [
        span("15:00-15:45"),
        span("14:00-14:45"),
        span("14:45-15:00"),
        span("16:00-17:00"),
    ]

    cells = blind_view([span("17:00-17:45")], held)

    assert cells == [
        Cell(span("14:00-15:45"), False),
        Cell(span("16:00-17:00"), False),
        Cell(span("17:00-17:45"), True),
    ]
