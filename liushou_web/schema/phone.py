"""Family phones, when they are open, who waits, and every call: never what was said."""

from __future__ import annotations

from peewee import BooleanField, Check, DateField, IntegerField, TextField, TimeField

from liushou_web.db.table import Moment, Table, link, one_of
from liushou_web.phone.rules.calls import CONTACT_LABELS, Feeling, Result, Way

from .children import Child, SchoolClass
from .schedule import Room
from .school import Staff


class Phone(Table):
    """A telephone, or a PC for video: a line, which holds one call at a time."""

    room = link(Room)
    name = TextField(unique=True)
    way = TextField(default="phone")
    retired = BooleanField(default=False)

    class Meta:
        constraints = [one_of("way", Way, "phone_way")]


class PhoneHours(Table):
    """When the lines of a room can be used, the same every week."""

    room = link(Room)
    weekday = IntegerField()  # 0 is Monday
    starts = TimeField()
    ends = TimeField()

    class Meta:
        constraints = [
            Check("weekday BETWEEN 0 AND 6", "phone_hours_weekday"),
            Check("starts < ends", "phone_hours_order"),
        ]


class Call(Table):
    """One attempt to reach somebody: open until it has a result.

    The number is not kept: whom it was tells enough. An end that nobody remembers stays
    empty; one that was told later, not by the tap, has the moment of telling.
    """

    child = link(Child, index=False)  # the index below begins with it
    school_class = link(SchoolClass, index=False)  # the child's class on that day
    phone = link(Phone, index=False)
    way = TextField()
    contact = TextField()
    callee = TextField(default="")
    relation = TextField(default="")  # as typed in the file; of parents the contact tells
    started_at = Moment(index=True)
    ended_at = Moment(null=True)
    end_told_at = Moment(null=True)
    result = TextField(default="")
    feeling = TextField(default="")
    started_by = link(Staff, index=False)
    ended_by = link(Staff, null=True, index=False)

    class Meta:
        indexes = ((("child", "result", "started_at"), False),)
        constraints = [
            one_of("way", Way, "call_way"),
            one_of("contact", CONTACT_LABELS, "call_contact"),
            one_of("result", ("", *Result), "call_result"),
            one_of("feeling", ("", *Feeling), "call_feeling"),
            Check("ended_at IS NULL OR ended_at >= started_at", "call_order"),
            Check(
                "result <> '' OR (ended_at IS NULL AND end_told_at IS NULL"
                " AND feeling = '')",
                "call_open",
            ),
            Check(
                "result = '' OR ended_at IS NOT NULL OR end_told_at IS NOT NULL",
                "call_over",
            ),
        ]


# One line cannot hold two calls, nor one child be in two.
Call.add_index(Call.phone, unique=True, where=Call.result == "", name="call_on_a_line")
Call.add_index(Call.child, unique=True, where=Call.result == "", name="call_of_a_child")


class CallWish(Table):
    """A child waits for a call on a day, perhaps for a time on a line of its own."""

    child = link(Child, index=False)
    day = DateField(index=True)
    asked_at = Moment()
    asked_by = link(Staff, index=False)
    phone = link(Phone, null=True, index=False)
    starts = TimeField(null=True)
    ends = TimeField(null=True)
    withdrawn_at = Moment(null=True)

    class Meta:
        indexes = (
            (("child", "day"), True),
            (("phone", "day", "starts"), True),
        )
        constraints = [
            Check(
                "(phone_id IS NULL) = (starts IS NULL)"
                " AND (starts IS NULL) = (ends IS NULL)",
                "call_wish_slot",
            ),
            Check("starts IS NULL OR starts < ends", "call_wish_order"),
            Check("withdrawn_at IS NULL OR starts IS NULL", "call_wish_withdrawn"),
        ]


class NumberFault(Table):
    """A number in a child's file does not reach its person. It is settled by itself as
    soon as the file has another number, or by somebody who says that it is right."""

    child = link(Child, index=False)
    contact = TextField()
    number = TextField()
    call = link(Call)
    found_at = Moment()
    found_by = link(Staff, index=False)
    settled_at = Moment(null=True)
    settled_by = link(Staff, null=True, index=False)

    class Meta:
        constraints = [
            one_of("contact", CONTACT_LABELS, "number_fault_contact"),
            Check("number <> ''", "number_fault_number"),
        ]


NumberFault.add_index(
    NumberFault.child,
    NumberFault.contact,
    NumberFault.number,
    unique=True,
    where=NumberFault.settled_at.is_null(),
    name="number_fault_open",
)
