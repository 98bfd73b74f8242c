"""When the counsellor is in: hours, the days unlike them, and the calendar."""

from datetime import date, time, timedelta

import pytest

from liushou_web.counselling.rules.hours import Away, Extra, Weekly, open_on
from liushou_web.schedule.rules.calendar import SpecialDay

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY + timedelta(days=6)
HOURS = [Weekly(0, time(14), time(17), 1)]


def opened(day=MONDAY, exceptions=(), special=None):
    spans = (each.span for each in open_on(day, HOURS, exceptions, special or {}))
    return [f"{each.starts:%H:%M}-{each.ends:%H:%M}" for each in spans]


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
