"""Whom a call may reach, how long it was, when it may still be changed."""

from datetime import datetime, timedelta

import pytest

from liushou_web.actor import Actor
from liushou_web.children.rules.register import ChildFields
from liushou_web.phone.rules import calls
from liushou_web.phone.rules.calls import CallSums, Contact, contacts_of, sums
from liushou_web.refusal import NotAllowed, Refused

FOUR = datetime(2026, 11, 23, 16, 0)


def at(minute, second=0, day=23, hour=16):
    return datetime(2026, 11, day, hour, minute, second)


@pytest.mark.parametrize(
    ("started", "ended", "minutes"),
    [
        (at(0), at(8), 8),
        (at(0, 50), at(1, 10), 1),  # as the times are written
        (at(0, 5), at(0, 55), 0),
        (at(59), at(3, hour=17), 4),
        (at(0), None, None),  # nobody remembers
    ],
)
def test_minutes_are_those_between_the_times_as_written(started, ended, minutes):
    assert calls.minutes(started, ended) == minutes


def test_only_who_has_a_name_or_a_number_can_be_called():
    file = ChildFields(
        "小明", 1, mother_name="王芳", mother_phone="13900000001",
        carer_phone="13900000002", carer_relation="奶奶",
    )  # fmt: skip

    assert contacts_of(file) == [
        Contact("mother", "王芳", "13900000001"),
        Contact("carer", "", "13900000002", "奶奶"),
    ]
    assert [each.label for each in contacts_of(file)] == ["媽媽", "監護人"]


def test_without_a_number_only_a_video_call_reaches():
    nobody = Contact("father", "李勇", "")

    with pytest.raises(Refused, match="沒有這位家人的電話號碼"):
        calls.check_reachable(nobody, "phone")
    assert calls.check_reachable(nobody, "video") is None


@pytest.mark.parametrize(
    ("moment", "over"), [(at(9, 59), False), (at(10), True), (at(11), True)]
)
def test_a_slot_of_ten_minutes_is_over_after_ten(moment, over):
    assert calls.is_over_time(FOUR, 10, moment) is over
    assert calls.suggested_end(FOUR, 10) == at(10)


@pytest.mark.parametrize(
    ("moment", "forgotten"),
    [
        (at(30), False),
        (at(0, hour=19), False),  # three hours to the second
        (at(0, 1, hour=19), True),
        (at(5, day=24, hour=0), True),  # another day
    ],
)
def test_now_is_not_when_a_forgotten_call_ended(moment, forgotten):
    assert calls.is_forgotten(FOUR, moment) is forgotten
    if forgotten:
        with pytest.raises(Refused, match="請補記結束時間"):
            calls.check_not_forgotten(FOUR, moment)


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (at(59, hour=15), "結束時間不能早於開始時間 16:00。"),
        (at(31), "結束時間還沒有到，請核對。"),
        (at(30), None),
        (at(0), None),
        (None, None),  # nobody remembers
    ],
)
def test_an_end_lies_between_the_start_and_now(ended, reason):
    if reason is None:
        assert calls.check_end(FOUR, ended, at(30)) is None
        return
    with pytest.raises(Refused) as refusal:
        calls.check_end(FOUR, ended, at(30))
    assert str(refusal.value) == reason


def test_the_minute_of_the_start_is_no_early_end():
    assert calls.check_end(at(0, 40), at(0), at(30)) is None


def test_no_call_is_longer_than_three_hours():
    with pytest.raises(Refused, match="不會超過 3 小時"):
        calls.check_end(FOUR, at(1, hour=19), at(0, day=24))


@pytest.mark.parametrize(("minutes", "may"), [(0, True), (5, True), (6, False)])
def test_a_tap_is_taken_back_within_five_minutes(minutes, may):
    moment = FOUR + timedelta(minutes=minutes)

    assert calls.may_undo(FOUR, moment) is may
    assert calls.may_undo(None, moment) is False
    if not may:
        with pytest.raises(Refused, match="過了 5 分鐘"):
            calls.check_undo(FOUR, moment)


def test_after_the_day_only_the_office_corrects():
    duty = Actor(1, "李", frozenset({"duty"}))
    office = Actor(2, "林", frozenset({"office"}))

    assert calls.check_may_correct(duty, FOUR, at(0, hour=22)) is None
    assert calls.check_may_correct(office, FOUR, at(0, day=25)) is None
    with pytest.raises(NotAllowed, match="只有辦公室"):
        calls.check_may_correct(duty, FOUR, at(0, day=24))


def test_every_attempt_counts_and_only_answers_talk():
    page = [("connected", 8), ("no_answer", None), ("connected", None), ("", None)]

    assert sums(page) == CallSums(attempts=3, connected=2, minutes=8)
    assert sums([]) == CallSums(0, 0, 0)
