"""What holds a time: an activity, a duty, or a booking of which nobody is told more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from liushou_web.span import Span


class Hold(NamedTuple):
    """A time that is taken: of a room, of a person, or of both."""

    span: Span
    title: str = ""  # '' where nobody may be told
    room_id: int = 0
    room: str = ""
    staff_id: int = 0
    staff: str = ""

    @property
    def starts(self) -> datetime:
        return self.span.starts

    @property
    def ends(self) -> datetime:
        return self.span.ends

    @property
    def day(self) -> date:
        return self.span.starts.date()


def clashing(span: Span, holds: Iterable[Hold]) -> list[Hold]:
    """What is at the same time as `span`."""
    return [each for each in holds if span.clashes_with(each.span)]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans by time, those without a gap between them as one: neither how many there
    were nor what they are can be counted."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.starts):
        if found and span.starts <= found[-1].ends:
            found[-1] = Span(found[-1].starts, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found
