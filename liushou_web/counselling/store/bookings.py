"""Asking for the counsellor's time, and what becomes of it.

Each write checks the time inside its transaction, so that of many at once one wins. The
trail tells the same of a child, a meeting and a repair: that there was a booking."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.children.store.child_files import file_of
from liushou_web.consent import Consent
from liushou_web.db import db
from liushou_web.db.prepared import new_row
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CounsellingBooking
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules.bookings import (
    TAKEN,
    WITHDRAWN,
    BookingKind,
    BookingState,
    Wish,
    check_step,
    check_undo,
    check_withdrawal,
)
from .elsewhere import check_expected
from .hours import counsellor
from .times import FURTHEST_AHEAD, Place, check_free, check_open


@db.atomic()
def book(
    wish: Wish,
    consent: Consent | None = None,
    *,
    sealed: bytes | None = None,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> CounsellingBooking:
    """A request: 待定 until the counsellor answers, and already 已定 if she books herself.

    Refuses a time that is taken (told in no other words) or not open, a child who has left
    or is none of `of_teacher`'s classes, and with a `consent` a time at which the child is
    expected on a roll until that is agreed to.
    """
    counsellor(wish.counsellor_id)
    if wish.child_id is not None:
        _check_child(wish.child_id, of_teacher)
    columns: dict[str, Any] = {}
    if wish.starts is not None:
        opening = check_open(wish.counsellor_id, wish.starts, at=at)
        place = Place(wish.counsellor_id, opening.room_id, wish.child_id)
        check_free(place, opening.span)
        check_expected(wish.child_id, opening.span, consent)
        columns = place_columns(opening.room_id, opening.span)
    own = by.id == wish.counsellor_id and wish.starts is not None
    return create(
        by=by,
        at=at,
        counsellor=wish.counsellor_id,
        child=wish.child_id,
        channel=wish.channel,
        urgent=wish.urgent,
        sealed=sealed,
        state=BookingState.BOOKED if own else BookingState.WAITING,
        **columns,
    )


def _check_child(child_id: int, of_teacher: int | None) -> None:
    file = file_of(child_id, of_teacher=of_teacher)
    if file.left_on:
        raise Refused("{name}已離開，不能預約。", name=file.fields.name)


@db.atomic()
def block(
    kind: BookingKind,
    place: Place,
    span: Span,
    *,
    sealed: bytes | None = None,
    by: Actor,
    at: datetime,
) -> CounsellingBooking:
    """A time of the counsellor's own choosing: a meeting, or the room being seen to; with
    a child in `place`, a session outside the hours. Refused where it is taken or past."""
    _check_ahead(span, at)
    check_free(place, span)
    return create(
        by=by,
        at=at,
        counsellor=place.counsellor_id,
        kind=kind,
        child=place.child_id,
        sealed=sealed,
        state=BookingState.BOOKED,
        **place_columns(place.room_id, span),
    )


def create(*, by: Actor, at: datetime, **columns: Any) -> CounsellingBooking:
    """The row and its line in the trail; the index is a second net under the check."""
    try:
        made = new_row(CounsellingBooking, booked_by=by.id, asked_at=at, **columns)
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    trail.record("counselling.book", made, by=by, at=at)
    return made


@db.atomic()
def settle(
    booking_id: int, state: BookingState, *, reason: str = "", by: Actor, at: datetime
) -> None:
    """Confirms, cancels (for a reason), or says how it went. A second press changes
    nothing; what the booking's state or time does not allow is refused."""
    row = own(booking_id, by)
    if row.state != state:
        check_step(row.state, state, row.starts, row.kind, at)
        _set(row, state, reason, by, at)


@db.atomic()
def cancel_rest(booking_id: int, *, reason: str, by: Actor, at: datetime) -> int:
    """This one and all of its series after it that are still open; how many."""
    row = own(booking_id, by)
    check_step(row.state, BookingState.CANCELLED, row.starts, row.kind, at)
    later = CounsellingBooking.select().where(
        CounsellingBooking.series == row.series,
        CounsellingBooking.counsellor == by.id,
        CounsellingBooking.starts >= row.starts,
        CounsellingBooking.state.in_((BookingState.WAITING, BookingState.BOOKED)),
    )
    rest = list(later) if row.series else [row]
    for each in rest:
        _set(each, BookingState.CANCELLED, reason, by, at)
    return len(rest)


@db.atomic()
def undo(booking_id: int, shown: str, *, by: Actor, at: datetime) -> None:
    """Takes back the step that led to the state `shown`; a cancelled time only while
    nothing else has taken it."""
    row = own(booking_id, by)
    check_undo(row.state, row.before, shown)
    _step_back(row, by, at)


@db.atomic()
def move(booking_id: int, place: Place, span: Span, *, by: Actor, at: datetime) -> None:
    """To another time, or to a first one; from then on it is 已定."""
    row = own(booking_id, by)
    if row.state not in (BookingState.WAITING, BookingState.BOOKED):
        raise Refused("這次預約已經處理完，不能改時間。")
    _check_ahead(span, at)
    place = place._replace(child_id=row.child_id)
    check_free(place, span, but=booking_id)
    columns = {
        **place_columns(place.room_id, span),
        "state": BookingState.BOOKED,
        "before": "",
    }
    _update(row, columns, by, at)


@db.atomic()
def withdraw(booking_id: int, *, by: Actor, at: datetime) -> None:
    """By whoever asked; `NotFound` for anybody else. Withdrawn already stays so."""
    row = _asked_by(booking_id, by)
    if row.state != BookingState.CANCELLED:
        check_withdrawal(row.state, row.starts, at)
        _set(row, BookingState.CANCELLED, WITHDRAWN, by, at)


@db.atomic()
def restore(booking_id: int, *, by: Actor, at: datetime) -> None:
    """Takes a withdrawal back, while the time is still to come and nothing else has it."""
    row = _asked_by(booking_id, by)
    if row.state == BookingState.CANCELLED:
        if row.cancel_reason != WITHDRAWN:
            raise Refused("這次預約是輔導老師取消的，不能恢復。請重新預約。")
        if row.starts is not None and row.starts <= at:
            raise Refused("這個時間已經過去了，不能恢復。請重新預約。")
        _step_back(row, by, at)


def own(booking_id: int, by: Actor) -> CounsellingBooking:
    """A booking with this counsellor; raises `NotFound` for one with another."""
    return _only(booking_id, CounsellingBooking.counsellor == by.id)


def own_with_time(booking_id: int, by: Actor) -> CounsellingBooking:
    """A booking with this counsellor; refuses one that has no time yet."""
    row = own(booking_id, by)
    if row.starts is None:
        raise Refused("這次預約還沒有時間。請先安排時間。")
    return row


def _asked_by(booking_id: int, by: Actor) -> CounsellingBooking:
    return _only(booking_id, CounsellingBooking.booked_by == by.id)


def _only(booking_id: int, condition: Any) -> CounsellingBooking:
    row = CounsellingBooking.get_or_none(CounsellingBooking.id == booking_id, condition)
    if row is None:
        raise NotFound
    return row


def place_of(row: CounsellingBooking) -> Place:
    return Place(row.counsellor_id, row.room_id, row.child_id)


def _check_ahead(span: Span, at: datetime) -> None:
    if span.ends <= at:
        raise Refused("這個時間已經過去了。請檢查日期和時間。")
    if span.starts > at + FURTHEST_AHEAD:
        raise Refused("這個時間太遠了。請檢查日期和時間。")


def place_columns(room_id: int, span: Span) -> dict[str, Any]:
    return {"room": room_id, "starts": span.starts, "ends": span.ends}


def _set(
    row: CounsellingBooking, state: BookingState, reason: str, by: Actor, at: datetime
) -> None:
    columns = {"state": state, "before": row.state, "cancel_reason": reason}
    _update(row, columns, by, at)


def _step_back(row: CounsellingBooking, by: Actor, at: datetime) -> None:
    if row.state == BookingState.CANCELLED and row.starts is not None:
        check_free(place_of(row), Span(row.starts, row.ends), but=row.id)
    columns = {"state": row.before, "before": "", "cancel_reason": ""}
    _update(row, columns, by, at)


def _update(
    row: CounsellingBooking, columns: dict[str, Any], by: Actor, at: datetime
) -> None:
    changed = CounsellingBooking.update(**columns, answered_at=at)
    try:
        changed.where(CounsellingBooking.id == row.id).execute()
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    trail.record("counselling.change", row, by=by, at=at)
