"""Finds the headings of a roster under its title, and guesses what each column is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from liushou_web.refusal import Refused

from .book import Book, Cell, Reading, Worksheet
from .classes import named_in, school_class
from .vocabulary import CHOICES, CLASS, LABELS, Meaning, meaning

ROWS_SEARCHED = 30  # rows from the top that may hold the headings
DEEPEST_HEADINGS = 3
FEWEST_HEADINGS = 2  # headings that make a row a row of headings
MOST_SAMPLES = 3
IDENTITY = re.compile("身[份分][证證]|公民身[份分]|[证證]件[号號]")
FIGURE = re.compile(r"[\d\s./:()（）年月日-]*\d[\d\s./:()（）年月日-]*")


class RosterColumn(NamedTuple):
    """A column as the person sees it: its headings, some values, what it is taken for."""

    place: int
    heading: str
    samples: tuple[str, ...]
    field: str

    @property
    def private(self) -> bool:
        """An identity number: the register does not keep it."""
        return bool(IDENTITY.search(self.heading))


def guess(book: Book) -> Reading:
    """The sheet with the best headings and the most rows, and its columns."""
    readings = [guess_sheet(book, place) for place in range(len(book.sheets))]
    return max(readings, key=lambda reading: _worth(book, reading))


def _worth(book: Book, reading: Reading) -> tuple[bool, int, int]:
    rows = book.sheets[reading.sheet].rows
    return "name" in reading.columns, len(rows) - reading.header, -reading.sheet


def guess_sheet(book: Book, place: int) -> Reading:
    """The best reading of one sheet. Without headings no column has a meaning yet."""
    sheet = book.sheets[place]
    tries = [
        (row, depth)
        for row in range(min(ROWS_SEARCHED, len(sheet.rows)))
        for depth in range(1, DEEPEST_HEADINGS + 1)
        if _may_be_headings(sheet, row, depth)
    ]
    scored = [(len(_fields_found(sheet, row, depth)), -depth, -row) for row, depth in tries]
    best = max(scored, default=(0, 0, 0))
    if best[0] < FEWEST_HEADINGS:
        return Reading(place, 0, 0, ("",) * sheet.width)
    return read_at(book, place, header=1 - best[2], depth=-best[1])


def read_at(book: Book, place: int, *, header: int, depth: int) -> Reading:
    """The columns guessed from the headings in these rows; `header` counts from 1."""
    sheet = book.sheets[place]
    if not header:
        return Reading(place, 0, 0, ("",) * sheet.width)
    found = _fields_found(sheet, header - 1, depth)
    columns = tuple(found.get(column, "") for column in range(sheet.width))
    whole_class = "" if CLASS in columns else _class_of(book, sheet, header - 1)
    return Reading(place, header, depth, columns, whole_class)


def _class_of(book: Book, sheet: Worksheet, titles: int) -> str:
    """The class that a title, the sheet's tab or the file's name tells of."""
    above = [_words(cell) for row in sheet.rows[:titles] for cell in row]
    told = (named_in(text) for text in (*above, sheet.name, book.filename) if text)
    return next(filter(None, told), "")


def checked(book: Book, reading: Reading) -> Reading:
    """The reading as a person corrected it; refuses one that cannot be used."""
    chosen = [field for field in reading.columns if field]
    for field in chosen:
        if field not in CHOICES or chosen.count(field) > 1:
            raise Refused(
                "有兩欄都選了「{label}」，請只留一欄。", label=LABELS.get(field, "")
            )
    if "name" not in chosen:
        raise Refused("請指定哪一欄是學生姓名。")
    if not {CLASS, "number"} & set(chosen) and not reading.whole_class:
        raise Refused("名冊裏沒有班級一欄。請填寫這些學生在哪個班。")
    school_class(reading.whole_class)
    return reading


def columns(book: Book, reading: Reading) -> list[RosterColumn]:
    """The columns that have a heading or a value, for the person to look over."""
    sheet = book.sheets[reading.sheet]
    heads = _headings(sheet, reading.header - 1, reading.depth)
    return [
        RosterColumn(place, " · ".join(heads[place]), samples, field)
        for place, field in enumerate(reading.columns)
        if (samples := tuple(_samples(sheet, reading, place))) or heads[place]
    ]


def _samples(sheet: Worksheet, reading: Reading, column: int) -> Iterator[str]:
    first = first_row(reading)
    values = (_words(sheet.cell(row, column)) for row in range(first, len(sheet.rows)))
    for _, value in zip(range(MOST_SAMPLES), filter(None, values), strict=False):
        yield value[:40]


def first_row(reading: Reading) -> int:
    """The place of the first row under the headings, counted from 0."""
    return max(0, reading.header - 1 + reading.depth)


def _words(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _may_be_headings(sheet: Worksheet, row: int, depth: int) -> bool:
    """Words in every row, two at least in the last, and no figures below the first."""
    rows = [[_words(cell) for cell in cells] for cells in sheet.rows[row : row + depth]]
    if len(rows) < depth or len(set(filter(None, rows[-1]))) < FEWEST_HEADINGS:
        return False
    return depth == 1 or not any(FIGURE.fullmatch(word) for words in rows for word in words)


def _headings(sheet: Worksheet, row: int, depth: int) -> list[tuple[str, ...]]:
    """Per column its headings top down, a group's heading over all that stand below it."""
    levels = [
        [_words(sheet.cell(row + level, column)) for column in range(sheet.width)]
        for level in range(depth)
    ]
    for upper, lower in zip(levels, levels[1:], strict=False):
        _spread(upper, lower)
    return [
        tuple(dict.fromkeys(word for level in levels if (word := level[column])))
        for column in range(sheet.width)
    ]


def _spread(upper: list[str], lower: Sequence[str]) -> None:
    """A heading over a group stands in the group's first cell only."""
    group = ""
    for column, word in enumerate(lower):
        if upper[column]:
            group = upper[column] if word and word != upper[column] else ""
        elif word:
            upper[column] = group
        else:
            group = ""


def _fields_found(sheet: Worksheet, row: int, depth: int) -> dict[int, str]:
    """The field of each column that has one; of two columns for one field, the first."""
    meanings = [meaning(parts) for parts in _headings(sheet, row, depth)]
    found: dict[int, str] = {}
    for certain in (True, False):
        for place, what in enumerate(meanings):
            if what and what.certain is certain:
                field = what.field if certain else _whose(meanings, place)
                if field not in found.values():
                    found[place] = field
    return found if "name" in found.values() else {}


def _whose(meanings: Sequence[Meaning | None], place: int) -> str:
    """電話 right of 父親 is the father's, where each person has a 電話 of their own."""
    field = meanings[place]
    left = meanings[place - 1] if place else None
    phones = sum(what is not None and what.field == "carer_phone" for what in meanings)
    if field and left and phones > 1 and left.field in ("father_name", "mother_name"):
        return left.field.replace("name", "phone")
    return field.field if field else ""
