"""待辦: what waits for the reader, from every feature, in one list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from flask_login import current_user

from liushou_web.attendance.views.closing import never_taken, overdue
from liushou_web.attendance.views.unlisted import to_look_at
from liushou_web.backups import daily
from liushou_web.backups.rules.retention import is_old
from liushou_web.counselling.store import booking_lists
from liushou_web.db.paths import paths
from liushou_web.phone.views.calls import unended_calls
from liushou_web.phone.views.dead_numbers import dead_numbers
from liushou_web.schedule.views.swaps import to_answer
from liushou_web.school.auth import may_open
from liushou_web.vaults.store import openings, vaults


class Todo(NamedTuple):
    """One thing to settle: the part that tells it, with its button, and what it is."""

    template: str
    item: object
    urgent: bool = False


def todos(now: datetime) -> list[Todo]:
    """What waits for the reader, as far as they can act on it; what is urgent comes
    first."""
    found = [
        *_old_backup(now),
        *_each("attendance/closing/_overdue.html", overdue(now), urgent=True),
        *_each("phone/calls/_todo.html", unended_calls(), urgent=True),
        *_openings_by_others(),
        *_waiting_bookings(),
        *_each("schedule/swaps/_asked.html", to_answer(now)),
        *_each("attendance/closing/_never_taken.html", never_taken(now)),
        *_each("attendance/unlisted/_todo.html", to_look_at()),
        *_each("phone/dead_numbers/_todo.html", dead_numbers()),
    ]
    return sorted(found, key=lambda todo: not todo.urgent)


def _each(template: str, items: Iterable[object], *, urgent: bool = False) -> list[Todo]:
    return [Todo(template, item, urgent) for item in items]


def _old_backup(now: datetime) -> list[Todo]:
    if not may_open("backups.make"):
        return []
    health = daily.health(paths(), now)
    stale = is_old(health.last, now)
    return [Todo("backups/_todo.html", health, urgent=bool(health.last))] if stale else []


def _openings_by_others() -> list[Todo]:
    """What others did with the reader's sealed notes, until they say that they know."""
    mine = vaults.newest(current_user.id) if may_open("vaults.opened") else None
    others = openings.unseen_of_others(mine) if mine else []
    return [Todo("vaults/_todo.html", others, urgent=True)] if others else []


def _waiting_bookings() -> list[Todo]:
    if not may_open("counselling_desk.week"):
        return []
    return [
        Todo("counselling/desk/_todo.html", item, item.urgent)
        for item in booking_lists.waiting(current_user.id)
    ]
