"""When the counsellor is there: by the week, by the days unlike it, and by the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from liushou_web.schedule.rules.calendar import ONE_DAY, SpecialDay, plan_of
from liushou_web.span import Span


class Weekly(NamedTuple):
    """Hours of every week; 0 is Monday."""

    weekday: int
    starts: time
    ends: time
    room_id: int


class Away(NamedTuple):
    """From the first day to the last, both included; whole days without times."""

    first_day: date
    last_day: date
    starts: time | None = None
    ends: time | None = None

    def on(self, day: date) -> Span | None:
        """What of that day it takes away."""
        if not self.first_day <= day <= self.last_day:
            return None
        begins = datetime.combine(day, self.starts or time.min)
        tomorrow = datetime.combine(day + ONE_DAY, time.min)
        return Span(begins, datetime.combine(day, self.ends) if self.ends else tomorrow)


class Extra(NamedTuple):
    """Hours of these days besides the weekly ones, whatever the school's calendar says."""

    first_day: date
    last_day: date
    starts: time
    ends: time
    room_id: int


class RoomTime(NamedTuple):
    """The counsellor is in this room."""

    span: Span
    room_id: int


class Length(NamedTuple):
    """How long a session in the hours is, and the pause between two of them."""

    session: timedelta
    pause: timedelta


def open_on(
    day: date,
    weekly: Iterable[Weekly],
    exceptions: Iterable[Away | Extra],
    special: Mapping[date, SpecialDay],
) -> list[RoomTime]:
    """When the counsellor is in on that day: a closed day has no hours, a make-up day has
    those of the day that it stands for; extra hours hold always, being away too."""
    plan, listed = plan_of(day, special), list(exceptions)
    usual = [each for each in weekly if plan and each.weekday == plan.weekday()]
    extra = [
        each
        for each in listed
        if isinstance(each, Extra) and each.first_day <= day <= each.last_day
    ]
    away = [gone for each in listed if isinstance(each, Away) if (gone := each.on(day))]
    left = [
        RoomTime(part, each.room_id)
        for each in usual + extra
        for part in _without(
            Span(datetime.combine(day, each.starts), datetime.combine(day, each.ends)), away
        )
    ]
    return sorted(left, key=lambda each: (each.span.starts, each.room_id))


def is_away(span: Span, exceptions: Iterable[Away | Extra]) -> bool:
    """Whether the counsellor is away for some of it."""
    absences = (each for each in exceptions if isinstance(each, Away))
    gone = (each.on(span.starts.date()) for each in absences)
    return any(each.clashes_with(span) for each in gone if each)


def _without(hours: Span, away: Iterable[Span]) -> list[Span]:
    parts = [hours]
    for gone in away:
        parts = [rest for part in parts for rest in _cut(part, gone)]
    return parts


def _cut(part: Span, gone: Span) -> Iterator[Span]:
    if not part.clashes_with(gone):
        yield part
        return
    if part.starts < gone.starts:
        yield Span(part.starts, gone.starts)
    if gone.ends < part.ends:
        yield Span(gone.ends, part.ends)
