"""How the roll is laid out: who is still awaited on top, or class by class."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple, Protocol

from .marks import Mark, Meeting

HOMEWARD = timedelta(minutes=20)  # before the end, when those still here come on top


class LikeRollRow(Protocol):
    @property
    def mark(self) -> Mark: ...
    @property
    def class_name(self) -> str: ...
    @property
    def walk_in(self) -> bool: ...


class Section(NamedTuple):
    title: str
    rows: Sequence[LikeRollRow]


AWAITED = ("未到", {Mark.EXPECTED, Mark.ABSENT})
HERE = ("在場", {Mark.HERE, Mark.LATE, Mark.NOT_OUT})
GONE = ("已離開", {Mark.LEFT, Mark.LATE_LEFT})
ON_LEAVE = ("請假", {Mark.ON_LEAVE})


def arranged(
    rows: Iterable[LikeRollRow], order: str, meeting: Meeting, now: datetime
) -> list[Section]:
    """The rows in sections without empty ones; walk-ins have a place of their own.

    `order` is 'class' for class by class; otherwise those whose turn is next come first:
    the awaited, and towards the end those still here.
    """
    listed = [row for row in rows if not row.walk_in]
    if order == "class":
        classes = groupby(listed, key=lambda row: row.class_name)
        return [Section(title, list(members)) for title, members in classes]
    sections = [
        Section(title, [row for row in listed if row.mark in marks])
        for title, marks in _by_turn(meeting, now)
    ]
    return [section for section in sections if section.rows]


def _by_turn(meeting: Meeting, now: datetime) -> list[tuple[str, set[Mark]]]:
    homeward = now >= meeting.ends - HOMEWARD
    first, second = (HERE, AWAITED) if homeward else (AWAITED, HERE)
    return [first, second, GONE, ON_LEAVE]
