"""Holding a room: checked by time inside the write, then the row and its people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    SlotChild,
    SlotClass,
    SlotDuty,
)

from ..rules.activities import Expected, Plan, SlotPlan
from .holds import check_free


def book(plan: Plan, *, slot_id: int | None) -> Activity:
    """The bare row with its people, inside a write that leaves the trail."""
    check_free(plan.room_id, plan.span)
    made = Activity.create(
        slot=slot_id,
        room=plan.room_id,
        title=plan.title,
        kind=plan.kind,
        starts=plan.span.starts,
        ends=plan.span.ends,
        expects=plan.expected.kind,
    )
    set_people(made.id, plan)
    return made


def put(activity_id: int, plan: Plan) -> None:
    """Rewrites a row and its people, inside a write that leaves the trail."""
    check_free(plan.room_id, plan.span, but=activity_id)
    Activity.update(
        room=plan.room_id,
        title=plan.title,
        kind=plan.kind,
        starts=plan.span.starts,
        ends=plan.span.ends,
        expects=plan.expected.kind,
    ).where(Activity.id == activity_id).execute()
    set_people(activity_id, plan)


def set_people(activity_id: int, plan: Plan) -> None:
    """Puts exactly these on duty and exactly these classes and children on the list."""
    _set_links(ActivityDuty, "activity", activity_id, "staff", plan.duty)
    _set_expected(ActivityClass, ActivityChild, "activity", activity_id, plan.expected)


def set_slot_people(slot_id: int, plan: SlotPlan) -> None:
    """The same for a weekly opening."""
    _set_links(SlotDuty, "slot", slot_id, "staff", plan.duty)
    _set_expected(SlotClass, SlotChild, "slot", slot_id, plan.expected)


def _set_expected(
    classes: Any, children: Any, owner: str, owner_id: int, expected: Expected
) -> None:
    _set_links(classes, owner, owner_id, "school_class", expected.classes)
    _set_links(children, owner, owner_id, "child", expected.children)


def _set_links(
    table: Any, owner: str, owner_id: int, column: str, ids: Iterable[int]
) -> None:
    table.delete().where(getattr(table, owner) == owner_id).execute()
    rows = [{owner: owner_id, column: id_} for id_ in sorted(ids)]
    if rows:
        table.insert_many(rows).execute()


def linked(column: Any, condition: Any) -> frozenset[int]:
    """The ids on the other side of an activity's or a slot's links."""
    rows = column.model.select(column).where(condition).tuples()
    return frozenset(id_ for (id_,) in rows)
