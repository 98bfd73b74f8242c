"""How a blank sign-in sheet is ruled: as roomy as the pages that it takes allow."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

BLANK = 6  # rows for children who were not expected
BLANK_ALONE = 20  # where nobody is expected by name
BODY = 242.0  # millimetres of an A4 page under the head and over the foot
# Millimetres of a row; each is a class in attendance-print.css.
HEIGHTS = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.2, 5.0)
EASY = 6.0  # to write in; less only where that saves the second page


class Ruling(NamedTuple):
    """The numbers of the blank rows, and the class of the rows' height."""

    blanks: range
    height: str


def ruling(children: int) -> Ruling:
    """40 children and the blank rows are one page; what takes more is easy to write in."""
    blanks = range(children + 1, children + 1 + (BLANK if children else BLANK_ALONE))
    rows = children + len(blanks)
    one_page = _pages(rows, HEIGHTS[-1]) == 1
    most = 1 if one_page else _pages(rows, EASY)
    height = next(each for each in HEIGHTS if _pages(rows, each) <= most)
    return Ruling(blanks, f"tall-{height * 10:.0f}")


def _pages(rows: int, height: float) -> int:
    return ceil(rows / (BODY // height))
