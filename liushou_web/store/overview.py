"""What the headmaster's picture is made of: heads are counted, nobody is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from ..rules.calendar import monday_of
from ..rules.overview import DAY, WEEK, Day, Now, days_of_week
from ..schema import Activity, Attendance, Room
from . import call_register, closing, reports
from .days import on_day
from .presence import in_the_building


def now(at: datetime) -> Now:
    """Heads, rooms and calls of the day; what nobody took counts back 14 days."""
    today = on_day(at.date())
    on = (Activity.starts <= at) & (Activity.ends > at)
    held: Any = Activity.select(
        fn.COUNT(Activity.id),
        fn.COALESCE(fn.SUM(on), 0),
        fn.COUNT(fn.DISTINCT(Activity.room)).filter(on),
    ).where(*today)
    activities, under_way, rooms_in_use = held.tuples()[0]
    present: Any = (
        Attendance.select(fn.COUNT(fn.DISTINCT(Attendance.child)))
        .join(Activity)
        .where(*in_the_building(at.date()))
    )
    rooms = Room.select().where(Room.retired == False).count()  # noqa: E712
    answered = call_register.answered(at.date(), at.date()).get(at.date(), 0)
    untaken = len(closing.never_taken(at=at))
    return Now(
        activities, under_way, present.scalar(), rooms, rooms_in_use, answered, untaken
    )


def last_week(at: datetime) -> list[Day]:
    """The whole week before this one, by the figures of its weekly sheet."""
    monday = monday_of(at.date()) - WEEK
    sunday = monday + WEEK - DAY
    found = reports.week(monday, sunday, reports.groups(), now=at)
    calls = call_register.answered(monday, sunday)
    return days_of_week(monday, found.sheet, calls)
