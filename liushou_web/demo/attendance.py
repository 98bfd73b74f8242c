"""What happened so far in the invented school: who came, late, not, and who forgot."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from liushou_web.actor import Actor
from liushou_web.attendance.rules.closing import Check, Closing
from liushou_web.attendance.store import closing, rolls, room_check, taps
from liushou_web.schema import Activity, Child

from . import collecting

ABSENT_SHARE, ON_LEAVE_SHARE, LATE_SHARE = 0.04, 0.03, 0.07  # of the children expected
EARLY_SHARE = 0.05
FORGOTTEN_SHARE = 0.15  # of the activities: two children are not signed out
FAULT_SHARE = 0.1  # of the room checks: one thing is not in order
FORGOTTEN_REASON = "家人接走，忘了簽退"
LEAVE_NOTES = {"sick": "發燒，家人已接回", "personal": "家裏有事"}


def hold(
    activity: Activity,
    by: Actor,
    chance: Random,
    *,
    until: datetime,
    neighbour: bool = False,
) -> None:
    """Takes the roll as a duty teacher does, up to `until`; after the end, signs out.
    With `neighbour`, the first child goes with one who is not on its list."""
    here = []
    for child_id in _expected(activity):
        if not _comes(activity, child_id, by, chance):
            continue
        midnight = datetime.combine(activity.starts.date(), time.min)
        came_at = max(activity.starts + timedelta(seconds=_arrival(chance)), midnight)
        if came_at <= until:
            taps.sign_in(activity.id, child_id, by=by, at=came_at)
            here.append(child_id)
    if neighbour:
        collecting.release_to_neighbour(activity, here.pop(0), by)
    if activity.ends <= until:
        _close(activity, here, by, chance)


def _expected(activity: Activity) -> list[int]:
    """The children expected, without those whose leave was entered ahead."""
    rows = rolls.roll_of(activity, at=activity.starts)
    return [row.child_id for row in rows if not row.leave]


def _comes(activity: Activity, child_id: int, by: Actor, chance: Random) -> bool:
    fate = chance.random()
    if ABSENT_SHARE <= fate < ABSENT_SHARE + ON_LEAVE_SHARE:
        kind = chance.choice(["sick", "personal"])
        taps.grant_leave(
            activity.id,
            child_id,
            kind=kind,
            note=LEAVE_NOTES[kind],
            by=by,
            at=activity.starts,
        )
    return fate >= ABSENT_SHARE + ON_LEAVE_SHARE


def _arrival(chance: Random) -> int:
    """How many seconds after the start a child comes; the grace of the house is ten
    minutes."""
    if chance.random() < LATE_SHARE:
        return chance.randrange(11 * 60, 30 * 60)
    return chance.randrange(-8 * 60, 9 * 60)


def _close(activity: Activity, here: list[int], by: Actor, chance: Random) -> None:
    forgotten = chance.sample(here, 2) if chance.random() < FORGOTTEN_SHARE else []
    early = [c for c in here if forgotten or chance.random() < EARLY_SHARE]
    for child_id in early:
        if child_id not in forgotten:
            seconds = chance.randrange(15 * 60)
            at = activity.ends - timedelta(seconds=seconds)
            taps.sign_out(activity.id, child_id, by=by, at=at)
    if not forgotten:
        rows = rolls.roll_of(rolls.activity(activity.id), at=activity.ends)
        here_still = {row.child_id: row.version for row in rows if row.came_at}
        taps.sign_out_many(activity.id, here_still, by=by, at=activity.ends)


def close(activity: Activity, by: Actor, chance: Random, *, until: datetime) -> None:
    """Looks at the room and locks it: in time, or overdue where somebody was forgotten."""
    here = closing.still_here(activity.id)
    wait = timedelta(minutes=45 if here else chance.randrange(4, 15))
    if activity.ends + wait > until:
        return
    wrong = chance.random() < FAULT_SHARE
    checks = [Check(item.id, ok=True) for item in room_check.in_use()]
    if wrong:
        checks[2] = Check(checks[2].item_id, ok=False, note="一根燈管壞了，已報修")
    said = Closing(tuple(checks), by.id, reasons=dict.fromkeys(here, FORGOTTEN_REASON))
    closing.close(activity.id, said, by=by, at=activity.ends + wait)


def walk_in(activity: Activity, by: Actor, *, at: datetime, count: int) -> None:
    """Lets children look in who were not expected."""
    rows = rolls.roll_of(activity, at=activity.starts)
    expected = {row.child_id for row in rows}
    others = Child.select(Child.id).order_by(Child.id.desc())
    for child in [each for each in others if each.id not in expected][:count]:
        taps.walk_in(activity.id, child.id, by=by, at=at)
