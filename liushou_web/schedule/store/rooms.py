"""The rooms of the home."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import Activity, CounsellingBooking, Room
from liushou_web.school.store import trail
from liushou_web.school.store.retirable import RetirableList

from ..rules.rooms import is_counselling_room


class RoomLine(NamedTuple):
    id: int
    name: str
    retired: bool
    coming: int  # what is not over: activities, and times held for what nobody is told
    counselling: bool = False


def everything(*, at: datetime) -> list[RoomLine]:
    """All rooms, those in use first, with how many activities are still to come."""
    ahead = (Activity.room == Room.id) & _ahead(at)
    rows: Any = (
        Room.select(Room.id, Room.name, Room.retired, fn.COUNT(Activity.id))
        .join(Activity, JOIN.LEFT_OUTER, on=ahead)
        .group_by(Room.id)
        .order_by(Room.retired, Room.id)
        .tuples()
    )
    booked = _booked_ahead(at)
    marked = counselling_ids()
    return [
        RoomLine(id_, name, retired, coming + booked[id_], id_ in marked)
        for id_, name, retired, coming in rows
    ]


def counselling_ids() -> set[int]:
    """The rooms marked as counselling rooms."""
    rows: Any = Room.select(Room.id).where(Room.counselling == True).tuples()  # noqa: E712
    return {id_ for (id_,) in rows}


def _booked_ahead(at: datetime) -> Counter[int]:
    ahead: Any = CounsellingBooking.select(CounsellingBooking.room).where(
        CounsellingBooking.holds(), CounsellingBooking.ends > at
    )
    return Counter(room_id for (room_id,) in ahead.tuples())


def in_use() -> list[tuple[int, str]]:
    """Id and name of every room that is not retired."""
    rows: Any = (
        Room.select(Room.id, Room.name)
        .where(Room.retired == False)  # noqa: E712
        .order_by(Room.id)
        .tuples()
    )
    return list(rows)


def _ahead(at: datetime) -> Any:
    return Activity.cancelled_at.is_null() & (Activity.ends > at)


@db.atomic()
def add(name: str, *, by: Actor, at: datetime) -> Room:
    """A new room. Refuses a name that another room has, retired ones included."""
    made: Room = ROOMS.add(name, by=by, at=at, counselling=is_counselling_room(name))
    return made


def _check_unused(room: Room, at: datetime) -> None:
    """Refuses while anything is to come in the room."""
    coming = Activity.select().where(Activity.room == room.id, _ahead(at)).count()
    coming += _booked_ahead(at)[room.id]
    if coming:
        raise Refused(
            "「{room}」還有 {n} 次未結束的活動，不能停用。請先取消這些活動或換到別的房間。",
            room=room.name,
            n=coming,
        )


ROOMS = RetirableList(
    Room, "rooms", "已經有一個房間叫「{name}」。請換一個名稱。", check_unused=_check_unused
)


@db.atomic()
def mark_counselling(room_id: int, marked: bool, *, by: Actor, at: datetime) -> None:
    """Whether the counsellor's hours and bookings are held there. Refuses to unmark a room
    while anything of hers is to come in it."""
    room = Room.get_by_id(room_id)
    if room.counselling == marked:
        return
    if not marked and _booked_ahead(at)[room_id]:
        raise Refused("「{room}」還有未結束的預約，現在不能取消標明。", room=room.name)
    room.counselling = marked
    room.save()
    trail.record("rooms.counselling", room, by=by, at=at, detail=room.name)
