"""Holding a room: checked by time inside the write, then the row and its people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from liushou_web.counselling.store.times import taken_in_rooms
from liushou_web.refusal import Refused
from liushou_web.schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    Room,
    SlotChild,
    SlotClass,
    SlotDuty,
)
from liushou_web.span import Span, clashes

from ..rules.activities import Expected, Plan, SlotPlan


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


def check_free(room_id: int, span: Span, *, but: int | None = None) -> None:
    """Refuses a time at which another activity (not `but`) or the counsellor holds the
    room, and a retired room. To be asked inside the write: SQL narrows to the day, the
    rule decides."""
    room = Room.get_by_id(room_id)
    if room.retired:
        raise Refused("「{room}」已停用，請選別的房間。", room=room.name)
    if clashes(span, _taken(room_id, span, but)):
        raise Refused(
            "該房間在 {day} {time} 已被佔用。請改時間或換房間。",
            day=f"{span.starts:%m-%d}",
            time=f"{span.starts:%H:%M}–{span.ends:%H:%M}",
        )


def _taken(room_id: int, span: Span, but: int | None) -> list[Span]:
    rows: Any = (
        Activity.select(Activity.id, Activity.starts, Activity.ends)
        .where(
            Activity.room == room_id,
            Activity.cancelled_at.is_null(),
            Activity.starts < datetime.combine(span.ends.date(), time.max),
            Activity.ends > datetime.combine(span.starts.date(), time.min),
        )
        .tuples()
    )
    held = [Span(starts, ends) for id_, starts, ends in rows if id_ != but]
    days = span.starts.date(), span.ends.date()
    return held + [booked for _, _, booked in taken_in_rooms(*days, rooms=(room_id,))]


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
