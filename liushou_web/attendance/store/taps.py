"""Every tap on a roll and its undoing: one function, one transaction, one line of trail.

`seen` is the version of the child's row as the page showed it on which somebody tapped;
None where nobody saw a row, as with a scanned card. Where the row has moved on since, an
act that is already done changes nothing, and any other is refused with what happened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.rules.collecting import Release, Way, check_release
from liushou_web.db import db
from liushou_web.db.inserts import insert_if_new
from liushou_web.refusal import Refused
from liushou_web.schema import Activity, Attendance, Child, Outing
from liushou_web.school.store import trail

from ..rules.marks import house_day
from . import going_home, roll_changes, rolls, stays
from .on_leave import leave_columns
from .roll_changes import NO_DEPARTURE


class Batch(NamedTuple):
    """What one 全部簽到 or 多人簽退 did: the roll's version then, how many rows, and the
    names of those who stay, for their rows moved on or nobody may collect them today."""

    version: int
    size: int
    left: Mapping[int, str] = {}  # names by child id


@db.atomic()
def sign_in(
    activity_id: int, child_id: int, *, by: Actor, at: datetime, seen: int | None = None
) -> bool:
    """Whether this was the arrival. A second tap changes nothing: the first one is true."""
    version = roll_changes.begin(activity_id, at=at)
    row = roll_changes.row_of(activity_id, child_id)
    if row.went_at:
        raise Refused(
            "{name}已於 {time:%H:%M} 簽退。如果記錯了，請先撤銷。",
            name=row.child.name,
            time=row.went_at,
        )
    if row.came_at is None:
        _check_seen(row, seen)
        stays.end_elsewhere(activity_id, child_id, by=by, at=at)
        change = {"came_at": at, "came_by": by.id, "leave": "", "leave_note": ""}
        roll_changes.change(row, version, "attendance.sign_in", change, by=by, at=at)
        return True
    return False


@db.atomic()
def sign_out(
    activity_id: int,
    child_id: int,
    *,
    by: Actor,
    at: datetime,
    choice: str = "",
    seen: int | None = None,
) -> None:
    """By a way home that is open to the child today; without a `choice`, by its usual one.

    Refused for a child who has not come, and where no such way is open. A second tap keeps
    the first departure; one that tells it otherwise is refused.
    """
    version, row = (
        roll_changes.begin(activity_id, at=at),
        roll_changes.row_of(activity_id, child_id),
    )
    if row.went_at is None or choice:
        going = going_home.going(row.child, choice, house_day(at))
        _leave(
            row, version, "attendance.sign_out", going._asdict(), by=by, at=at, seen=seen
        )


@db.atomic()
def release(
    activity_id: int,
    child_id: int,
    release: Release,
    *,
    teachers: Collection[int],
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Signs out with somebody who is not on the child's list; the office is told.

    Refused without a reason, and without one of the `teachers` who let the child go.
    """
    version, row = (
        roll_changes.begin(activity_id, at=at),
        roll_changes.row_of(activity_id, child_id),
    )
    check_release(release, teachers)
    going = {
        "way_home": Way.OTHER.value,
        "collected_by": release.person,
        "release_reason": release.reason,
        "released_by": release.teacher_id,
    }
    _leave(row, version, "attendance.release", going, by=by, at=at, seen=seen)


def _leave(
    row: Attendance,
    version: int,
    deed: str,
    going: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    seen: int | None,
) -> None:
    name = row.child.name
    if row.came_at is None:
        raise Refused("{name}還沒有簽到，不能簽退。", name=name)
    if row.went_at is None:
        _check_seen(row, seen)
        change = {"went_at": max(at, row.came_at), "went_by": by.id, **going}
        roll_changes.change(
            row, version, deed, change, by=by, at=at, detail=roll_changes.detail_of(going)
        )
    elif any(row.__data__[column] != value for column, value in going.items()):
        raise Refused(
            "{name}已於 {time:%H:%M} 簽退。如果記錯了，請先撤銷。",
            name=name,
            time=row.went_at,
        )


def _check_seen(row: Attendance, seen: int | None) -> None:
    """Refuses an act of a page that showed the row as it is no more."""
    if seen in (None, row.version):
        return
    raise Refused(_as_it_is(row), name=row.child.name, time=row.went_at or row.came_at)


def _as_it_is(row: Attendance) -> str:
    """What a row that moved on came to. Not why: it may be its list of who collects."""
    if row.went_at:
        return "{name}的記錄剛才變了（{time:%H:%M} 簽退），這一下沒有記。請看清楚再點。"
    if row.came_at:
        return (
            "{name}的記錄剛才變了（{time:%H:%M} 簽到，在場），這一下沒有記。請看清楚再點。"
        )
    if row.leave:
        return "{name}的記錄剛才變了（請假），這一下沒有記。請看清楚再點。"
    return "{name}的記錄剛才變了（未到），這一下沒有記。請看清楚再點。"


@db.atomic()
def grant_leave(
    activity_id: int,
    child_id: int,
    *,
    kind: str,
    note: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """`kind` is 'personal' or 'sick'. Refused for a child who is here."""
    version = roll_changes.begin(activity_id, at=at)
    row = roll_changes.row_of(activity_id, child_id)
    if row.came_at:
        raise Refused("{name}已經簽到，不能記請假。", name=row.child.name)
    if (row.leave, row.leave_note) == (kind, note):
        return
    _check_seen(row, seen)
    change = {"leave": kind, "leave_note": note, "leave_by": by.id}
    roll_changes.change(row, version, "attendance.leave", change, by=by, at=at)


@db.atomic()
def undo(
    activity_id: int,
    child_id: int,
    *,
    was: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Takes back an arrival ('in'), a departure ('out') or a leave ('leave').

    What is undone already stays so; an arrival cannot be undone before the departure, nor
    one to another activity here. With an arrival the stay that it ended elsewhere goes on.
    A child who only walked in is off the roll again; one whose leave was entered ahead is
    on leave again when its arrival is undone.
    """
    version = roll_changes.begin(activity_id, at=at)
    if (
        seen is not None
        and was == "in"
        and roll_changes.is_taken_off(activity_id, child_id)
    ):
        return
    row = roll_changes.row_of(activity_id, child_id)
    if was == "in" and row.went_at:
        raise Refused("{name}已經簽退，請先撤銷簽退。", name=row.child.name)
    if not any(getattr(row, name) for name in UNDOES[was]):
        return
    _check_seen(row, seen)
    if was == "out":
        stays.check_not_moved(row)
    if was == "in":
        _check_stayed(row, activity_id)
        stays.take_back(activity_id, child_id, by=by, at=at)
    if was == "in" and row.walk_in:
        roll_changes.take_off(row, by=by, at=at)
    else:
        change = UNDOES[was] | (leave_columns(activity_id, child_id) if was == "in" else {})
        if was != "out":
            change |= OFF_PAPER
        roll_changes.change(row, version, f"attendance.undo_{was}", change, by=by, at=at)


def _check_stayed(row: Attendance, activity_id: int) -> None:
    if stays.outings(activity_id, row.child_id):
        name = row.child.name
        raise Refused("{name}出去過又回來，請先撤銷「又回來了」。", name=name)


@db.atomic()
def come_back(
    activity_id: int, child_id: int, *, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """A child that had gone is here again: its first arrival stays, the departure is kept
    beside. Refused for a child who never came; one that is here changes nothing."""
    version = roll_changes.begin(activity_id, at=at)
    row = roll_changes.row_of(activity_id, child_id)
    if row.came_at is None:
        raise Refused("{name}還沒有簽到，請先簽到。", name=row.child.name)
    if row.went_at:
        _check_seen(row, seen)
        stays.end_elsewhere(activity_id, child_id, by=by, at=at)
        stays.break_off(row, by=by, at=at)
        deed = "attendance.come_back"
        roll_changes.change(row, version, deed, NO_DEPARTURE, by=by, at=at)


@db.atomic()
def undo_return(
    activity_id: int, child_id: int, *, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """It was not this child that came back: its departure holds again."""
    version = roll_changes.begin(activity_id, at=at)
    row = roll_changes.row_of(activity_id, child_id)
    outings = stays.outings(activity_id, child_id)
    if row.went_at or not outings:
        return
    _check_seen(row, seen)
    last = outings[-1]
    kept = ("went_at", "way_home", "collected_by", "release_reason")
    change = {name: getattr(last, name) for name in kept}
    change |= {"went_by": last.went_by_id, "released_by": last.released_by_id}
    Outing.delete().where(Outing.id == last.id).execute()
    roll_changes.change(row, version, "attendance.undo_return", change, by=by, at=at)


@db.atomic()
def move_on(
    activity_id: int,
    child_id: int,
    *,
    to: int,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Over to another activity: signed in there, which ends the stay here. Refused for a
    child who is not here; one that has gone over already changes nothing."""
    row = roll_changes.row_of(activity_id, child_id)
    if row.went_at and seen != row.version:
        stays.check_moved(row, to)
        return
    if row.came_at is None or row.went_at:
        raise Refused("{name}不在場，不能轉到別的活動。", name=row.child.name)
    _check_seen(row, seen)
    walk_in(to, child_id, by=by, at=at)


@db.atomic()
def move_many(
    activity_id: int, seen: Mapping[int, int], *, to: int, by: Actor, at: datetime
) -> tuple[int, dict[int, str]]:
    """Over to another activity: how many, and the names of those who stay, for their rows
    moved on, or they had left that activity before."""
    here = [
        each
        for each in going_home.homeward(activity_id, house_day(at))
        if each.child_id in seen
    ]
    gone = {row.child_id for row in rolls.roll_of(rolls.activity(to), at=at) if row.went_at}
    ready = [
        each
        for each in here
        if seen[each.child_id] == each.version and each.child_id not in gone
    ]
    for each in ready:
        walk_in(to, each.child_id, by=by, at=at)
    left = {each.child_id: each.name for each in here if each not in ready}
    return len(ready), left


UNDOES: dict[str, dict[str, Any]] = {
    "in": {"came_at": None, "came_by": None},
    "out": NO_DEPARTURE,
    "leave": {"leave": "", "leave_note": "", "leave_by": None},
}
OFF_PAPER: dict[str, Any] = {"paper_by": None, "paper_at": None}


@db.atomic()
def walk_in(
    activity_id: int, child_id: int, *, by: Actor, at: datetime, seen: int | None = None
) -> bool:
    """Adds a child who was not expected and signs it in; on the roll already: signs in.
    Whether this was the arrival."""
    roll_changes.begin(activity_id, at=at)
    child = Child.get(Child.id == child_id, Child.left_on.is_null())
    insert_if_new(
        Attendance,
        activity=activity_id,
        child=child,
        school_class=child.school_class_id,
        walk_in=True,
    )
    return sign_in(activity_id, child_id, by=by, at=at, seen=seen)


@db.atomic()
def sign_all_in(
    activity_id: int, *, by: Actor, at: datetime, in_time_says: str = ""
) -> Batch:
    """Signs in everyone expected who has neither come nor is on leave; but nobody who is
    at another activity, or went home from one today: those are left, by name.

    With the name of somebody who says that all came in time, at the start of the activity.
    """
    version = roll_changes.begin(activity_id, at=at)
    came_at = rolls.activity(activity_id).starts if in_time_says else at
    away = stays.nearby(activity_id, at=at).keys() | stays.gone_home(activity_id, at=at)
    awaited = (
        (Attendance.activity == activity_id)
        & Attendance.came_at.is_null()
        & (Attendance.leave == "")
    )
    left: Any = (
        Attendance.select(Child.id, Child.name)
        .join(Child)
        .where(awaited, Attendance.child.in_(list(away)))
        .tuples()
    )
    names = dict(left)
    changed = (
        Attendance.update(came_at=came_at, came_by=by.id, version=version)
        .where(awaited, Attendance.child.not_in(list(away)))
        .execute()
    )
    deed = "attendance.all_in_time" if in_time_says else "attendance.sign_all_in"
    detail = f"{changed}；{in_time_says}" if in_time_says else str(changed)
    trail.record(deed, Activity(id=activity_id), by=by, at=at, detail=detail)
    return Batch(version, changed, names)


@db.atomic()
def sign_out_many(
    activity_id: int, seen: Mapping[int, int], *, by: Actor, at: datetime
) -> Batch:
    """Signs out these children, each by its usual way home as the page showed it.

    `seen` are the versions of their rows by child id. Who has gone already stays so.
    """
    version = roll_changes.begin(activity_id, at=at)
    here = [
        each
        for each in going_home.homeward(activity_id, house_day(at))
        if each.child_id in seen
    ]
    ready = [each for each in here if each.going and each.version == seen[each.child_id]]
    for each in ready:
        change = {"went_at": max(at, each.came_at), "went_by": by.id}
        going = each.going._asdict() if each.going else {}
        roll_changes.write(each.row_id, version, change | going)
    _record_all("attendance.sign_all_out", activity_id, len(ready), by=by, at=at)
    left = {each.child_id: each.name for each in here if each not in ready}
    return Batch(version, len(ready), left)


@db.atomic()
def undo_all(activity_id: int, batch: int, *, was: str, by: Actor, at: datetime) -> int:
    """Takes back one's own 全部簽到 ('in') or 多人簽退 ('out'); returns how many rows.

    Each write has a version of its own, so rows that changed since are spared.
    """
    version = roll_changes.begin(activity_id, at=at)
    mine = Attendance.came_by if was == "in" else Attendance.went_by
    rows = (
        (Attendance.activity == activity_id)
        & (Attendance.version == batch)
        & (mine == by.id)
    )
    undone: int = Attendance.update(**UNDOES[was], version=version).where(rows).execute()
    _record_all(f"attendance.undo_all_{was}", activity_id, undone, by=by, at=at)
    return undone


def _record_all(
    deed: str, activity_id: int, count: int, *, by: Actor, at: datetime
) -> None:
    trail.record(deed, Activity(id=activity_id), by=by, at=at, detail=str(count))
