"""Where a child is expected at the time of a session: a warning, to be agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.attendance.rules.leave import Stretch
from liushou_web.attendance.store.rolls import is_expected
from liushou_web.consent import Consent, NotAgreed
from liushou_web.db.prepared import Prepared
from liushou_web.schedule.rules.calendar import ONE_DAY
from liushou_web.schema import Activity, Attendance, Child, Leave
from liushou_web.span import Span

ACCEPT_FIRST = "還沒有保存。請先看一遍提醒，再勾選「我知道了，仍要預約」。"


class Roll(NamedTuple):
    """An activity on whose roll the child is or will be."""

    title: str
    span: Span


class Elsewhere(NamedTuple):
    """What is known of a child at a time: the rolls that expect it, and a leave."""

    rolls: tuple[Roll, ...]
    on_leave: bool

    @property
    def any(self) -> bool:
        return self.on_leave or bool(self.rolls)


def check_expected(child_id: int | None, span: Span, consent: Consent | None) -> None:
    """Refuses what was not agreed to: that the child leaves a roll for this. Nobody is
    asked where there is no consent to give."""
    if child_id is None or consent is None:
        return
    found = elsewhere(child_id, span)
    if found.any and not consent.covers(found):
        raise NotAgreed(ACCEPT_FIRST, found)


def elsewhere(child_id: int, span: Span) -> Elsewhere:
    """Two or three queries."""
    rolls = _rolls.rows(child_id, span.starts - ONE_DAY, span.starts, span.ends)
    return Elsewhere(
        tuple(Roll(title, Span(starts, ends)) for title, starts, ends in rolls),
        _on_leave(child_id, span.starts),
    )


@Prepared
def _rolls(child_id: Any, since: Any, begins: Any, ends: Any) -> Any:
    listed = Attendance.select().where(
        Attendance.activity == Activity.id,
        Attendance.child == child_id,
        Attendance.leave == "",
    )
    opened = Activity.opened_at.is_null(False)
    return (
        Activity.select(Activity.title, Activity.starts, Activity.ends)
        .join(Child, on=is_expected() | opened)
        .where(
            Child.id == child_id,
            Activity.cancelled_at.is_null(),
            Activity.starts > since,
            Activity.starts < ends,
            Activity.ends > begins,
            ~opened | fn.EXISTS(listed),
        )
        .order_by(Activity.starts, Activity.id)
    )


def _on_leave(child_id: int, starts: datetime) -> bool:
    leaves = _leaves.rows(child_id, starts.date())
    return any(Stretch(*leave).covers(starts) for leave in leaves)


@Prepared
def _leaves(child_id: Any, day: Any) -> Any:
    return Leave.select(Leave.first_day, Leave.last_day, Leave.part).where(
        Leave.child == child_id,
        Leave.withdrawn_at.is_null(),
        Leave.first_day <= day,
        Leave.last_day >= day,
    )
