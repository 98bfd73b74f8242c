"""The last full week of the invented school, signed by its head."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from flask import Flask, g

from liushou_web import create_app
from liushou_web.actor import Actor
from liushou_web.reports.store import frozen, weekly_sheet
from liushou_web.reports.views.sheet_html import printed_sheets
from liushou_web.reports.views.versions import draft, html_of, which_of
from liushou_web.reports.views.which_week import WeekChoice
from liushou_web.schedule.rules.calendar import days_of_week, teaching_week
from liushou_web.schema import FrozenSheet, Staff, Term
from liushou_web.school.store import school

SIGNED_ON = timedelta(days=4), time(17, 40)  # on Friday, when the children have gone


def printer(database: Path) -> Flask:
    """The application: a sheet is rendered as for any reader. Binds the database."""
    return create_app({"DATABASE": str(database), "SECRET_KEY": "only to render"})


def finalise_last_week(app: Flask, login: str, now: datetime) -> None:
    """Signs the last week in which a roll was taken, once, as the person of this login."""
    head = Staff.get_or_none(Staff.login == login)
    if head is None or FrozenSheet.select().exists():
        return
    with app.test_request_context():
        g.school, g.script = school.school(), "hant"
        week = teaching_week(Term.get().first_day, now.date())
        chosen = next(filter(_has_marks, map(_whole_school, range(week - 1, 0, -1))), None)
        if chosen:
            _finalise(chosen, Actor(head.id, head.name, head.roles))


def _whole_school(week: int) -> WeekChoice:
    term = Term.get()
    return WeekChoice([term], term, week, 1, week, weekly_sheet.classes(), None, own=False)


def _has_marks(chosen: WeekChoice) -> bool:
    first, *_, last = chosen.days
    found = weekly_sheet.week(first, last, chosen.groups, now=_signed_at(chosen))
    return bool(found.sheet.blocks)


def _signed_at(chosen: WeekChoice) -> datetime:
    days, at = SIGNED_ON
    first_day = days_of_week(chosen.term.first_day, chosen.number)[0]
    return datetime.combine(first_day + days, at)


def _finalise(chosen: WeekChoice, by: Actor) -> None:
    at, which = _signed_at(chosen), which_of(chosen)
    if which is None:
        return
    made = draft(which, printed_sheets(chosen, now=at)[0], now=at)
    frozen.finalise(
        which,
        made.number,
        html=html_of(made, who=by.name, at=at),
        figures=made.figures,
        detail=f"{chosen.term.name} {chosen.name} {chosen.whose} 第{made.number}版",
        by=by,
        at=at,
    )
