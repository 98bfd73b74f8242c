"""The blind calendar of the counselling room, for everyone: free, taken or closed."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from werkzeug import Response

from .. import clock
from ..auth import allow
from ..htmx import page
from ..rules.access import Kind
from ..rules.calendar import monday_of
from ..rules.timetable import SATURDAY
from ..store import calendar, counselling_calendar
from .counselling_desk import SIX_DAYS, WEEK, day_asked
from .schedule import week_number

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
        "counselling_calendar/week.html",
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
