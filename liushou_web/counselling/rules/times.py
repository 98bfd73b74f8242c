"""Which times of a counsellor are free: her hours, less what is taken and the pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from liushou_web.schedule.rules.calendar import SpecialDay, plan_of
from liushou_web.span import Span

ROUND = timedelta(minutes=5)


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
        tomorrow = datetime.combine(day + timedelta(days=1), time.min)
        return Span(begins, datetime.combine(day, self.ends) if self.ends else tomorrow)


class Extra(NamedTuple):
    """Hours of these days besides the weekly ones, whatever the school's calendar says."""

    first_day: date
    last_day: date
    starts: time
    ends: time
    room_id: int


class Open(NamedTuple):
    """The counsellor is in this room."""

    span: Span
    room_id: int


class Held(NamedTuple):
    """A time that is taken: by a booking, which wants its pause, or by something else."""

    span: Span
    pauses: bool


class Length(NamedTuple):
    session: timedelta
    pause: timedelta


def open_on(
    day: date,
    weekly: Iterable[Weekly],
    exceptions: Iterable[Away | Extra],
    special: Mapping[date, SpecialDay],
) -> list[Open]:
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
    hours = [Open(_on(day, each.starts, each.ends), each.room_id) for each in usual + extra]
    left = [part for each in hours for part in _without(each, away)]
    return sorted(left, key=lambda each: (each.span.starts, each.room_id))


def is_away(span: Span, exceptions: Iterable[Away | Extra]) -> bool:
    """Whether the counsellor is away for some of it."""
    absences = (each for each in exceptions if isinstance(each, Away))
    gone = (each.on(span.starts.date()) for each in absences)
    return any(each.clashes_with(span) for each in gone if each)


def _on(day: date, starts: time, ends: time) -> Span:
    return Span(datetime.combine(day, starts), datetime.combine(day, ends))


def _without(hours: Open, away: Iterable[Span]) -> list[Open]:
    parts = [hours.span]
    for gone in away:
        parts = [rest for part in parts for rest in _cut(part, gone)]
    return [Open(part, hours.room_id) for part in parts]


def _cut(part: Span, gone: Span) -> Iterator[Span]:
    if not part.clashes_with(gone):
        yield part
        return
    if part.starts < gone.starts:
        yield Span(part.starts, gone.starts)
    if gone.ends < part.ends:
        yield Span(gone.ends, part.ends)


def is_free(wanted: Span, held: Iterable[Held], pause: timedelta) -> bool:
    """Whether nothing overlaps, and no booking is nearer than the pause. The pause is the
    same whatever a booking is for, so that the gap beside it tells nothing."""
    return _in_the_way(wanted, list(held), pause) is None


def _in_the_way(wanted: Span, held: list[Held], pause: timedelta) -> Span | None:
    wider = Span(wanted.starts - pause, wanted.ends + pause)
    for each in held:
        if each.span.clashes_with(wider if each.pauses else wanted):
            return Span(each.span.starts, each.span.ends + each.pauses * pause)
    return None


def free_in(opening: Open, held: Iterable[Held], length: Length) -> list[Span]:
    """The sessions that still fit, one after the other with the pause between: any one of
    them can be taken, and the others stay."""
    found, listed = [], list(held)
    starts = opening.span.starts
    while starts + length.session <= opening.span.ends:
        wanted = Span(starts, starts + length.session)
        taken = _in_the_way(wanted, listed, length.pause)
        if taken is None:
            found.append(wanted)
            starts = wanted.ends + length.pause
        else:
            starts = max(_rounded(taken.ends), starts + ROUND)
    return found


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes."""
    midnight = datetime.combine(moment.date(), time.min)
    over = (moment - midnight) % ROUND
    return moment + (ROUND - over if over else timedelta())


def within(wanted: Span, openings: Iterable[Open]) -> Open | None:
    """The opening that holds the whole of it."""
    for each in openings:
        if each.span.starts <= wanted.starts and wanted.ends <= each.span.ends:
            return each
    return None


class Cell(NamedTuple):
    """A line of the blind calendar: free, or taken by whatever."""

    span: Span
    free: bool


def blind(free: Iterable[Span], taken: Iterable[Span]) -> list[Cell]:
    """Everyone's view of a day. What is taken without a gap is one stretch: neither how
    many there are nor what they are can be counted."""
    merged: list[Span] = []
    for span in sorted(taken, key=lambda each: each.starts):
        if merged and span.starts <= merged[-1].ends:
            merged[-1] = Span(merged[-1].starts, max(merged[-1].ends, span.ends))
        else:
            merged.append(span)
    cells = [Cell(span, True) for span in free] + [Cell(span, False) for span in merged]
    return sorted(cells, key=lambda cell: cell.span.starts)
