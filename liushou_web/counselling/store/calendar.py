"""The blind calendar: of each counselling room free, taken or closed, and nothing else."""

from __future__ import annotations

from collections import defaultdict
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
    rooms = hours.counselling_rooms()
    free: defaultdict[tuple[int, date], set[Span]] = defaultdict(set)
    taken: defaultdict[tuple[int, date], set[Span]] = defaultdict(set)
    for counsellor in hours.counsellors():
        for span, room_id in free_between(counsellor.id, first, last):
            if span.starts > at:
                free[room_id, span.starts.date()].add(span)
    for hold in holds.in_rooms((room_id for room_id, _ in rooms), first, last):
        taken[hold.room_id, hold.day].add(hold.span)
    days = Bounds(first, last).days()
    return [
        RoomDays(
            room_id,
            name,
            {day: blind_view(free[room_id, day], taken[room_id, day]) for day in days},
        )
        for room_id, name in rooms
    ]
