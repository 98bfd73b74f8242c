"""Today: what is on, and one tap to its roll."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Blueprint
from flask_login import current_user
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.attendance.rules.marks import Tally
from liushou_web.attendance.store import absences, head_counts
from liushou_web.backups import daily
from liushou_web.counselling.store import booking_lists
from liushou_web.db.paths import paths
from liushou_web.phone.store import not_called
from liushou_web.schedule.rules.activities import Phase, phase
from liushou_web.schedule.rules.calendar import teaching_week
from liushou_web.schedule.rules.periods import month_of
from liushou_web.schedule.store import activities, calendar
from liushou_web.school.auth import allow, may_open, my_scope, own_only
from liushou_web.web.filters import week_name
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..rules.overview import HouseNow, OverviewDay
from ..store import overview as overviews
from ..store import today as home
from .todo import todos

bp = Blueprint("home", __name__)

FURTHEST_AHEAD = timedelta(days=21)  # how far the page looks for the next activity


class Happening(NamedTuple):
    """An activity of today as its card shows it."""

    entry: activities.ActivityEntry
    phase: Phase
    tally: Tally | None
    mine: bool

    @property
    def is_on(self) -> bool:
        return self.phase is Phase.ON and not self.entry.cancelled_at


@bp.get("/")
@allow(Kind.ACCOUNT)
def today() -> Response:
    now = clock.now()
    happenings = happenings_on(now.date(), now)
    return page(
        "today/today.html",
        now=now,
        week=teaching_week_on(now.date()),
        special=calendar.special_days(now.date(), now.date()).get(now.date()),
        on=[each for each in happenings if each.is_on],
        others=[each for each in happenings if not each.is_on],
        following=None if happenings else next_activity(now.date()),
        steps=missing_steps(),
        cases=repeated_absence(now),
        overview=overview(now),
        todos=todos(now),
        classroom=classroom(now),
        backup=daily.health(paths(), now) if may_open("backups.index") else None,
        sessions=sessions_on(now.date()) if may_open("counselling_desk.week") else None,
    )


def sessions_on(day: date) -> list[booking_lists.BookingEntry]:
    """For the counsellor: who comes today, in order."""
    held = booking_lists.between(current_user.id, day, day)
    return [item for item in held if item.state not in ("waiting", "cancelled")]


def happenings_on(day: date, now: datetime) -> list[Happening]:
    """The day's activities: what is on first, then what is to come, then what is over."""
    sees_rolls = my_scope(Kind.ROLL) is not Scope.NONE
    own = own_only(Kind.ROLL)
    counts = head_counts.counts_on(day, of_teacher=own) if sees_rolls else {}
    mine = home.duties_on(day, current_user.id)
    happenings = [
        Happening(
            entry,
            phase(entry.starts, entry.ends, now),
            counts.get(entry.id),
            entry.id in mine,
        )
        for entry in activities.between(day, day)
    ]
    return sorted(happenings, key=lambda h: (h.phase, h.entry.starts))


class Overview(NamedTuple):
    """Numbers for those who answer for the house."""

    now: HouseNow
    week: list[OverviewDay]

    @property
    def anything(self) -> bool:
        return any(day.rolls or day.calls for day in self.week)

    @property
    def points(self) -> list[tuple[str, int]]:
        """The points of the drawing: the weekday, and how many came."""
        return [(said(week_name(day.day)), day.figures.came) for day in self.week]


def overview(now: datetime) -> Overview | None:
    if my_scope(Kind.OVERVIEW) is Scope.NONE:
        return None
    return Overview(overviews.now(now), overviews.last_week(now))


def repeated_absence(now: datetime) -> absences.Cases | None:
    """Repeated absence and sickness, for class teachers of their own and for the office."""
    if my_scope(Kind.LEAVE, "w") is Scope.NONE:
        return None
    own = own_only(Kind.LEAVE, "w")
    return absences.cases(of_teacher=own, reader=current_user.id, at=now)


class Classroom(NamedTuple):
    """For a class teacher: the last activity's absent, and who has not phoned home."""

    absent: list[home.AbsentChild]
    anybody: bool  # of theirs was on a roll lately
    calls: not_called.CallCount


def classroom(now: datetime) -> Classroom | None:
    own = own_only(Kind.CALL_COUNT)
    if own is None or not may_open("call_lists.index"):
        return None
    lately = home.absent_lately(own, at=now)
    today = now.date()
    rows = not_called.rows_of(month_of(today), today=today, of_teacher=own)
    return Classroom(lately.absent, lately.anybody, not_called.count("", rows, today))


def teaching_week_on(day: date) -> tuple[str, int] | None:
    """The term's name and the number of the teaching week; None outside of terms."""
    term = calendar.term_on(day)
    return (term.name, teaching_week(term.first_day, day)) if term else None


def next_activity(day: date) -> activities.ActivityEntry | None:
    """The next activity after today, for a day on which there is none."""
    ahead = activities.between(day + timedelta(days=1), day + FURTHEST_AHEAD)
    return next((entry for entry in ahead if not entry.cancelled_at), None)


def missing_steps() -> list[tuple[str, str]]:
    """What is still missing in a new installation, for those who can do it."""
    done = home.ready()
    missing = (
        (done.staff, "給值班教師開賬號（至少兩名）", "staff.add"),
        (done.children, "導入學生名冊", "imports.begin"),
        (done.slots, "安排每週的固定開放", "slots.new"),
    )
    return [(words, url) for ready, words, url in missing if not ready and may_open(url)]
