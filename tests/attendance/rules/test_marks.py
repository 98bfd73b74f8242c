"""What an arrival and a departure mean, and how they are counted."""

from datetime import datetime, timedelta

import pytest

from liushou_web.attendance.rules.marks import (
    Mark,
    Meeting,
    Tally,
    check_tap,
    mark,
    may_tap,
    tally,
)
from liushou_web.refusal import Refused

FOUR = datetime(2026, 11, 23, 16, 0)
MEETING = Meeting(FOUR, FOUR + timedelta(minutes=90), grace_minutes=10)


def past_four(minutes, seconds=0):
    return FOUR + timedelta(minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("came", "went", "leave", "now", "expected"),
    [
        (None, None, "", past_four(30), Mark.EXPECTED),
        (None, None, "", past_four(89, 59), Mark.EXPECTED),
        (None, None, "", past_four(90), Mark.ABSENT),  # it is over
        (None, None, "sick", past_four(90), Mark.ON_LEAVE),  # leave is not absence
        (past_four(-30), None, "", past_four(-20), Mark.HERE),  # early birds
        (past_four(10), None, "", past_four(30), Mark.HERE),  # the grace is inclusive
        (past_four(10, 1), None, "", past_four(30), Mark.LATE),
        (past_four(10), past_four(40), "", past_four(50), Mark.LEFT),
        (past_four(11), past_four(40), "", past_four(50), Mark.LATE_LEFT),
        (past_four(5), None, "", past_four(90), Mark.NOT_OUT),
        (past_four(11), None, "", past_four(90), Mark.LATE_NOT_OUT),
        (past_four(95), None, "", past_four(96), Mark.LATE_NOT_OUT),  # came after the end
        (past_four(5), past_four(95), "", past_four(99), Mark.LEFT),
    ],
)
def test_mark(came, went, leave, now, expected):
    assert mark(MEETING, came, went, leave, now) is expected


def test_the_printed_symbols_are_told_apart_without_colour():
    shown = {
        m.symbol for m in (Mark.LEFT, Mark.LATE, Mark.ON_LEAVE, Mark.ABSENT, Mark.NOT_OUT)
    }

    assert shown == {"√", "○", "△", "×", "⊙"}


def test_expected_is_come_and_on_leave_and_absent():
    marks = [Mark.HERE, Mark.LATE_LEFT, Mark.NOT_OUT, Mark.ON_LEAVE, Mark.ABSENT]

    counted = tally(marks)

    assert counted == Tally(expected=5, came=3, on_leave=1, absent=1, present=2)
    assert counted.accountable == 4


def test_a_tap_on_a_cancelled_activity_is_refused():
    with pytest.raises(Refused, match="已取消"):
        check_tap(FOUR, FOUR, FOUR, FOUR)

    assert not may_tap(FOUR, FOUR, FOUR, FOUR)


HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NEW_YEARS_EVE = datetime(2026, 12, 31, 21, 0), datetime(2026, 12, 31, 23, 30)
HALF_PAST_MIDNIGHT = datetime(2027, 1, 1, 0, 30)


@pytest.mark.parametrize(
    ("starts", "ends", "at"),
    [
        (FOUR, MEETING.ends, FOUR - HOUR),
        (FOUR, MEETING.ends, MEETING.ends + HOUR),
        (*NEW_YEARS_EVE, datetime(2027, 1, 1, 0, 5)),
        (*NEW_YEARS_EVE, HALF_PAST_MIDNIGHT),
    ],
)
def test_a_tap_counts_from_an_hour_before_the_start_to_an_hour_after_the_end(
    starts, ends, at
):
    check_tap(starts, ends, None, at)

    assert may_tap(starts, ends, None, at)


@pytest.mark.parametrize(
    ("starts", "ends", "at", "words"),
    [
        (FOUR, MEETING.ends, FOUR - HOUR - SECOND, "活動開始前一小時才能點名"),
        (FOUR, MEETING.ends, MEETING.ends + HOUR + SECOND, "活動結束已超過一小時"),
        (FOUR, MEETING.ends, FOUR - timedelta(days=1), "活動開始前一小時才能點名"),
        (FOUR, MEETING.ends, FOUR + timedelta(days=1), "活動結束已超過一小時"),
        (*NEW_YEARS_EVE, HALF_PAST_MIDNIGHT + SECOND, "活動結束已超過一小時"),
    ],
)
def test_a_tap_whose_time_would_be_invented_is_refused_and_told_where_to_enter_it(
    starts, ends, at, words
):
    with pytest.raises(Refused, match=f"{words}.*按紙本補錄"):
        check_tap(starts, ends, None, at)

    assert not may_tap(starts, ends, None, at)
