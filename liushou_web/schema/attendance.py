"""Rolls and what belongs to them: leave, the room check, corrections, sheets of paper."""

from __future__ import annotations

from peewee import BooleanField, Check, DateField, IntegerField, TextField

from liushou_web.attendance.rules.corrections import RollFacts
from liushou_web.attendance.rules.leave import Part
from liushou_web.attendance.rules.marks import LEAVE_LABELS
from liushou_web.children.rules.collecting import Way
from liushou_web.db.table import Moment, Table, link, one_of

from .children import Child, SchoolClass
from .schedule import Activity
from .school import Staff


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
            one_of("leave", ("", *LEAVE_LABELS), "attendance_leave"),
            Check("went_at IS NULL OR coalesce(went_at >= came_at, 0)", "go_after_come"),
            Check("came_at IS NULL OR leave = ''", "here_or_on_leave"),
            Check(
                "unsettled_reason = '' OR (came_at IS NOT NULL AND went_at IS NULL)",
                "only_not_out_is_unsettled",
            ),
            one_of("way_home", Way, "attendance_way_home"),
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


class Unregistered(Table):
    """A child at an activity that is in no register, in the words of the paper: it counts
    in no figure, and is somebody for the office to ask after."""

    activity = link(Activity)
    words = TextField()
    staff = link(Staff, index=False)
    at = Moment()


class Outing(Table):
    """A child that went and came back to the same activity: a departure that was not its
    last. Its row in the roll keeps the first arrival, so the child counts once."""

    attendance = link(Attendance)
    went_at = Moment()
    went_by = link(Staff, null=True, index=False)
    way_home = TextField(default="")
    collected_by = TextField(default="")
    release_reason = TextField(default="")
    released_by = link(Staff, null=True, index=False)
    back_at = Moment()
    back_by = link(Staff, null=True, index=False)

    class Meta:
        constraints = [Check("went_at <= back_at", "outing_order")]


class Move(Table):
    """A child that went over to another activity: its departure was no way home."""

    attendance = link(Attendance, unique=True)
    activity = link(Activity)  # where it went


class Leave(Table):
    """A child will not come on these days; copied onto each roll as it opens.

    Withdrawn, it no longer holds from the day of the withdrawal on.
    """

    child = link(Child)
    first_day = DateField()
    last_day = DateField(index=True)
    part = TextField(default="day")  # of each day; halves meet at noon
    kind = TextField()
    note = TextField(default="")
    staff = link(Staff)
    entered_at = Moment()
    withdrawn_at = Moment(null=True)

    class Meta:
        constraints = [
            Check("first_day <= last_day", "leave_order"),
            one_of("part", Part, "leave_part"),
            one_of("kind", LEAVE_LABELS, "leave_kind"),
        ]


class CaseSeen(Table):
    """知道了: hides a case from this reader until something new happens in it."""

    staff = link(Staff)
    kind = TextField()
    subject_id = IntegerField()  # of a child ('absent'), of a class ('sick')
    seen_at = Moment()

    class Meta:
        indexes = ((("staff", "kind", "subject_id"), True),)
        constraints = [Check("kind IN ('absent', 'sick')", "case_kind")]


class CheckItem(Table):
    """One thing to look at before the room is locked. Retired, never deleted."""

    position = IntegerField()
    name = TextField(unique=True)
    retired = BooleanField(default=False)


class RoomCheck(Table):
    """How one thing was found when an activity was closed."""

    activity = link(Activity)
    item = link(CheckItem)
    ok = BooleanField()
    note = TextField(default="")

    class Meta:
        indexes = ((("activity", "item"), True),)
        constraints = [Check("ok OR note <> ''", "not_ok_has_a_note")]


class Correction(Table):
    """One fact of a closed roll that was changed: what stood there, what stands now."""

    attendance = link(Attendance)
    at = Moment()
    staff = link(Staff)
    field = TextField()
    old = TextField(default="")
    new = TextField(default="")
    reason = TextField()

    class Meta:
        constraints = [
            one_of("field", RollFacts._fields, "correction_field"),
            Check("length(reason) >= 4", "correction_reason"),
        ]


class PaperSheet(Table):
    """One sheet; its `id` is the 單號 on it, and never given again: a sheet outlives an
    activity that is taken off the schedule."""

    activity = link(Activity, null=True, on_delete="SET NULL")
    made_at = Moment()
    staff = link(Staff)


class PaperRow(Table):
    """A numbered row of a sheet. The register may change; the paper does not."""

    sheet = link(PaperSheet, index=False)  # the indexes below begin with it
    number = IntegerField()
    child = link(Child)
    school_class = link(SchoolClass)  # as printed

    class Meta:
        indexes = (
            (("sheet", "number"), True),
            (("sheet", "child"), True),
        )
        constraints = [Check("number > 0", "paper_row_number")]
