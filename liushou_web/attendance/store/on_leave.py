"""Which leave holds for which child at which activity: one condition for every roll."""

from __future__ import annotations

from typing import Any

from peewee import Case

from liushou_web.db.prepared import Prepared
from liushou_web.db.words import day_of, time_of
from liushou_web.schema import Activity, Child, Leave

from ..rules.leave import NOON, Part


def held_by() -> Any:
    """Joins an activity and a child with the leave that covers it (`Stretch.covers`).

    At most one does, for leaves of one child never overlap. A withdrawn one still covers
    the days before its withdrawal.
    """
    day, half = day_of(Activity.starts), _half()
    still = Leave.withdrawn_at.is_null() | (day_of(Leave.withdrawn_at) > day)
    return (
        (Leave.child == Child.id)
        & (Leave.first_day <= day)
        & (Leave.last_day >= day)
        & ((Leave.part == Part.DAY.value) | (Leave.part == half))
        & still
    )


def _half() -> Any:
    morning = time_of(Activity.starts) < f"{NOON:%H:%M:%S}"
    return Case(None, ((morning, Part.MORNING.value),), Part.AFTERNOON.value)


def leave_columns(activity_id: int, child_id: int) -> dict[str, Any]:
    """The columns of a roll's row as a leave entered ahead fills them; empty without."""
    found = _leave_of.row(child_id, activity_id)
    return (
        dict(zip(("leave", "leave_note", "leave_by"), found, strict=True)) if found else {}
    )


@Prepared
def _leave_of(child_id: Any, activity_id: Any) -> Any:
    return (
        Leave.select(Leave.kind, Leave.note, Leave.staff)
        .join(Child)
        .join(Activity, on=held_by())
        .where(Child.id == child_id, Activity.id == activity_id)
    )
