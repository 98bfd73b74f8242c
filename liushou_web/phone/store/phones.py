"""The family phones: lines in rooms, and the hours in which they are open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.schedule.store import calendar
from liushou_web.schema import Call, Phone, PhoneHours, Room
from liushou_web.school.store import trail
from liushou_web.school.store.retirable import RetirableList

from ..rules.calls import WAY_LABELS, Way
from ..rules.hours import DAYS_SEARCHED, Hours, check_hours
from .entries import IS_OPEN


class PhoneLine(NamedTuple):
    """One line, where it is, and whether it is used."""

    id: int
    name: str
    way: str
    room_id: int
    room: str
    retired: bool

    @property
    def way_label(self) -> str:
        return WAY_LABELS[Way(self.way)]


class OpenHours(NamedTuple):
    """An open stretch of the week as the set-up page lists it."""

    id: int
    room_id: int
    room: str
    weekday: int
    starts: time
    ends: time


def all_lines() -> list[PhoneLine]:
    """All lines, those in use first."""
    return [PhoneLine(*row) for row in _lines.rows()]


@Prepared
def _lines() -> Any:
    return (
        Phone.select(Phone.id, Phone.name, Phone.way, Room.id, Room.name, Phone.retired)
        .join(Room)
        .order_by(Phone.retired, Phone.id)
    )


def in_use() -> list[PhoneLine]:
    """The lines that are not retired."""
    return [line for line in all_lines() if not line.retired]


def line(phone_id: int) -> PhoneLine:
    """One line; raises `NotFound`."""
    found = next((each for each in all_lines() if each.id == phone_id), None)
    if found is None:
        raise NotFound
    return found


def all_hours() -> list[OpenHours]:
    """All open hours, by weekday, time and room."""
    return [OpenHours(*row) for row in _every_week.rows()]


@Prepared
def _every_week() -> Any:
    return (
        PhoneHours.select(
            PhoneHours.id,
            Room.id,
            Room.name,
            PhoneHours.weekday,
            PhoneHours.starts,
            PhoneHours.ends,
        )
        .join(Room)
        .order_by(PhoneHours.weekday, PhoneHours.starts, Room.id)
    )


class PhonePlan(NamedTuple):
    """The open hours of the week, and the days of the next weeks that are not as usual."""

    hours: list[Hours]
    special: dict[date, SpecialDay]


def plan(today: date) -> PhonePlan:
    """The open hours, and the special days of the coming weeks. Two queries."""
    ahead = today + timedelta(days=DAYS_SEARCHED)
    hours = [Hours(h.room_id, h.weekday, h.starts, h.ends) for h in all_hours()]
    return PhonePlan(hours, calendar.special_days(today, ahead))


@db.atomic()
def add(name: str, way: str, room_id: int, *, by: Actor, at: datetime) -> Phone:
    """Adds a line. Refuses a name that another line has, retired ones included."""
    _check_room(room_id)
    made: Phone = PHONES.add(name, by=by, at=at, way=way, room=room_id)
    return made


def _check_room(room_id: int) -> None:
    if Room.get_or_none(Room.id == room_id) is None:
        raise Refused("這個房間已不在，請重新選擇。")


def _check_unused(phone: Phone, _at: datetime) -> None:
    """Refuses while somebody is talking."""
    if Call.select().where(Call.phone == phone.id, IS_OPEN).exists():
        raise Refused("「{line}」還有一次通話沒有結束，不能停用。", line=phone.name)


PHONES = RetirableList(
    Phone,
    "phones",
    "已經有一部電話叫「{name}」。請換一個名稱。",
    check_unused=_check_unused,
)


@db.atomic()
def open_hours(
    room_id: int,
    weekdays: Iterable[int],
    starts: time,
    ends: time,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Opens the same hours on each of these weekdays, on all or none. Refuses overlaps."""
    others = [Hours(h.room_id, h.weekday, h.starts, h.ends) for h in all_hours()]
    for weekday in sorted(set(weekdays)):
        check_hours(Hours(room_id, weekday, starts, ends), others)
        _check_room(room_id)
        made = PhoneHours.create(room=room_id, weekday=weekday, starts=starts, ends=ends)
        detail = _in_words(made)
        trail.record("phones.open_hours", made, by=by, at=at, detail=detail)


@db.atomic()
def close_hours(hours_id: int, *, by: Actor, at: datetime) -> None:
    """Closes these hours; closed already, they stay so. Bookings in them stay."""
    gone = PhoneHours.get_or_none(PhoneHours.id == hours_id)
    if gone is None:
        return
    PhoneHours.delete().where(PhoneHours.id == hours_id).execute()
    trail.record("phones.close_hours", gone, by=by, at=at, detail=_in_words(gone))


def _in_words(hours: PhoneHours) -> str:
    return f"{hours.weekday + 1}: {hours.starts:%H:%M}–{hours.ends:%H:%M}"
