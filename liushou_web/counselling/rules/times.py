"""Which times of a counsellor are free: her hours, less what is taken and the pauses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from liushou_web.schedule.rules.holds import joined
from liushou_web.span import Span, clashes

from .hours import Length, RoomTime

ROUNDED_TO = timedelta(minutes=5)


def with_pause(booked: Span, pause: timedelta) -> Span:
    """What a booking takes of the time around it. It is the same whatever it is for, so
    that the gap beside it tells nothing."""
    return Span(booked.starts - pause, booked.ends + pause)


def free_in(opening: RoomTime, taken: Sequence[Span], length: Length) -> list[Span]:
    """The sessions that still fit, one after the other with the pause between: any one of
    them can be taken, and the others stay."""
    found = []
    starts = opening.span.starts
    while starts + length.session <= opening.span.ends:
        wanted = Span(starts, starts + length.session)
        if in_the_way := clashes(wanted, taken):
            starts = max(_rounded(in_the_way[0].ends), starts + ROUNDED_TO)
        else:
            found.append(wanted)
            starts = wanted.ends + length.pause
    return found


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes."""
    midnight = datetime.combine(moment.date(), time.min)
    over = (moment - midnight) % ROUNDED_TO
    return moment + (ROUNDED_TO - over if over else timedelta())


def opening_around(wanted: Span, openings: Iterable[RoomTime]) -> RoomTime | None:
    """The opening that holds the whole of the time wanted."""
    for each in openings:
        if each.span.starts <= wanted.starts and wanted.ends <= each.span.ends:
            return each
    return None


class Cell(NamedTuple):
    """A line of the blind calendar: free, or taken by whatever."""

    span: Span
    free: bool


def blind_view(free: Iterable[Span], taken: Iterable[Span]) -> list[Cell]:
    """Everyone's view of a day, what is taken without a gap as one."""
    cells = [Cell(span, True) for span in free]
    cells += [Cell(span, False) for span in joined(taken)]
    return sorted(cells, key=lambda cell: cell.span.starts)
