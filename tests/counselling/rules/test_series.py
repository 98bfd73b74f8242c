"""Follow-ups: each date with its state, and what has to be agreed to."""

from datetime import date, datetime, timedelta

import pytest

from liushou_web.consent import Consent
from liushou_web.counselling.rules.hours import Away
from liushou_web.counselling.rules.series import (
    DateState,
    Rhythm,
    check_series,
    follow_ups,
    preview,
)
from liushou_web.counselling.rules.times import with_pause
from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.span import Span

FIRST = Span(datetime(2026, 9, 7, 14), datetime(2026, 9, 7, 14, 45))
PAUSE = timedelta(minutes=10)
HOLIDAY = date(2026, 10, 5)
AWAY = date(2026, 10, 19)


def ten_weeks(special=None, away=(), taken=()):
    spans = follow_ups(FIRST, Rhythm(1, 10))
    return preview(spans, special or {}, away, taken)


@pytest.mark.parametrize(
    ("weeks", "days"), [(1, ["09-14", "09-21", "09-28"]), (2, ["09-21", "10-05", "10-19"])]
)
def test_the_same_weekday_and_time_again(weeks, days):
    spans = follow_ups(FIRST, Rhythm(weeks, 3))

    assert [f"{span.starts:%m-%d}" for span in spans] == days
    assert {f"{span.starts:%H:%M}–{span.ends:%H:%M}" for span in spans} == {"14:00–14:45"}


def test_ten_weeks_with_two_clashes_and_a_holiday_are_seven_and_three_with_reasons():
    taken = [
        with_pause(Span(datetime(2026, 9, 21, 14, 50), datetime(2026, 9, 21, 15)), PAUSE),
        Span(datetime(2026, 11, 2, 14, 30), datetime(2026, 11, 2, 16)),
    ]

    shown = ten_weeks({HOLIDAY: SpecialDay(True, "國慶節")}, taken=taken)

    assert (len(shown.lines), len(shown.free), len(shown.clashing)) == (10, 7, 2)
    not_free = [
        (line.day, line.state, line.note)
        for line in shown.lines
        if line.span not in shown.free
    ]
    assert not_free == [
        (date(2026, 9, 21), DateState.CLASH, ""),
        (HOLIDAY, DateState.CLOSED, "國慶節"),
        (date(2026, 11, 2), DateState.CLASH, ""),
    ]


@pytest.mark.parametrize(
    ("away", "state"),
    [
        (Away(AWAY, AWAY), DateState.CLOSED),
        (
            Away(AWAY, AWAY, FIRST.ends.time(), FIRST.ends.time().replace(hour=18)),
            DateState.FREE,
        ),
    ],
)
def test_days_on_which_the_counsellor_is_away_are_closed(away, state):
    shown = ten_weeks(away=[away])

    assert {line.day: line.state for line in shown.lines}[AWAY] is state


def test_only_what_was_seen_and_agreed_to_is_booked():
    clash = Span(datetime(2026, 9, 14, 14), datetime(2026, 9, 14, 15))
    shown, all_taken = (
        ten_weeks(taken=[clash]),
        ten_weeks(away=[Away(date.min, date.max - timedelta(1))]),
    )
    seen = shown.fingerprint

    assert check_series(shown, Consent(seen, skip=True)) is None
    for preview_, consent, words in [
        (shown, Consent("other"), "情況有變"),
        (shown, Consent(seen, skip=False), "有 1 個日期已被佔用"),
        (all_taken, Consent(all_taken.fingerprint), "沒有一個日期可以預約"),
    ]:
        with pytest.raises(Refused, match=words):
            check_series(preview_, consent)
