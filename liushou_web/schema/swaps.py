"""Duties that one teacher asks another to take."""

from __future__ import annotations

from peewee import SQL, Check, TextField

from liushou_web.db.table import Moment, Table, link

from .people import Staff
from .schedule import Activity


class DutySwap(Table):
    """A request to take a duty over, and its answer. One without an answer lapses by
    itself (`rules/swaps.py`); an accepted one is the trace of who was on duty before."""

    activity = link(Activity, on_delete="CASCADE")
    asked_by = link(Staff)
    asked_of = link(Staff)
    words = TextField(default="")
    asked_at = Moment()
    answer = TextField(default="")
    answered_at = Moment(null=True)

    class Meta:
        constraints = [
            Check("answer IN ('', 'accepted', 'declined', 'withdrawn')", "swap_answer"),
            Check("(answer = '') = (answered_at IS NULL)", "swap_answered"),
            Check("asked_by_id <> asked_of_id", "swap_of_two"),
        ]


# One duty is asked of one colleague at a time.
DutySwap.add_index(
    DutySwap.activity,
    DutySwap.asked_by,
    unique=True,
    where=SQL("answer = ''"),
    name="duty_swap_open",
)
