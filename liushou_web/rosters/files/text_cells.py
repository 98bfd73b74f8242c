"""Cells from text: .csv files in the encodings of schools, and cells that were pasted."""

from __future__ import annotations

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import StringIO

from liushou_web.refusal import Refused

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # characters in a cell of a spreadsheet
NO_TEXT = "這個文件不是表格。請上傳 .xlsx、.xls、.ods 或 .csv 文件。"


def from_file(content: bytes) -> list[list[str]]:
    """Cells of a .csv file; refuses what is no text in UTF-8, UTF-16 or GB18030."""
    return from_text(_decoded(content))


def from_text(text: str) -> list[list[str]]:
    """Rows of cells set apart by tabs, commas or semicolons, without blank ends.

    Refuses nothing but whitespace, and more rows, columns or text than a roster has.
    """
    if not text.strip():
        raise Refused("沒有可以讀取的內容。")
    csv.field_size_limit(LONGEST_CELL)
    lines = StringIO(text.removeprefix("\ufeff"), newline=None)
    try:
        rows = [_trimmed(row) for row in csv.reader(lines, delimiter=_delimiter(text))]
    except csv.Error as fault:
        raise Refused("有的單元格內容太長，或者引號不成對，無法讀取。") from fault
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise Refused("表格超過 20,000 行。請分成幾個文件導入。")
    if max(map(len, rows)) > MOST_COLUMNS:
        raise Refused("表格超過 100 欄。請刪去用不到的欄後再上傳。")
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(NO_TEXT)


def _delimiter(text: str) -> str:
    """The sign that most of the first lines share; a tab wins, for nobody types one."""
    start = text[:20_000]
    if "\t" in start:
        return "\t"
    return max(",;，", key=start.count)


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    return row
