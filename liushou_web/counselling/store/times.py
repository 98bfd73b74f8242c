"""Free and taken times: asked again inside every write, by time, and told to nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from liushou_web.refusal import Refused
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
    booking, others = CounsellingBooking, () if but is None else (but,)
    near = (booking.room == place.room_id) | (booking.counsellor == place.counsellor_id)
    found = [
        with_pause(each.span, pause)
        for each in holds.bookings(first, last, near, but=others)
    ]
    if place.child_id is not None:
        of_child = booking.child == place.child_id
        found += [each.span for each in holds.bookings(first, last, of_child, but=others)]
    duties = ActivityDuty.select(ActivityDuty.activity).where(
        ActivityDuty.staff == place.counsellor_id
    )
    in_the_way = (Activity.room == place.room_id) | Activity.id.in_(duties)
    return found + [each.span for each in holds.activities(first, last, in_the_way)]


def check_free(place: Place, wanted: Span, *, but: int | None = None) -> None:
    """Refuses a time that anything else holds. To be asked inside the write."""
    if Room.get_by_id(place.room_id).retired:
        raise Refused("這間房間已停用，請選別的房間。")
    first, last = wanted.starts.date() - ONE_DAY, wanted.ends.date() + ONE_DAY
    pause = hours.length().pause
    if clashes(wanted, taken_times(place, first, last, pause=pause, but=but)):
        raise Refused(TAKEN)


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
