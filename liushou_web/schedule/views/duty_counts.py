"""Who is on duty how often, for the office to share the duties out fairly."""

from __future__ import annotations

from flask import Blueprint
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow
from liushou_web.web.htmx import page

from ..rules.duty_counts import total
from ..store import calendar, duty_counts
from .timetables import term_asked

bp = Blueprint("duty_counts", __name__, url_prefix="/schedule")


@bp.get("/duty-counts")
@allow(Kind.DUTY_COUNT)
def index() -> Response:
    terms = calendar.terms()
    term = term_asked(terms)
    if term is None:
        return page("schedule/slots/no_term.html")
    lines = duty_counts.of_term(calendar.bounds_of(term), at=clock.now())
    return page(
        "schedule/duty_counts/index.html",
        terms=terms,
        term=term,
        lines=lines,
        total=total(lines),
        most=max((line.times for line in lines), default=0) or 1,
        now=clock.now(),
    )
