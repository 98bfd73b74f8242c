"""親情電話使用記錄: the same lines and sums for the screen, the paper and the file."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

from liushou_web.db.table import within
from liushou_web.schedule.rules.periods import Days
from liushou_web.schema import Call

from ..rules.calls import CallSums, Result, sums
from .entries import CallEntry, entries_where, of_children_taught_by


class CallRegister(NamedTuple):
    """The calls asked for, as they began; those still open are among them, not counted."""

    lines: list[CallEntry]
    sums: CallSums


def register(
    days: Days | None,
    *,
    of_teacher: int | None = None,
    class_id: int | None = None,
    child_id: int | None = None,
) -> CallRegister:
    """The calls of some days or all; of a class as it was on the day, or of one child. One
    query."""
    conditions = [*of_children_taught_by(of_teacher)]
    if days is not None:
        conditions.append(within(Call.started_at, *days))
    if class_id is not None:
        conditions.append(Call.school_class == class_id)
    if child_id is not None:
        conditions.append(Call.child == child_id)
    lines = entries_where(*conditions, Call.id > 0)
    return CallRegister(lines, sums((line.result, line.minutes) for line in lines))


def answered(first: date, last: date) -> Counter[date]:
    """How many calls were answered on each of these days; one query."""
    connected = Call.result == Result.CONNECTED.value
    rows: Any = (
        Call.select(Call.started_at)
        .where(connected, within(Call.started_at, first, last))
        .tuples()
    )
    return Counter(started_at.date() for (started_at,) in rows)
