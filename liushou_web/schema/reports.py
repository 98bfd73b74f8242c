"""Weekly sheets as they were signed."""

from __future__ import annotations

from peewee import Check, DateField, IntegerField, TextField

from liushou_web.db.table import Moment, Table, link

from .children import SchoolClass
from .schedule import Term
from .school import Staff


class FrozenSheet(Table):
    """One version of a weekly sheet, stored as printed. Triggers forbid any change; its
    `sha256` tells one that was made behind them."""

    monday = DateField()  # whose week it is, also after the term's first day was moved
    term = link(Term)
    week = IntegerField()  # as it was counted when it was signed
    school_class = link(SchoolClass, null=True)  # none: the whole school
    version = IntegerField()
    made_at = Moment()
    staff = link(Staff)
    html = TextField()
    figures = TextField()  # every mark, to compare versions (rules/frozen.py)
    sha256 = TextField()

    class Meta:
        indexes = ((("monday", "term", "week", "school_class", "version"), True),)
        constraints = [Check("version > 0", "frozen_version")]


# SQLite takes two NULLs for different: the whole school needs an index of its own.
FrozenSheet.add_index(
    FrozenSheet.monday,
    FrozenSheet.term,
    FrozenSheet.week,
    FrozenSheet.version,
    unique=True,
    where=FrozenSheet.school_class.is_null(),
    name="frozen_sheet_of_the_school",
)
