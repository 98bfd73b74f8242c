"""What the headmaster's picture is made of: heads are counted, nobody is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from liushou_web.attendance.store import closing
from liushou_web.attendance.store.presence import in_the_building
from liushou_web.db.words import count_where
from liushou_web.phone.store import register
from liushou_web.reports.store import weekly_sheet
from liushou_web.schedule.rules.calendar import SIX_DAYS, WEEK, monday_of
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Room

from ..rules.overview import HouseNow, OverviewDay, overview_of_week


def now(at: datetime) -> HouseNow:
    """Heads, rooms and calls of the day; what nobody took counts back 14 days."""
    today = held_on(at.date())
    on = (Activity.starts <= at) & (Activity.ends > at)
    held: Any = Activity.select(
        fn.COUNT(Activity.id),
        count_where(on),
        fn.COUNT(fn.DISTINCT(Activity.room)).filter(on),
    ).where(today)
    activities, under_way, rooms_in_use = held.tuples()[0]
    present: Any = (
        Attendance.select(fn.COUNT(fn.DISTINCT(Attendance.child)))
        .join(Activity)
        .where(*in_the_building(at))
    )
    rooms = Room.select().where(Room.retired == False).count()  # noqa: E712
    answered = register.answered(at.date(), at.date()).get(at.date(), 0)
    untaken = len(closing.never_taken(at=at))
    return HouseNow(
        activities, under_way, present.scalar(), rooms, rooms_in_use, answered, untaken
    )


def last_week(at: datetime) -> list[OverviewDay]:
    """The whole week before this one, by the figures of its weekly sheet."""
    monday = monday_of(at.date()) - WEEK
    sunday = monday + SIX_DAYS
    found = weekly_sheet.week(monday, sunday, weekly_sheet.classes(), now=at)
    calls = register.answered(monday, sunday)
    return overview_of_week(monday, found.sheet, calls)
