"""A weekly sheet on pages of A4: each table with its classes, each page with its words."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from liushou_web.web.zh import said

from ..rules.figures import LABELS, RATE
from ..rules.page_layout import (
    ClassText,
    Layout,
    Segment,
    SheetPart,
    SheetText,
    lay_out,
)
from ..rules.weekly_sheet import MARK_WORDS, ClassBlock
from .sheet_html import PrintedSheet, named_lines, rows_of

PX_PER_MM = 96 / 25.4
LONGEST_TITLE = 12


class Edition(NamedTuple):
    """What a frozen sheet says of itself."""

    number: int
    at: str
    who: str


class PrintedSegment(NamedTuple):
    """Children of one class below one another; `again` where the class goes on."""

    block: ClassBlock
    rows: Markup
    again: bool


class PrintedPage(NamedTuple):
    """One page, its number on the sheet, and its tables."""

    number: int
    part: SheetPart
    figures: bool  # whether its tables end with what the marks add up to
    strips: list[list[PrintedSegment]]
    first: bool
    last: bool

    @property
    def columns(self) -> slice:
        return slice(self.part.activities.start, self.part.activities.stop)


class SheetPages(NamedTuple):
    paper: PrintedSheet
    edition: Edition | None
    ident: str
    layout: Layout
    pages: list[PrintedPage]

    @staticmethod
    def px(millimetres: float) -> str:
        """For the attributes of columns: our own content policy forbids `style`."""
        return f"{millimetres * PX_PER_MM:.1f}"


def sheet_pages(paper: PrintedSheet, edition: Edition | None = None) -> SheetPages:
    """The sheet as it is printed; `edition` is its version if it is being frozen."""
    ident = _ident(paper, edition)
    layout = lay_out(_text(paper, ident))
    pages: list[PrintedPage] = []
    for part in layout.parts:
        figures = part.activities.stop == len(paper.heads)
        for page in part.pages:
            strips = [
                [_segment(paper, segment, part, figures=figures) for segment in strip]
                for strip in page.strips
            ]
            number = len(pages) + 1
            pages.append(PrintedPage(number, part, figures, strips, page.first, page.last))
    return SheetPages(paper, edition, ident, layout, pages)


def _segment(
    paper: PrintedSheet, segment: Segment, part: SheetPart, *, figures: bool
) -> PrintedSegment:
    body = paper.bodies[segment.block]
    rows = rows_of(
        body.block,
        body.first + segment.first,
        slice(segment.first, segment.after),
        slice(part.activities.start, part.activities.stop),
        figures=figures,
    )
    return PrintedSegment(body.block, rows, segment.first > 0)


def _ident(paper: PrintedSheet, edition: Edition | None) -> str:
    """The line that names a loose page."""
    heading = paper.heading
    made = said("打印時間 ") + heading.at
    if edition:
        signed = said("第{n}版 · 定稿時間 {at} · 定稿人 ")
        made = signed.format(n=edition.number, at=edition.at) + edition.who
    week = f"{heading.week}（{heading.dates}）"
    return f"{heading.home} {said('周考勤表')} · {week}· {heading.whose} · {made}"


def _text(paper: PrintedSheet, ident: str) -> SheetText:
    sheet, heading = paper.sheet, paper.heading
    classes = [
        ClassText(
            f"{block.group.name} {len(block.lines)}人",
            [" ".join(shown).strip() for shown, _ in named_lines(block)],
        )
        for block in sheet.blocks
    ]
    legend = " ".join(f"{symbol} {word}" for symbol, word in MARK_WORDS.items())
    shares = [share for block in sheet.blocks for share in block.shares]
    return SheetText(
        ident=f"{ident} · 第10頁，共10頁",
        titles=[head.title[:LONGEST_TITLE] for head in paper.heads],
        cell=max(shares, key=len),
        classes=classes,
        labels=LABELS,
        figures=[*map(str, sheet.total), "100.0%"],
        notes=[f"{legend} {RATE}", *heading.days, *_gap_lines(heading.gaps)],
    )


def _gap_lines(gaps: list[str]) -> list[str]:
    """As they stand on paper: one after another on a line."""
    return [said("沒有列入表中的活動（不計缺席）：") + "；".join(gaps)] if gaps else []
