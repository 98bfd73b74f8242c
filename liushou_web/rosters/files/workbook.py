"""Reads one workbook in a process of its own: a hostile file stops that, not the school.

Run as a script: the file on standard input, JSON on standard output. It imports nothing of
ours, so that it starts quickly.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELLS = 600_000  # with something in them
MOST_SHEETS = 50
MOST_MERGED = 20_000
MEMORY = 400 * 1024 * 1024  # of address space; ten thousand children need a quarter of it


class TooMuch(Exception):  # noqa: N818 - told to the parent by its word
    """More than a roster ever holds; the word says what."""


def main() -> None:
    """Answers with the sheets, or with one word for what is wrong."""
    _limit_memory()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


def answer(content: bytes) -> dict[str, Any]:
    """{'sheets': […]}, or {'fault': …} with one of the words of `rosters.FAULTS`."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return {"sheets": list(_sheets(book))}
    except PasswordError:
        return {"fault": "password"}
    except TooMuch as fault:
        return {"fault": str(fault)}
    except MemoryError:
        return {"fault": "heavy"}
    except BaseException:  # the reader panics on some damage, which is no Exception
        return {"fault": "broken"}


def _sheets(book: Any) -> Iterator[dict[str, Any]]:
    """The worksheets with something in them, in the order of their tabs."""
    left = MOST_CELLS
    for about in book.sheets_metadata[:MOST_SHEETS]:
        if not str(about.typ).endswith("WorkSheet"):
            continue
        sheet = book.get_sheet_by_name(about.name)
        rows = _rows(sheet, left)
        left -= sum(cell != "" for row in rows for cell in row)
        hidden = not str(about.visible).endswith(".Visible")
        if rows:
            yield {
                "name": about.name,
                "hidden": hidden,
                "rows": rows,
                "merged": (sheet.merged_cell_ranges or [])[:MOST_MERGED],
            }


def _rows(sheet: Any, left: int) -> list[list[object]]:
    """Rows from the first of the sheet on, without blank ends; blank ones are empty."""
    rows: list[list[object]] = []
    indent = sheet.start[1] if sheet.start else 0  # the reader leaves these columns out
    for place, cells in enumerate(sheet.iter_rows()):
        row = _trimmed([_plain(cell) for cell in cells])
        if not row:
            continue
        if place >= MOST_ROWS:
            raise TooMuch("rows")
        left -= len(row) - row.count("")
        _check(indent + len(row), left)
        rows += [[] for _ in range(place - len(rows))]
        rows.append([""] * indent + row)
    return rows


def _check(width: int, left: int) -> None:
    if width > MOST_COLUMNS:
        raise TooMuch("columns")
    if left < 0:
        raise TooMuch("cells")


def _trimmed(row: list[object]) -> list[object]:
    while row and (row[-1] == "" or isinstance(row[-1], str) and not row[-1].strip()):
        row.pop()
    return row


def _plain(cell: object) -> object:
    """Text, a number, or a day as text: '2014-03-05'."""
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return int(cell) if cell.is_integer() else cell
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case str() | int():
            return cell
        case _:
            return str(cell)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: there the time limit has to do
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
