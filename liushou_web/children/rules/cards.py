"""Name cards: what stands on them, what their code holds, how many go to a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize

from liushou_web.class_names import class_name

from .register import DASH, tidy_number

PER_PAGE = (8, 10)
OWN_CODE = re.compile(r"LS-?(\d{1,9})")
NAME_SIZES = ((4, "huge"), (8, "large"), (14, "middle"), (24, "small"))  # letters at most
SMALLEST_SIZE = "tiny"


class Holder(NamedTuple):
    """A child as its card shows it: nothing of the family, nothing of the home."""

    id: int
    name: str
    number: str | None
    grade: int
    class_number: int

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def code(self) -> str:
        """What the QR holds and the box above a roll takes: the student number; where
        there is none, or one that no scanner can type, 'LS-' and the child's own id."""
        return self.number if self.number and self.number.isascii() else f"LS-{self.id}"

    @property
    def size(self) -> str:
        """How large the name is written: long names of other peoples fit as well."""
        return next(
            (size for most, size in NAME_SIZES if len(self.name) <= most), SMALLEST_SIZE
        )


class Code(NamedTuple):
    """What may have been scanned: a student number, or a child's own id (0 for none)."""

    number: str
    child_id: int


def read(typed: str) -> Code | None:
    """The code in what a scanner typed, whatever the input method made of it: in small or
    full-width letters, with another dash or a space. None where no digit is in it."""
    number = DASH.sub("-", tidy_number(normalize("NFKC", typed)) or "")
    if not re.search("[0-9]", number):
        return None
    own = OWN_CODE.fullmatch(number)
    return Code(number, int(own[1]) if own else 0)


def pages(cards: Sequence[Holder], per_page: int) -> list[Sequence[Holder]]:
    """The cards page by page; the last may have fewer."""
    firsts = range(0, len(cards), per_page)
    return [cards[first : first + per_page] for first in firsts]
