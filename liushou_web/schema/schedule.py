"""Rooms, weekly slots, dated activities, and one child at one activity."""

from __future__ import annotations

from peewee import (
    BooleanField,
    Check,
    IntegerField,
    TextField,
    TimeField,
)

from liushou_web.db.table import Moment, Table, link

from .calendar import Term
from .people import Staff
from .school import Child, SchoolClass

EXPECTS = "expects IN ('all', 'classes', 'children')"


class Room(Table):
    name = TextField(unique=True)
    retired = BooleanField(default=False)
    counselling = BooleanField(default=False)  # what it is held for, nobody is told


class Slot(Table):
    """A weekly opening of one term; its dated activities are rows of their own."""

    term = link(Term)
    room = link(Room)
    weekday = IntegerField()  # 0 is Monday
    starts = TimeField()
    ends = TimeField()
    title = TextField()
    kind = TextField()
    expects = TextField(default="all")
    ended = BooleanField(default=False)  # the rest of the series was cancelled

    class Meta:
        constraints = [
            Check("weekday BETWEEN 0 AND 6", "slot_weekday"),
            Check("starts < ends", "slot_order"),
            Check(EXPECTS, "slot_expects"),
        ]


class SlotDuty(Table):
    slot = link(Slot, on_delete="CASCADE")
    staff = link(Staff)

    class Meta:
        indexes = ((("slot", "staff"), True),)


class SlotClass(Table):
    slot = link(Slot, on_delete="CASCADE")
    school_class = link(SchoolClass)

    class Meta:
        indexes = ((("slot", "school_class"), True),)


class SlotChild(Table):
    slot = link(Slot, on_delete="CASCADE")
    child = link(Child)

    class Meta:
        indexes = ((("slot", "child"), True),)


class Activity(Table):
    """One dated happening with a roll, made from a slot or on its own.

    Until the first act on its roll (`opened_at`) the children expected are worked out from
    the register; from then on they are `Attendance` rows, and the register can change
    without rewriting the past. A roll that nobody took says nothing about any child.
    """

    slot = link(Slot, null=True)
    room = link(Room)
    title = TextField()
    kind = TextField()
    starts = Moment(index=True)
    ends = Moment()
    expects = TextField(default="all")
    opened_at = Moment(null=True)
    grace_minutes = IntegerField(default=10)  # the setting as it was when the roll opened
    version = IntegerField(default=0)  # counts the changes of the roll
    cancelled_at = Moment(null=True)
    cancel_reason = TextField(default="")
    moved_from = Moment(null=True)
    move_reason = TextField(default="")
    closed_at = Moment(null=True)  # from then on the roll takes corrections only
    closed_by = link(Staff, null=True)
    locked_by = link(Staff, null=True)  # who locked up, as far as it is known
    close_note = TextField(default="")

    class Meta:
        constraints = [
            Check("starts < ends", "activity_order"),
            Check(EXPECTS, "activity_expects"),
        ]


class ActivityDuty(Table):
    activity = link(Activity, on_delete="CASCADE")
    staff = link(Staff)

    class Meta:
        indexes = ((("activity", "staff"), True),)


class ActivityClass(Table):
    activity = link(Activity, on_delete="CASCADE")
    school_class = link(SchoolClass)

    class Meta:
        indexes = ((("activity", "school_class"), True),)


class ActivityChild(Table):
    activity = link(Activity, on_delete="CASCADE")
    child = link(Child)

    class Meta:
        indexes = ((("activity", "child"), True),)


class Attendance(Table):
    """One child at one activity; the times fill in as it comes and goes.

    A million rows in ten years: only what is asked has an index.
    """

    activity = link(Activity, index=False)  # the indexes below begin with these two
    child = link(Child, index=False)
    school_class = link(SchoolClass)  # the child's class on that day
    walk_in = BooleanField(default=False)
    came_at = Moment(null=True)
    came_by = link(Staff, null=True, index=False)
    went_at = Moment(null=True)
    went_by = link(Staff, null=True, index=False)
    leave = TextField(default="")
    leave_note = TextField(default="")
    leave_by = link(Staff, null=True, index=False)
    version = IntegerField(default=0)  # of the activity when this row last changed
    unsettled_reason = TextField(default="")  # why there is no departure, once closed
    way_home = TextField(default="")  # how the child went, where it was told
    collected_by = TextField(default="")  # by whom, in the words of that day
    release_reason = TextField(default="")  # why to somebody who is not on the list
    released_by = link(Staff, null=True, index=False)  # the teacher who let it go then
    release_seen_at = Moment(null=True)  # the office put it aside
    release_seen_by = link(Staff, null=True, index=False)
    paper_by = link(Staff, null=True, index=False)  # who entered it from a paper sheet;
    paper_at = Moment(null=True)  # a fact from there was tapped by nobody: no `came_by`

    class Meta:
        indexes = (
            (("activity", "child"), True),
            (("child", "activity"), False),
        )
        constraints = [
            Check("leave IN ('', 'personal', 'sick')", "attendance_leave"),
            Check("went_at IS NULL OR coalesce(went_at >= came_at, 0)", "go_after_come"),
            Check("came_at IS NULL OR leave = ''", "here_or_on_leave"),
            Check(
                "unsettled_reason = '' OR (came_at IS NOT NULL AND went_at IS NULL)",
                "only_not_out_is_unsettled",
            ),
            Check(
                "way_home IN ('', 'collector', 'alone', 'bus', 'dormitory', 'other')",
                "attendance_way_home",
            ),
            Check("way_home = '' OR went_at IS NOT NULL", "only_gone_has_way_home"),
            Check(
                "(way_home IN ('collector', 'other')) = (collected_by <> '')",
                "collected_by_somebody",
            ),
            Check(
                "CASE WHEN way_home = 'other' THEN length(release_reason) >= 4"
                " ELSE release_reason = '' END",
                "unlisted_has_a_reason",
            ),
            Check(
                "(way_home = 'other') = (released_by_id IS NOT NULL)",
                "unlisted_has_a_teacher",
            ),
            Check("release_seen_at IS NULL OR way_home = 'other'", "only_unlisted_is_seen"),
            Check("(paper_by_id IS NULL) = (paper_at IS NULL)", "paper_who_and_when"),
        ]


# Of a million rows a few: the office's list is read from an index of its own.
Attendance.add_index(
    Attendance.released_by,
    where=Attendance.released_by.is_null(False),
    name="attendance_released",
)
