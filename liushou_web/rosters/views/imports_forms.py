"""What is handed in, and how a person corrects what was guessed of it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf.file import FileField
from wtforms import TextAreaField

from liushou_web.refusal import Refused
from liushou_web.web.forms import Form, tidy

from ..files import reading
from ..rules import columns as roster_columns
from ..rules.book import Book, Reading
from ..rules.vocabulary import CHOICES

LONGEST_NAME = 100
CHOICE_PREFIX = "row-"


class UploadForm(Form):
    file = FileField("名冊文件")
    pasted = TextAreaField("或者粘貼表格裏的單元格")

    def book(self) -> Book:
        """What was handed in; refuses nothing at all, and both at once."""
        uploaded = self.file.data if self.file.data and self.file.data.filename else None
        typed = self.pasted.data or ""
        if uploaded and typed.strip():
            raise Refused("文件和粘貼只能用一種，請清空其中一個。")
        if uploaded:
            name = tidy(uploaded.filename)[:LONGEST_NAME]
            return reading.read(uploaded.read(reading.LARGEST_FILE + 1), name)
        if not typed.strip():
            raise Refused("請選擇一個文件，或者粘貼名冊的單元格。")
        return reading.pasted(typed)


def asked_reading(book: Book, asked: Mapping[str, str]) -> Reading | None:
    """The reading that the address asks to be tried: another sheet, other heading rows."""
    if "sheet" not in asked:
        return None
    sheet = _number(asked, "sheet", len(book.sheets) - 1)
    if "header" not in asked:
        return roster_columns.guess_sheet(book, sheet)
    header = _number(asked, "header", len(book.sheets[sheet].rows))
    depth = max(1, _number(asked, "depth", roster_columns.DEEPEST_HEADINGS))
    return roster_columns.read_at(book, sheet, header=header, depth=depth)


def corrected_reading(book: Book, typed: Mapping[str, str]) -> Reading:
    """The columns as the person chose them; unknown words count as left out."""
    sheet = _number(typed, "sheet", len(book.sheets) - 1)
    header = _number(typed, "header", len(book.sheets[sheet].rows))
    depth = _number(typed, "depth", roster_columns.DEEPEST_HEADINGS) if header else 0
    chosen = (typed.get(f"column-{n}", "") for n in range(book.sheets[sheet].width))
    columns = tuple(field if field in CHOICES else "" for field in chosen)
    return Reading(sheet, header, depth, columns, tidy(typed.get("whole_class"))[:20])


def chosen_rows(typed: Mapping[str, str]) -> dict[int, str]:
    """What was decided of each asked row: {45: 'child:7'}."""
    return {
        int(name.removeprefix(CHOICE_PREFIX)): choice
        for name, choice in typed.items()
        if name.startswith(CHOICE_PREFIX) and name.removeprefix(CHOICE_PREFIX).isdecimal()
    }


def _number(typed: Mapping[str, str], name: str, most: int) -> int:
    text = typed.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdecimal() else 0
