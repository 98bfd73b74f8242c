"""How the roll is laid out: its two modes, and who is still awaited on top."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Protocol

from .marks import CAME_MARKS, Mark, Meeting

HOMEWARD = timedelta(minutes=20)  # before the end, when a roll turns to signing out


class Mode(StrEnum):
    """What a tap on a roll does. In one mode nothing can do what the other does, so that
    a second tap on the same place never means something else."""

    IN = "in"
    OUT = "out"


def mode_at(meeting: Meeting, now: datetime) -> Mode:
    return Mode.OUT if now >= meeting.ends - HOMEWARD else Mode.IN


class LikeRollRow(Protocol):
    @property
    def mark(self) -> Mark: ...
    @property
    def class_name(self) -> str: ...
    @property
    def walk_in(self) -> bool: ...
    @property
    def sort_name(self) -> str: ...


class Section(NamedTuple):
    """Rows under a heading, whose number is that of the rows with a `counted` mark; with
    `of_all` the number of all rows stands beside it."""

    title: str
    rows: Sequence[LikeRollRow]
    counted: tuple[Mark, ...]
    of_all: bool = False

    @property
    def number(self) -> int:
        return sum(row.mark in self.counted for row in self.rows)


AWAITED_SECTION = ("未到", (Mark.EXPECTED, Mark.ABSENT))
HERE_SECTION = ("在場", (Mark.HERE, Mark.LATE, Mark.NOT_OUT, Mark.LATE_NOT_OUT))
GONE_SECTION = ("已離開", (Mark.LEFT, Mark.LATE_LEFT))
LEAVE_SECTION = ("請假", (Mark.ON_LEAVE,))
ORDERS = ("waiting", "class", "name")


def sections_of(rows: Iterable[LikeRollRow], order: str, mode: Mode) -> list[Section]:
    """The rows in sections without empty ones; walk-ins have a place of their own.

    `order` is 'class' for class by class and 'name' for one list by the sound of the
    names, each counting those who came (or, at home time, who went); otherwise those
    whose turn is next come first.
    """
    listed = [row for row in rows if not row.walk_in]
    if order == "waiting":
        sections = [
            Section(title, [row for row in listed if row.mark in marks], marks)
            for title, marks in _by_turn(mode)
        ]
        return [section for section in sections if section.rows]
    done = GONE_SECTION[1] if mode is Mode.OUT else tuple(CAME_MARKS)
    if order == "name":
        by_sound = sorted(listed, key=lambda row: row.sort_name)
        return [Section("全部", by_sound, done, of_all=True)] if listed else []
    classes = groupby(listed, key=lambda row: row.class_name)
    return [Section(title, list(rows), done, of_all=True) for title, rows in classes]


def _by_turn(mode: Mode) -> tuple[tuple[str, tuple[Mark, ...]], ...]:
    first, second = (
        (HERE_SECTION, AWAITED_SECTION)
        if mode is Mode.OUT
        else (AWAITED_SECTION, HERE_SECTION)
    )
    return (first, second, GONE_SECTION, LEAVE_SECTION)
