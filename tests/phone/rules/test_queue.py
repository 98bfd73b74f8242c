"""Who calls next, and why, in words."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.phone.rules.queue import BookedTime, CallStanding, order

NOW = datetime(2026, 11, 23, 16, 30)
TODAY = NOW.date()


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (CallStanding(), "從來沒有打過"),
        (CallStanding(None, ever_tried=True), "從來沒有打通過"),
        (CallStanding(ago(23), ever_tried=True), "23 天沒有通話"),
        (CallStanding(ago(1), ever_tried=True), "1 天沒有通話"),
        (CallStanding(TODAY, ever_tried=True), "今天打通過"),
    ],
)
def test_the_reason_in_words(standing, words):
    assert standing.in_words(TODAY) == words


def test_an_attempt_of_today_is_no_call_of_today():
    assert CallStanding().today_in_words == "今天還沒試過"
    assert CallStanding(None, True, 2).today_in_words == "今天試過 2 次，沒有打通"


def queue(**waiting):
    """The names in order; each given as (standing, minutes asked before now, booking)."""

    def key(name):
        standing, minutes, *booked = waiting[name]
        asked = NOW - timedelta(minutes=minutes)
        return order(standing, asked, booked[0] if booked else None, at=NOW)

    return sorted(waiting, key=key)


def test_the_longest_wait_goes_first_and_never_is_longest():
    assert queue(
        week=(CallStanding(ago(7)), 60),
        never=(CallStanding(), 1),
        month=(CallStanding(ago(30)), 5),
    ) == ["never", "month", "week"]


def test_of_equals_who_asked_first():
    assert queue(late=(CallStanding(ago(7)), 5), early=(CallStanding(ago(7)), 9)) == [
        "early",
        "late",
    ]


def test_whoever_was_tried_today_lets_the_others_go_first():
    assert queue(
        tried=(CallStanding(None, True, 1), 60), fresh=(CallStanding(ago(1), True), 1)
    ) == ["fresh", "tried"]


@pytest.mark.parametrize(
    ("starts", "ends", "first"),
    [
        (time(16, 30), time(16, 40), "booked"),  # somebody waits at the other end
        (time(16, 20), time(16, 30), "never"),  # over
        (time(16, 31), time(16, 41), "never"),  # not yet
    ],
)
def test_a_booking_goes_first_while_it_is_due(starts, ends, first):
    booked = BookedTime("電話一", starts, ends)

    assert (
        queue(never=(CallStanding(), 60), booked=(CallStanding(ago(1)), 1, booked))[0]
        == first
    )


@given(
    some.lists(
        some.tuples(
            some.none() | some.dates(date(2026, 1, 1), TODAY), some.integers(0, 600)
        )
    )
)
def test_nobody_who_waits_longer_and_asked_earlier_goes_later(children):
    def key(child):
        return order(
            CallStanding(child[0]), NOW - timedelta(minutes=child[1]), None, at=NOW
        )

    ranked = sorted(children, key=key)

    for ahead, behind in zip(ranked, ranked[1:], strict=False):
        since = [each[0] or date.min for each in (ahead, behind)]
        assert (since[0], -ahead[1]) <= (since[1], -behind[1])
