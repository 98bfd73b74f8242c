"""Terms and special days as they are kept."""

from datetime import date

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import Bounds, SpecialDay
from liushou_web.schedule.store import calendar
from liushou_web.schema import CalendarDay, Term, Trail

YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def by(store):
    return make.actor(make.staff(roles=("office",)))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), "2026年秋季學期"),
        (date(2027, 1, 22), "2026年秋季學期"),
        (date(2027, 1, 23), None),
    ],
)
def test_term_on_holds_its_first_and_last_day(store, day, name):
    make.term()

    found = calendar.term_on(day)

    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 9, 1), "秋"),  # within
        (date(2027, 1, 22), "秋"),  # its last day
        (date(2027, 1, 23), "春"),  # winter holidays
        (date(2027, 7, 10), None),  # nothing is to come
    ],
)
def test_current_or_next(store, day, name):
    make.term(name="春", first_day=date(2027, 2, 22), last_day=date(2027, 7, 9))
    make.term(name="秋")

    found = calendar.current_or_next(day)

    assert (found and found.name) == name


def test_terms_come_the_latest_first(store):
    make.term(name="秋")
    make.term(name="春", first_day=date(2027, 2, 22), last_day=date(2027, 7, 9))

    assert [term.name for term in calendar.terms()] == ["春", "秋"]


def test_special_days_hold_both_ends_and_take_one_query(store):
    for day in (1, 2, 8, 9):
        make.closed(date(2026, 10, day), "國慶節")

    with count_queries() as queries:
        days = calendar.special_days(date(2026, 10, 2), date(2026, 10, 8))

    assert days == {
        date(2026, 10, 2): SpecialDay(True, "國慶節"),
        date(2026, 10, 8): SpecialDay(True, "國慶節"),
    }
    assert queries.count == 1


def test_seeding_writes_the_published_year(by):
    calendar.seed_published_holidays(by=by, at=MONDAY_4PM)

    days = calendar.special_days(*YEAR)
    closed = [day for day, special in days.items() if special.closed]
    worked = {day: special.follows for day, special in days.items() if not special.closed}
    assert len(closed) == 33
    assert worked == {
        date(2026, 1, 4): date(2026, 1, 2),
        date(2026, 2, 14): date(2026, 2, 20),
        date(2026, 2, 28): date(2026, 2, 23),
        date(2026, 5, 9): date(2026, 5, 5),
        date(2026, 9, 20): date(2026, 10, 6),
        date(2026, 10, 10): date(2026, 10, 7),
    }


def test_seeding_again_changes_nothing(by):
    own = CalendarDay.create(day=date(2026, 10, 1), kind="closed", name="校慶")
    calendar.seed_published_holidays(by=by, at=MONDAY_4PM)
    before = list(CalendarDay.select().order_by(CalendarDay.id).tuples())

    calendar.seed_published_holidays(by=by, at=MONDAY_4PM)

    assert list(CalendarDay.select().order_by(CalendarDay.id).tuples()) == before
    assert CalendarDay.get_by_id(own.id).name == "校慶"
    assert Trail.select().where(Trail.deed == "calendar.seed").count() == 1


def test_add_term_is_kept_and_told(by):
    made = calendar.add_term(
        "春", Bounds(date(2027, 2, 22), date(2027, 7, 9)), by=by, at=MONDAY_4PM
    )

    kept = Term.get_by_id(made.id)
    assert (kept.first_day, kept.last_day) == (date(2027, 2, 22), date(2027, 7, 9))
    assert [line.deed for line in Trail.select()] == ["calendar.add_term"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 8, 1), date(2026, 9, 1)),  # ends on the other's first day
        (date(2027, 1, 22), date(2027, 2, 1)),  # begins on its last day
        (date(2026, 10, 1), date(2026, 10, 2)),  # within it
        (date(2026, 8, 1), date(2027, 2, 28)),  # around it
    ],
)
def test_add_term_refuses_days_of_another_term(by, first, last):
    make.term(name="秋")

    with pytest.raises(Refused, match="這些日子與「秋」（2026-09-01 至 2027-01-22）重疊"):
        calendar.add_term("新", Bounds(first, last), by=by, at=MONDAY_4PM)

    assert Term.select().count() == 1


def test_add_term_refuses_a_name_twice(by):
    make.term(name="秋")

    with pytest.raises(Refused, match="已有名為「秋」的學期"):
        calendar.add_term(
            "秋", Bounds(date(2027, 9, 1), date(2028, 1, 9)), by=by, at=MONDAY_4PM
        )


def test_add_term_refuses_an_end_before_its_beginning(by):
    with pytest.raises(Refused, match="^最後一天不能早於第一天"):
        calendar.add_term(
            "秋", Bounds(date(2027, 9, 1), date(2027, 8, 1)), by=by, at=MONDAY_4PM
        )


def test_add_term_refuses_a_slip_of_the_year(by):
    with pytest.raises(Refused, match="從 2026-09-01 至 2028-01-22 超過 250 天"):
        calendar.add_term(
            "秋", Bounds(date(2026, 9, 1), date(2028, 1, 22)), by=by, at=MONDAY_4PM
        )


def test_stretch_at_finds_the_whole_holiday(store):
    for day in (1, 2, 3):
        make.closed(date(2026, 10, day), "國慶節")
    make.closed(date(2026, 10, 4), "校慶")

    stretch = calendar.stretch_at(date(2026, 10, 2))

    assert stretch.days == Bounds(date(2026, 10, 1), date(2026, 10, 3))
    with pytest.raises(NotFound):
        calendar.stretch_at(date(2026, 10, 5))


def test_years_known_are_those_with_a_closed_day(store):
    make.closed(date(2026, 12, 31))
    CalendarDay.create(day=date(2027, 1, 3), kind="make_up", name="元旦")

    assert calendar.years_known() == {2026}
