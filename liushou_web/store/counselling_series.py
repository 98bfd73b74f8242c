"""Follow-ups: shown date by date, then booked exactly as shown, or refused."""

from __future__ import annotations

from datetime import datetime

from ..db import db
from ..rules.actor import Actor
from ..rules.counselling import State
from ..rules.counselling_series import Preview, Rhythm, check_series, following, preview
from ..rules.planning import Consent
from ..rules.span import Span
from ..schema import CounsellingBooking
from . import calendar, counselling, counselling_hours, counselling_lengths
from .counselling_times import check_free, held


def plan(booking_id: int, rhythm: Rhythm, *, by: Actor) -> Preview:
    """What booking the follow-ups would do; nothing else is then done."""
    first = counselling.timed(booking_id, by)
    spans = following(Span(first.starts, first.ends), rhythm)
    days = spans[0].starts.date(), spans[-1].ends.date()
    return preview(
        spans,
        calendar.special_days(*days),
        counselling_hours.exceptions_between(first.counsellor_id, *days),
        held(counselling.place_of(first), *days),
        counselling_lengths.length().pause,
    )


@db.atomic()
def book(
    booking_id: int, rhythm: Rhythm, consent: Consent, *, by: Actor, at: datetime
) -> list[CounsellingBooking]:
    """The same child or purpose at every free date, all of them or none. Refuses what is
    not as it was shown, or not agreed to."""
    shown = plan(booking_id, rhythm, by=by)
    check_series(shown, consent)
    first = counselling.timed(booking_id, by)
    series = first.series or first.id
    made = [_follow(first, series, span, by, at) for span in shown.free]
    mark = CounsellingBooking.update(series=series)
    mark.where(CounsellingBooking.id == booking_id).execute()
    return made


def _follow(
    first: CounsellingBooking, series: int, span: Span, by: Actor, at: datetime
) -> CounsellingBooking:
    check_free(counselling.place_of(first), span)
    return counselling.create(
        by=by,
        at=at,
        counsellor=first.counsellor_id,
        kind=first.kind,
        child=first.child_id,
        sealed=first.sealed,
        state=State.BOOKED,
        series=series,
        **counselling.placed(first.room_id, span),
    )
