"""What a change of the calendar moves, without a database."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liushou_web.schedule.rules.calendar import Bounds, Calendar, SpecialDay
from liushou_web.schedule.rules.replanning import (
    Act,
    CalendarChange,
    Planned,
    Series,
    Unconfirmed,
    check_seen,
    replan,
    seen_as,
)
from liushou_web.span import Span

TERM = Bounds(date(2026, 9, 1), date(2026, 10, 31))
NOW = datetime(2026, 9, 21, 12)
FRIDAYS = Series(1, 1, 4, 1, "活動室", time(16), time(17), "作業輔導")
SHUT = SpecialDay(True, "停課")


def planned(day, number=1, **values):
    span = FRIDAYS.span_on(day)
    base = Planned(
        number, 1, 1, "活動室", span, "作業輔導", day, span.starts <= NOW, False, False, ""
    )
    return base._replace(**values)


def moves(old, new, *existing, series=(FRIDAYS,)):
    terms = {1: TERM}
    change = CalendarChange(
        Calendar(old, terms), Calendar(new, terms), series, existing, NOW
    )
    return replan(change)


def acts(*arguments, **options):
    return [(move.act, move.day) for move in moves(*arguments, **options)]


FRIDAY = date(2026, 9, 25)


@pytest.mark.parametrize(
    ("changed", "act"),
    [
        ({}, [Act.CANCEL]),
        ({"begun": True}, [Act.STAY]),
        ({"moved": True}, [Act.STAY]),
        ({"cancelled": True, "reason": "停電"}, []),
        ({"slot_id": None}, [Act.STAY]),
    ],
)
def test_a_closed_day(changed, act):
    assert acts({}, {FRIDAY: SHUT}, planned(FRIDAY, **changed)) == [
        (each, FRIDAY) for each in act
    ]


@pytest.mark.parametrize(
    ("changed", "act"),
    [
        ({"reason": "停課"}, [Act.RESTORE]),
        ({"reason": "停電"}, []),  # by hand
        ({"cancelled": False}, []),  # held although closed
    ],
)
def test_a_day_opened_again(changed, act):
    row = planned(FRIDAY, **{"cancelled": True, **changed})

    assert acts({FRIDAY: SHUT}, {}, row) == [(each, FRIDAY) for each in act]


def test_a_day_opened_again_gets_its_opening_where_there_is_none():
    assert acts({FRIDAY: SHUT}, {}) == [(Act.ADD, FRIDAY)]


def test_days_outside_the_term_get_nothing():
    november = date(2026, 11, 7)

    assert acts({}, {november: SpecialDay(False, "補", FRIDAY)}) == []


def test_today_only_what_is_still_to_come():
    today = NOW.date()
    monday = FRIDAYS._replace(weekday=0)
    morning = monday._replace(slot_id=2, starts=time(8), ends=time(9))

    assert acts({today: SHUT}, {}, series=(morning, monday)) == [(Act.ADD, today)]


def test_a_day_that_is_past_is_not_even_mentioned():
    past = date(2026, 9, 18)

    assert acts({}, {past: SHUT}, planned(past)) == []


def test_what_the_change_drops_makes_room_for_what_it_brings():
    saturday = FRIDAY + timedelta(days=1)
    of_saturday = FRIDAYS._replace(slot_id=2, weekday=5)
    row = planned(saturday, slot_id=2)

    assert acts(
        {}, {saturday: SpecialDay(False, "補", FRIDAY)}, row, series=(FRIDAYS, of_saturday)
    ) == [(Act.ADD, saturday), (Act.CANCEL, saturday)]


def test_another_room_is_not_in_the_way():
    saturday = FRIDAY + timedelta(days=1)
    row = planned(saturday, slot_id=None, room_id=2)

    assert acts({}, {saturday: SpecialDay(False, "補", FRIDAY)}, row) == [
        (Act.ADD, saturday)
    ]


def test_meeting_end_to_start_is_no_clash():
    saturday = FRIDAY + timedelta(days=1)
    after = datetime.combine(saturday, time(17))
    row = planned(saturday, slot_id=None, span=Span(after, after + timedelta(hours=1)))

    assert acts({}, {saturday: SpecialDay(False, "補", FRIDAY)}, row) == [
        (Act.ADD, saturday)
    ]


special = st.dictionaries(
    st.dates(TERM.first_day, TERM.last_day),
    st.one_of(
        st.just(SHUT),
        st.builds(
            SpecialDay,
            st.just(False),
            st.just("補"),
            st.one_of(st.none(), st.dates(TERM.first_day, TERM.last_day)),
        ),
    ),
    max_size=12,
)


def everything_planned(calendar):
    """Each date of the series as it was made under this calendar."""
    days = [day for day in TERM.days() if FRIDAYS.held_on(day, calendar)]
    return [planned(day, number) for number, day in enumerate(days, start=1)]


@given(old=special, new=special)
def test_afterwards_the_openings_are_those_of_the_new_calendar(old, new):
    before, after = Calendar(old, {1: TERM}), Calendar(new, {1: TERM})
    rows = everything_planned(before)

    done = replan(CalendarChange(before, after, (FRIDAYS,), rows, NOW))

    held = {row.home for row in rows}
    held -= {move.day for move in done if move.act is Act.CANCEL}
    held |= {move.day for move in done if move.act is Act.ADD}
    coming = {day for day in held if FRIDAYS.span_on(day).starts > NOW}
    past = {day for day in held if FRIDAYS.span_on(day).starts <= NOW}
    assert coming == {
        day
        for day in TERM.days()
        if FRIDAYS.held_on(day, after) and FRIDAYS.span_on(day).starts > NOW
    }
    assert past == {row.home for row in rows if row.begun}


@given(old=special, new=special)
def test_there_and_back_again_leaves_everything_in_place(old, new):
    before, after = Calendar(old, {1: TERM}), Calendar(new, {1: TERM})
    rows = everything_planned(before)
    there = replan(CalendarChange(before, after, (FRIDAYS,), rows, NOW))
    dropped = {move.activity_id: move.why for move in there if move.act is Act.CANCEL}
    now = [
        row._replace(cancelled=row.id in dropped, reason=dropped.get(row.id, ""))
        for row in rows
    ]

    back = replan(CalendarChange(after, before, (FRIDAYS,), now, NOW))

    assert {move.activity_id for move in back if move.act is Act.RESTORE} == set(dropped)


def test_nothing_to_see_needs_no_confirmation():
    assert seen_as([]) == ""
    check_seen([], "")


def test_what_was_not_seen_is_refused_with_what_there_is_to_see():
    (move,) = moves({}, {FRIDAY: SHUT}, planned(FRIDAY))

    with pytest.raises(Unconfirmed) as refusal:
        check_seen([move], "")

    assert refusal.value.moves == [move]
    check_seen([move], seen_as([move]))
