from datetime import date

import pytest

from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.rules.weeks import is_teaching, last_week, term_meant

SPRING = Bounds(date(2026, 3, 2), date(2026, 7, 3))  # 18 weeks
AUTUMN = Bounds(date(2026, 9, 1), date(2027, 1, 22))  # a Tuesday; 21 weeks


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
