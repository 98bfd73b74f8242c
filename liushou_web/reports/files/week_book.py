"""The weekly sheet as a workbook: the printed table, and every mark spelled out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from itertools import count as count_from
from math import ceil
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from liushou_web.attendance.rules.marks import LEAVE_LABELS, NOT_LISTED
from liushou_web.files.tables import A4, PLAIN_TEXT

from ..rules.figures import LABELS, RATE, Figures
from ..rules.weekly_sheet import (
    MARK_WORDS,
    ChildRow,
    ClassBlock,
    MarkDetail,
    WeeklySheet,
    word_of,
)

Say = Callable[[str], str]

FIXED_COLUMNS = (("序號", 6), ("班級", 12), ("學籍號", 14), ("姓名", 14))
DETAIL_COLUMNS = (
    ("日期", 11),
    ("星期", 7),
    ("時間", 7),
    ("活動", 18),
    ("班級", 12),
    ("學籍號", 16),
    ("姓名", 16),
    ("考勤", 9),
    ("簽到", 8),
    ("簽退", 8),
    ("請假", 8),
    ("請假說明", 24),
)
HEAD_ROW = 2  # below the two lines of the heading
LINE_HEIGHT = 15  # points
SIGNED_BY = ("值班教師", "之家負責人", "校長", "日期")
SIGN_HEIGHT = 36
ACTIVITY_WIDTH, FIGURE_WIDTH = 11, 7


class ColumnHead(NamedTuple):
    """The head of a column: '週二', '11/24', '作業輔導', '16:30'."""

    weekday: str
    day: str
    title: str
    time: str


class SheetHeading(NamedTuple):
    """What stands above and below the marks, in words ready to show."""

    school: str
    home: str
    term: str
    week: str
    dates: str
    whose: str
    children: int
    days: list[str]  # closed and make-up days, activities that run
    gaps: list[str]  # activities without a column
    at: str


# What a cell may hold; figures stand for their rate.
CellValue = str | int | datetime | Figures


def week_book(
    heading: SheetHeading,
    heads: Sequence[ColumnHead],
    sheet: WeeklySheet,
    details: Iterable[MarkDetail],
    say: Say,
) -> bytes:
    """An .xlsx of two sheets, 匯總 and 明細; `say` turns our own words, never names.

    Nothing typed by people is taken for a formula, a link or a number.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, PLAIN_TEXT) as book:
        styles = _styles(book)
        summary = book.add_worksheet(say("匯總"))
        rows = list(_summary(heading, heads, sheet, say))
        _write(summary, rows, styles)
        _set_summary(summary, heads, rows, styles)
        by_id = {held.id: head for held, head in zip(sheet.columns, heads, strict=True)}
        spelled = book.add_worksheet(say("明細"))
        last_row = _write(spelled, _spelled(details, by_id, say), styles)
        _set_details(spelled, last_row)
    return content.getvalue()


class PrintedRow(NamedTuple):
    """One line of a sheet, and how it looks: 'title', 'note', 'head', 'child', 'sum' or
    'signs'."""

    look: str
    values: list[CellValue]


def _summary(
    heading: SheetHeading, heads: Sequence[ColumnHead], sheet: WeeklySheet, say: Say
) -> Iterator[PrintedRow]:
    title = say("周考勤表")
    yield PrintedRow("title", [f"{heading.school}　{heading.home}　{title}"])
    yield PrintedRow("note", [_about(heading, say)])
    fixed = [say(word) for word, _ in FIXED_COLUMNS]
    labels = [say(word) for word in LABELS]
    yield PrintedRow("head", [*fixed, *("\n".join(head) for head in heads), *labels])
    count = count_from(1)
    for block in sheet.blocks:
        name = say(block.group.name)
        if len(sheet.blocks) > 1:
            yield _class(name, block, say)
        yield from (_child(next(count), name, line) for line in block.lines)
    yield from _totals(sheet, say)
    yield from (PrintedRow("note", [words]) for words in _foot(heading, say))
    signs = "　　".join(f"{say(who)}：{'＿' * 8}" for who in SIGNED_BY)
    yield PrintedRow("signs", [signs + say("　　（蓋章）")])


def _about(heading: SheetHeading, say: Say) -> str:
    counted = say("共{}名學生").format(heading.children)
    made = say("導出時間：") + heading.at
    return "　".join(
        (heading.term, heading.week, heading.dates, heading.whose, counted, made)
    )


def _class(name: str, block: ClassBlock, say: Say) -> PrintedRow:
    counted = say("共{}人").format(len(block.lines))
    values: list[CellValue] = [
        "",
        name,
        "",
        counted,
        *block.shares,
        *block.total,
        block.total,
    ]
    return PrintedRow("sum", values)


def _child(count: int, class_name: str, line: ChildRow) -> PrintedRow:
    symbols = [NOT_LISTED if mark is None else mark.symbol for mark in line.marks]
    pupil = line.pupil
    named = [class_name, pupil.number, pupil.name]
    return PrintedRow("child", [count, *named, *symbols, *line.figures, line.figures])


def _totals(sheet: WeeklySheet, say: Say) -> Iterator[PrintedRow]:
    """A line for each figure and the rate; beside the first, of the whole."""
    blank = [""] * (len(FIXED_COLUMNS) - 1)
    whole: list[CellValue] = [*sheet.total, sheet.total]
    for n, word in enumerate(LABELS[:-1]):
        label = say(f"{word}（人）")
        yield PrintedRow(
            "sum", [label, *blank, *(part[n] for part in sheet.totals), *whole]
        )
        whole = []
    yield PrintedRow("sum", [say(LABELS[-1]), *blank, *sheet.totals])


def _foot(heading: SheetHeading, say: Say) -> list[str]:
    legend = "　".join(f"{symbol} {say(word)}" for symbol, word in MARK_WORDS.items())
    return [legend, say(RATE), *heading.days, *heading.gaps]


def _spelled(
    details: Iterable[MarkDetail], heads: Mapping[int, ColumnHead], say: Say
) -> Iterator[PrintedRow]:
    yield PrintedRow("head", [say(word) for word, _ in DETAIL_COLUMNS])
    for held, group, pupil, mark, times in details:
        head = heads[held.id]
        values: list[CellValue] = [
            datetime.combine(held.meeting.starts, time()),
            head.weekday,
            head.time,
            held.title,
            say(group.name),
            pupil.number,
            pupil.name,
            say(word_of(mark)),
            _clock(times.came_at),
            _clock(times.went_at),
            say(LEAVE_LABELS.get(times.leave, "")),
            times.leave_note,
        ]
        yield PrintedRow("child", values)


def _clock(at: datetime | None) -> str:
    return f"{at:%H:%M}" if at else ""


def _styles(book: Any) -> dict[str, Any]:
    """A format for each look, and for its rates and days."""
    box = {"border": 1, "align": "center", "valign": "vcenter"}
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 14},
        "note": {"valign": "top", "text_wrap": True},
        "signs": {"valign": "bottom"},
        "head": {**box, "bold": True, "text_wrap": True},
        "child": box,
        "sum": {**box, "bold": True},
        "child rate": {**box, "num_format": "0.0%"},
        "sum rate": {**box, "bold": True, "num_format": "0.0%"},
        "day": {**box, "num_format": "yyyy-mm-dd"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _write(page: Any, rows: Iterable[PrintedRow], styles: Mapping[str, Any]) -> int:
    """Writes each value as what it is; returns the place of the last row."""
    y = 0
    for y, (look, values) in enumerate(rows):
        for x, value in enumerate(values):
            match value:
                case Figures() if value.accountable:
                    share = value.came / value.accountable
                    page.write_number(y, x, share, styles[f"{look} rate"])
                case Figures():
                    page.write_string(y, x, value.rate, styles[look])
                case datetime():
                    page.write_datetime(y, x, value, styles["day"])
                case int():
                    page.write_number(y, x, value, styles[look])
                case _:
                    page.write_string(y, x, value, styles[look])
    return y


def _set_summary(
    page: Any,
    heads: Sequence[ColumnHead],
    rows: Sequence[PrintedRow],
    styles: Mapping[str, Any],
) -> None:
    page.freeze_panes(HEAD_ROW + 1, len(FIXED_COLUMNS))
    widths = [width for _, width in FIXED_COLUMNS]
    widths += [ACTIVITY_WIDTH] * len(heads) + [FIGURE_WIDTH] * len(LABELS)
    titles = max(_lines(head.title, ACTIVITY_WIDTH) for head in heads)
    page.set_row(HEAD_ROW, LINE_HEIGHT * (len(ColumnHead._fields) - 1 + titles))
    for y, (look, values) in enumerate(rows):
        if look in ("title", "note", "signs"):
            page.merge_range(y, 0, y, len(widths) - 1, "", styles[look])
            page.write_string(y, 0, values[0], styles[look])
        if look == "note":
            page.set_row(y, LINE_HEIGHT * _lines(str(values[0]), sum(widths)))
    page.set_row(len(rows) - 1, SIGN_HEIGHT)
    _set_paper(page, HEAD_ROW, widths)


def _lines(text: str, width: int) -> int:
    """How many lines it takes in so many half-width characters, with one to spare."""
    taken = sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
    return max(1, ceil(taken / (width - 1)))


def _set_details(page: Any, last_row: int) -> None:
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last_row, len(DETAIL_COLUMNS) - 1)
    _set_paper(page, 0, [width for _, width in DETAIL_COLUMNS])


def _set_paper(page: Any, head_row: int, widths: Sequence[int]) -> None:
    """A4 landscape, one page wide, the head on each page, and the page's number."""
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head_row)
    page.set_footer("&C&P / &N")
