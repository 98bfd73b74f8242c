"""The week in every room, one's own duties, the wall timetable."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.schema import Term
from liushou_web.school.auth import allow, may_open, me
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..rules import wall as wall_rules
from ..rules.calendar import WEEK, seven_days
from ..rules.holds import Hold
from ..rules.timetables import RoomRow, days_shown, grid, weekdays_shown
from ..store import activities, calendar, holds, rooms, slots, timetables
from ..store.activities import ActivityEntry
from ..store.slots import SlotLine
from ..store.timetables import CounsellorHours
from .swaps import asked_of_others, to_answer
from .weeks import day_asked, week_of
from .words import holiday

bp = Blueprint("schedule", __name__, url_prefix="/schedule")
bp.add_app_template_filter(holiday)

ON_THE_WALL = timedelta(weeks=5)  # single activities of that time
MOST_ON_THE_WALL = 12


@bp.get("")
@allow(Kind.SCHEDULE)
def week() -> Response:
    shown = week_of(day_asked("week"))
    monday, sunday = shown["monday"], shown["sunday"]
    held: list[ActivityEntry | Hold] = [
        *activities.between(monday, sunday),
        *holds.occupied_times(monday, sunday),
    ]
    held.sort(key=lambda each: each.starts)
    days = days_shown(seven_days(monday), held, shown["special"])
    return page(
        "schedule/timetables/week.html",
        **shown,
        days=days,
        rows=grid(rooms.in_use(), days, ((each.day, each) for each in held)),
        entries=held,
        writes=may_open("activities.new"),
    )


@bp.get("/mine")
@allow(Kind.SCHEDULE)
def mine() -> Response:
    now = clock.now()
    person = me().id or 0
    duties = timetables.duties_of(person, now.date() - 4 * WEEK, now.date() + 26 * WEEK)
    past = [entry for entry in duties if entry.ends <= now]
    return page(
        "schedule/timetables/mine.html",
        coming=[entry for entry in duties if entry.ends > now],
        past=past[:-6:-1],
        today=now.date(),
        now=now,
        to_answer=to_answer(now),
        **asked_of_others(now),
    )


@bp.get("/wall")
@allow(Kind.SCHEDULE)
def wall() -> Response:
    terms = calendar.terms()
    term = term_asked(terms)
    if term is None:
        return page("schedule/slots/no_term.html")
    weekdays, rows = weekly_pattern(term)
    others = single_ones(term)
    layout = wall_rules.layout(rows, len(weekdays), [as_written(one) for one in others])
    return page(
        "schedule/timetables/wall.html",
        term=term,
        terms=terms,
        weekdays=weekdays,
        rows=rows,
        others=others[: layout.shown],
        layout=layout,
        now=clock.now(),
    )


def term_asked(terms: list[Term]) -> Term | None:
    """The term that the address names; else the one under way, the next, or the last."""
    wanted = request.args.get("term", type=int)
    usual = calendar.current_or_next(clock.now().date()) or next(iter(terms), None)
    return next((term for term in terms if term.id == wanted), usual)


def weekly_pattern(
    term: Term,
) -> tuple[list[int], list[RoomRow[SlotLine | CounsellorHours]]]:
    """The weekdays and the rooms of a term's openings, those ended left out."""
    weekly = [slot for slot in slots.of_term(term.id, at=clock.now()) if not slot.ended]
    every: list[SlotLine | CounsellorHours] = [*weekly, *hours_in(term)]
    every.sort(key=lambda each: each.starts)
    weekdays = weekdays_shown(each.weekday for each in every)
    return weekdays, grid(
        rooms.in_use(), weekdays, ((each.weekday, each) for each in every)
    )


def hours_in(term: Term) -> list[CounsellorHours]:
    """When the counsellor is there: of a term that is not over, as the hours are today."""
    if term.last_day < clock.now().date():
        return []
    return timetables.counsellor_hours(title=said("心理輔導（先預約）"))


def single_ones(term: Term) -> list[ActivityEntry]:
    """The next activities of the term that are no weekly openings, or are one with other
    teachers on duty than usual."""
    first = max(clock.now().date(), term.first_day)
    return timetables.not_as_usual(first, min(first + ON_THE_WALL, term.last_day))[
        :MOST_ON_THE_WALL
    ]


def as_written(one: ActivityEntry) -> str:
    """A line as long as the one that tells of it on the wall timetable."""
    duty = f"，值班改為{'、'.join(one.duty)}" if one.slot_id else ""
    return f"11月23日 週一 16:30–18:00 {one.title}（{one.room}）{duty}"
