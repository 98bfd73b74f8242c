"""Which dates a weekly opening gets, and what to know before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from liushou_web.consent import Consent, NotAgreed, fingerprint
from liushou_web.refusal import Refused

from .activities import MIN_ON_DUTY, ActivityPlan, SlotPlan
from .calendar import Bounds, SpecialDay, plan_of
from .holds import Hold, clashing

ACCEPT_FIRST = "還沒有保存。請先看一遍提醒，再勾選「我知道了，仍要保存」。"


class PlannedState(StrEnum):
    """What becomes of one date; only a free one gets an activity."""

    FREE = "free"
    CLOSED = "closed"
    SHIFTED = "shifted"  # a make-up day holds another weekday's plan
    CLASH = "clash"
    BEGUN = "begun"  # these three are settled already and stay as they are
    CANCELLED = "cancelled"
    MOVED = "moved"


class PlannedDate(NamedTuple):
    """One date of the series. `note` is the name of the holiday, the titles of what is in
    the way (none of what nobody may know), or why it was cancelled; `makes_up` the
    date whose plan is held then."""

    day: date
    state: PlannedState
    note: str = ""
    makes_up: date | None = None


class Worries(NamedTuple):
    """What is unwise and may be accepted."""

    busy: tuple[Hold, ...]  # teachers who would be in two rooms at once
    few: bool  # fewer than two teachers on duty

    @property
    def any(self) -> bool:
        return self.few or bool(self.busy)


class OpeningPreview(NamedTuple):
    """All that a planner sees before saving; nothing else is then done."""

    lines: tuple[PlannedDate, ...]
    worries: Worries
    removed: tuple[date, ...] = ()  # dates of the old plan that the new one has not
    kept: tuple[date, ...] = ()  # clashing dates on which the old plan stays
    moved: tuple[date, ...] = ()  # moved dates: they keep their time and room

    @property
    def free(self) -> list[date]:
        return [line.day for line in self.lines if line.state is PlannedState.FREE]

    @property
    def clashing(self) -> list[date]:
        return [line.day for line in self.lines if line.state is PlannedState.CLASH]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self)


def dates(
    weekday: int, first_day: date, last_day: date, special: Mapping[date, SpecialDay]
) -> list[PlannedDate]:
    """Each date of that weekday, and each make-up day that holds its plan, with its state
    by the calendar alone."""
    days = Bounds(first_day, last_day).days()
    lines = (_by_calendar(weekday, day, special) for day in days)
    return [line for line in lines if line]


def _by_calendar(
    weekday: int, day: date, special: Mapping[date, SpecialDay]
) -> PlannedDate | None:
    plan = plan_of(day, special)
    if plan and plan.weekday() == weekday:
        return PlannedDate(day, PlannedState.FREE, makes_up=plan if plan != day else None)
    if day.weekday() != weekday:
        return None
    marked = special[day]
    return PlannedDate(
        day, PlannedState.CLOSED if marked.closed else PlannedState.SHIFTED, marked.name
    )


def against(
    lines: Iterable[PlannedDate], plan: SlotPlan, taken: Iterable[Hold]
) -> list[PlannedDate]:
    """Marks the free dates on which something else holds the room."""
    held, marked = list(taken), []
    for line in lines:
        in_the_way = clashing(plan.on(line.day).span, held)
        if line.state is PlannedState.FREE and in_the_way:
            titles = [each.title for each in in_the_way if each.title]
            line = line._replace(state=PlannedState.CLASH, note="」「".join(titles))
        marked.append(line)
    return marked


def too_few(plan: ActivityPlan | SlotPlan) -> bool:
    return len(plan.duty) < MIN_ON_DUTY


def check_consent(preview: OpeningPreview, consent: Consent) -> None:
    """Refuses what the planner has not seen, or has not agreed to."""
    if preview.fingerprint != consent.seen:
        raise Refused("核對之後情況有變，還沒有保存。請再看一遍下面的日期。")
    if not preview.free and not preview.removed:
        raise Refused("沒有一個日期可以開放。請返回修改時間、房間或學期。")
    if preview.clashing and not consent.skip:
        raise Refused(
            "有 {n} 個日期時間衝突。請勾選「跳過衝突的日期」，或返回修改。",
            n=len(preview.clashing),
        )
    if preview.worries.any and not consent.accepted:
        raise Refused(ACCEPT_FIRST)


def check_accepted(worries: Worries, consent: Consent | None) -> None:
    """Refuses an activity with worries that were not agreed to; nobody is asked where there
    is no consent to give."""
    if consent and worries.any and not consent.covers(worries):
        raise NotAgreed(ACCEPT_FIRST, worries)
