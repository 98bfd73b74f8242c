"""Who may be put on duty, and what is unwise about it."""

from __future__ import annotations

from collections.abc import Iterable

from liushou_web.access import Role
from liushou_web.schema import Staff

from ..rules.activities import ActivityPlan
from ..rules.holds import clashing
from ..rules.planning import Worries, too_few
from . import holds


def teachers(also: Iterable[int] = ()) -> list[tuple[int, str]]:
    """Id and name of everyone who may be put on duty, and of those in `also`."""
    chosen = set(also)
    rows = Staff.select().order_by(Staff.name, Staff.id)
    return [
        (row.id, row.name)
        for row in rows
        if row.id in chosen or (row.retired_at is None and Role.DUTY in row.roles)
    ]


def worries(plan: ActivityPlan, *, but: int | None = None) -> Worries:
    """What may be accepted with a tick: teachers of this plan on duty elsewhere at that
    time (not at activity `but`), and too few of them."""
    day = plan.span.starts.date()
    others = holds.of_staff(plan.duty, day, day, but=() if but is None else (but,))
    return Worries(tuple(clashing(plan.span, others)), too_few(plan))
