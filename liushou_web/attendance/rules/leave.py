"""請假 entered ahead: which activities it covers; and which absences are worth a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import SIX_DAYS

NOON = time(12)
LONGEST_LEAVE = 120  # days; a longer leave is a slip of the pen


class Part(StrEnum):
    """What a leave takes of each day; an activity is in the half that it starts in."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"

    @property
    def label(self) -> str:
        return PART_LABELS[self]


PART_LABELS = {Part.DAY: "全天", Part.MORNING: "上午", Part.AFTERNOON: "下午"}


@dataclass(frozen=True)
class Stretch:
    """From the first day to the last, both included: whole days, or one half of each."""

    first_day: date
    last_day: date
    part: str = Part.DAY

    def covers(self, starts: datetime) -> bool:
        """Whether an activity that starts then falls into it; noon is afternoon."""
        half = Part.MORNING if starts.time() < NOON else Part.AFTERNOON
        within = self.first_day <= starts.date() <= self.last_day
        return within and self.part in (Part.DAY, half)

    def overlaps(self, other: Stretch) -> bool:
        apart = self.last_day < other.first_day or other.last_day < self.first_day
        return not apart and (
            Part.DAY in (self.part, other.part) or self.part == other.part
        )


def check_stretch(stretch: Stretch, today: date) -> None:
    """Refuses days that are past: what was on the roll then stays as it was."""
    if stretch.first_day < today:
        raise Refused("請假只能從今天開始。過去的日子已經記在簽到表上，不能改寫。")
    if stretch.last_day < stretch.first_day:
        raise Refused("最後一天不能早於第一天。")
    if (stretch.last_day - stretch.first_day).days >= LONGEST_LEAVE:
        raise Refused("一次請假不會超過 {days} 天，請核對日期。", days=LONGEST_LEAVE)


def check_withdrawal(last_day: date, today: date) -> None:
    """Over is over; of a leave that has begun, the days from today on are taken back."""
    if last_day < today:
        raise Refused("這次請假已經過去，不能撤回。")


def check_restoring(last_day: date, withdrawn_at: datetime, today: date) -> None:
    """Only on the day of the withdrawal: later, days without leave have passed."""
    check_withdrawal(last_day, today)
    if withdrawn_at.date() < today:
        raise Refused("這次請假不是今天撤回的，不能恢復。請重新登記。")


class Outcome(NamedTuple):
    """What became of a child at an activity of the past, on whose roll it was."""

    starts: datetime
    ends: datetime
    came: bool
    on_leave: bool


def missed_in_a_row(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The latest absences, oldest first, up to the last time that the child came.

    A leave neither counts nor breaks the row: the child was not expected.
    """
    missed: list[Outcome] = []
    for outcome in sorted(outcomes, key=lambda each: each.starts, reverse=True):
        if outcome.came:
            break
        if not outcome.on_leave:
            missed.append(outcome)
    return missed[::-1]


class Sick(NamedTuple):
    """That a child was on sick leave; `known_at` tells news from what was seen."""

    child_id: int
    known_at: datetime


def fell_sick(facts: Iterable[Sick]) -> dict[int, datetime]:
    """Each child once, with the first that is known of it."""
    first: dict[int, datetime] = {}
    for child_id, known_at in facts:
        first[child_id] = min(known_at, first.get(child_id, known_at))
    return first


def week_before(today: date) -> tuple[date, date]:
    """The seven days that end today."""
    return today - SIX_DAYS, today


def is_news(newest: datetime, seen_at: datetime | None) -> bool:
    """Whether something happened since the reader put the case aside."""
    return seen_at is None or newest > seen_at
