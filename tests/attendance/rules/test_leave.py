"""What a leave covers, what may be entered, and which absences are worth a word."""

from datetime import date, datetime, timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.attendance.rules.leave import (
    PART_LABELS,
    Outcome,
    Part,
    Sick,
    Stretch,
    check_restoring,
    check_stretch,
    check_withdrawal,
    fell_sick,
    is_news,
    missed_in_a_row,
    week_before,
)
from liushou_web.refusal import Refused

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=n) for n in range(8)]


def at(day, clock):
    return datetime.fromisoformat(f"{day} {clock}")


@pytest.mark.parametrize(
    ("part", "clock", "covered"),
    [
        ("day", "00:00:00", True),
        ("day", "23:59:59", True),
        ("morning", "00:00:00", True),
        ("morning", "11:59:59", True),
        ("morning", "12:00:00", False),
        ("afternoon", "11:59:59", False),
        ("afternoon", "12:00:00", True),
        ("afternoon", "23:59:59", True),
    ],
)
def test_an_activity_is_in_the_half_that_it_starts_in(part, clock, covered):
    assert Stretch(MONDAY, MONDAY, part).covers(at(MONDAY, clock)) is covered


@pytest.mark.parametrize(
    ("day", "covered"),
    [(DAYS[0], False), (DAYS[1], True), (DAYS[2], True), (DAYS[3], True), (DAYS[4], False)],
)
def test_the_first_and_the_last_day_are_part_of_it(day, covered):
    assert Stretch(DAYS[1], DAYS[3]).covers(at(day, "16:00:00")) is covered


@pytest.mark.parametrize(
    ("one", "other", "overlapping"),
    [
        ((0, 0, "day"), (0, 0, "day"), True),
        ((0, 2, "day"), (2, 4, "day"), True),
        ((0, 2, "day"), (3, 4, "day"), False),
        ((0, 4, "day"), (2, 2, "morning"), True),
        ((0, 0, "morning"), (0, 0, "afternoon"), False),
        ((0, 2, "morning"), (2, 4, "morning"), True),
        ((0, 2, "afternoon"), (3, 4, "afternoon"), False),
    ],
)
def test_stretches_overlap_where_they_share_half_a_day(one, other, overlapping):
    first, second = (Stretch(DAYS[a], DAYS[b], part) for a, b, part in (one, other))

    assert first.overlaps(second) is overlapping
    assert second.overlaps(first) is overlapping


def test_overlapping_is_to_cover_the_same_moment():
    moments = [at(day, clock) for day in DAYS for clock in ("08:00:00", "16:00:00")]
    stretches = [
        Stretch(a, b, p) for a in DAYS[:4] for b in DAYS[:4] if a <= b for p in Part
    ]

    for one in stretches:
        for other in stretches:
            shared = any(one.covers(m) and other.covers(m) for m in moments)
            assert one.overlaps(other) is shared


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (-1, 3, "請假只能從今天開始。過去的日子已經記在簽到表上，不能改寫。"),
        (3, 2, "最後一天不能早於第一天。"),
        (0, 120, "一次請假不會超過 120 天，請核對日期。"),
    ],
)
def test_days_that_cannot_be_are_refused(first, last, reason):
    stretch = Stretch(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))

    with pytest.raises(Refused) as refusal:
        check_stretch(stretch, MONDAY)

    assert str(refusal.value) == reason


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 119), (300, 301)])
def test_days_from_today_on_are_good(first, last):
    check_stretch(
        Stretch(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)), MONDAY
    )


def test_only_what_is_not_over_can_be_withdrawn():
    check_withdrawal(MONDAY, MONDAY)

    with pytest.raises(Refused, match="已經過去"):
        check_withdrawal(MONDAY, MONDAY + timedelta(days=1))


def test_only_a_withdrawal_of_today_can_be_undone():
    check_restoring(DAYS[5], MONDAY_4PM, MONDAY)

    with pytest.raises(Refused, match="不是今天撤回的"):
        check_restoring(DAYS[5], MONDAY_4PM, DAYS[1])
    with pytest.raises(Refused, match="已經過去"):
        check_restoring(DAYS[0], MONDAY_4PM + timedelta(days=1), DAYS[1])


def outcomes(letters):
    """'c' came, 'x' was absent, 'l' was on leave; one a day."""
    return [
        Outcome(at(day, "16:00:00"), at(day, "17:30:00"), letter == "c", letter == "l")
        for day, letter in zip(DAYS, letters, strict=False)
    ]


@pytest.mark.parametrize(
    ("letters", "missed"),
    [
        ("", []),
        ("c", []),
        ("x", [0]),
        ("cxx", [1, 2]),
        ("xxc", []),
        ("xcx", [2]),
        ("xlx", [0, 2]),
        ("cxll", [1]),
        ("lll", []),
        ("xcxlxl", [2, 4]),
    ],
)
def test_absences_count_back_to_the_last_time_it_came_and_leave_is_none(letters, missed):
    happened = outcomes(letters)

    assert missed_in_a_row(reversed(happened)) == [happened[n] for n in missed]
    assert missed_in_a_row(happened) == [happened[n] for n in missed]


def test_a_child_sick_for_days_is_one_child_from_the_first():
    early, late = MONDAY_4PM, MONDAY_4PM + timedelta(days=2)
    facts = [Sick(1, late), Sick(2, late), Sick(1, early), Sick(1, late)]

    assert fell_sick(facts) == {1: early, 2: late}


def test_a_week_ends_today():
    assert week_before(MONDAY) == (date(2026, 11, 17), MONDAY)


def test_a_case_is_news_until_it_was_seen_and_again_after_something_new():
    later = MONDAY_4PM + timedelta(seconds=1)

    assert is_news(MONDAY_4PM, None)
    assert not is_news(MONDAY_4PM, MONDAY_4PM)
    assert not is_news(MONDAY_4PM, later)
    assert is_news(later, MONDAY_4PM)


def test_the_parts_of_a_day_have_names():
    assert (
        [part.label for part in Part] == ["全天", "上午", "下午"] == [*PART_LABELS.values()]
    )
