"""A week in every room as a grid."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, Protocol, TypeVar

from .calendar import SATURDAY, SpecialDay


class InRoom(Protocol):
    """Anything that a room is held for."""

    @property
    def room_id(self) -> int: ...
    @property
    def room(self) -> str: ...


Shown = TypeVar("Shown", bound=InRoom)
Column = TypeVar("Column", bound=Hashable)


class RoomRow(NamedTuple, Generic[Shown]):
    """A room and what is held in it, a list for each column."""

    id: int
    name: str
    cells: list[list[Shown]]


class WithDay(Protocol):
    @property
    def day(self) -> date: ...


def days_shown(
    days: Iterable[date], held: Iterable[WithDay], special: Mapping[date, SpecialDay]
) -> list[date]:
    """Monday to Friday, and of the weekend what is held or made up on."""
    busy = {item.day for item in held}
    busy |= {day for day, marked in special.items() if not marked.closed}
    return [day for day in days if day.weekday() < SATURDAY or day in busy]


def weekdays_shown(weekdays: Iterable[int]) -> list[int]:
    """Monday to Friday, and of the weekend what is used: 0 is Monday."""
    used = set(weekdays)
    return [n for n in range(7) if n < SATURDAY or n in used]


def grid(
    rooms: Iterable[tuple[int, str]],
    columns: Sequence[Column],
    held: Iterable[tuple[Column, Shown]],
) -> list[RoomRow[Shown]]:
    """A row per room, in the order given; retired rooms follow if they are held."""
    rows = {id_: RoomRow[Shown](id_, name, [[] for _ in columns]) for id_, name in rooms}
    place = {column: n for n, column in enumerate(columns)}
    for column, item in held:
        row = rows.setdefault(
            item.room_id, RoomRow(item.room_id, item.room, [[] for _ in columns])
        )
        row.cells[place[column]].append(item)
    return list(rows.values())
