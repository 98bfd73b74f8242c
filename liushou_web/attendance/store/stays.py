"""Stays that went on at another activity, or were broken off: nobody is on two rolls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import Refused
from liushou_web.schedule.store.activities import held_on
from liushou_web.schema import Activity, Attendance, Move, Outing

from ..rules.marks import TAP_AFTER, TAP_BEFORE, house_day
from . import roll_changes
from .roll_changes import NO_DEPARTURE

SHORTEST_STAY = timedelta(minutes=15)  # nobody is sent to what is about to end


class NextActivity(NamedTuple):
    """Where a child can go over to."""

    id: int
    title: str
    starts: datetime


def next_of(activity: Activity, *, at: datetime) -> list[NextActivity]:
    """The other activities whose rolls take taps now, the soonest first."""
    rows: Any = (
        Activity.select(Activity.id, Activity.title, Activity.starts)
        .where(
            Activity.id != activity.id,
            Activity.cancelled_at.is_null(),
            Activity.closed_at.is_null(),
            Activity.starts <= at + TAP_BEFORE,
            Activity.starts > at - timedelta(days=1),
            Activity.ends > at + SHORTEST_STAY,
        )
        .order_by(Activity.starts, Activity.id)
        .tuples()
    )
    return [NextActivity(*row) for row in rows]


def end_elsewhere(activity_id: int, child_id: int, *, by: Actor, at: datetime) -> None:
    """Whoever is signed in here has gone over from where it was: that stay ends without a
    way home. Inside a write."""
    for (other,) in _stays.rows(child_id, activity_id, *_around(at)):
        version = roll_changes.begin(other, at=at)
        row = roll_changes.row_of(other, child_id)
        change = {"went_at": max(at, row.came_at), "went_by": by.id}
        detail = f"to={activity_id}"
        roll_changes.change(
            row, version, "attendance.move_on", change, by=by, at=at, detail=detail
        )
        Move.create(attendance=row.id, activity=activity_id)


@Prepared
def _stays(child_id: Any, but: Any, since: Any, until: Any, over: Any) -> Any:
    """The activities that go on, and at which the child is."""
    return (
        Activity.select(Activity.id)
        .join(Attendance, on=(Attendance.activity == Activity.id))
        .where(
            Attendance.child == child_id,
            *_going_on(but, since, until, over),
            Attendance.came_at.is_null(False),
            Attendance.went_at.is_null(),
        )
    )


def nearby(
    activity_id: int, *, at: datetime, child_id: int | None = None
) -> dict[int, str]:
    """Where the children are who are at another activity now: its title, by child id. A
    tap asks for one child alone, and is not to read all rolls of the hour."""
    if child_id is None:
        return dict(_nearby.rows(activity_id, *_around(at)))
    return dict(_nearby_child.rows(activity_id, *_around(at), child_id))


@Prepared
def _nearby_child(but: Any, since: Any, until: Any, over: Any, child_id: Any) -> Any:
    return _present(but, since, until, over).where(Attendance.child == child_id)


_nearby = Prepared(lambda but, since, until, over: _present(but, since, until, over))


def _present(but: Any, since: Any, until: Any, over: Any) -> Any:
    return (
        Activity.select(Attendance.child, Activity.title)
        .join(Attendance, on=(Attendance.activity == Activity.id))
        .where(
            *_going_on(but, since, until, over),
            Attendance.came_at.is_null(False),
            Attendance.went_at.is_null(),
        )
    )


def _around(at: datetime) -> tuple[datetime, datetime, datetime]:
    return at - timedelta(days=1), at + TAP_BEFORE, at - TAP_AFTER


def _going_on(but: Any, since: Any, until: Any, over: Any) -> tuple[Any, ...]:
    """The conditions of another activity whose roll takes taps now."""
    return (
        Activity.id != but,
        Activity.starts > since,
        Activity.starts <= until,
        Activity.ends >= over,
        Activity.cancelled_at.is_null(),
        Activity.closed_at.is_null(),
    )


def gone_home(activity_id: int, *, at: datetime) -> set[int]:
    """The children who went home from another activity of the day."""
    moved = Move.select().where(Move.attendance == Attendance.id)
    rows: Any = (
        Attendance.select(Attendance.child)
        .join(Activity)
        .where(
            held_on(house_day(at)),
            Activity.id != activity_id,
            Attendance.went_at.is_null(False),
            ~fn.EXISTS(moved),
        )
        .tuples()
    )
    return {child_id for (child_id,) in rows}


def take_back(activity_id: int, child_id: int, *, by: Actor, at: datetime) -> None:
    """The arrival here is undone: the stay that it had ended goes on. Inside a write."""
    moves: Any = (
        Move.select(Move.id, Attendance.activity)
        .join(Attendance)
        .where(Move.activity == activity_id, Attendance.child == child_id)
        .tuples()
    )
    for move_id, other in list(moves):
        version = roll_changes.begin(other, at=at)
        row = roll_changes.row_of(other, child_id)
        Move.delete().where(Move.id == move_id).execute()
        deed = "attendance.undo_move"
        roll_changes.change(row, version, deed, NO_DEPARTURE, by=by, at=at)


def check_not_moved(row: Attendance) -> None:
    """Refuses to undo a departure to another activity: the child is on that roll now."""
    there = (
        Activity.select(Activity.title).join(Move).where(Move.attendance == row.id).first()
    )
    if there:
        raise Refused(
            "{name}已經轉到「{title}」，請在那張簽到表上撤銷簽到。",
            name=row.child.name,
            title=there.title,
        )


def check_moved(row: Attendance, to: int) -> None:
    """Refuses where the child has gone, but not over to this activity."""
    moved = Move.get_or_none(Move.attendance == row.id)
    if moved is None or moved.activity_id != to:
        raise Refused(
            "{name}已於 {time:%H:%M} 離開，這一下沒有記。請看清楚再點。",
            name=row.child.name,
            time=row.went_at,
        )


def break_off(row: Attendance, *, by: Actor, at: datetime) -> None:
    """Keeps the departure of a child that is back. Inside a write, before it is taken off
    the row."""
    Move.delete().where(Move.attendance == row.id).execute()
    Outing.create(
        attendance=row.id,
        went_at=row.went_at,
        went_by=row.went_by_id,
        way_home=row.way_home,
        collected_by=row.collected_by,
        release_reason=row.release_reason,
        released_by=row.released_by_id,
        back_at=max(at, row.went_at),
        back_by=by.id,
    )


def outings(activity_id: int, child_id: int) -> list[Outing]:
    """Each time that the child went and came back, the first one first."""
    return list(
        Outing.select()
        .join(Attendance)
        .where(Attendance.activity == activity_id, Attendance.child == child_id)
        .order_by(Outing.id)
    )
