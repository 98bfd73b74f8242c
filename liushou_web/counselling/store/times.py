"""Free and taken times: asked again inside every write, by time, and told to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import ONE_DAY
from liushou_web.schema import Activity, ActivityDuty, CounsellingBooking, Room, Staff
from liushou_web.span import Span

from ..rules.bookings import TAKEN, State
from ..rules.times import Held, Open, free_in, is_free, within
from . import hours, lengths

FAR = timedelta(weeks=26)  # nothing is booked further ahead
OFFERED = timedelta(days=14)


class Place(NamedTuple):
    """Where and with whom, and which child if it is known."""

    counsellor_id: int
    room_id: int
    child_id: int | None = None


def living() -> Any:
    """The condition of a booking that holds its time."""
    return (CounsellingBooking.state != State.CANCELLED) & (
        CounsellingBooking.starts.is_null(False)
    )


def held(place: Place, first: date, last: date, *, but: int | None = None) -> list[Held]:
    """All that is in the way on these days, both included, but booking `but`: bookings of
    the counsellor, the room or the child, activities in the room or at which she is on
    duty."""
    return _booked(place, first, last, but) + _activities(place, first, last)


def _booked(place: Place, first: date, last: date, but: int | None) -> list[Held]:
    same = CounsellingBooking.room == place.room_id
    same |= CounsellingBooking.counsellor == place.counsellor_id
    if place.child_id is not None:
        same |= CounsellingBooking.child == place.child_id
    rows: Any = (
        CounsellingBooking.select(
            CounsellingBooking.id,
            CounsellingBooking.starts,
            CounsellingBooking.ends,
            CounsellingBooking.room,
            CounsellingBooking.counsellor,
        )
        .where(living(), same, *_between(CounsellingBooking, first, last))
        .tuples()
    )
    return [
        Held(Span(starts, ends), room == place.room_id or who == place.counsellor_id)
        for id_, starts, ends, room, who in rows
        if id_ != but
    ]


def _activities(place: Place, first: date, last: date) -> list[Held]:
    duties = ActivityDuty.select(ActivityDuty.activity).where(
        ActivityDuty.staff == place.counsellor_id
    )
    rows: Any = (
        Activity.select(Activity.starts, Activity.ends)
        .where(
            (Activity.room == place.room_id) | Activity.id.in_(duties),
            Activity.cancelled_at.is_null(),
            *_between(Activity, first, last),
        )
        .tuples()
    )
    return [Held(Span(starts, ends), False) for starts, ends in rows]


def _between(table: Any, first: date, last: date) -> tuple[Any, Any]:
    after = datetime.combine(last + ONE_DAY, time.min)
    return table.ends > datetime.combine(first, time.min), table.starts < after


def check_free(place: Place, wanted: Span, *, but: int | None = None) -> None:
    """Refuses a time that anything else holds. To be asked inside the write."""
    if Room.get_by_id(place.room_id).retired:
        raise Refused("這間房間已停用，請選別的房間。")
    first, last = wanted.starts.date() - ONE_DAY, wanted.ends.date() + ONE_DAY
    others = held(place, first, last, but=but)
    if not is_free(wanted, others, lengths.length().pause):
        raise Refused(TAKEN)


def check_open(counsellor_id: int, starts: datetime, *, at: datetime) -> Open:
    """The session that begins then, with its room. Refuses a time that is past, too far
    ahead, or outside the counsellor's hours."""
    if not at < starts <= at + FAR:
        raise Refused("這個時間已經過去或太遠。請另選時間。")
    wanted = Span(starts, starts + lengths.length().session)
    days = hours.openings(counsellor_id, starts.date(), starts.date())
    opening = within(wanted, days)
    if opening is None:
        raise Refused("輔導老師這個時間不開放。請另選時間。")
    return Open(wanted, opening.room_id)


class Free(NamedTuple):
    """The free times of one day."""

    day: date
    spans: list[Span]


def free_times(
    counsellor_id: int, *, at: datetime, child_id: int | None = None
) -> list[Free]:
    """What can be booked in the next two weeks, by day; days with nothing left out."""
    first, last = at.date(), at.date() + OFFERED
    spans = [
        opening.span
        for opening in free_between(counsellor_id, first, last, child_id=child_id)
        if opening.span.starts > at
    ]
    days = sorted({span.starts.date() for span in spans})
    return [Free(day, [s for s in spans if s.starts.date() == day]) for day in days]


def free_between(
    counsellor_id: int, first: date, last: date, *, child_id: int | None = None
) -> list[Open]:
    """Every session that still fits, with its room, by time."""
    openings = hours.openings(counsellor_id, first, last)
    taken = {
        room_id: held(Place(counsellor_id, room_id, child_id), first, last)
        for room_id in {opening.room_id for opening in openings}
    }
    length = lengths.length()
    return [
        Open(span, opening.room_id)
        for opening in openings
        for span in free_in(opening, taken[opening.room_id], length)
    ]


def taken_of(staff: Iterable[int], first: date, last: date) -> list[tuple[int, str, Span]]:
    """Whose time is taken on these days, and when."""
    rows: Any = (
        CounsellingBooking.select(
            Staff.id, Staff.name, CounsellingBooking.starts, CounsellingBooking.ends
        )
        .join(Staff, on=CounsellingBooking.counsellor == Staff.id)
        .where(
            living(), Staff.id.in_(list(staff)), *_between(CounsellingBooking, first, last)
        )
        .order_by(CounsellingBooking.starts)
        .tuples()
    )
    return [(id_, name, Span(starts, ends)) for id_, name, starts, ends in rows]


def taken_in_rooms(
    first: date, last: date, *, rooms: Iterable[int] | None = None
) -> list[tuple[int, str, Span]]:
    """Room and time of every booking that holds one, and nothing else of it."""
    rows: Any = (
        CounsellingBooking.select(
            CounsellingBooking.room,
            Room.name,
            CounsellingBooking.starts,
            CounsellingBooking.ends,
        )
        .join(Room)
        .where(living(), *_between(CounsellingBooking, first, last))
        .order_by(CounsellingBooking.starts)
        .tuples()
    )
    wanted = None if rooms is None else set(rooms)
    return [
        (room_id, room, Span(starts, ends))
        for room_id, room, starts, ends in rows
        if wanted is None or room_id in wanted
    ]
