"""A week in every room as a grid, and on the wall."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest

from liushou_web.schedule.rules import wall
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.schedule.rules.timetables import RoomRow, days_shown, grid, weekdays_shown

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
SATURDAY, SUNDAY = WEEK[5:]


class Held(NamedTuple):
    room_id: int
    room: str
    day: date = MONDAY
    title: str = "作業輔導"
    duty: tuple[str, ...] = ("李老師", "王老師")


@pytest.mark.parametrize(
    ("held", "special", "shown"),
    [
        ([], {}, 5),
        ([Held(1, "活動室", SATURDAY)], {}, 6),
        ([Held(1, "活動室", SUNDAY)], {}, 6),  # Saturday stays hidden
        ([], {SATURDAY: SpecialDay(False, "調休")}, 6),
        ([], {SATURDAY: SpecialDay(True, "國慶節")}, 5),  # closed, like any weekend
    ],
)
def test_an_empty_weekend_is_not_shown(held, special, shown):
    assert len(days_shown(WEEK, held, special)) == shown


def test_a_weekend_that_is_used_each_week_is_shown():
    assert weekdays_shown([0, 2]) == [0, 1, 2, 3, 4]
    assert weekdays_shown([6]) == [0, 1, 2, 3, 4, 6]


def test_each_room_has_a_row_and_each_day_a_cell():
    first, second = Held(2, "圖書室"), Held(2, "圖書室", WEEK[1])

    rows = grid(
        [(1, "活動室"), (2, "圖書室")],
        WEEK[:2],
        [(item.day, item) for item in (first, second)],
    )

    assert rows == [
        RoomRow(1, "活動室", [[], []]),
        RoomRow(2, "圖書室", [[first], [second]]),
    ]


def test_a_retired_room_has_a_row_while_it_is_held():
    item = Held(9, "舊教室")

    rows = grid([(1, "活動室")], [MONDAY], [(MONDAY, item)])

    assert [(row.name, row.cells) for row in rows] == [
        ("活動室", [[]]),
        ("舊教室", [[item]]),
    ]


def rows_of(rooms, each):
    return [
        RoomRow(n, f"第{n}活動室", [[Held(n, "")] * each for _ in range(5)])
        for n in range(rooms)
    ]


@pytest.mark.parametrize(
    ("text", "wide"),
    [("作業輔導", 4), ("16:30", 5 * wall.NARROW), ("𠮷", 1), ("", 0)],
)
def test_a_character_is_an_em_wide_and_a_digit_less(text, wide):
    assert wall.ems(text) == pytest.approx(wide)


def test_the_wall_is_written_as_large_as_it_fits():
    sizes = [wall.layout(rows_of(n, 1), 5, []).size for n in (1, 4, 8, 12, 30)]

    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (15, 5)


def test_a_fuller_wall_lists_fewer_single_activities():
    texts = ["11月23日 週一 16:30–18:00 消防演練（活動室）"] * 12

    few, many = wall.layout(rows_of(1, 1), 5, texts), wall.layout(rows_of(5, 1), 5, texts)

    assert few.shown == 12
    assert wall.FEW <= many.shown < 12


def test_a_wall_with_little_on_it_is_drawn_out():
    assert wall.layout(rows_of(1, 1), 5, []).tall == 130
    assert wall.layout(rows_of(9, 1), 5, []).tall == 0


@pytest.mark.parametrize("rooms", range(1, 12))
def test_what_is_laid_out_is_not_higher_than_the_page(rooms):
    rows, texts = rows_of(rooms, 1), ["11月23日 週一 16:30–18:00 消防演練（活動室）"] * 12

    laid = wall.layout(rows, 5, texts)

    table = max(laid.tall, wall.table_height(rows, 5, laid.size))
    below = wall.list_height(texts[: laid.shown], laid.list_size)
    assert wall.FIXED + table + below <= wall.HEIGHT
