"""The counsellor of the invented school: her hours, twelve weeks of sessions, who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from liushou_web.actor import Actor
from liushou_web.consent import Consent
from liushou_web.counselling.rules.bookings import (
    BookingKind,
    BookingState,
    Channel,
    Wish,
    Words,
    to_seal,
)
from liushou_web.counselling.rules.hours import Away, Weekly
from liushou_web.counselling.rules.series import Rhythm
from liushou_web.counselling.store import bookings, series
from liushou_web.counselling.store import hours as counselling_hours
from liushou_web.counselling.store.times import Place, free_times
from liushou_web.db import db
from liushou_web.schedule.rules.activities import ActivityKind, ActivityPlan, Expected
from liushou_web.schedule.rules.calendar import SATURDAY, WEEK, monday_of
from liushou_web.schedule.store import activities
from liushou_web.schema import Child, CounsellingBooking, Room, SchoolClass, Staff, Term
from liushou_web.span import Span
from liushou_web.vaults.rules.sealing import seal
from liushou_web.vaults.store import vaults

from . import attendance

ROOM = "心理輔導室"
FROM, TO = time(14, 0), time(17, 0)
SCHOOL_DAYS = range(SATURDAY)
MISSED_SHARE = 0.1
REASONS = ("想爸爸媽媽，夜裏睡不好", "和同桌吵架以後不說話", "最近上課總走神", "不肯回家")
GROUPS = (
    (9, "心理健康課：認識情緒", ActivityKind.PSYCHOLOGY, 3, 40),
    (6, "團體輔導：我和我的朋友", ActivityKind.GROUP_SESSION, 4, 6),
    (4, "團體輔導：寫給遠方的信", ActivityKind.GROUP_SESSION, 5, 8),
    (3, "心理健康課：好好說話", ActivityKind.PSYCHOLOGY, 2, 40),
)  # weeks ago, title, kind, grade, how many at most


class Cast(NamedTuple):
    """Who takes part: the counsellor, a class teacher, a duty teacher, the children."""

    counsellor: Actor
    teacher: Actor
    duty: Actor
    children: list[int]
    room_id: int


@db.atomic()
def arrange(now: datetime, actor: Callable[[Staff], Actor]) -> None:
    """Enters her hours and bookings, up to now and for the weeks ahead, once; reasons are
    sealed if the counsellor has a vault by then."""
    there = Staff.select().where(Staff.login == "he").exists()
    if not there or CounsellingBooking.select().exists():
        return
    cast, first_day = _cast(actor), Term.get().first_day
    _open_hours(cast, datetime.combine(first_day, time(8)))
    chance = Random(50)  # noqa: S311 - the same school each time
    for monday in _weeks(first_day, now.date()):
        _hold_week(cast, monday, now, chance)
    for weeks, title, kind, grade, most in GROUPS:
        _hold_group(cast, now - timedelta(weeks=weeks), title, kind, grade, most)
    _today(cast, now)
    _ahead(cast, now)


def _cast(actor: Callable[[Staff], Actor]) -> Cast:
    people = (Staff.get(Staff.login == login) for login in ("he", "sun", "li"))
    counsellor, teacher, duty = map(actor, people)
    first = SchoolClass.get(SchoolClass.teacher == teacher.id)
    pupils = [child.id for child in _of_class(first.id)]
    others = Child.select().where(Child.school_class != first.id).order_by(Child.id)
    children = pupils[:3] + [child.id for child in others][::7]
    return Cast(counsellor, teacher, duty, children, Room.get(Room.name == ROOM).id)


def _of_class(class_id: int) -> list[Child]:
    return list(Child.select().where(Child.school_class == class_id).order_by(Child.id))


def _open_hours(cast: Cast, began: datetime) -> None:
    counsellor_id = cast.counsellor.id or 0
    for weekday in SCHOOL_DAYS:
        hours = Weekly(weekday, FROM, TO, cast.room_id)
        counselling_hours.add(counsellor_id, hours, by=cast.counsellor, at=began)


def _weeks(first: date, last: date) -> Iterator[date]:
    monday = monday_of(first)
    while monday < monday_of(last):
        yield monday
        monday += WEEK


def _hold_week(cast: Cast, monday: date, now: datetime, chance: Random) -> None:
    """Sees two to four children, whom teachers sent; once in a while one does not come."""
    asked = datetime.combine(monday, time(8, 10))
    spans = _free(cast, asked)[: 5 * 3]
    for span in chance.sample(spans, min(len(spans), chance.randrange(2, 5))):
        child = chance.choice(cast.children)
        made = _ask(cast, span.starts, child, asked, by=cast.duty)
        bookings.settle(made, BookingState.BOOKED, by=cast.counsellor, at=asked)
        came = chance.random() >= MISSED_SHARE
        state = BookingState.DONE if came else BookingState.MISSED
        bookings.settle(made, state, by=cast.counsellor, at=span.ends)


def _hold_group(
    cast: Cast, day: datetime, title: str, kind: ActivityKind, grade: int, most: int
) -> None:
    starts = datetime.combine(monday_of(day.date()) + timedelta(days=2), time(10, 20))
    group = SchoolClass.get(SchoolClass.grade == grade)
    children = frozenset(child.id for child in _of_class(group.id)[:most])
    span, by = Span(starts, starts + timedelta(minutes=40)), cast.duty
    duty = frozenset({by.id or 0, cast.teacher.id or 0})
    expected = Expected("children", children=children)
    plan = ActivityPlan(Room.get().id, span, title, kind, duty, expected)
    made = activities.add(plan, by=by, at=starts - timedelta(days=3))
    attendance.hold(made, by, Random(grade), until=day + WEEK)  # noqa: S311
    attendance.close(made, by, Random(grade), until=day + WEEK)  # noqa: S311


def _today(cast: Cast, now: datetime) -> None:
    """Books two for today: who came already, and who is still to come."""
    morning = datetime.combine(now.date(), time(0, 5))
    spans = [span for span in _free(cast, morning) if span.starts.date() == now.date()]
    for span, child in zip(spans[:2], cast.children, strict=False):
        made = _ask(cast, span.starts, child, morning, by=cast.duty)
        bookings.settle(made, BookingState.BOOKED, by=cast.counsellor, at=morning)
        if span.ends <= now:
            bookings.settle(made, BookingState.DONE, by=cast.counsellor, at=span.ends)


def _ahead(cast: Cast, now: datetime) -> None:
    counsellor_id = cast.counsellor.id or 0
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min)
    spans = [span for span in _free(cast, now) if span.starts > tomorrow]
    booked, waiting, lost, withdrawn, meeting = (span.starts for span in spans[:10:2])
    child = cast.children
    first = _ask(cast, booked, child[1], now, by=cast.teacher)
    bookings.settle(first, BookingState.BOOKED, by=cast.counsellor, at=now)
    rhythm = Rhythm(weeks=2, times=4)
    seen = series.plan(first, rhythm, by=cast.counsellor).fingerprint
    series.book(first, rhythm, Consent(seen), by=cast.counsellor, at=now)
    _ask(cast, waiting, child[0], now, by=cast.teacher, channel=Channel.CARER)
    _ask(cast, None, child[4], now, by=cast.duty, urgent=True)
    cancelled = _ask(cast, lost, child[5], now, by=cast.duty)
    reason = "counsellor_away"
    bookings.settle(
        cancelled, BookingState.CANCELLED, reason=reason, by=cast.counsellor, at=now
    )
    taken_back = _ask(cast, withdrawn, child[2], now, by=cast.teacher)
    bookings.withdraw(taken_back, by=cast.teacher, at=now)
    span = Span(meeting, meeting + timedelta(minutes=60))
    place = Place(counsellor_id, cast.room_id)
    bookings.block(BookingKind.MEETING, place, span, by=cast.counsellor, at=now)
    day = spans[-1].starts.date()
    counselling_hours.add_exception(
        counsellor_id, Away(day, day), by=cast.counsellor, at=now
    )


def _free(cast: Cast, at: datetime) -> list[Span]:
    days = free_times(cast.counsellor.id or 0, at=at)
    return [span for day in days for span in day.spans]


def _ask(
    cast: Cast,
    starts: datetime | None,
    child: int,
    at: datetime,
    *,
    by: Actor,
    channel: Channel = Channel.CHILD,
    urgent: bool = False,
) -> int:
    counsellor_id = cast.counsellor.id or 0
    key = vaults.public_key_of(counsellor_id)
    words = to_seal(Words(reason=REASONS[child % len(REASONS)]))
    wish = Wish(counsellor_id, starts, child, channel, urgent)
    sealed = seal(words, key) if key else None
    return int(bookings.book(wish, sealed=sealed, by=by, at=at).id)
