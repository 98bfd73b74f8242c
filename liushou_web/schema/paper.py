"""Blank sign-in sheets as they were printed: which row of which sheet is which child."""

from __future__ import annotations

from peewee import Check, IntegerField

from liushou_web.db.table import Moment, Table, link

from .people import Staff
from .schedule import Activity
from .school import Child, SchoolClass


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
