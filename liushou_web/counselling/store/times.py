"""Free and taken times: asked again inside every write, by time, and told to nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import ONE_DAY
from liushou_web.schedule.store import holds
from liushou_web.schema import Activity, ActivityDuty, CounsellingBooking, Room
from liushou_web.span import Span, clashes

from ..rules.bookings import TAKEN
from ..rules.hours import RoomTime
from ..rules.times import free_in, opening_around, with_pause
from . import hours

FURTHEST_AHEAD = timedelta(weeks=26)  # nothing is booked further ahead
DAYS_OFFERED = timedelta(days=14)


class Place(NamedTuple):
    """Where and with whom, and which child if it is known."""

    counsellor_id: int
    room_id: int
    child_id: int | None = None


def taken_times(
    place: Place, first: date, last: date, *, pause: timedelta, but: int | None = None
) -> list[Span]:
    """All that is in the way on these days, both included: bookings of the counsellor or
    the room, with the pause around them, and of the child, all but booking `but`;
    activities in the room or at which she is on duty."""
    days, others = holds.around(first, last), () if but is None else (but,)
    where_and_who = place.room_id, place.counsellor_id
    near = holds.in_bookings(_near.rows(*days, *where_and_who), others)
    found = [with_pause(each.span, pause) for each in near]
    if place.child_id is not None:
        of_child = _of_child.rows(*days, place.child_id)
        found += [each.span for each in holds.in_bookings(of_child, others)]
    in_the_way = holds.at_activities(_in_the_way.rows(*days, *where_and_who))
    return found + [each.span for each in in_the_way]


@Prepared
def _near(since: Any, after: Any, before: Any, room_id: Any, counsellor_id: Any) -> Any:
    booking = CounsellingBooking
    near = (booking.room == room_id) | (booking.counsellor == counsellor_id)
    return holds.bookings_where(since, after, before, near)


@Prepared
def _of_child(since: Any, after: Any, before: Any, child_id: Any) -> Any:
    of_child = CounsellingBooking.child == child_id
    return holds.bookings_where(since, after, before, of_child)


@Prepared
def _in_the_way(
    since: Any, after: Any, before: Any, room_id: Any, counsellor_id: Any
) -> Any:
    duties = ActivityDuty.select(ActivityDuty.activity).where(
        ActivityDuty.staff == counsellor_id
    )
    either = (Activity.room == room_id) | Activity.id.in_(duties)
    return holds.activities_where(since, after, before, either)


def check_free(place: Place, wanted: Span, *, but: int | None = None) -> None:
    """Refuses a time that anything else holds. To be asked inside the write."""
    room = _room.row(place.room_id)
    if room is None:
        raise NotFound
    if room[0]:
        raise Refused("這間房間已停用，請選別的房間。")
    first, last = wanted.starts.date() - ONE_DAY, wanted.ends.date() + ONE_DAY
    pause = hours.length().pause
    if clashes(wanted, taken_times(place, first, last, pause=pause, but=but)):
        raise Refused(TAKEN)


@Prepared
def _room(room_id: Any) -> Any:
    return Room.select(Room.retired).where(Room.id == room_id)


def check_open(counsellor_id: int, starts: datetime, *, at: datetime) -> RoomTime:
    """The session that begins then, with its room. Refuses a time that is past, too far
    ahead, or outside the counsellor's hours."""
    if not at < starts <= at + FURTHEST_AHEAD:
        raise Refused("這個時間已經過去或太遠。請另選時間。")
    wanted = Span(starts, starts + hours.length().session)
    days = hours.openings(counsellor_id, starts.date(), starts.date())
    opening = opening_around(wanted, days)
    if opening is None:
        raise Refused("輔導老師這個時間不開放。請另選時間。")
    return RoomTime(wanted, opening.room_id)


class Free(NamedTuple):
    """The free times of one day."""

    day: date
    spans: list[Span]


def free_times(
    counsellor_id: int, *, at: datetime, child_id: int | None = None
) -> list[Free]:
    """What can be booked in the next two weeks, by day; days with nothing left out."""
    first, last = at.date(), at.date() + DAYS_OFFERED
    spans = [
        opening.span
        for opening in free_between(counsellor_id, first, last, child_id=child_id)
        if opening.span.starts > at
    ]
    days = sorted({span.starts.date() for span in spans})
    return [Free(day, [s for s in spans if s.starts.date() == day]) for day in days]


def free_between(
    counsellor_id: int, first: date, last: date, *, child_id: int | None = None
) -> list[RoomTime]:
    """Every session that still fits, with its room, by time."""
    openings = hours.openings(counsellor_id, first, last)
    length = hours.length()
    held = {
        room_id: taken_times(
            Place(counsellor_id, room_id, child_id), first, last, pause=length.pause
        )
        for room_id in {opening.room_id for opening in openings}
    }
    return [
        RoomTime(span, opening.room_id)
        for opening in openings
        for span in free_in(opening, held[opening.room_id], length)
    ]
