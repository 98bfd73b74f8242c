"""What holds a time, asked by the timetable and by the counsellor alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from liushou_web.db.table import midnights
from liushou_web.refusal import Refused
from liushou_web.schema import Activity, ActivityDuty, CounsellingBooking, Room, Staff
from liushou_web.span import Span

from ..rules.calendar import ONE_DAY
from ..rules.holds import Hold, clashing, joined

HELD = Activity.cancelled_at.is_null()


def activities(
    first: date, last: date, *conditions: Any, but: Collection[int] = ()
) -> list[Hold]:
    """The activities that are held on these days, both included, by time; those with an id
    in `but` are left out."""
    return at_activities(activities_where(*around(first, last), *conditions).tuples(), but)


def at_activities(rows: Iterable[Any], but: Collection[int] = ()) -> list[Hold]:
    """The rows of `activities_where`, without those with an id in `but`."""
    return [
        Hold(Span(starts, ends), title, room_id, room)
        for id_, starts, ends, title, room_id, room in rows
        if id_ not in but
    ]


def activities_where(since: Any, after: Any, before: Any, *conditions: Any) -> Any:
    """The query of what is held between two moments, to be written once where it is asked
    often: its values may be places."""
    return (
        Activity.select(
            Activity.id,
            Activity.starts,
            Activity.ends,
            Activity.title,
            Room.id,
            Room.name,
        )
        .join(Room)
        .where(HELD, _spans(Activity, since, after, before), *conditions)
        .order_by(Activity.starts, Activity.id)
    )


def bookings(
    first: date, last: date, *conditions: Any, but: Collection[int] = ()
) -> list[Hold]:
    """The bookings of the counsellor that hold a time of these days, both included, by
    time, without what they are for; those with an id in `but` are left out."""
    return in_bookings(bookings_where(*around(first, last), *conditions).tuples(), but)


def in_bookings(rows: Iterable[Any], but: Collection[int] = ()) -> list[Hold]:
    """The rows of `bookings_where`, without those with an id in `but`."""
    return [
        Hold(Span(starts, ends), room_id=room_id, room=room)
        for id_, starts, ends, room_id, room in rows
        if id_ not in but
    ]


def bookings_where(since: Any, after: Any, before: Any, *conditions: Any) -> Any:
    """The query of the bookings that hold a time between two moments, to be written once
    where it is asked often: its values may be places."""
    booking = CounsellingBooking
    return (
        booking.select(booking.id, booking.starts, booking.ends, Room.id, Room.name)
        .join(Room)
        .where(booking.holds(), _spans(booking, since, after, before), *conditions)
        .order_by(booking.starts)
    )


def in_rooms(
    rooms: Iterable[int], first: date, last: date, *, but: Collection[int] = ()
) -> list[Hold]:
    """What holds these rooms on these days: bookings, and activities but those in `but`."""
    ids = list(rooms)
    held = activities(first, last, Activity.room.in_(ids), but=but)
    return held + bookings(first, last, CounsellingBooking.room.in_(ids))


def of_staff(
    staff: Iterable[int], first: date, last: date, *, but: Collection[int] = ()
) -> list[Hold]:
    """The duties of these people on these days, but at the activities in `but`; and the
    times at which a counsellor is taken, without the room."""
    ids = list(staff)
    return _duties(ids, first, last, but) + _taken(ids, first, last)


def _duties(staff: list[int], first: date, last: date, but: Collection[int]) -> list[Hold]:
    rows: Any = (
        ActivityDuty.select(
            Activity.id,
            Activity.starts,
            Activity.ends,
            Activity.title,
            Room.id,
            Room.name,
            Staff.id,
            Staff.name,
        )
        .join(Staff)
        .switch(ActivityDuty)
        .join(Activity)
        .join(Room)
        .where(ActivityDuty.staff.in_(staff), HELD, _touches(Activity, first, last))
        .order_by(Activity.starts, Activity.id, Staff.id)
        .tuples()
    )
    return [
        Hold(Span(starts, ends), *rest)
        for id_, starts, ends, *rest in rows
        if id_ not in but
    ]


def _taken(staff: list[int], first: date, last: date) -> list[Hold]:
    rows: Any = (
        CounsellingBooking.select(
            CounsellingBooking.starts, CounsellingBooking.ends, Staff.id, Staff.name
        )
        .join(Staff, on=CounsellingBooking.counsellor == Staff.id)
        .where(
            Staff.id.in_(staff),
            CounsellingBooking.holds(),
            _touches(CounsellingBooking, first, last),
        )
        .order_by(CounsellingBooking.starts)
        .tuples()
    )
    return [
        Hold(Span(starts, ends), staff_id=staff_id, staff=name)
        for starts, ends, staff_id, name in rows
    ]


def _touches(table: Any, first: date, last: date) -> Any:
    return _spans(table, *around(first, last))


def _spans(table: Any, since: Any, after: Any, before: Any) -> Any:
    return (table.starts > since) & (table.ends > after) & (table.starts < before)


def around(first: date, last: date) -> tuple[datetime, datetime, datetime]:
    """The midnights around these days, and the one before: nothing lasts longer than a day,
    and whatever began earlier, in ten years, is not to be read."""
    after, before = midnights(first, last)
    return after - ONE_DAY, after, before


def occupied_times(first: date, last: date) -> list[Hold]:
    """What the counsellor holds on these days, by time and room, as everybody may see it:
    what lies side by side is one. A room that is no counselling room any more is told too,
    as long as it is held."""
    spans: dict[tuple[int, str, date], list[Span]] = {}
    for each in bookings(first, last):
        spans.setdefault((each.room_id, each.room, each.day), []).append(each.span)
    held = [
        Hold(span, room_id=room_id, room=room)
        for (room_id, room, _), taken in spans.items()
        for span in joined(taken)
    ]
    return sorted(held, key=lambda each: (each.starts, each.room_id))


def check_free(room_id: int, span: Span, *, but: int | None = None) -> None:
    """Refuses a retired room, and a time at which another activity (not `but`) or the
    counsellor holds it. To be asked inside the write."""
    room = Room.get_by_id(room_id)
    if room.retired:
        raise Refused("「{room}」已停用，請選別的房間。", room=room.name)
    days = span.starts.date(), span.ends.date()
    if clashing(span, in_rooms((room_id,), *days, but=() if but is None else (but,))):
        raise Refused(
            "該房間在 {day} {time} 已被佔用。請改時間或換房間。",
            day=f"{span.starts:%m-%d}",
            time=f"{span.starts:%H:%M}–{span.ends:%H:%M}",
        )
