"""Follow-ups: shown date by date, then booked exactly as shown, or refused."""

from __future__ import annotations

from datetime import datetime

from ..db import db
from ..rules.actor import Actor
from ..rules.counselling_series import Preview, Rhythm, check_series, following, preview
from ..rules.counselling_times import Away
from ..rules.planning import Consent
from ..rules.span import Span
from ..schema import CounsellingBooking
from . import calendar, counselling, counselling_hours
from .counselling_times import held


def plan(booking_id: int, rhythm: Rhythm, *, by: Actor) -> Preview:
    """What booking the follow-ups would do; nothing else is then done."""
    first = counselling.timed(booking_id, by)
    spans = following(Span(first.starts, first.ends), rhythm)
    days = spans[0].starts.date(), spans[-1].ends.date()
    unusual = counselling_hours.exceptions_between(first.counsellor_id, *days)
    return preview(
        spans,
        calendar.special_days(*days),
        [each for each in unusual if isinstance(each, Away)],
        held(counselling.place_of(first), *days),
        counselling_hours.length().pause,
    )


@db.atomic()
def book(
    booking_id: int, rhythm: Rhythm, consent: Consent, *, by: Actor, at: datetime
) -> list[CounsellingBooking]:
    """Books every free date. Refuses what is not as it was shown, or not agreed to."""
    shown = plan(booking_id, rhythm, by=by)
    check_series(shown, consent)
    return counselling.book_following(booking_id, shown.free, by=by, at=at)
