"""The states of a request, who may take it back, and the words that are sealed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kit import MONDAY_4PM

from liushou_web.counselling.rules.bookings import (
    BookingState,
    Words,
    check_step,
    check_undo,
    check_withdrawal,
    to_seal,
    unsealed,
)
from liushou_web.refusal import Refused

HOUR = timedelta(hours=1)
BEFORE, AFTER = MONDAY_4PM - HOUR, MONDAY_4PM + HOUR


@pytest.mark.parametrize(
    ("state", "wanted", "starts", "kind"),
    [
        ("waiting", BookingState.BOOKED, AFTER, "child"),
        ("waiting", BookingState.DONE, BEFORE, "child"),
        ("booked", BookingState.DONE, MONDAY_4PM, "meeting"),
        ("booked", BookingState.MISSED, BEFORE, "child"),
        ("waiting", BookingState.CANCELLED, None, "child"),
        ("booked", BookingState.CANCELLED, AFTER, "maintenance"),
    ],
)
def test_steps_that_are_taken(state, wanted, starts, kind):
    assert check_step(state, wanted, starts, kind, MONDAY_4PM) is None


@pytest.mark.parametrize(
    ("state", "wanted", "starts", "kind", "words"),
    [
        ("booked", BookingState.BOOKED, AFTER, "child", "這次預約已是「已定」"),
        ("done", BookingState.CANCELLED, BEFORE, "child", "這次預約已是「完成」"),
        ("cancelled", BookingState.DONE, BEFORE, "child", "這次預約已是「取消」"),
        ("booked", BookingState.WAITING, AFTER, "child", "這次預約已是「已定」"),
        ("waiting", BookingState.BOOKED, None, "child", "還沒有時間，不能確認"),
        ("booked", BookingState.DONE, AFTER, "child", "時間還沒有到"),
        ("waiting", BookingState.MISSED, None, "child", "時間還沒有到"),
        ("booked", BookingState.MISSED, BEFORE, "meeting", "會議和整理沒有「未到」"),
    ],
)
def test_steps_that_are_refused(state, wanted, starts, kind, words):
    with pytest.raises(Refused, match=words):
        check_step(state, wanted, starts, kind, MONDAY_4PM)


@pytest.mark.parametrize(
    ("state", "starts", "words"),
    [
        ("done", BEFORE, "已是「完成」，不能撤回"),
        ("booked", MONDAY_4PM, "已經開始，不能撤回"),
    ],
)
def test_what_is_settled_or_begun_is_not_taken_back(state, starts, words):
    with pytest.raises(Refused, match=words):
        check_withdrawal(state, starts, MONDAY_4PM)


@pytest.mark.parametrize(("state", "starts"), [("waiting", None), ("booked", AFTER)])
def test_until_it_begins_it_is(state, starts):
    assert check_withdrawal(state, starts, MONDAY_4PM) is None


@pytest.mark.parametrize(
    ("state", "before", "shown"),
    [("missed", "booked", "done"), ("booked", "", "booked"), ("waiting", "", "booked")],
)
def test_only_the_step_that_was_shown_is_undone(state, before, shown):
    with pytest.raises(Refused, match="請刷新頁面"):
        check_undo(state, before, shown)


@given(some.text(max_size=20), some.text(max_size=300))
def test_what_is_sealed_is_what_is_opened(alias, reason):
    text = to_seal(Words(alias, reason))

    assert (unsealed(text) if text else Words()) == Words(alias, reason)
