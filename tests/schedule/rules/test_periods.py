"""Which days a page of the register holds, and what they add up to."""

from datetime import date

import pytest

from liushou_web.phone.rules.register import By, Days, Sums, days_by, sums


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


def test_every_attempt_counts_and_only_answers_talk():
    page = [("connected", 8), ("no_answer", None), ("connected", None), ("", None)]

    assert sums(page) == Sums(attempts=3, connected=2, minutes=8)
    assert sums([]) == Sums(0, 0, 0)
