"""The blind calendar of the counselling room, for everyone: free, taken or closed."""

from __future__ import annotations

from flask import Blueprint
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.schedule.rules.calendar import SATURDAY, seven_days
from liushou_web.schedule.views.weeks import day_asked, week_of
from liushou_web.school.auth import allow
from liushou_web.web.htmx import page

from ..store import calendar as counselling_calendar

bp = Blueprint("counselling_calendar", __name__, url_prefix="/counselling/calendar")


@bp.get("")
@allow(Kind.SCHEDULE)
def week() -> Response:
    shown = week_of(day_asked("day"))
    monday = shown["monday"]
    rooms = counselling_calendar.week(monday, shown["sunday"], at=clock.now())
    return page(
        "counselling/calendar/week.html",
        **shown,
        rooms=rooms,
        days=[
            day
            for day in seven_days(monday)
            if day.weekday() < SATURDAY or any(room.days[day] for room in rooms)
        ],
    )
