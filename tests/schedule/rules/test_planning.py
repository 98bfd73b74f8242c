"""Which dates a weekly opening gets, and what a planner must have seen."""

from datetime import date, datetime, time

import pytest

from liushou_web.consent import Consent, fingerprint
from liushou_web.refusal import Refused
from liushou_web.schedule.rules import planning
from liushou_web.schedule.rules.activities import (
    Expected,
    SlotPlan,
    check_ahead,
    check_changeable,
    expected,
)
from liushou_web.schedule.rules.calendar import SpecialDay, days_held
from liushou_web.schedule.rules.holds import Hold
from liushou_web.schedule.rules.planning import (
    OpeningPreview,
    PlannedDate,
    PlannedState,
    Worries,
)
from liushou_web.span import Span, clashes

WEDNESDAY = 2
PLAN = SlotPlan(
    1, 1, WEDNESDAY, time(16, 30), time(18), "閱讀", "reading", frozenset({1, 2})
)
HOLIDAY = {
    date(2026, 10, 7): SpecialDay(True, "國慶節"),
    date(2026, 10, 10): SpecialDay(False, "國慶節調休", date(2026, 10, 7)),
    date(2026, 10, 14): SpecialDay(False, "調休", date(2026, 10, 2)),
}


def span(starts, ends, day=7):
    return Span(
        datetime(2026, 9, day, *divmod(starts, 100)),
        datetime(2026, 9, day, *divmod(ends, 100)),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        (800, 900, False),  # wholly before
        (800, 1000, False),  # ends as the other begins
        (800, 1030, True),  # runs into it
        (800, 1200, True),  # around it
        (1000, 1030, True),  # begins with it
        (1015, 1045, True),  # within it
        (1030, 1200, True),  # out of it
        (1100, 1200, False),  # begins as the other ends
    ],
)
def test_the_eight_ways_two_spans_can_lie(starts, ends, clash):
    taken = span(1000, 1100)

    assert clashes(span(starts, ends), [taken]) == ([taken] if clash else [])


def test_times_clash_whatever_the_period_is_called():
    assert span(930, 1015).clashes_with(span(1000, 1030))


def test_same_times_on_two_days_do_not_clash():
    assert not span(1000, 1100).clashes_with(span(1000, 1100, day=8))


def test_a_span_ends_after_it_starts():
    with pytest.raises(Refused, match="結束時間必須晚於開始時間"):
        span(1000, 1000)


def test_each_date_of_the_weekday_is_listed_with_what_the_calendar_says():
    lines = planning.dates(WEDNESDAY, date(2026, 9, 28), date(2026, 10, 21), HOLIDAY)

    assert lines == [
        PlannedDate(date(2026, 9, 30), PlannedState.FREE),
        PlannedDate(date(2026, 10, 7), PlannedState.CLOSED, "國慶節"),
        PlannedDate(date(2026, 10, 10), PlannedState.FREE, makes_up=date(2026, 10, 7)),
        PlannedDate(date(2026, 10, 14), PlannedState.SHIFTED, "調休"),
        PlannedDate(date(2026, 10, 21), PlannedState.FREE),
    ]


@pytest.mark.parametrize("weekday", range(7))
def test_the_free_dates_are_those_that_the_calendar_holds(weekday):
    term = date(2026, 9, 1), date(2027, 1, 22)

    lines = planning.dates(weekday, *term, HOLIDAY)

    free = [line.day for line in lines if line.state is PlannedState.FREE]
    assert free == days_held(weekday, *term, HOLIDAY)


def test_a_date_whose_room_is_taken_names_what_is_in_the_way():
    lines = [
        PlannedDate(date(2026, 9, 2), PlannedState.FREE),
        PlannedDate(date(2026, 9, 9), PlannedState.FREE),
    ]
    taken = [
        Hold(Span(datetime(2026, 9, 9, 15), datetime(2026, 9, 9, 17)), "家長會"),
        Hold(Span(datetime(2026, 9, 9, 17), datetime(2026, 9, 9, 19)), "晚會"),
        Hold(Span(datetime(2026, 9, 2, 18), datetime(2026, 9, 2, 19)), "閱讀"),
    ]

    assert planning.against(lines, PLAN, taken) == [
        PlannedDate(date(2026, 9, 2), PlannedState.FREE),
        PlannedDate(date(2026, 9, 9), PlannedState.CLASH, "家長會」「晚會"),
    ]


def test_a_closed_day_stays_closed_whatever_the_room_holds():
    closed = PlannedDate(date(2026, 9, 9), PlannedState.CLOSED, "停課")
    taken = [Hold(Span(datetime(2026, 9, 9, 15), datetime(2026, 9, 9, 17)), "家長會")]

    assert planning.against([closed], PLAN, taken) == [closed]


@pytest.mark.parametrize(
    ("duty", "few"), [((), True), ((1,), True), ((1, 2), False), ((1, 2, 3), False)]
)
def test_fewer_than_two_teachers_are_too_few(duty, few):
    assert planning.too_few(PLAN._replace(duty=frozenset(duty))) is few


FREE = PlannedDate(date(2026, 9, 2), PlannedState.FREE)
CLASH = PlannedDate(date(2026, 9, 9), PlannedState.CLASH, "家長會")
BUSY = Hold(Span(datetime(2026, 9, 9, 15), datetime(2026, 9, 9, 17)), "家長會")


@pytest.mark.parametrize(
    ("preview", "skip", "accepted", "refusal"),
    [
        (OpeningPreview((FREE,), Worries((), False)), False, False, None),
        (OpeningPreview((FREE, CLASH), Worries((), False)), True, False, None),
        (
            OpeningPreview((FREE, CLASH), Worries((), False)),
            False,
            False,
            "有 1 個日期時間衝突",
        ),
        (OpeningPreview((CLASH,), Worries((), False)), True, False, "沒有一個日期可以開放"),
        (OpeningPreview((FREE,), Worries((), True)), True, False, "請先看一遍提醒"),
        (OpeningPreview((FREE,), Worries((BUSY,), False)), True, False, "請先看一遍提醒"),
        (OpeningPreview((FREE,), Worries((BUSY,), True)), True, True, None),
    ],
)
def test_what_a_planner_must_agree_to(preview, skip, accepted, refusal):
    consent = Consent(preview.fingerprint, skip, accepted)

    if refusal is None:
        planning.check_consent(preview, consent)
    else:
        with pytest.raises(Refused, match=refusal):
            planning.check_consent(preview, consent)


def test_consent_to_something_else_is_none():
    seen = OpeningPreview((FREE,), Worries((), False))

    with pytest.raises(Refused, match="核對之後情況有變"):
        planning.check_consent(
            OpeningPreview((FREE, CLASH), Worries((), False)),
            Consent(fingerprint(seen), accepted=True),
        )


def test_expected_keeps_only_what_its_kind_asks_for():
    some = frozenset({1}), frozenset({2})

    assert expected("all", *some) == Expected("all")
    assert expected("classes", *some) == Expected("classes", classes=frozenset({1}))
    assert expected("children", *some) == Expected("children", children=frozenset({2}))


@pytest.mark.parametrize(
    ("kind", "refusal"), [("classes", "請至少選一個班級"), ("children", "請至少選一名學生")]
)
def test_a_choice_of_nobody_is_refused(kind, refusal):
    with pytest.raises(Refused, match=refusal):
        expected(kind, frozenset(), frozenset())


FOUR, SIX = datetime(2026, 9, 2, 16), datetime(2026, 9, 2, 18)


@pytest.mark.parametrize(
    ("opened", "cancelled", "at", "refusal"),
    [
        (None, None, FOUR, None),
        (None, None, SIX, "已經結束"),  # the end is over
        (FOUR, None, FOUR, "簽到已經開始"),
        (None, FOUR, FOUR, "這次活動已取消"),
    ],
)
def test_what_was_held_or_begun_is_not_changed(opened, cancelled, at, refusal):
    if refusal is None:
        check_changeable(SIX, opened, cancelled, at)
    else:
        with pytest.raises(Refused, match=refusal):
            check_changeable(SIX, opened, cancelled, at)


def test_a_time_that_is_over_is_not_planned_for():
    check_ahead(Span(FOUR, SIX), FOUR)

    with pytest.raises(Refused, match="這個時間已經過去了"):
        check_ahead(Span(FOUR, SIX), SIX)
