"""When the phones are open, which days come next, which slots are free."""

from datetime import date, datetime, time, timedelta

import pytest

from liushou_web.phone.rules.hours import (
    Hours,
    check_hours,
    day_for,
    hours_on,
    is_open,
    open_days,
    slots,
)
from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.span import Span

MONDAY = date(2026, 11, 23)
FOUR = datetime(2026, 11, 23, 16, 0)
MONDAYS = Hours(1, 0, time(16, 0), time(17, 0))
THURSDAYS = Hours(1, 3, time(12, 30), time(13, 0))


@pytest.mark.parametrize(
    ("new", "clashes"),
    [
        (Hours(1, 0, time(15, 0), time(16, 0)), False),  # meets the start
        (Hours(1, 0, time(17, 0), time(18, 0)), False),
        (Hours(1, 0, time(16, 59), time(18, 0)), True),
        (Hours(1, 0, time(16, 10), time(16, 20)), True),
        (Hours(2, 0, time(16, 0), time(17, 0)), False),  # another room
        (Hours(1, 1, time(16, 0), time(17, 0)), False),  # another day
    ],
)
def test_hours_of_one_room_do_not_overlap(new, clashes):
    if not clashes:
        assert check_hours(new, [MONDAYS]) is None
        return
    with pytest.raises(Refused, match="16:00–17:00 已經開放"):
        check_hours(new, [MONDAYS])


def test_hours_end_after_they_start():
    with pytest.raises(Refused, match="結束時間必須晚於開始時間"):
        check_hours(Hours(1, 0, time(16), time(16)), [])


def test_a_closed_day_is_closed_and_a_make_up_day_stands_for_its_weekday():
    sunday = MONDAY - timedelta(days=1)
    closed = {MONDAY: SpecialDay(True, "停課"), sunday: SpecialDay(False, "補課", MONDAY)}

    assert hours_on(MONDAY, [MONDAYS, THURSDAYS], {}) == [MONDAYS]
    assert hours_on(MONDAY, [MONDAYS], closed) == []
    assert hours_on(sunday, [MONDAYS], closed) == [MONDAYS]


@pytest.mark.parametrize(
    ("at", "open_"), [(time(15, 59), False), (time(16), True), (time(17), False)]
)
def test_a_room_is_open_from_the_start_to_before_the_end(at, open_):
    assert is_open(1, [MONDAYS], at) is open_
    assert is_open(2, [MONDAYS], at) is False


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (FOUR, MONDAY),
        (FOUR.replace(hour=17), date(2026, 11, 26)),  # Monday's hours are over
        (FOUR + timedelta(days=4), date(2026, 11, 30)),
    ],
)
def test_who_asks_waits_for_the_next_open_day(at, day):
    assert day_for([MONDAYS, THURSDAYS], {}, at) == day


def test_without_hours_one_waits_for_today():
    assert day_for([], {}, FOUR) == MONDAY
    assert list(open_days([], {}, FOUR, 3)) == []


def test_the_next_open_days_are_as_many_as_asked_for():
    assert list(open_days([MONDAYS, THURSDAYS], {}, FOUR, 3)) == [
        MONDAY,
        date(2026, 11, 26),
        date(2026, 11, 30),
    ]


def test_slots_follow_each_other_and_what_is_taken_is_left_out():
    taken = [Span(FOUR + timedelta(minutes=25), FOUR + timedelta(minutes=35))]

    free = slots(MONDAY, [MONDAYS], 1, 20, taken)

    assert [f"{span.starts:%H:%M}" for span in free] == ["16:00", "16:40"]
    assert slots(MONDAY, [MONDAYS], 2, 20, []) == []


def test_what_is_left_of_the_hours_after_the_last_slot_is_no_slot():
    free = slots(MONDAY, [MONDAYS], 1, 25, [])

    assert [f"{span.starts:%H:%M}" for span in free] == ["16:00", "16:25"]
