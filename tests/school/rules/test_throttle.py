"""Waits after wrong passwords: free at first, doubling, never for ever."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.school.rules.throttle import (
    ADDRESS_FREE,
    LONGEST_WAIT,
    TooMany,
    address_count_after_success,
    still_to_wait,
    wait_after,
)

NOW = datetime(2026, 11, 23, 16, 0)


def test_five_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour():
    waits = [wait_after(count).total_seconds() for count in range(12)]

    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_twenty_are_free_for_an_address():
    waits = [wait_after(n, free=ADDRESS_FREE).total_seconds() for n in (19, 20, 21)]

    assert waits == [0, 30, 60]


def test_a_huge_count_is_no_huge_number():
    assert wait_after(10**9) == LONGEST_WAIT


@pytest.mark.parametrize(
    ("count", "seconds_ago", "left"),
    [
        (4, 0, 0),  # still free
        (5, 0, 30),
        (5, 29, 1),
        (5, 30, 0),  # just over
        (6, 30, 30),
        (50, 899, 1),
        (50, 900, 0),
        (50, -5, 900),  # the clock went back a little: no longer than the longest
        (50, -901, 0),  # it went back far: no wait at all rather than one for years
        (50, 24 * 3600, 0),  # forgotten after a day
    ],
)
def test_what_is_left_of_a_wait(count, seconds_ago, left):
    last = NOW - timedelta(seconds=seconds_ago)

    assert still_to_wait(count, last, NOW).total_seconds() == left


@given(count=some.integers(0, 10**6), last=some.datetimes(), now=some.datetimes())
def test_nobody_waits_longer_than_a_quarter_of_an_hour(count, last, now):
    assert timedelta(0) <= still_to_wait(count, last, now) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "嘗試太多次，請等 1 秒再試。"),
        (30, "嘗試太多次，請等 30 秒再試。"),
        (59, "嘗試太多次，請等 59 秒再試。"),
        (60, "嘗試太多次，請等 1 分鐘再試。"),
        (61, "嘗試太多次，請等 2 分鐘再試。"),
        (900, "嘗試太多次，請等 15 分鐘再試。"),
    ],
)
def test_the_wait_is_said_in_words(seconds, words):
    assert str(TooMany(timedelta(seconds=seconds))) == words


@pytest.mark.parametrize(
    ("before", "after"), [(1, 0), (0, 0), (12, 11), (20, 19), (40, 19)]
)
def test_a_success_relieves_its_address_without_wiping_it_clean(before, after):
    assert address_count_after_success(before) == after
