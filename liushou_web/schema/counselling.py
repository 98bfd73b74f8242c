"""The counselling room: the counsellor's hours, their exceptions, who has which time."""

from __future__ import annotations

from typing import Any

from peewee import (
    BlobField,
    BooleanField,
    Check,
    DateField,
    IntegerField,
    TextField,
    TimeField,
)

from liushou_web.counselling.rules.bookings import BookingKind, BookingState, Channel
from liushou_web.db.table import Moment, Table, link, one_of

from .children import Child
from .schedule import Room
from .school import Staff


class CounsellingHours(Table):
    """Every week at this time the counsellor is in the room, and can be booked."""

    counsellor = link(Staff)
    room = link(Room)
    weekday = IntegerField()  # 0 is Monday
    starts = TimeField()
    ends = TimeField()

    class Meta:
        constraints = [
            Check("weekday BETWEEN 0 AND 6", "hours_weekday"),
            Check("starts < ends", "hours_order"),
        ]


class CounsellingException(Table):
    """Days on which the hours do not hold, or on which there are more. Away without times
    is the whole day. Days on which the school is closed are in the calendar, not here."""

    counsellor = link(Staff)
    kind = TextField()
    first_day = DateField()
    last_day = DateField(index=True)
    starts = TimeField(null=True)
    ends = TimeField(null=True)
    room = link(Room, null=True)  # of extra hours

    class Meta:
        constraints = [
            Check("kind IN ('away', 'extra')", "exception_kind"),
            Check("first_day <= last_day", "exception_order"),
            Check("(starts IS NULL) = (ends IS NULL)", "exception_both_times"),
            Check("starts IS NULL OR starts < ends", "exception_times"),
            Check(
                "kind = 'away' OR (room_id IS NOT NULL AND starts IS NOT NULL)",
                "extra_has_room",
            ),
        ]


class CounsellingBooking(Table):
    """A time of the counsellor's, or a wish for one. Whom or what it is for, only the
    counsellor is told; why, and an alias, only the counsellor's passphrase opens."""

    counsellor = link(Staff, index=False)  # the indexes below begin with it
    room = link(Room, null=True, index=False)
    starts = Moment(null=True)  # none: 等輔導老師安排
    ends = Moment(null=True)
    kind = TextField(default="child")
    child = link(Child, null=True)
    channel = TextField(default="")
    urgent = BooleanField(default=False)
    sealed = BlobField(null=True)
    state = TextField(default="waiting")
    before = TextField(default="")  # the state that an undo goes back to
    cancel_reason = TextField(default="")
    booked_by = link(Staff)
    asked_at = Moment()
    answered_at = Moment(null=True)
    series = IntegerField(null=True, index=True)  # the booking that it follows up

    @classmethod
    def holds(cls) -> Any:
        """The condition of one that holds its time."""
        return (cls.state != "cancelled") & cls.starts.is_null(False)

    class Meta:
        indexes = ((("counsellor", "starts"), False), (("room", "starts"), False))
        constraints = [
            one_of("kind", BookingKind, "booking_kind"),
            one_of("state", BookingState, "booking_state"),
            one_of(
                "before",
                ("", *(each for each in BookingState if each != "cancelled")),
                "booking_before",
            ),
            one_of("channel", ("", *Channel), "booking_channel"),
            Check("kind = 'child' OR child_id IS NULL", "booking_child"),
            Check("(starts IS NULL) = (ends IS NULL)", "booking_both_times"),
            Check("(starts IS NULL) = (room_id IS NULL)", "booking_placed"),
            Check("starts IS NULL OR starts < ends", "booking_order"),
            Check(
                "starts IS NOT NULL OR state IN ('waiting', 'cancelled')", "booking_timed"
            ),
            Check("(state = 'cancelled') = (cancel_reason <> '')", "booking_reason"),
        ]


# A second net under the check inside the write: of two at one instant, one is refused.
CounsellingBooking.add_index(
    CounsellingBooking.counsellor,
    CounsellingBooking.starts,
    unique=True,
    where=CounsellingBooking.state != "cancelled",
    name="counselling_booking_one_at_a_time",
)
