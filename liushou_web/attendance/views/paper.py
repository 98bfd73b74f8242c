"""停電包: blank sheets printed ahead of a power cut, and entering them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.store.contacts import Contact, contacts
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import SIX_DAYS, WEEK, monday_of, teaching_week
from liushou_web.schedule.store import calendar
from liushou_web.schema import Activity
from liushou_web.school.auth import allow, may_open, me
from liushou_web.span import Span
from liushou_web.web.fields import date_of
from liushou_web.web.forms import tidy
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules import paper as rules
from ..rules.closing import ClosingFacts
from ..rules.paper import Faulty, Ruling, ruling
from ..store import closing, paper, paper_entry, paper_grid, rolls, unregistered
from ..store.rolls import RollRow
from .paper_forms import CorrectingForm, EntryForm, fill, lines_sent

bp = Blueprint("paper", __name__, url_prefix="/paper")

RECENT_WEEKS = timedelta(weeks=3)


class PaperWeek(NamedTuple):
    """A week as the page offers it: what is ready to print, what is still to prepare."""

    monday: date
    sheets: list[paper.SheetListed]
    unprepared: int

    @property
    def sunday(self) -> date:
        return self.monday + SIX_DAYS


@bp.get("")
@allow(Kind.PAPER)
def index() -> Response:
    number = request.args.get("number", "").strip()
    now = clock.now()
    if sheet := find_sheet(number):
        return go(url_for(".enter", activity_id=sheet.activity_id, sheet=sheet.number))
    latest = [sheet for sheet in paper.latest(at=now) if is_of_use(sheet, now)]
    mondays = (monday_of(now.date()) + n * WEEK for n in (0, 1))
    return page(
        "attendance/paper/index.html",
        number=number,
        weeks=[week_of(monday) for monday in mondays],
        latest=latest,
        mine=paper.in_charge_of(latest, me()),
        now=now,
        writes=may_open("paper.enter"),
    )


def is_of_use(sheet: paper.SheetListed, now: datetime) -> bool:
    """What waits to be entered, and what is new; the rest is found by its number."""
    waits = sheet.opened_at is None and sheet.cancelled_at is None
    return waits or (sheet.newest and sheet.starts >= now - RECENT_WEEKS)


def week_of(monday: date) -> PaperWeek:
    now, sunday = clock.now(), monday + SIX_DAYS
    sheets = paper.to_print(monday, sunday, at=now)
    return PaperWeek(monday, sheets, paper.unprepared(monday, sunday, at=now))


def find_sheet(number: str) -> paper.SheetListed | None:
    """The sheet of the 單號 that was typed, for those who enter it; None for no such."""
    known = number.isdecimal() and len(number) < 10 and may_open("paper.enter")
    try:
        return paper.one(int(number)) if known else None
    except NotFound:
        return None


@bp.post("/weeks/<day>/prepare")
@allow(Kind.PAPER, "w")
def prepare(day: str) -> Response:
    monday = monday_of(date_of(day))
    paper.prepare(monday, monday + SIX_DAYS, by=me(), at=clock.now())
    return go(url_for(".week", day=monday))


class PrintedPaper(NamedTuple):
    """One sheet ready for paper."""

    sheet: paper.SheetListed
    rows: list[paper.NumberedRow]
    contacts: Mapping[int, Contact]
    ruling: Ruling
    week: int | None


@bp.get("/weeks/<day>")
@allow(Kind.PAPER)
def week(day: str) -> Response:
    monday = monday_of(date_of(day))
    sheets = paper.to_print(monday, monday + SIX_DAYS, at=clock.now())
    return print_page(sheets) if sheets else go(url_for(".index"))


@bp.get("/sheets/<id:number>")
@allow(Kind.PAPER)
def sheet(number: int) -> Response:
    return print_page([paper.one(number)], forms=False)


@bp.get("/forms")
@allow(Kind.PAPER)
def forms() -> Response:
    return print_page([])


def print_page(sheets: list[paper.SheetListed], *, forms: bool = True) -> Response:
    if sheets:
        paper.note_printed((s.number for s in sheets), by=me(), at=clock.now())
    ready = list(ready_to_print(sheets))
    return page("attendance/paper/print.html", printed=ready, forms=forms, now=clock.now())


def ready_to_print(sheets: list[paper.SheetListed]) -> Iterable[PrintedPaper]:
    found = groupby(paper.rows_of(s.number for s in sheets), key=lambda row: row.sheet)
    rows = {number: list(those) for number, those in found}
    for each in sheets:
        children = rows.get(each.number, [])
        day = each.starts.date()
        term = calendar.term_on(day)
        number = teaching_week(term.first_day, day) if term else None
        known = contacts([row.child_id for row in children], day=day)
        yield PrintedPaper(each, children, known, ruling(len(children)), number)


@bp.route("/activities/<id:activity_id>", methods=["GET", "POST"])
@allow(Kind.PAPER, "w")
def enter(activity_id: int) -> Response:
    held, sheets = closing.held(activity_id), paper.of_activity(activity_id)
    if request.method == "GET":  # what was typed is given back with the refusal
        rules.check_may_enter(me(), held, clock.now())
        if "sheet" not in request.args:
            newest = sheets[0].number if sheets else 0
            return go(url_for(".enter", activity_id=activity_id, sheet=newest))
    activity = rolls.activity(activity_id)
    form = form_of(activity, held)
    if form.validate_on_submit():
        try:
            if url := enter_or_review(activity, form, held):
                return go(url)
        except Refused as refusal:
            form.refuse(refusal)
    return form_page(activity, form, sheets)


def sheet_number() -> int | None:
    number = request.args.get("sheet", 0, int)
    return number if 0 < number < 2**31 else None


def form_of(activity: Activity, held: ClosingFacts) -> EntryForm:
    form = CorrectingForm() if held.closed_at else EntryForm()
    children = paper_grid.grid(
        activity,
        sheet_number(),
        at=clock.now(),
        seen=form.version if request.form else None,
        also=[int(key) for key, typed in lines_sent().items() if any(typed)],
    )
    return fill(form, children, activity.version)


def enter_or_review(activity: Activity, form: EntryForm, held: ClosingFacts) -> str | None:
    """Where to go on, once all is saved; None where it was only looked through."""
    entries, faults = form.entries(Span(held.starts, held.ends))
    of_sheet = activity.id, sheet_number(), entries
    to_do: dict[str, Any] = {"seen": form.version, "by": me(), "at": clock.now()}
    check_all(faults, lambda: paper_entry.review(*of_sheet, **to_do))
    if request.form.get("deed") != "save":
        form.tidy_up()
        return None
    reason = form.reason.data if isinstance(form, CorrectingForm) else ""
    stranger = tidy(form.unregistered.data)
    alone = stranger and not any(any(entry.facts) for entry in entries.values())
    count = 0 if alone else paper_entry.enter(*of_sheet, reason=reason or "", **to_do)
    if stranger:
        unregistered.note(activity.id, stranger, by=me(), at=clock.now())
        flash(said("已記下名冊上沒有的孩子。"))
        if not count:
            return url_for("attendance.roll", activity_id=activity.id)
    words = said("已補錄 {n} 行。") if count else said("和簽到表上的一樣，沒有改動。")
    flash(words.format(n=count))
    return url_for("attendance.roll", activity_id=activity.id)


def check_all(faults: dict[str, Refused], review: Callable[[], object]) -> None:
    """Tells at once what is not understood and what the roll says no to."""
    try:
        review()
    except Faulty as more:
        faults |= more.faults
    if faults:
        raise Faulty(faults)


def form_page(
    activity: Activity, form: EntryForm, sheets: list[paper.SheetListed]
) -> Response:
    lines = form.lines()
    return page(
        "attendance/paper/enter.html",
        status=form.status,
        form=form,
        lines=lines,
        focus=next((line for line in lines if line.fault), lines[0]),
        filled=sum(any(typed) for typed in form.texts.values()),
        total=len(form.children),
        activity=activity,
        sheet=sheet_number(),
        sheets=sheets,
        strangers=unregistered.of_activity(activity.id),
        looked_through=form.reading is not None and not form.form_errors,
    )


def paper_context(activity: Activity, rows: list[RollRow]) -> dict[str, Any]:
    """What a roll says about paper: whether it may be entered, and how much of it was."""
    now, writes = clock.now(), may_open("paper.enter")
    return {
        "now": now,
        "can_enter": writes and rules.may_enter(me(), closing.facts_of(activity), now),
        "from_paper": sum(row.paper_at is not None for row in rows),
        "strangers": unregistered.of_activity(activity.id),
    }
