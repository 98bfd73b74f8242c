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


AWAITED_SECTION = ("未到", {Mark.EXPECTED, Mark.ABSENT})
HERE_SECTION = ("在場", {Mark.HERE, Mark.LATE, Mark.NOT_OUT})
GONE_SECTION = ("已離開", {Mark.LEFT, Mark.LATE_LEFT})
LEAVE_SECTION = ("請假", {Mark.ON_LEAVE})


def sections_of(
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
    first, second = (
        (HERE_SECTION, AWAITED_SECTION) if homeward else (AWAITED_SECTION, HERE_SECTION)
    )
    return [first, second, GONE_SECTION, LEAVE_SECTION]
