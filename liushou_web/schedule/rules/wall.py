"""How large the wall timetable may be written to stay on one A4 page, landscape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple, Protocol, TypeVar

from .timetables import RoomRow

SIZES = tuple(range(15, 4, -1))  # points; each is a class in schedule-print.css
HEIGHT = 186.0  # millimetres between the margins, with some to spare
WIDTH = 277.0
ROOM = 0.09  # the part of the width that the names of the rooms have
FIXED = 33.0  # title, the lines under it and at the foot, the head of the table
POINT = 0.3528  # millimetres
LINE = 1.3  # line height
NARROW = 0.66  # of an em: a letter or a digit in bold
TALL = range(60, 131, 10)  # millimetres that a table with few rows is drawn out to
LISTED = 11  # points at most, of the list of single activities
FEW = 4  # single activities for which the table makes room
PADDING = 2.4  # millimetres of a cell or an entry, borders included
WASTE = 0.95  # of a line is filled, as words and marks do not break anywhere


class Written(Protocol):
    """What a cell says of one opening, under the line of its times."""

    @property
    def room_id(self) -> int: ...
    @property
    def room(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def duty(self) -> tuple[str, ...]: ...


Text = TypeVar("Text", bound=Written)


def ems(text: str) -> float:
    """The width of a text in ems."""
    return sum(1.0 if letter > "\u2e7f" else NARROW for letter in text)


def lines(text: str, width: float, points: int) -> int:
    """How many lines a text takes in a column `width` millimetres wide."""
    per_line = width * WASTE / (points * POINT)
    return ceil(ems(text) / per_line) if text else 0


def table_height(rows: Iterable[RoomRow[Text]], columns: int, points: int) -> float:
    """The height of the rows of the table in millimetres, if written in this size."""
    column = WIDTH * (1 - ROOM) / max(columns, 1) - PADDING
    return sum(_row(row, column, points, points * POINT * LINE) for row in rows)


def _row(row: RoomRow[Text], column: float, points: int, line: float) -> float:
    name = lines(row.name, WIDTH * ROOM - PADDING, points) * line + PADDING
    cells = (_cell(cell, column, points, line) for cell in row.cells)
    return max(name, *cells, 0.0)


def _cell(cell: Sequence[Written], column: float, points: int, line: float) -> float:
    count = 0
    for opening in cell:
        duty = "、".join(opening.duty)
        count += 1 + lines(opening.title, column, points) + lines(duty, column, points)
    return count * line + PADDING * len(cell)


def list_height(texts: Sequence[str], points: int) -> float:
    """The height of a list in two columns, with its heading."""
    if not texts:
        return 0.0
    count = sum(lines(text, WIDTH / 2 - 6, points) for text in texts)
    return (ceil(count / 2) + 1) * points * POINT * LINE + 9


class Layout(NamedTuple):
    size: int  # points, of the table
    list_size: int
    shown: int  # how many of the single activities there is room for
    tall: int  # millimetres that the table is drawn out to, 0 as tall as its rows


def layout(rows: Sequence[RoomRow[Text]], columns: int, others: Sequence[str]) -> Layout:
    """The largest size in which the table and a few single activities are one page, and
    as many more of them as fit. Where nothing fits, the smallest and no activities."""
    for size in SIZES:
        left = HEIGHT - FIXED - table_height(rows, columns, size)
        list_size = min(size, LISTED)
        if left >= list_height(others[:FEW], list_size):
            shown = _fitting(others, list_size, left)
            spare = left - list_height(others[:shown], list_size)
            table = table_height(rows, columns, size)
            return Layout(size, list_size, shown, _drawn_out(table, spare, size))
    return Layout(SIZES[-1], SIZES[-1], 0, 0)


def _drawn_out(table: float, spare: float, size: int) -> int:
    fitting = [tall for tall in TALL if table < tall < table + spare]
    return max(fitting, default=0) if size == SIZES[0] else 0


def _fitting(texts: Sequence[str], points: int, room: float) -> int:
    counts = range(len(texts), 0, -1)
    return next((n for n in counts if list_height(texts[:n], points) <= room), 0)
