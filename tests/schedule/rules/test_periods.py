"""Which days one page holds: a day, a week, a month."""

from datetime import date

import pytest

from liushou_web.schedule.rules.periods import By, Days, days_by


@pytest.mark.parametrize(
    ("by", "day", "first", "last"),
    [
        (By.DAY, date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25)),
        (By.WEEK, date(2026, 11, 25), date(2026, 11, 23), date(2026, 11, 29)),
        (By.WEEK, date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        (By.MONTH, date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 30)),
        (By.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (By.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_day_is_on_one_page(by, day, first, last):
    days = days_by(by, day)

    assert days == Days(first, last)
    assert days_by(by, days.before).last == days.before
    assert days_by(by, days.after).first == days.after
