"""The room check that closes an activity, and what was corrected after it was closed."""

from __future__ import annotations

from peewee import BooleanField, Check, IntegerField, TextField

from liushou_web.db.table import Moment, Table, link

from .people import Staff
from .schedule import Activity, Attendance


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
            Check("field IN ('came_at', 'went_at', 'leave')", "correction_field"),
            Check("length(reason) >= 4", "correction_reason"),
        ]
