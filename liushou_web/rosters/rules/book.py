"""A roster as it came: cells in rows, before anybody has said what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Text, or a number as a spreadsheet keeps it. A day is text: '2014-03-05'.
Cell = str | int | float


class Worksheet(NamedTuple):
    """One worksheet, or cells that were pasted. Rows may be of any length."""

    name: str
    rows: Sequence[Sequence[Cell]]

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at places counted from 0; empty outside."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""


class Book(NamedTuple):
    """What a teacher handed in: a file or pasted cells, with at least one sheet."""

    filename: str
    sheets: tuple[Worksheet, ...]


class Reading(NamedTuple):
    """How a book is understood: which sheet, where its headings are, what each column is.

    `header` is the number of the first heading row as in the file, from 1; 0 for none.
    `columns` holds a field's word per column, '' for one that is left out. `whole_class`
    is the class of the children whose row names none.
    """

    sheet: int
    header: int
    depth: int
    columns: tuple[str, ...]
    whole_class: str = ""
