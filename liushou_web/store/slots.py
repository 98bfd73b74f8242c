"""Weekly openings: their plan, and the dated activities made from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ..db import db
from ..rules.activities import Expected, SlotPlan
from ..rules.actor import Actor
from ..schema import Activity, Slot, SlotChild, SlotClass, SlotDuty
from . import activities


def plan_of(slot_id: int) -> SlotPlan:
    """What the slot's dates are made from; raises `Slot.DoesNotExist`."""
    slot = Slot.get_by_id(slot_id)
    return SlotPlan(
        slot.term_id,
        slot.room_id,
        slot.weekday,
        slot.starts,
        slot.ends,
        slot.title,
        slot.kind,
        _ids(SlotDuty, SlotDuty.staff, slot_id),
        Expected(
            slot.expects,
            _ids(SlotClass, SlotClass.school_class, slot_id),
            _ids(SlotChild, SlotChild.child, slot_id),
        ),
    )


def _ids(table: Any, column: Any, slot_id: int) -> frozenset[int]:
    rows = table.select(column).where(table.slot == slot_id).tuples()
    return frozenset(id_ for (id_,) in rows)


@db.atomic()
def make_activity(slot_id: int, day: date, *, by: Actor, at: datetime) -> Activity:
    """The slot's plan on that date, whichever weekday it is (a make-up day may be any).

    Refuses when the room is taken then.
    """
    return activities.add(plan_of(slot_id).on(day), by=by, at=at, slot_id=slot_id)
