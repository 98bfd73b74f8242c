"""The weekly sheet: on screen, on paper, as a spreadsheet."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug import Response as AnyResponse

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, may_open, me
from liushou_web.school.store import trail
from liushou_web.web.downloads import workbook
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..files.week_book import week_book
from ..rules.weekly_sheet import details
from ..store import weekly_sheet
from .sheet_html import LEGEND_WORDS, printed_sheets
from .sheet_pages import sheet_pages
from .versions import standing
from .which_week import WeekChoice, choice

bp = Blueprint("reports", __name__)


@bp.get("/reports/week")
@allow(Kind.SHEET)
def week() -> AnyResponse:
    chosen = choice(clock.now().date())
    if chosen is None:
        return page("reports/weekly_sheet/no_term.html")
    paper = printed_sheets(chosen, now=clock.now())[0]
    return page(
        "reports/weekly_sheet/week.html",
        chosen=chosen,
        paper=paper,
        standing=standing(chosen, paper),
        writes=may_open("frozen.finalise"),
        **LEGEND_WORDS,
    )


@bp.get("/reports/week/print")
@allow(Kind.SHEET)
def print_week() -> AnyResponse:
    """The whole as one sheet, or with `each` a sheet for every class."""
    chosen = choice(clock.now().date())
    each = "each" in request.args
    made = printed_sheets(chosen, now=clock.now(), each=each) if chosen else []
    if chosen is None or not made[0].sheet.blocks:
        return go(_url_on_screen(chosen))
    _record("reports.print_week", chosen)
    return page(
        "reports/weekly_sheet/print.html",
        chosen=chosen,
        papers=[sheet_pages(paper) for paper in made],
        each=each,
        **LEGEND_WORDS,
    )


@bp.get("/reports/week/download")
@allow(Kind.SHEET)
def download() -> AnyResponse:
    chosen = choice(clock.now().date())
    paper = printed_sheets(chosen, now=clock.now())[0] if chosen else None
    if chosen is None or paper is None or not paper.sheet.blocks:
        return go(_url_on_screen(chosen))
    spelled = details(paper.sheet, weekly_sheet.times(paper.sheet))
    book = week_book(paper.heading, paper.heads, paper.sheet, spelled, said)
    _record("reports.download", chosen)
    name = said(f"周考勤表-{chosen.days[0]:%Y%m%d}-") + f"{chosen.name}-{chosen.whose}.xlsx"
    return workbook(book, name, f"week-{chosen.days[0]:%Y%m%d}.xlsx")


def _url_on_screen(chosen: WeekChoice | None) -> str:
    """Where an empty sheet is explained, for there is nothing to print or to keep."""
    return chosen.url("reports.week") if chosen else url_for(".week")


def _record(deed: str, chosen: WeekChoice) -> None:
    """Puts on the trail who takes the sheet out of the house."""
    what = f"{chosen.term.name} {chosen.name} {chosen.whose}"
    trail.record(deed, by=me(), at=clock.now(), detail=what)
