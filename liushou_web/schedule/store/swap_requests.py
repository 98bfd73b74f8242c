"""Requests to take a duty over, as the pages show them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.db.table import within
from liushou_web.refusal import NotFound
from liushou_web.schema import Activity, ActivityDuty, DutySwap, Room, Staff
from liushou_web.span import Span

from ..rules import swaps as rules
from ..rules.swaps import Answer, SwapState

Asker: Any = Staff.alias("asker")
Colleague: Any = Staff.alias("colleague")
SHOWN_FOR = timedelta(days=7)  # after the activity, to the one who asked


class SwapRequest(NamedTuple):
    """One request as the pages show it, with its state at the moment asked for."""

    id: int
    activity_id: int
    title: str
    room: str
    starts: datetime
    ends: datetime
    asked_by_id: int
    asked_by: str
    asked_of_id: int
    asked_of: str
    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    state: SwapState = SwapState.WAITING

    @property
    def detail(self) -> str:
        """For the trail: '11-24 16:00–17:30 作業輔導：李老師 → 王老師'."""
        span = Span(self.starts, self.ends)
        return f"{span} {self.title}：{self.asked_by} → {self.asked_of}"


def to_answer(staff_id: int, *, at: datetime) -> list[SwapRequest]:
    """What waits for an answer of this person, the earliest activity first."""
    return [
        request
        for request in _requests(at, DutySwap.asked_of == staff_id, Activity.starts > at)
        if request.state is SwapState.WAITING
    ]


def asked_by(staff_id: int, *, at: datetime) -> list[SwapRequest]:
    """What this person asked of others and how it stands, until a week after the activity;
    what they took back is left out."""
    recent = Activity.starts > at - SHOWN_FOR
    kept = DutySwap.answer != Answer.WITHDRAWN.value
    return _requests(at, DutySwap.asked_by == staff_id, recent, kept)


def of_activity(activity_id: int, *, at: datetime) -> list[SwapRequest]:
    """Every request about an activity, the oldest first."""
    return _requests(at, DutySwap.activity == activity_id)


def accepted_between(first: date, last: date, *, at: datetime) -> list[SwapRequest]:
    """The duties handed over at activities that begin on these days, both included, and
    are held, by time."""
    return _requests(
        at,
        DutySwap.answer == Answer.ACCEPTED.value,
        within(Activity.starts, first, last),
        Activity.cancelled_at.is_null(),
    )


def handovers(activity_id: int) -> list[tuple[str, str]]:
    """Whose duty at an activity went to whom, by name, in the order of the answers."""
    rows: Any = (
        DutySwap.select(Asker.name, Colleague.name)
        .join(Asker, on=DutySwap.asked_by == Asker.id)
        .switch(DutySwap)
        .join(Colleague, on=DutySwap.asked_of == Colleague.id)
        .where(DutySwap.activity == activity_id, DutySwap.answer == Answer.ACCEPTED.value)
        .order_by(DutySwap.answered_at, DutySwap.id)
        .tuples()
    )
    return list(rows)


def one(swap_id: int, *, at: datetime) -> SwapRequest:
    """One request; raises `NotFound`."""
    found = _requests(at, DutySwap.id == swap_id)
    if not found:
        raise NotFound
    return found[0]


def _requests(at: datetime, *conditions: Any) -> list[SwapRequest]:
    on_duty = ActivityDuty.select().where(
        ActivityDuty.activity == DutySwap.activity,
        ActivityDuty.staff == DutySwap.asked_by,
    )
    rows: Any = (
        DutySwap.select(
            DutySwap.id,
            Activity.id,
            Activity.title,
            Room.name,
            Activity.starts,
            Activity.ends,
            Asker.id,
            Asker.name,
            Colleague.id,
            Colleague.name,
            DutySwap.words,
            DutySwap.asked_at,
            DutySwap.answer,
            DutySwap.answered_at,
            Activity.cancelled_at,
            fn.EXISTS(on_duty),
        )
        .join(Activity)
        .join(Room)
        .switch(DutySwap)
        .join(Asker, on=DutySwap.asked_by == Asker.id)
        .switch(DutySwap)
        .join(Colleague, on=DutySwap.asked_of == Colleague.id)
        .where(*conditions)
        .order_by(Activity.starts, DutySwap.asked_at, DutySwap.id)
        .tuples()
    )
    found = []
    for *columns, cancelled_at, on_duty in rows:
        each = SwapRequest(*columns)
        state = rules.state(each.answer, each.starts, cancelled_at, bool(on_duty), at)
        found.append(each._replace(state=state))
    return found
