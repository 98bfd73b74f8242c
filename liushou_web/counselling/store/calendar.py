"""The blind calendar: of each counselling room free, taken or closed, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.schedule.rules.calendar import ONE_DAY
from liushou_web.schedule.store.duties import held_between
from liushou_web.schema import Activity
from liushou_web.span import Span

from ..rules.times import Cell, blind
from . import hours
from .times import free_between, taken_in_rooms


class Days(NamedTuple):
    """A room and its days; a day without a cell is closed."""

    id: int
    name: str
    days: dict[date, list[Cell]]


class Occupied(NamedTuple):
    """A stretch of time of a room on a timetable, without what it is for."""

    room_id: int
    room: str
    starts: datetime
    ends: datetime
    id: int = 0

    @property
    def day(self) -> date:
        return self.starts.date()


def occupied(first: date, last: date) -> list[Occupied]:
    """What the counsellor holds on these days, by time and room; what lies side by side is
    one. A room that is one no more is told too, as long as it is held."""
    spans: dict[tuple[int, str, date], list[Span]] = {}
    for room_id, room, span in taken_in_rooms(first, last):
        spans.setdefault((room_id, room, span.starts.date()), []).append(span)
    held = [
        Occupied(room_id, room, cell.span.starts, cell.span.ends)
        for (room_id, room, _), taken in spans.items()
        for cell in blind((), taken)
    ]
    return sorted(held, key=lambda each: (each.starts, each.room_id))


def week(first: date, last: date, *, at: datetime) -> list[Days]:
    """Every counselling room; what is past is not free any more."""
    free, taken = _free(first, last, at), _taken(first, last)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    return [
        Days(
            room_id,
            name,
            {day: blind(_on(day, free, room_id), _on(day, taken, room_id)) for day in days},
        )
        for room_id, name in hours.counselling_rooms()
    ]


def _on(day: date, spans: set[tuple[int, Span]], room_id: int) -> list[Span]:
    return [span for room, span in spans if room == room_id and span.starts.date() == day]


def _free(first: date, last: date, at: datetime) -> set[tuple[int, Span]]:
    return {
        (opening.room_id, opening.span)
        for counsellor in hours.counsellors()
        for opening in free_between(counsellor.id, first, last)
        if opening.span.starts > at
    }


def _taken(first: date, last: date) -> set[tuple[int, Span]]:
    booked = {(room_id, span) for room_id, _, span in taken_in_rooms(first, last)}
    rooms = [room_id for room_id, _ in hours.counselling_rooms()]
    rows: Any = (
        Activity.select(Activity.room, Activity.starts, Activity.ends)
        .where(Activity.room.in_(rooms), *held_between(first, last))
        .tuples()
    )
    return booked | {(room_id, Span(starts, ends)) for room_id, starts, ends in rows}
