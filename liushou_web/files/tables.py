"""A list as a workbook: what stands on the printed page, and text that stays text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple

HEAD_ROW = 2  # below the title and the line about it
A4 = 9
PLAIN_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

CellValue = str | int | None


class TableColumn(NamedTuple):
    heading: str
    width: int


class PrintedTable(NamedTuple):
    """One sheet, in words ready to show; its rows may end in sums."""

    name: str  # of the sheet's tab
    title: str
    about: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[CellValue]]
    sums: Sequence[str] = ()


def table_book(tables: Sequence[PrintedTable]) -> bytes:
    """An .xlsx of one sheet a table, ready to print on A4 across. Nothing typed by people
    is taken for a formula, a link or a number."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, PLAIN_TEXT) as book:
        box = {"border": 1, "valign": "vcenter", "text_wrap": True}
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "note": book.add_format({}),
            "head": book.add_format({**box, "bold": True, "align": "center"}),
            "cell": book.add_format(box),
        }
        for table in tables:
            _write(book.add_worksheet(table.name), table, styles)
    return content.getvalue()


def _write(sheet: Any, table: PrintedTable, styles: dict[str, Any]) -> None:
    for row, (look, values) in enumerate(_rows_of(table)):
        for place, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(row, place, value, styles[look])
            else:
                sheet.write_string(row, place, value or "", styles[look])
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _rows_of(table: PrintedTable) -> Iterator[tuple[str, Sequence[CellValue]]]:
    yield "title", [table.title]
    yield "note", [table.about]
    yield "head", [column.heading for column in table.columns]
    yield from (("cell", row) for row in table.rows)
    yield from (("note", [words]) for words in table.sums)
