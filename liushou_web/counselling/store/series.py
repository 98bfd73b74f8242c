"""Follow-ups: shown date by date, then booked exactly as shown, or refused."""

from __future__ import annotations

from datetime import datetime

from liushou_web.actor import Actor
from liushou_web.consent import Consent
from liushou_web.db import db
from liushou_web.schedule.store import calendar
from liushou_web.schema import CounsellingBooking
from liushou_web.span import Span

from ..rules.bookings import BookingState
from ..rules.series import Rhythm, SeriesPreview, check_series, follow_ups, preview
from . import bookings, hours
from .times import check_free, taken_times


def plan(booking_id: int, rhythm: Rhythm, *, by: Actor) -> SeriesPreview:
    """What booking the follow-ups would do; nothing else is then done."""
    first = bookings.own_with_time(booking_id, by)
    spans = follow_ups(Span(first.starts, first.ends), rhythm)
    days = spans[0].starts.date(), spans[-1].ends.date()
    return preview(
        spans,
        calendar.special_days(*days),
        hours.exceptions_between(first.counsellor_id, *days),
        taken_times(bookings.place_of(first), *days, pause=hours.length().pause),
    )


@db.atomic()
def book(
    booking_id: int, rhythm: Rhythm, consent: Consent, *, by: Actor, at: datetime
) -> list[CounsellingBooking]:
    """Books the same child or purpose at every free date, all of them or none. Refuses what
    is not as it was shown, or not agreed to."""
    shown = plan(booking_id, rhythm, by=by)
    check_series(shown, consent)
    first = bookings.own_with_time(booking_id, by)
    series = first.series or first.id
    made = [_follow(first, series, span, by, at) for span in shown.free]
    mark = CounsellingBooking.update(series=series)
    mark.where(CounsellingBooking.id == booking_id).execute()
    return made


def _follow(
    first: CounsellingBooking, series: int, span: Span, by: Actor, at: datetime
) -> CounsellingBooking:
    check_free(bookings.place_of(first), span)
    return bookings.create(
        by=by,
        at=at,
        counsellor=first.counsellor_id,
        kind=first.kind,
        child=first.child_id,
        sealed=first.sealed,
        state=BookingState.BOOKED,
        series=series,
        **bookings.place_columns(first.room_id, span),
    )
