"""When the family phones are open, and the slots that an open stretch holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import SpecialDay, plan_of
from liushou_web.span import Span

DAYS_SEARCHED = 28  # days ahead for the next day with open hours


class Hours(NamedTuple):
    """An open stretch of every week in one room."""

    room_id: int
    weekday: int
    starts: time
    ends: time


def check_hours(new: Hours, others: Iterable[Hours]) -> None:
    """Refuses an order that is wrong, and hours that overlap others of that day."""
    if new.starts >= new.ends:
        raise Refused("結束時間必須晚於開始時間。")
    for other in others:
        same_day = (other.room_id, other.weekday) == (new.room_id, new.weekday)
        if same_day and other.starts < new.ends and new.starts < other.ends:
            raise Refused(
                "這個房間這一天 {starts}–{ends} 已經開放，時間不能重疊。",
                starts=f"{other.starts:%H:%M}",
                ends=f"{other.ends:%H:%M}",
            )


def hours_on(
    day: date, hours: Iterable[Hours], special: Mapping[date, SpecialDay]
) -> list[Hours]:
    """What is open on that day: nothing when the school is closed; on a make-up day what
    the weekday has that it stands for."""
    plan = plan_of(day, special)
    held = [each for each in hours if plan and each.weekday == plan.weekday()]
    return sorted(held, key=lambda each: (each.starts, each.room_id))


def is_open(room_id: int, hours: Iterable[Hours], at: time) -> bool:
    """Whether one of these hours, all of one day, opens the room at that time."""
    return any(each.room_id == room_id and each.starts <= at < each.ends for each in hours)


def open_days(
    hours: Sequence[Hours], special: Mapping[date, SpecialDay], at: datetime, count: int
) -> Iterator[date]:
    """The next days with open hours, at most `count`; today while some are left of it."""
    found = 0
    for ahead in range(DAYS_SEARCHED):
        day = at.date() + timedelta(days=ahead)
        held = hours_on(day, hours, special)
        if any(ahead or each.ends > at.time() for each in held):
            yield day
            found += 1
        if found == count:
            return


def day_for(
    hours: Sequence[Hours], special: Mapping[date, SpecialDay], at: datetime
) -> date:
    """The day that somebody who asks now waits for; today where no hours are set up."""
    return next(open_days(hours, special, at, 1), at.date())


def slots(
    day: date, held: Iterable[Hours], room_id: int, minutes: int, taken: Sequence[Span]
) -> list[Span]:
    """The slots of a line in that room which nobody has, one after another."""
    step = timedelta(minutes=minutes)
    free = []
    for each in held:
        starts, ends = (datetime.combine(day, one) for one in (each.starts, each.ends))
        while each.room_id == room_id and starts + step <= ends:
            span = Span(starts, starts + step)
            if not any(span.clashes_with(other) for other in taken):
                free.append(span)
            starts += step
    return free
