"""Terms, closed days and make-up days: the year to read, and to change with a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.schema import Term
from liushou_web.school.auth import allow, may_open, me
from liushou_web.web.fields import date_of
from liushou_web.web.forms import saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..rules.calendar import TermWeek, stretches, weeks_of
from ..rules.holiday_notice import read
from ..rules.replanning import Move
from ..store import calendar, replanning
from .calendar_forms import (
    ChangingForm,
    ClosedForm,
    HolidaysForm,
    MakeUpForm,
    NoticeForm,
    RemoveForm,
    TermForm,
    closed_at,
    holidays_form,
    made_up_at,
    year_of,
)

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("")
@allow(Kind.CALENDAR)
def index() -> Response:
    today = clock.now().date()
    year = request.args.get("year", today.year, type=int)
    first, last = year_of(year)
    terms = calendar.terms()
    return page(
        "schedule/calendar/index.html",
        grid=grid_of(terms, request.args.get("term", type=int), today),
        terms=terms,
        year=first.year,
        stretches=stretches(calendar.special_days(first, last)),
        today=today,
        writes=may_open("calendar.close"),
    )


class Grid(NamedTuple):
    """A term with its weeks, and those of its years of which no holiday is known."""

    term: Term
    weeks: list[TermWeek]
    unknown: list[int]


def grid_of(terms: list[Term], wanted: int | None, today: date) -> Grid | None:
    """The term asked for, else the present or next one, else the last; None without any."""
    now = calendar.current_or_next(today) or next(iter(terms), None)
    term = next((each for each in terms if each.id == wanted), now)
    if term is None:
        return None
    bounds = calendar.bounds_of(term)
    weeks = weeks_of(bounds, calendar.special_days(*bounds))
    years = {bounds.first_day.year, bounds.last_day.year}
    return Grid(term, weeks, sorted(years - calendar.years_known()))


def answer(
    form: ChangingForm, template: str, save: Callable[[], str], **context: Any
) -> Response:
    """Saves and leaves, or comes back with what is wrong or what would move."""
    return saved(form, save) or page(template, status=form.status, form=form, **context)


def leave(sentence: str, moves: Sequence[Move], **where: Any) -> str:
    """Tells how many openings moved; the address to go on to."""
    words = said(sentence)
    if moves:
        words += said("已排好的活動有 {n} 處變動。").format(n=len(moves))
    flash(words)
    return url_for(".index", **where)


def who(form: ChangingForm) -> Any:
    """What every change is told: who, when, and which preview they have confirmed."""
    return {"seen": form.seen.data or "", "by": me(), "at": clock.now()}


@bp.route("/terms/new", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def new_term() -> Response:
    form = TermForm()

    def save() -> str:
        name = form.name.data or ""
        made = calendar.add_term(name, form.bounds(), by=me(), at=clock.now())
        return leave("學期已保存。", (), term=made.id)

    return answer(form, "schedule/calendar/term.html", save)


@bp.route("/terms/<id:term_id>", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def change_term(term_id: int) -> Response:
    form = TermForm(obj=calendar.term(term_id))

    def save() -> str:
        name, bounds = form.name.data or "", form.bounds()
        moves = replanning.change_term(term_id, name, bounds, **who(form))
        return leave("學期已保存。", moves, term=term_id)

    return answer(form, "schedule/calendar/term.html", save, term_id=term_id)


@bp.route("/closed", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def close() -> Response:
    return add(ClosedForm(), "schedule/calendar/closed.html")


@bp.route("/make-up", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def make_up() -> Response:
    return add(MakeUpForm(), "schedule/calendar/make_up.html")


def add(form: ClosedForm | MakeUpForm, template: str) -> Response:
    def save() -> str:
        days = form.days()
        moves = replanning.add_days(days, **who(form))
        return leave("校曆已保存。", moves, year=min(days).year)

    return answer(form, template, save)


@bp.route("/closed/<day>", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def change_closed(day: str) -> Response:
    form = ClosedForm(data=None if request.form else closed_at(date_of(day)))
    return change(date_of(day), form, "schedule/calendar/closed.html")


@bp.route("/make-up/<day>", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def change_make_up(day: str) -> Response:
    form = MakeUpForm(data=None if request.form else made_up_at(date_of(day)))
    return change(date_of(day), form, "schedule/calendar/make_up.html")


def change(day: date, form: ClosedForm | MakeUpForm, template: str) -> Response:
    def save() -> str:
        days = form.days()
        moves = replanning.change_stretch(day, days, **who(form))
        return leave("校曆已保存。", moves, year=min(days).year)

    return answer(form, template, save, day=day)


@bp.route("/days/<day>/remove", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def remove_day(day: str) -> Response:
    first, form = date_of(day), RemoveForm()

    def save() -> str:
        moves = replanning.change_stretch(first, {}, **who(form))
        return leave("已從校曆中刪除。", moves, year=first.year)

    if done := saved(form, save):
        return done
    stretch = calendar.stretch_at(first)
    if not form.moves:
        days = dict.fromkeys(stretch.days.days())
        form.show(replanning.preview(days=days, at=clock.now()))
    return page(
        "schedule/calendar/remove.html", form=form, stretch=stretch, status=form.status
    )


@bp.route("/notice", methods=["GET", "POST"])
@allow(Kind.CALENDAR, "w")
def notice() -> Response:
    """Nothing is written: what was understood comes back as a form."""
    form = NoticeForm()
    if form.validate_on_submit():
        text = form.text.data or ""
        try:
            return read_page(holidays_form(read(text, form.year.data), text))
        except Refused as refusal:
            form.refuse(refusal)
    return page("schedule/calendar/notice.html", form=form, status=form.status)


@bp.post("/notice/save")
@allow(Kind.CALENDAR, "w")
def save_notice() -> Response:
    form = HolidaysForm()
    return saved(form, lambda: _save_notice(form)) or read_page(form)


def _save_notice(form: HolidaysForm) -> str:
    days = form.days()
    moves = replanning.change_days(days, **who(form))
    return leave("放假安排已保存。", moves, year=max(days).year)


def read_page(form: HolidaysForm) -> Response:
    """The form with the notice beside it: what does not add up, what was not used, and
    what the calendar has for that year already."""
    notice = read(form.text.data or "", form.year.data)
    return page(
        "schedule/calendar/read.html",
        form=form,
        notice=notice,
        known=stretches(calendar.special_days(*year_of(notice.year))),
        status=form.status,
    )
