"""How the roll is laid out: its mode by the time, its sections, its orders."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from liushou_web.attendance.rules.marks import Mark, Meeting
from liushou_web.attendance.rules.roll import Mode, mode_at, sections_of

FOUR = datetime(2026, 11, 23, 16, 0)
MEETING = Meeting(FOUR, FOUR + timedelta(minutes=90), grace_minutes=10)


@pytest.mark.parametrize(
    ("minutes", "seconds", "mode"),
    [(-60, 0, Mode.IN), (69, 59, Mode.IN), (70, 0, Mode.OUT), (150, 0, Mode.OUT)],
)
def test_twenty_minutes_before_the_end_a_roll_turns_to_signing_out(minutes, seconds, mode):
    now = FOUR + timedelta(minutes=minutes, seconds=seconds)

    assert mode_at(MEETING, now) is mode


class Row(NamedTuple):
    name: str
    mark: Mark
    sort_name: str
    class_name: str = "一年級1班"
    walk_in: bool = False


ROWS = [
    Row("離", Mark.LEFT, "li"),
    Row("在", Mark.HERE, "zai"),
    Row("忘", Mark.NOT_OUT, "wang"),
    Row("未", Mark.EXPECTED, "wei", "二年級1班"),
    Row("假", Mark.ON_LEAVE, "jia", "二年級1班"),
    Row("客", Mark.HERE, "ke", walk_in=True),
]
AWAITED, HERE = ("未到", ["未"]), ("在場", ["在", "忘"])
FIRST, SECOND = ("一年級1班", ["離", "在", "忘"]), ("二年級1班", ["未", "假"])
GONE, LEAVE = ("已離開", ["離"]), ("請假", ["假"])


@pytest.mark.parametrize(
    ("order", "mode", "expected"),
    [
        ("waiting", Mode.IN, [AWAITED, HERE, GONE, LEAVE]),
        ("waiting", Mode.OUT, [HERE, AWAITED, GONE, LEAVE]),
        (
            "class",
            Mode.IN,
            [("一年級1班", ["離", "在", "忘"]), ("二年級1班", ["未", "假"])],
        ),
        ("name", Mode.IN, [("全部", ["假", "離", "忘", "未", "在"])]),
        ("name", Mode.OUT, [("全部", ["假", "離", "忘", "未", "在"])]),
    ],
)
def test_the_roll_is_laid_out(order, mode, expected):
    sections = sections_of(ROWS, order, mode)

    assert [(each.title, [row.name for row in each.rows]) for each in sections] == expected


@pytest.mark.parametrize(
    ("mode", "numbers"), [(Mode.IN, [(3, 3), (0, 2)]), (Mode.OUT, [(1, 3), (0, 2)])]
)
def test_a_class_counts_who_came_and_at_home_time_who_went(mode, numbers):
    sections = sections_of(ROWS, "class", mode)

    assert [(each.number, len(each.rows)) for each in sections] == numbers
    assert all(each.of_all for each in sections)


@pytest.mark.parametrize("order", ["waiting", "class", "name"])
def test_a_roll_of_walk_ins_alone_has_no_sections(order):
    assert sections_of([ROWS[-1]], order, Mode.IN) == []
