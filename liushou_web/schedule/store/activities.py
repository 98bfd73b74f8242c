"""Dated activities: make one, change it, move it, cancel it; each week as flat rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.consent import Consent
from liushou_web.db import db
from liushou_web.db.table import within
from liushou_web.refusal import NotFound
from liushou_web.schema import Activity, Room
from liushou_web.school.store import trail
from liushou_web.span import Span

from ..rules.activities import (
    ActivityPlan,
    check_ahead,
    check_cancellable,
    check_changeable,
    check_held,
)
from ..rules.planning import Worries, check_accepted
from ..rules.swaps import check_none_since
from . import duties, people
from .holds import check_free
from .swap_requests import handovers


class ActivityEntry(NamedTuple):
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
    added_after: datetime | None
    duty: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return self.starts.date()


def between(first: date, last: date) -> list[ActivityEntry]:
    """Every activity of these days, both included, by time and room, cancelled ones too."""
    return entries_where(within(Activity.starts, first, last))


def held_on(day: date) -> Any:
    """The condition of one that begins on that day and is not cancelled."""
    return within(Activity.starts, day, day) & Activity.cancelled_at.is_null()


def entry(activity_id: int) -> ActivityEntry:
    """One activity; raises `NotFound`."""
    found = entries_where(Activity.id == activity_id)
    if not found:
        raise NotFound
    return found[0]


def entries_where(*conditions: Any) -> list[ActivityEntry]:
    """Activities by time and room, with the names of those on duty. Two queries."""
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
            Activity.added_after,
        )
        .join(Room)
        .where(*conditions)
        .order_by(Activity.starts, Room.id, Activity.id)
        .tuples()
    )
    entries = [ActivityEntry(*row) for row in rows]
    names = people.duty_names(people.ACTIVITY, [each.id for each in entries])
    return [entry._replace(duty=names[entry.id]) for entry in entries]


def plan_of(activity_id: int) -> ActivityPlan:
    """The activity as it is planned; raises `Activity.DoesNotExist`."""
    row = Activity.get_by_id(activity_id)
    return ActivityPlan(
        row.room_id,
        Span(row.starts, row.ends),
        row.title,
        row.kind,
        people.on_duty(people.ACTIVITY, activity_id),
        people.expected(people.ACTIVITY, activity_id, row.expects),
    )


def book(plan: ActivityPlan, *, slot_id: int | None) -> Activity:
    """The bare row with its people, inside a write that leaves the trail."""
    check_free(plan.room_id, plan.span)
    made = Activity.create(**_columns(plan), slot=slot_id)
    people.put(people.ACTIVITY, made.id, plan)
    return made


def put(activity_id: int, plan: ActivityPlan) -> None:
    """Rewrites a row and its people, inside a write that leaves the trail."""
    check_free(plan.room_id, plan.span, but=activity_id)
    Activity.update(**_columns(plan)).where(Activity.id == activity_id).execute()
    people.put(people.ACTIVITY, activity_id, plan)


def _columns(plan: ActivityPlan) -> dict[str, Any]:
    return {
        "room": plan.room_id,
        "title": plan.title,
        "kind": plan.kind,
        "starts": plan.span.starts,
        "ends": plan.span.ends,
        "expects": plan.expected.kind,
    }


@db.atomic()
def add(
    plan: ActivityPlan,
    consent: Consent | None = None,
    *,
    by: Actor,
    at: datetime,
    slot_id: int | None = None,
    held: bool = False,
) -> Activity:
    """Books the room and makes the activity. Refuses a time that is over, unless it was
    `held` without a plan within 60 days; a room that is taken or retired, and with a
    `consent` what was not agreed to (`rules/planning.py`)."""
    (check_held if held else check_ahead)(plan.span, at)
    check_accepted(duties.worries(plan), consent)
    made = book(plan, slot_id=slot_id)
    if held:
        Activity.update(added_after=at).where(Activity.id == made.id).execute()
    deed = "activities.add_held" if held else "activities.add"
    trail.record(deed, made, by=by, at=at, detail=f"{plan.span} {plan.title}")
    return made


@db.atomic()
def change(
    activity_id: int,
    plan: ActivityPlan,
    consent: Consent | None = None,
    *,
    handed: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """The whole plan anew, until the roll is opened or the end has passed. Refuses to undo
    a swap of duties that the planner, who saw `handed` of them, has not seen."""
    activity = _changeable(activity_id, at)
    check_none_since(handed, handovers(activity_id))
    check_ahead(plan.span, at)
    check_accepted(duties.worries(plan, but=activity_id), consent)
    put(activity_id, plan)
    trail.record(
        "activities.change", activity, by=by, at=at, detail=f"{plan.span} {plan.title}"
    )


@db.atomic()
def move(
    activity_id: int,
    room_id: int,
    span: Span,
    consent: Consent | None = None,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """To another time or room, with a reason; where it was first is remembered."""
    activity = _changeable(activity_id, at)
    check_ahead(span, at)
    check_accepted(moved_worries(activity_id, room_id, span), consent)
    check_free(room_id, span, but=activity_id)
    before = Span(activity.starts, activity.ends)
    activity.moved_from = activity.moved_from or activity.starts
    activity.move_reason = reason
    activity.room = room_id
    activity.starts, activity.ends = span.starts, span.ends
    activity.save()
    trail.record(
        "activities.move", activity, by=by, at=at, detail=f"{before} → {span} {reason}"
    )


def moved_worries(activity_id: int, room_id: int, span: Span) -> Worries:
    """The worries about this activity at another time or in another room."""
    plan = plan_of(activity_id)._replace(room_id=room_id, span=span)
    return duties.worries(plan, but=activity_id)


@db.atomic()
def cancel(activity_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Stays on the timetable, struck through, with its reason; the room is free again.
    Also after its end, if its roll was never opened."""
    activity = Activity.get_by_id(activity_id)
    if activity.cancelled_at:
        return
    check_cancellable(activity.opened_at)
    activity.cancelled_at = at
    activity.cancel_reason = reason
    activity.save()
    trail.record("activities.cancel", activity, by=by, at=at, detail=reason)


@db.atomic()
def restore(activity_id: int, *, by: Actor, at: datetime) -> None:
    """A cancelled activity is held after all, if its room is still free."""
    activity = Activity.get_by_id(activity_id)
    if not activity.cancelled_at:
        return
    check_changeable(activity.ends, activity.opened_at, None, at)
    check_free(activity.room_id, Span(activity.starts, activity.ends))
    activity.cancelled_at = None
    activity.cancel_reason = ""
    activity.save()
    trail.record("activities.restore", activity, by=by, at=at)


def _changeable(activity_id: int, at: datetime) -> Activity:
    activity: Activity = Activity.get_by_id(activity_id)
    check_changeable(activity.ends, activity.opened_at, activity.cancelled_at, at)
    return activity
