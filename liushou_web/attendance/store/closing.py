"""Closing a roll: the room check, who locks up, and what waits to be settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import activities, duties, people, roll_state
from liushou_web.schedule.store.activities import ActivityEntry
from liushou_web.schema import (
    Activity,
    ActivityDuty,
    Attendance,
    CheckItem,
    Child,
    RoomCheck,
    School,
    Staff,
)
from liushou_web.school.store import trail

from ..rules import closing as rules
from ..rules.closing import Closing, ClosingFacts
from . import room_check

LockedBy: Any = Staff.alias("locked_by")


class ItemFound(NamedTuple):
    """How one thing was found when the room was locked."""

    name: str
    ok: bool
    note: str


class ClosingRecord(NamedTuple):
    """The closing of one activity as its roll tells it."""

    closed_at: datetime
    closed_by: str | None
    locked_by: str | None
    note: str
    checks: tuple[ItemFound, ...]

    @property
    def wrong(self) -> list[ItemFound]:
        return [found for found in self.checks if not found.ok]


def held(activity_id: int) -> ClosingFacts:
    """The facts that decide about closing; raises `NotFound`."""
    row = Activity.get_or_none(Activity.id == activity_id)
    if row is None:
        raise NotFound
    return facts_of(row)


def facts_of(row: Activity) -> ClosingFacts:
    """The same facts of an activity that was read already."""
    duty = duty_of(row.id)
    return ClosingFacts(
        row.starts, row.ends, row.opened_at, row.cancelled_at, row.closed_at, duty
    )


def duty_of(activity_id: int) -> frozenset[int]:
    """The ids of those on duty."""
    return people.on_duty(people.ACTIVITY, activity_id)


def still_here(activity_id: int) -> dict[int, str]:
    """Names of those signed in and not out, by child id."""
    rows: Any = (
        Attendance.select(Child.id, Child.name)
        .join(Child)
        .where(
            Attendance.activity == activity_id,
            Attendance.came_at.is_null(False),
            Attendance.went_at.is_null(),
        )
        .order_by(Attendance.came_at, Child.id)
        .tuples()
    )
    return dict(rows)


@db.atomic()
def close(activity_id: int, said: Closing, *, by: Actor, at: datetime) -> None:
    """From now on the roll takes corrections only. Closed already: changes nothing.

    Refused while a child is signed in and not out, unless the activity is overdue and each
    such child has a reason; no departure is invented. On the day itself the whole room
    check and who locks up are asked, later neither.
    """
    activity = held(activity_id)
    rules.check_in_charge(by, activity.duty)
    if activity.closed_at:
        return
    rules.check_closable(activity, at)
    here, grace = still_here(activity_id), School.get_by_id(1).closing_grace_minutes
    overdue = rules.is_overdue(activity.ends, grace, at)
    rules.check_all_settled(here, said.reasons, overdue=overdue)
    if not rules.is_late(activity, at):
        rules.check_room(said.checks, {item.id for item in room_check.in_use()})
    if said.locked_by or not rules.is_late(activity, at):
        rules.check_locked(said.locked_by, {id_ for id_, _ in duties.teachers()})
    _write(activity_id, here, said, by=by, at=at)


def _write(
    activity_id: int, here: dict[int, str], said: Closing, *, by: Actor, at: datetime
) -> None:
    version = Activity.get_by_id(activity_id).version + 1
    for child_id in here:
        reason = {"unsettled_reason": said.reasons[child_id], "version": version}
        of_child = (Attendance.activity == activity_id) & (Attendance.child == child_id)
        Attendance.update(reason).where(of_child).execute()
    for check in said.checks:
        RoomCheck.create(
            activity=activity_id, item=check.item_id, ok=check.ok, note=check.note
        )
    roll_state.close_roll(
        activity_id,
        version=version,
        locked_by=said.locked_by,
        note=said.note,
        by=by.id,
        at=at,
    )
    detail = f"未簽退 {len(here)}；{said.note}" if here else said.note
    trail.record("closing.close", Activity(id=activity_id), by=by, at=at, detail=detail)


def record_of(activity_id: int) -> ClosingRecord | None:
    """How the activity was closed; None while it is open. Two queries."""
    rows: Any = (
        Activity.select(Activity.closed_at, Staff.name, LockedBy.name, Activity.close_note)
        .join(Staff, JOIN.LEFT_OUTER, on=Activity.closed_by == Staff.id)
        .switch(Activity)
        .join(LockedBy, JOIN.LEFT_OUTER, on=Activity.locked_by == LockedBy.id)
        .where(Activity.id == activity_id, Activity.closed_at.is_null(False))
        .tuples()
    )
    return next(
        (ClosingRecord._make((*row, _checks_of(activity_id))) for row in rows), None
    )


def _checks_of(activity_id: int) -> tuple[ItemFound, ...]:
    rows: Any = (
        RoomCheck.select(CheckItem.name, RoomCheck.ok, RoomCheck.note)
        .join(CheckItem)
        .where(RoomCheck.activity == activity_id)
        .order_by(CheckItem.position)
        .tuples()
    )
    return tuple(ItemFound(*row) for row in rows)


def overdue(*, at: datetime, on_duty: int | None = None) -> list[ActivityEntry]:
    """Opened, not closed by the end and its grace; those of one duty teacher, or all."""
    grace = timedelta(minutes=School.get_by_id(1).closing_grace_minutes)
    return activities.entries_where(
        Activity.opened_at.is_null(False),
        Activity.closed_at.is_null(),
        Activity.cancelled_at.is_null(),
        Activity.ends < at - grace,
        *_of(on_duty),
    )


def never_taken(*, at: datetime, on_duty: int | None = None) -> list[ActivityEntry]:
    """Over within the last 14 days, and nobody opened the roll or cancelled it."""
    return activities.entries_where(
        Activity.opened_at.is_null(),
        Activity.cancelled_at.is_null(),
        Activity.ends <= at,
        Activity.ends > at - rules.NEVER_TAKEN_WITHIN,
        *_of(on_duty),
    )


def _of(staff_id: int | None) -> tuple[Any, ...]:
    if staff_id is None:
        return ()
    mine = ActivityDuty.select().where(
        ActivityDuty.activity == Activity.id, ActivityDuty.staff == staff_id
    )
    return (fn.EXISTS(mine),)
