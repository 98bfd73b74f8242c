"""A term of calls home from the invented school: most are answered, not all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random

from liushou_web.actor import Actor
from liushou_web.phone.rules.calls import Feeling, Result
from liushou_web.phone.store import calls, phones, wishes
from liushou_web.schedule.rules.calendar import SATURDAY, plan_of
from liushou_web.schedule.store import calendar
from liushou_web.schema import Child, Room, Staff

PHONE_LINES = (("電話一", "phone"), ("電話二", "phone"), ("視頻電腦", "video"))
NOON = time(12, 20), time(13, 20)
AFTERNOON = time(16, 20), time(18, 0)
EVERY_DAY, SCHOOL_DAYS = range(7), range(SATURDAY)
AT_FIRST, OF_LATE = 3, 12  # calls a day
BUSIER_FOR = timedelta(weeks=4)
CALL_RESULTS = (Result.CONNECTED,) * 8 + (Result.NO_ANSWER, Result.BUSY)
CALL_FEELINGS = (Feeling.HAPPY,) * 6 + (Feeling.CALM,) * 3 + (Feeling.SAD,)
SHY, UNREACHABLE = 4, 3  # children whom nobody tried; whose parents never answer
TALKED_FOR = timedelta(minutes=4)
ASKED_AT = time(8, 10)


def set_up(by: Actor, at: datetime) -> None:
    """Adds two telephones and a PC for video, open each afternoon, at noon on school
    days."""
    room = Room.get(Room.name == "親情電話室").id
    for name, way in PHONE_LINES:
        phones.add(name, way, room, by=by, at=at)
    phones.open_hours(room, EVERY_DAY, *AFTERNOON, by=by, at=at)
    phones.open_hours(room, SCHOOL_DAYS, *NOON, by=by, at=at)


def hold(first: date, now: datetime, actor: Callable[[Staff], Actor]) -> None:
    """Lets some children call home on every school day so far, in turns."""
    chance = Random(34)  # noqa: S311 - the same calls each time
    ids = [child.id for child in Child.select(Child.id)]
    chance.shuffle(ids)
    silent, turn = set(ids[SHY : SHY + UNREACHABLE]), cycle(ids[SHY:])
    by = actor(Staff.get(Staff.login == "chen"))
    one, two, _ = (line.id for line in phones.in_use())
    for day in _school_days(first, now.date()):
        for n in range(OF_LATE if now.date() - day < BUSIER_FOR else AT_FIRST):
            child = next(turn)
            result = Result.NO_ANSWER if child in silent else chance.choice(CALL_RESULTS)
            began = datetime.combine(day, AFTERNOON[0]) + timedelta(minutes=6 * n)
            _call(child, two if n % 2 else one, began, result, chance, by)


def _school_days(first: date, today: date) -> Iterator[date]:
    special = calendar.special_days(first, today)
    for n in range((today - first).days):
        plan = plan_of(first + timedelta(days=n), special)
        if plan and plan.weekday() < len(SCHOOL_DAYS):
            yield first + timedelta(days=n)


def _call(
    child: int, line: int, began: datetime, result: Result, chance: Random, by: Actor
) -> None:
    contact = chance.choice(("mother", "mother", "father"))
    connected = result is Result.CONNECTED
    lasts = timedelta(seconds=chance.randrange(200, 620) if connected else 40)
    call = calls.start(child, contact, line, by=by, at=began)
    calls.end(call, result, by=by, at=began + lasts)
    if connected:
        calls.feel(call, chance.choice(CALL_FEELINGS), by=by, at=began + lasts)


def today(now: datetime, actor: Callable[[Staff], Actor]) -> None:
    """Enters today's calls: one is on, one met a dead number, some wait; and one of
    yesterday nobody ended."""
    by = actor(Staff.get(Staff.login == "chen"))
    talking, dead, forgotten, *waiting = [child.id for child in Child.select(Child.id)][::9]
    one, two, video = (line.id for line in phones.in_use())
    morning = min(now - TALKED_FOR * 3, datetime.combine(now.date(), ASKED_AT))
    for n, child in enumerate(waiting):
        at = morning + timedelta(seconds=50 * n)
        wishes.ask(child, by=by, at=at)
    for free in wishes.free(at=now, child_id=waiting[0])[:1]:
        starts = free.slots[-1].starts
        wishes.book(waiting[0], free.line.id, starts, by=by, at=now)
    midnight = datetime.combine(now.date(), time())
    at = max(now - TALKED_FOR * 2, midnight)
    calls.end(calls.start(dead, "father", two, by=by, at=at), "out_of_order", by=by, at=at)
    calls.start(talking, "mother", one, by=by, at=max(now - TALKED_FOR, midnight))
    yesterday = datetime.combine(now.date() - timedelta(days=1), AFTERNOON[0])
    calls.start(forgotten, "mother", video, by=by, at=yesterday)
