"""What the counts of duties are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liushou_web.access import Role
from liushou_web.db.table import within
from liushou_web.schema import Activity, ActivityDuty, Staff

from ..rules.calendar import Bounds
from ..rules.duty_counts import TeacherDuties, Turn, tally
from .swap_requests import accepted_between


def of_term(term: Bounds, *, at: datetime) -> list[TeacherDuties]:
    """A line for each active duty teacher, and for whoever else was on duty or handed a
    duty over in these days; three queries, however many."""
    turns = _turns(term)
    handed = [
        (request.asked_by_id, request.asked_of_id)
        for request in accepted_between(*term, at=at)
    ]
    met = {turn.staff_id for turn in turns} | {id_ for pair in handed for id_ in pair}
    return tally(_people(met), turns, handed, at)


def _turns(term: Bounds) -> list[Turn]:
    rows: Any = (
        ActivityDuty.select(
            ActivityDuty.staff, Activity.starts, Activity.ends, Activity.cancelled_at
        )
        .join(Activity)
        .where(within(Activity.starts, *term))
        .tuples()
    )
    return [
        Turn(staff_id, starts, ends, cancelled_at is not None)
        for staff_id, starts, ends, cancelled_at in rows
    ]


def _people(met: set[int]) -> list[tuple[int, str, bool]]:
    rows = Staff.select().order_by(Staff.name, Staff.id)
    return [
        (person.id, person.name, person.retired_at is not None)
        for person in rows
        if person.id in met or (person.retired_at is None and Role.DUTY in person.roles)
    ]
