"""What an arrival and a departure mean, and how they are counted."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from liushou_web.attendance.rules.marks import Mark, Meeting, Tally, check_tap, mark, tally
from liushou_web.attendance.rules.roll import sections_of
from liushou_web.refusal import Refused

FOUR = datetime(2026, 11, 23, 16, 0)
MEETING = Meeting(FOUR, FOUR + timedelta(minutes=90), grace_minutes=10)


def past_four(minutes, seconds=0):
    return FOUR + timedelta(minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("came", "went", "leave", "now", "expected"),
    [
        (None, None, "", past_four(30), Mark.EXPECTED),
        (None, None, "", past_four(89, 59), Mark.EXPECTED),
        (None, None, "", past_four(90), Mark.ABSENT),  # it is over
        (None, None, "sick", past_four(90), Mark.ON_LEAVE),  # leave is not absence
        (past_four(-30), None, "", past_four(-20), Mark.HERE),  # early birds
        (past_four(10), None, "", past_four(30), Mark.HERE),  # the grace is inclusive
        (past_four(10, 1), None, "", past_four(30), Mark.LATE),
        (past_four(10), past_four(40), "", past_four(50), Mark.LEFT),
        (past_four(11), past_four(40), "", past_four(50), Mark.LATE_LEFT),
        (past_four(5), None, "", past_four(90), Mark.NOT_OUT),
        (past_four(11), None, "", past_four(90), Mark.NOT_OUT),
        (past_four(95), None, "", past_four(96), Mark.NOT_OUT),  # came after the end
        (past_four(5), past_four(95), "", past_four(99), Mark.LEFT),
    ],
)
def test_mark(came, went, leave, now, expected):
    assert mark(MEETING, came, went, leave, now) is expected


def test_the_printed_symbols_are_told_apart_without_colour():
    shown = {
        m.symbol for m in (Mark.LEFT, Mark.LATE, Mark.ON_LEAVE, Mark.ABSENT, Mark.NOT_OUT)
    }

    assert shown == {"√", "○", "△", "×", "⊙"}


def test_expected_is_come_and_on_leave_and_absent():
    marks = [Mark.HERE, Mark.LATE_LEFT, Mark.NOT_OUT, Mark.ON_LEAVE, Mark.ABSENT]

    counted = tally(marks)

    assert counted == Tally(expected=5, came=3, on_leave=1, absent=1, present=2)
    assert counted.accountable == 4


def test_a_tap_on_a_cancelled_activity_is_refused():
    with pytest.raises(Refused, match="已取消"):
        check_tap(FOUR, FOUR, FOUR)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_tap_on_another_day_is_refused(days):
    with pytest.raises(Refused, match="不在今天"):
        check_tap(FOUR, None, FOUR + timedelta(days=days))


class Row(NamedTuple):
    name: str
    mark: Mark
    class_name: str = "一年級1班"
    walk_in: bool = False


ROWS = [
    Row("離", Mark.LEFT),
    Row("在", Mark.HERE),
    Row("未", Mark.EXPECTED, "二年級1班"),
    Row("假", Mark.ON_LEAVE, "二年級1班"),
    Row("客", Mark.HERE, walk_in=True),
]


def laid_out(order, now):
    sections = sections_of(ROWS, order, MEETING, now)
    return [(section.title, [row.name for row in section.rows]) for section in sections]


@pytest.mark.parametrize(
    ("order", "now", "expected"),
    [
        (
            "waiting",
            past_four(5),
            [("未到", ["未"]), ("在場", ["在"]), ("已離開", ["離"]), ("請假", ["假"])],
        ),
        (
            "waiting",
            past_four(70),  # homeward: those still here come first
            [("在場", ["在"]), ("未到", ["未"]), ("已離開", ["離"]), ("請假", ["假"])],
        ),
        ("class", past_four(5), [("一年級1班", ["離", "在"]), ("二年級1班", ["未", "假"])]),
    ],
)
def test_the_roll_is_laid_out(order, now, expected):
    assert laid_out(order, now) == expected
