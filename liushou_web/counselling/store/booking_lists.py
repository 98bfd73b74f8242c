"""Bookings as they are read: by the counsellor her own, by others what they asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.class_names import class_name
from liushou_web.db.table import within
from liushou_web.refusal import NotFound
from liushou_web.schema import Child, CounsellingBooking, Room, SchoolClass, Staff
from liushou_web.span import Span

from ..rules.bookings import CANCEL_LABELS, BookingKind, BookingState, Channel
from .handover import Former, sealed_of

KEPT_DAYS = timedelta(days=60)  # that long, what is settled stays on the list of who asked


class BookingEntry(NamedTuple):
    """One booking. `sealed` is opened by its counsellor alone, and not here."""

    id: int
    counsellor_id: int
    starts: datetime | None
    ends: datetime | None
    room: str | None
    kind: str
    child_id: int | None
    name: str | None
    grade: int | None
    class_number: int | None
    channel: str
    urgent: bool
    sealed: bytes | None
    state: str
    before: str
    cancel_reason: str
    booked_by_id: int
    booked_by: str
    asked_at: datetime
    series: int | None

    @property
    def span(self) -> Span | None:
        return Span(self.starts, self.ends) if self.starts and self.ends else None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number) if self.grade else ""

    @property
    def label(self) -> str:
        return BookingKind(self.kind).label

    @property
    def state_label(self) -> str:
        return BookingState(self.state).label

    @property
    def channel_label(self) -> str:
        return Channel(self.channel).label if self.channel else ""

    @property
    def reason_label(self) -> str:
        return CANCEL_LABELS.get(self.cancel_reason, "")

    @property
    def is_open(self) -> bool:
        return self.state in (BookingState.WAITING, BookingState.BOOKED)

    @property
    def is_child(self) -> bool:
        return self.kind == BookingKind.CHILD


def waiting(counsellor_id: int) -> list[BookingEntry]:
    """What waits for an answer: the urgent first, then in the order asked."""
    order = CounsellingBooking.urgent.desc(), CounsellingBooking.asked_at
    return _items(
        CounsellingBooking.counsellor == counsellor_id,
        CounsellingBooking.state == BookingState.WAITING,
        order=order,
    )


def between(
    counsellor_id: int, first: date, last: date, formers: Sequence[Former] = ()
) -> list[BookingEntry]:
    """Her bookings of these days, both included, by time; cancelled ones too. With them
    the words that came to her from `formers`."""
    mine = CounsellingBooking.counsellor == counsellor_id
    return _items(
        mine | sealed_of(formers) if formers else mine,
        within(CounsellingBooking.starts, first, last),
        order=(CounsellingBooking.starts,),
    )


def asked_by(staff_id: int, *, at: datetime) -> list[BookingEntry]:
    """What a person asked for children: what is open first, then the latest."""
    recent = (CounsellingBooking.starts >= at - KEPT_DAYS) | (
        CounsellingBooking.asked_at >= at - KEPT_DAYS
    )
    items = _items(
        CounsellingBooking.booked_by == staff_id,
        CounsellingBooking.kind == BookingKind.CHILD,
        recent,
        order=(CounsellingBooking.starts, CounsellingBooking.asked_at),
    )
    coming = [each for each in items if each.is_open and (each.ends or at) >= at]
    return coming + [each for each in reversed(items) if each not in coming]


def one(booking_id: int, counsellor_id: int) -> BookingEntry:
    """Raises `NotFound` for a booking with another counsellor."""
    found = _items(
        CounsellingBooking.id == booking_id,
        CounsellingBooking.counsellor == counsellor_id,
        order=(CounsellingBooking.id,),
    )
    if not found:
        raise NotFound
    return found[0]


def count_later(item: BookingEntry) -> int:
    """How many of its series come after it and are still open."""
    if item.series is None or item.starts is None:
        return 0
    later = CounsellingBooking.select().where(
        CounsellingBooking.series == item.series,
        CounsellingBooking.starts > item.starts,
        CounsellingBooking.state.in_((BookingState.WAITING, BookingState.BOOKED)),
    )
    return int(later.count())


def _items(*conditions: Any, order: tuple[Any, ...]) -> list[BookingEntry]:
    booking = CounsellingBooking
    rows: Any = (
        booking.select(
            booking.id,
            booking.counsellor,
            booking.starts,
            booking.ends,
            Room.name,
            booking.kind,
            booking.child,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            booking.channel,
            booking.urgent,
            booking.sealed,
            booking.state,
            booking.before,
            booking.cancel_reason,
            booking.booked_by,
            Staff.name,
            booking.asked_at,
            booking.series,
        )
        .join(Room, JOIN.LEFT_OUTER)
        .switch(booking)
        .join(Staff, on=booking.booked_by == Staff.id)
        .switch(booking)
        .join(Child, JOIN.LEFT_OUTER)
        .join(SchoolClass, JOIN.LEFT_OUTER)
        .where(*conditions)
        .order_by(*order, booking.id)
        .tuples()
    )
    return [BookingEntry(*row) for row in rows]
