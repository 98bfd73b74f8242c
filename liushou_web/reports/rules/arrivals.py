"""Thousands of arrivals and departures in small numbers, which mean what `mark` says."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntFlag
from itertools import product

from liushou_web.attendance.rules.marks import Mark, Meeting, mark


class Arrival(IntFlag):
    """What the times of one child at one activity say, for reading thousands at once:
    the database compares them, `mark` alone says what they mean."""

    CAME = 1
    WENT = 2
    LEAVE = 4
    LATE = 8  # came after `late_after`


def late_after(meeting: Meeting) -> datetime:
    """The last second that is still in time."""
    return meeting.starts + timedelta(minutes=meeting.grace_minutes)


def marks_by_arrival(meeting: Meeting, now: datetime) -> list[Mark]:
    """The mark for each value of `Arrival`, by asking `mark` with times of that kind."""
    in_time, too_late = meeting.starts, late_after(meeting) + timedelta(seconds=1)
    return [
        mark(
            meeting,
            (too_late if late else in_time) if came else None,
            too_late if went else None,
            "sick" if leave else "",
            now,
        )
        for late, leave, went, came in product((False, True), repeat=4)
    ]
