"""Dated activities: make one, change it, move it, cancel it; each week as flat rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from ..db import db
from ..rules.activities import Expected, Plan
from ..rules.actor import Actor
from ..rules.refusal import NotFound, Refused
from ..rules.span import Span, clashes
from ..schema import (
    Activity,
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    Room,
    Staff,
)
from . import trail


class Entry(NamedTuple):
    """One activity as a timetable shows it. Names nobody but the teachers on duty."""

    id: int
    slot_id: int | None
    room_id: int
    room: str
    title: str
    kind: str
    starts: datetime
    ends: datetime
    expects: str
    opened_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    moved_from: datetime | None
    move_reason: str
    duty: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return self.starts.date()


def week_of(first_day: date, last_day: date) -> list[Entry]:
    """Every activity of these days (inclusive) by time and room, cancelled ones too."""
    return _entries(
        Activity.starts >= datetime.combine(first_day, time.min),
        Activity.starts < datetime.combine(last_day, time.min) + timedelta(days=1),
    )


def on_day(day: date) -> list[Entry]:
    """Every activity of one day by time and room, cancelled ones too."""
    return week_of(day, day)


def entry(activity_id: int) -> Entry:
    """One activity; raises `NotFound`."""
    found = _entries(Activity.id == activity_id)
    if not found:
        raise NotFound
    return found[0]


def _entries(*conditions: Any) -> list[Entry]:
    rows: Any = (
        Activity.select(
            Activity.id,
            Activity.slot,
            Activity.room,
            Room.name,
            Activity.title,
            Activity.kind,
            Activity.starts,
            Activity.ends,
            Activity.expects,
            Activity.opened_at,
            Activity.cancelled_at,
            Activity.cancel_reason,
            Activity.moved_from,
            Activity.move_reason,
        )
        .join(Room)
        .where(*conditions)
        .order_by(Activity.starts, Room.id, Activity.id)
        .tuples()
    )
    entries = [Entry(*row) for row in rows]
    names = duty_names(entry.id for entry in entries)
    return [entry._replace(duty=names[entry.id]) for entry in entries]


def duty_names(activity_ids: Iterable[int]) -> defaultdict[int, tuple[str, ...]]:
    """Names of those on duty at each activity; none where nobody is."""
    rows: Any = (
        ActivityDuty.select(ActivityDuty.activity, Staff.name)
        .join(Staff)
        .where(ActivityDuty.activity.in_(list(activity_ids)))
        .order_by(ActivityDuty.id)
        .tuples()
    )
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for activity_id, name in rows:
        names[activity_id] += (name,)
    return names


@db.atomic()
def add(plan: Plan, *, by: Actor, at: datetime, slot_id: int | None = None) -> Activity:
    """Books the room and makes the activity. Refuses a room that is taken or retired."""
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
    set_people(made.id, plan.duty, plan.expected)
    trail.record("activities.add", made, by=by, at=at, detail=f"{plan.span} {plan.title}")
    return made


def check_free(room_id: int, span: Span, *, but: int | None = None) -> None:
    """Refuses a time at which another activity (not `but`) holds the room, and a retired
    room. To be asked inside the write: SQL narrows to the day, the rule decides."""
    room = Room.get_by_id(room_id)
    if room.retired:
        raise Refused("「{room}」已停用，請選別的房間。", room=room.name)
    if clashes(span, (other for id_, other in _taken(room_id, span) if id_ != but)):
        raise Refused(
            "該房間在 {day} {time} 已被佔用。請改時間或換房間。",
            day=f"{span.starts:%m-%d}",
            time=f"{span.starts:%H:%M}–{span.ends:%H:%M}",
        )


def _taken(room_id: int, span: Span) -> list[tuple[int, Span]]:
    rows: Any = (
        Activity.select(Activity.id, Activity.starts, Activity.ends)
        .where(
            Activity.room == room_id,
            Activity.cancelled_at.is_null(),
            Activity.starts < span.ends,
            Activity.ends > span.starts,
        )
        .tuples()
    )
    return [(id_, Span(starts, ends)) for id_, starts, ends in rows]


def set_people(activity_id: int, duty: Iterable[int], expected: Expected) -> None:
    """Puts exactly these on duty and exactly these classes and children on the list."""
    for table, column, ids in (
        (ActivityDuty, "staff", duty),
        (ActivityClass, "school_class", expected.classes),
        (ActivityChild, "child", expected.children),
    ):
        table.delete().where(table.activity == activity_id).execute()
        rows = [{"activity": activity_id, column: id_} for id_ in sorted(ids)]
        if rows:
            table.insert_many(rows).execute()
