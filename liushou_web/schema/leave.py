"""Leave entered ahead, and the cases of absence that a reader has put aside."""

from __future__ import annotations

from peewee import Check, DateField, IntegerField, TextField

from liushou_web.db.table import Moment, Table, link

from .people import Staff
from .school import Child


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
            Check("part IN ('day', 'morning', 'afternoon')", "leave_part"),
            Check("kind IN ('personal', 'sick')", "leave_kind"),
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
