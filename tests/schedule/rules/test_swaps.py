"""Handing a duty over: when it may be asked and answered, and what a change keeps."""

from datetime import timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.holds import Hold
from liushou_web.schedule.rules.swaps import (
    Answer,
    Duty,
    HandedOver,
    SwapState,
    check_answer,
    check_can_hand_over,
    check_can_take,
    check_none_since,
    check_only_one,
    state,
    with_swaps,
)
from liushou_web.span import Span

LI, WANG, CHEN, SUN = 1, 2, 3, 4
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answer", "cancelled", "on_duty", "at", "expected"),
    [
        ("", None, True, MONDAY_4PM - SECOND, SwapState.WAITING),
        ("", None, True, MONDAY_4PM, SwapState.LAPSED),  # it has begun
        ("", MONDAY_4PM, True, MONDAY_4PM - SECOND, SwapState.LAPSED),
        ("", None, False, MONDAY_4PM - SECOND, SwapState.LAPSED),
        ("accepted", MONDAY_4PM, False, MONDAY_4PM, SwapState.ACCEPTED),  # what was, stays
        ("declined", None, True, MONDAY_4PM, SwapState.DECLINED),
        ("withdrawn", None, True, MONDAY_4PM, SwapState.WITHDRAWN),
    ],
)
def test_a_request_lapses_by_itself_but_an_answer_does_not(
    answer, cancelled, on_duty, at, expected
):
    assert state(answer, MONDAY_4PM, cancelled, on_duty, at) is expected


def duty(*people, cancelled=None):
    return Duty(MONDAY_4PM, cancelled, frozenset(people))


@pytest.mark.parametrize(
    ("held", "at", "words"),
    [
        (duty(LI, cancelled=MONDAY_4PM), MONDAY_4PM - SECOND, "已取消"),
        (duty(LI), MONDAY_4PM, "已經開始"),
        (duty(WANG), MONDAY_4PM - SECOND, "已經不同了"),
    ],
)
def test_what_cannot_be_handed_over(held, at, words):
    with pytest.raises(Refused, match=words):
        check_can_hand_over(LI, held, at)


def test_a_duty_is_handed_over_until_it_begins():
    assert check_can_hand_over(LI, duty(LI), MONDAY_4PM - SECOND) is None


def test_nobody_is_in_two_places():
    span = Span(MONDAY_4PM, MONDAY_4PM + timedelta(hours=1))

    with pytest.raises(Refused) as refused:
        check_can_take(WANG, "王老師", duty(LI), [Hold(span, "閱讀", room="閱讀室")])
    assert str(refused.value) == (
        "王老師那個時間（11-23 16:00–17:00）要在閱讀室值班，不能兼顧。"
    )
    with pytest.raises(Refused, match="本來就在"):
        check_can_take(WANG, "王老師", duty(LI, WANG), [])
    assert check_can_take(WANG, "王老師", duty(LI), []) is None


def test_one_is_asked_at_a_time():
    with pytest.raises(Refused, match="先撤回"):
        check_only_one(True)
    assert check_only_one(False) is None


@pytest.mark.parametrize("given", [Answer.ACCEPTED, Answer.DECLINED, Answer.WITHDRAWN])
def test_an_answer_is_given_once(given):
    assert check_answer("", given) is True
    assert check_answer(given, given) is False
    for other in set(Answer) - {given, Answer.NONE}:
        with pytest.raises(Refused):
            check_answer(given, other)


@pytest.mark.parametrize("seen", [None, 1, 2])
def test_a_swap_that_was_seen_may_be_overwritten(seen):
    assert check_none_since(seen, [("李老師", "王老師")]) is None


def test_a_swap_that_was_not_seen_is_told_first():
    with pytest.raises(HandedOver, match="王老師的值班改由孫老師") as refused:
        check_none_since(1, [("李老師", "王老師"), ("王老師", "孫老師")])
    assert refused.value.count == 2


@pytest.mark.parametrize(
    ("planned", "swaps", "now", "expected"),
    [
        ({LI, CHEN}, [], {LI, CHEN}, {LI, CHEN}),
        ({LI, CHEN}, [(LI, WANG)], {WANG, CHEN}, {WANG, CHEN}),
        ({LI, CHEN}, [(LI, WANG), (WANG, SUN)], {SUN, CHEN}, {SUN, CHEN}),
        ({LI, CHEN}, [(LI, WANG), (WANG, LI)], {LI, CHEN}, {LI, CHEN}),  # and back
        ({LI, CHEN}, [(LI, WANG)], {LI, CHEN}, {LI, CHEN}),  # the office undid it
        ({LI, CHEN}, [(LI, WANG)], {LI, WANG}, {LI, CHEN}),
        ({LI, CHEN}, [(LI, WANG)], {SUN, CHEN}, {LI, CHEN}),  # or put another
        ({LI, WANG}, [(LI, WANG)], {WANG, CHEN}, {LI, WANG}),  # the plan has both now
        ({SUN, CHEN}, [(LI, WANG)], {WANG, CHEN}, {SUN, CHEN}),  # or neither
        ({LI, CHEN}, [(LI, WANG), (CHEN, SUN)], {WANG, SUN}, {WANG, SUN}),
    ],
)
def test_a_change_of_the_series_keeps_the_swaps_that_hold(planned, swaps, now, expected):
    kept = with_swaps(frozenset(planned), swaps, frozenset(now))

    assert kept == frozenset(expected)
