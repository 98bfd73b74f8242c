"""The blind calendar of the counselling room, for everyone: free, taken or closed."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.schedule.rules.calendar import monday_of
from liushou_web.schedule.rules.timetables import SATURDAY
from liushou_web.schedule.store import calendar
from liushou_web.schedule.views.words import week_number
from liushou_web.school.auth import allow
from liushou_web.web.htmx import page

from ..store import calendar as counselling_calendar
from .desk import SIX_DAYS, WEEK, day_asked

bp = Blueprint("counselling_calendar", __name__, url_prefix="/counselling/calendar")


@bp.get("")
@allow(Kind.SCHEDULE)
def week() -> Response:
    now = clock.now()
    monday = monday_of(day_asked() or now.date())
    sunday = monday + SIX_DAYS
    rooms = counselling_calendar.week(monday, sunday, at=now)
    days = (monday + timedelta(days=n) for n in range(7))
    return page(
        "counselling/calendar/week.html",
        rooms=rooms,
        days=[
            day
            for day in days
            if day.weekday() < SATURDAY or any(room.days[day] for room in rooms)
        ],
        special=calendar.special_days(monday, sunday),
        monday=monday,
        sunday=sunday,
        before=monday - WEEK,
        after=monday + WEEK,
        this_week=monday_of(now.date()),
        number=week_number(monday),
        today=now.date(),
    )
