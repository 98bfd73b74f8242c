"""The blind calendar: of each counselling room free, taken or closed, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.store import holds
from liushou_web.span import Span

from ..rules.times import Cell, blind_view
from . import hours
from .times import free_between


class RoomDays(NamedTuple):
    """A room and its days; a day without a cell is closed."""

    id: int
    name: str
    days: dict[date, list[Cell]]


def week(first: date, last: date, *, at: datetime) -> list[RoomDays]:
    """Every counselling room; what is past is not free any more."""
    free, taken = _free(first, last, at), _taken(first, last)
    days = Bounds(first, last).days()
    return [
        RoomDays(
            room_id,
            name,
            {
                day: blind_view(_on(day, free, room_id), _on(day, taken, room_id))
                for day in days
            },
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
    rooms = [room_id for room_id, _ in hours.counselling_rooms()]
    return {(each.room_id, each.span) for each in holds.in_rooms(rooms, first, last)}
