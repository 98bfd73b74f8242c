"""A weekly sheet ready to show, in the reader's script: the same for screen and paper.

Its rows are thousands of cells, made and escaped here: a loop in a template takes five
times as long, and children with the same marks share one string.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from flask import g
from markupsafe import Markup, escape

from liushou_web.attendance.rules.marks import NOT_LISTED, Mark
from liushou_web.children.views.namesakes import marks
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.schedule.store import calendar
from liushou_web.schedule.views.words import holiday
from liushou_web.web.filters import full_date, hhmm, moment, short_date, week_name
from liushou_web.web.zh import said

from ..files.week_book import ColumnHead, SheetHeading
from ..rules.figures import LABELS, RATE, Figures
from ..rules.weekly_sheet import (
    MARK_WORDS,
    ChildRow,
    ClassBlock,
    Gap,
    SheetActivity,
    WeeklySheet,
    by_class,
    left_out,
    running,
)
from ..store import weekly_sheet
from .which_week import WeekChoice

LEGEND_WORDS: dict[str, Any] = {"labels": LABELS, "legend": MARK_WORDS, "rate": RATE}
MARK_CELLS: dict[Mark | None, str] = {
    mark: f'<td class="{mark.value}">{mark.symbol}</td>' for mark in Mark
}
MARK_CELLS[None] = f"<td>{NOT_LISTED}</td>"


WHOLE = slice(None)


class ShownName(NamedTuple):
    """A child's name, and what tells it from another of that name."""

    name: str
    mark: str


class ClassRows(NamedTuple):
    """A class, and its children's rows in HTML."""

    block: ClassBlock
    rows: Markup
    first: int  # the number of its first child on the sheet


class PrintedSheet(NamedTuple):
    heading: SheetHeading
    heads: list[ColumnHead]
    sheet: WeeklySheet
    bodies: list[ClassRows]
    held: list[SheetActivity]  # all activities of the week, with a column or not


def printed_sheets(
    chosen: WeekChoice, *, now: datetime, each: bool = False
) -> list[PrintedSheet]:
    """The sheet asked for, or one for each of its classes; one at least, if empty."""
    first, last = chosen.days[0], chosen.days[-1]
    week = weekly_sheet.week(first, last, chosen.chosen, now=now)
    notes = _notes(chosen, week, calendar.special_days(first, last), now)
    sheets = by_class(week.sheet) if each else []
    return [
        PrintedSheet(
            _heading(chosen, notes, sheet, each, now),
            [head(held) for held in sheet.columns],
            sheet,
            _bodies(sheet),
            week.held,
        )
        for sheet in sheets or [week.sheet]
    ]


def head(held: SheetActivity) -> ColumnHead:
    """The head of a column: '週二', '11/24', '作業輔導', '16:30'."""
    at = held.meeting.starts
    return ColumnHead(said(week_name(at)), f"{at.month}/{at.day}", held.title, hhmm(at))


class SheetNotes(NamedTuple):
    """What the sheet says beside its marks."""

    days: list[str]
    running: list[str]
    gaps: list[str]


def _notes(
    chosen: WeekChoice,
    week: weekly_sheet.SheetWeek,
    special: Mapping[date, SpecialDay],
    now: datetime,
) -> SheetNotes:
    whole_school = not chosen.own and not chosen.group
    gaps = [
        _gap(held, gap)
        for held, gap in left_out(week.held, week.sheet, now=now)
        if whole_school or gap is not Gap.NOBODY
    ]
    going_on = [_running(held, awaited) for held, awaited in running(week.sheet, now)]
    return SheetNotes(list(_days(special)), going_on, gaps)


def _heading(
    chosen: WeekChoice, notes: SheetNotes, sheet: WeeklySheet, each: bool, now: datetime
) -> SheetHeading:
    first, last = chosen.days[0], chosen.days[-1]
    return SheetHeading(
        school=g.school.name,
        home=g.school.home_name,
        term=chosen.term.name,
        week=chosen.name,
        dates=said(f"{full_date(first)}至{full_date(last)}"),
        whose=said(sheet.blocks[0].group.name) if each else chosen.whose,
        children=sheet.children,
        days=[*notes.days, *notes.running],
        gaps=notes.gaps,
        at=moment(now),
    )


def _days(special: Mapping[date, SpecialDay]) -> Iterator[str]:
    """The closed and make-up days in words, a holiday of several days as one."""
    for what, days in groupby(sorted(special), key=lambda day: special[day]):
        first, *rest = days
        until = said(f"至{_day(rest[-1])}") if rest else ""
        kind = said("停課" if what.closed else "補課")
        plan = said(f"（按{_day(what.follows)}安排）") if what.follows else ""
        yield f"{said(_day(first))}{until}{kind}{plan}：{holiday(what.name)}"


def _day(day: date) -> str:
    return f"{short_date(day)}{week_name(day)}"


def _running(held: SheetActivity, awaited: int) -> str:
    words = f"{' '.join(head(held))}：{said('正在進行')}"
    apart = said("，還沒到的{n}人不計入應到").format(n=awaited) if awaited else ""
    return words + apart


def _gap(held: SheetActivity, gap: Gap) -> str:
    words = f"{' '.join(head(held))}：{said(gap.label)}"
    return f"{words}（{held.reason}）" if held.reason and gap is Gap.CANCELLED else words


def _bodies(sheet: WeeklySheet) -> list[ClassRows]:
    """The rows of each class, numbered through."""
    made, count = [], 1
    for block in sheet.blocks:
        made.append(ClassRows(block, rows_of(block, count), count))
        count += len(block.lines)
    return made


def rows_of(
    block: ClassBlock,
    count: int,
    lines: slice = WHOLE,
    columns: slice = WHOLE,
    *,
    figures: bool = True,
) -> Markup:
    """The rows of some of a class's children, numbered from `count`; of `columns` alone,
    and without their figures where those stand on another sheet."""
    rows = [
        f'<tr><td>{n}</td><th scope="row">{_named(name)}</th>'
        f"{_cells(line.marks[columns], line.figures if figures else None)}</tr>"
        for n, (name, line) in enumerate(named_lines(block)[lines], count)
    ]
    return Markup("\n".join(rows))  # noqa: S704 - escaped in _named


def named_lines(block: ClassBlock) -> list[tuple[ShownName, ChildRow]]:
    """A name that several children share stands with what tells them apart."""
    names = Counter(line.pupil.name for line in block.lines)
    apart = marks()
    return [
        (
            ShownName(
                pupil.name,
                said(apart[pupil.id])
                if pupil.id in apart
                else (pupil.number if names[pupil.name] > 1 else ""),
            ),
            line,
        )
        for line in block.lines
        for pupil in (line.pupil,)
    ]


def _named(shown: ShownName) -> str:
    name = str(escape(shown.name))
    return f'{name} <span class="apart">{escape(shown.mark)}</span>' if shown.mark else name


@lru_cache(maxsize=4096)
def _cells(marks: tuple[Mark | None, ...], figures: Figures | None) -> str:
    """The cells of the marks and of what they add up to: symbols and numbers only."""
    cells = "".join(MARK_CELLS[mark] for mark in marks)
    if figures is None:
        return cells
    counts = "".join(f"<td>{number}</td>" for number in figures)
    return f"{cells}{counts}<td>{figures.rate}</td>"
