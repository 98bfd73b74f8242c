"""Terms, and the days on which the school's week is not as usual."""

from __future__ import annotations

from peewee import Check, DateField, TextField

from liushou_web.db.table import Table


class Term(Table):
    """Teaching weeks are counted from the Monday of the week of `first_day`."""

    name = TextField(unique=True)
    first_day = DateField()
    last_day = DateField()

    class Meta:
        constraints = [Check("first_day <= last_day", "term_order")]


class CalendarDay(Table):
    """A closed day, or a make-up day that follows the plan of the date `follows`."""

    day = DateField(unique=True)
    kind = TextField()
    name = TextField()
    follows = DateField(null=True)

    class Meta:
        constraints = [
            Check("kind IN ('closed', 'make_up')", "calendar_kind"),
            Check("follows IS NULL OR kind = 'make_up'", "only_make_up_follows"),
        ]
