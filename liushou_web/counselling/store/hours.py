"""The counsellor's weekly hours, their exceptions, and how long a session in them is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.store import calendar
from liushou_web.schema import CounsellingException, CounsellingHours, Room, School, Staff
from liushou_web.school.store import school, trail

from ..rules.hours import Away, Extra, Length, RoomTime, Weekly, open_on

Exceptions = list[Away | Extra]


class Counsellor(NamedTuple):
    id: int
    name: str


def counsellors() -> list[Counsellor]:
    """Who can be booked: every counsellor who works here, by id."""
    rows = _working.rows()
    return [Counsellor(id_, name) for id_, name, roles in rows if Role.COUNSELLOR in roles]


@Prepared
def _working() -> Any:
    columns = Staff.id, Staff.name, Staff.roles
    return Staff.select(*columns).where(Staff.retired_at.is_null()).order_by(Staff.id)


def counsellor(staff_id: int) -> Counsellor:
    """A counsellor who works here; raises `NotFound` for anyone else."""
    found = next((each for each in counsellors() if each.id == staff_id), None)
    if found is None:
        raise NotFound
    return found


def counselling_rooms() -> list[tuple[int, str]]:
    """Id and name of each counselling room in use."""
    return [(room_id, name) for room_id, name in _rooms.rows()]


@Prepared
def _rooms() -> Any:
    in_use = (Room.counselling == True) & (Room.retired == False)  # noqa: E712
    return Room.select(Room.id, Room.name).where(in_use).order_by(Room.id)


class WeeklyHours(NamedTuple):
    """Weekly hours as a list shows them."""

    id: int
    weekday: int
    starts: time
    ends: time
    room_id: int
    room: str
    counsellor: str


def weekly(counsellor_id: int | None = None) -> list[WeeklyHours]:
    """The weekly hours of one counsellor, or of all, in rooms that are in use."""
    rows = _every_week.rows() if counsellor_id is None else _weekly_of.rows(counsellor_id)
    return [WeeklyHours(*row) for row in rows]


def _weekly() -> Any:
    return (
        CounsellingHours.select(
            CounsellingHours.id,
            CounsellingHours.weekday,
            CounsellingHours.starts,
            CounsellingHours.ends,
            Room.id,
            Room.name,
            Staff.name,
        )
        .join(Room)
        .switch(CounsellingHours)
        .join(Staff)
        .where(Room.retired == False, Staff.retired_at.is_null())  # noqa: E712
        .order_by(CounsellingHours.weekday, CounsellingHours.starts)
    )


_every_week = Prepared(lambda: _weekly())


@Prepared
def _weekly_of(counsellor_id: Any) -> Any:
    return _weekly().where(CounsellingHours.counsellor == counsellor_id)


class ExceptionEntry(NamedTuple):
    """An exception as a list shows it."""

    id: int
    kind: str
    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    room: str | None


def exceptions(counsellor_id: int, *, since: date) -> list[ExceptionEntry]:
    """A counsellor's exceptions that are not over, by day."""
    rows: Any = (
        _exceptions(counsellor_id, since, date.max)
        .select(
            CounsellingException.id,
            CounsellingException.kind,
            CounsellingException.first_day,
            CounsellingException.last_day,
            CounsellingException.starts,
            CounsellingException.ends,
            Room.name,
        )
        .join(Room, JOIN.LEFT_OUTER)
        .order_by(CounsellingException.first_day, CounsellingException.id)
        .tuples()
    )
    return [ExceptionEntry(*row) for row in rows]


def _exceptions(counsellor_id: Any, first: Any, last: Any) -> Any:
    return CounsellingException.select().where(
        CounsellingException.counsellor == counsellor_id,
        CounsellingException.first_day <= last,
        CounsellingException.last_day >= first,
    )


def exceptions_between(counsellor_id: int, first: date, last: date) -> Exceptions:
    """A counsellor's exceptions on these days, as the rules take them."""
    found = _unusual.rows(counsellor_id, first, last)
    return [
        Away(first, last, starts, ends)
        if kind == "away"
        else Extra(first, last, starts, ends, room_id)
        for kind, first, last, starts, ends, room_id in found
    ]


@Prepared
def _unusual(counsellor_id: Any, first: Any, last: Any) -> Any:
    return _exceptions(counsellor_id, first, last).select(
        CounsellingException.kind,
        CounsellingException.first_day,
        CounsellingException.last_day,
        CounsellingException.starts,
        CounsellingException.ends,
        CounsellingException.room,
    )


def openings(counsellor_id: int, first: date, last: date) -> list[RoomTime]:
    """When the counsellor is in, from the first day to the last, both included."""
    hours = [Weekly(*line[1:5]) for line in weekly(counsellor_id)]
    in_use = {room_id for room_id, _ in counselling_rooms()}
    special = calendar.special_days(first, last)
    unusual = exceptions_between(counsellor_id, first, last)
    days = Bounds(first, last).days()
    every = (each for day in days for each in open_on(day, hours, unusual, special))
    return [each for each in every if each.room_id in in_use]


@db.atomic()
def add(counsellor_id: int, hours: Weekly, *, by: Actor, at: datetime) -> None:
    """Refuses a room that is no counselling room, and hours over others of the same day."""
    _check_room(hours.room_id)
    for other in weekly(counsellor_id):
        same_day = other.weekday == hours.weekday
        if same_day and hours.starts < other.ends and other.starts < hours.ends:
            raise Refused("這一天的這段時間已經有了，時間不能重疊。")
    made = CounsellingHours.create(
        counsellor=counsellor_id,
        room=hours.room_id,
        weekday=hours.weekday,
        starts=hours.starts,
        ends=hours.ends,
    )
    detail = f"{hours.weekday} {hours.starts:%H:%M}–{hours.ends:%H:%M}"
    trail.record("counselling_hours.add", made, by=by, at=at, detail=detail)


@db.atomic()
def remove(counsellor_id: int, hours_id: int, *, by: Actor, at: datetime) -> None:
    """What is booked in them stays booked. Raises `NotFound` for somebody else's."""
    _remove(CounsellingHours, counsellor_id, hours_id)
    gone = CounsellingHours(id=hours_id)
    trail.record("counselling_hours.remove", gone, by=by, at=at)


@db.atomic()
def add_exception(
    counsellor_id: int, exception: Away | Extra, *, by: Actor, at: datetime
) -> None:
    """Refuses days that are past or out of order, and extra hours in another room."""
    if exception.last_day < at.date():
        raise Refused("這一天已經過去了。請核對日期。")
    if exception.last_day < exception.first_day:
        raise Refused("最後一天不能早於第一天。")
    if isinstance(exception, Extra):
        _check_room(exception.room_id)
    made = CounsellingException.create(
        counsellor=counsellor_id,
        kind="extra" if isinstance(exception, Extra) else "away",
        room=getattr(exception, "room_id", None),
        **dict(zip(("first_day", "last_day", "starts", "ends"), exception, strict=False)),
    )
    detail = f"{exception.first_day}–{exception.last_day} {made.kind}"
    trail.record("counselling_hours.except", made, by=by, at=at, detail=detail)


@db.atomic()
def remove_exception(
    counsellor_id: int, exception_id: int, *, by: Actor, at: datetime
) -> None:
    """The usual hours hold again. Raises `NotFound` for somebody else's."""
    _remove(CounsellingException, counsellor_id, exception_id)
    gone = CounsellingException(id=exception_id)
    trail.record("counselling_hours.usual", gone, by=by, at=at)


def _remove(table: Any, counsellor_id: int, row_id: int) -> None:
    own = (table.id == row_id) & (table.counsellor == counsellor_id)
    if not table.delete().where(own).execute():
        raise NotFound


def _check_room(room_id: int) -> None:
    if room_id not in {each for each, _ in counselling_rooms()}:
        raise Refused("請選一間心理輔導室。")


def length() -> Length:
    """How long a session is, and the pause after it."""
    minutes, pause = _lengths.rows()[0]
    return Length(timedelta(minutes=minutes), timedelta(minutes=pause))


@Prepared
def _lengths() -> Any:
    columns = School.counselling_minutes, School.counselling_pause
    return School.select(*columns).where(School.id == 1)


@db.atomic()
def set_lengths(
    *, minutes: int, pause: int, threshold: int, by: Actor, at: datetime
) -> None:
    """For what is booked from now on; the threshold for the counts at once."""
    row = School.get_by_id(1)
    told = f"{minutes} / {pause} / {threshold}"
    if told != _lengths_of(row):
        school.set_counselling(minutes=minutes, pause=pause, threshold=threshold)
        detail = f"{_lengths_of(row)} → {told}"
        trail.record("counselling_hours.settings", row, by=by, at=at, detail=detail)


def _lengths_of(row: School) -> str:
    return " / ".join(
        str(each)
        for each in (
            row.counselling_minutes,
            row.counselling_pause,
            row.counselling_threshold,
        )
    )
