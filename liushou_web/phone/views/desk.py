"""What the desk at the family phones shows: the lines, who waits, who has called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

from flask import g

from liushou_web import clock

from ..rules import calls as rules
from ..rules.calls import Feeling
from ..rules.hours import Hours, hours_on, is_open
from ..store import calls, phones, queue
from ..store.entries import CallEntry

MOST_WAITING_SHOWN = 10
MOST_ENDED_SHOWN = 12  # the others of today are in the register
BUTTONS: dict[str, Any] = {"results": rules.TAPPED_RESULTS, "feelings": tuple(Feeling)}


class Talk(NamedTuple):
    """A call that is open, and what can be done about it."""

    call: CallEntry
    minutes: int | None
    over_time: bool
    forgotten: bool
    suggested: datetime
    can_undo: bool


class LineShown(NamedTuple):
    line: phones.PhoneLine
    talk: Talk | None
    is_open: bool


class EndedCall(NamedTuple):
    """An attempt of today, and whether its end can still be taken back."""

    call: CallEntry
    can_undo: bool


def desk() -> dict[str, Any]:
    """All that the desk shows, and a mark that changes with it."""
    now = clock.now()
    plan = phones.plan(now.date())
    held = hours_on(now.date(), plan.hours, plan.special)
    over = ended_calls(now)
    shown = {
        "held": held,
        "lines": lines(held, now),
        "queue": queue.queue(at=now),
        "longest": queue.longest(at=now, limit=MOST_WAITING_SHOWN),
        "fresh": [each for each in over if each.can_undo],
        "ended": [each for each in over if not each.can_undo],
        "over": calls.how_many(now.date()),
    }
    mark = crc32(repr(shown).encode())
    return {**shown, **BUTTONS, "mark": mark, "now": now, "today": now.date()}


def lines(held: Sequence[Hours], now: datetime) -> list[LineShown]:
    talking = {call.phone_id: call for call in calls.open_calls()}
    return [
        LineShown(
            line,
            talk(talking[line.id], now) if line.id in talking else None,
            is_open(line.room_id, held, now.time()),
        )
        for line in phones.in_use()
    ]


def talk(call: CallEntry, now: datetime) -> Talk:
    slot = g.school.call_minutes
    return Talk(
        call,
        rules.minutes(call.started_at, now),
        rules.is_over_time(call.started_at, slot, now),
        rules.is_forgotten(call.started_at, now),
        rules.suggested_end(call.started_at, slot),
        rules.may_undo(call.started_at, now),
    )


def ended_calls(now: datetime) -> list[EndedCall]:
    """Today's attempts that are over, the latest first."""
    return [
        EndedCall(call, not call.end_told_at and rules.may_undo(call.ended_at, now))
        for call in calls.latest(now.date(), limit=MOST_ENDED_SHOWN)
    ]
