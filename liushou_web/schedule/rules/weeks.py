"""Which weeks can be asked for, and which one a reader means who names none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .calendar import Bounds, monday_of, teaching_week


def term_meant(terms: Sequence[Bounds], today: date) -> int:
    """The place, among terms listed latest first, of the latest that has begun; of the
    first term ever where none has."""
    begun = (n for n, term in enumerate(terms) if monday_of(term.first_day) <= today)
    return next(begun, len(terms) - 1)


def last_week(term: Bounds, following: Bounds | None, today: date) -> int:
    """The last week counted from this term: its last teaching week, or in the holidays
    after it the one before the next term, or this week where no next term is known."""
    until = (
        teaching_week(term.first_day, following.first_day) - 1
        if following
        else teaching_week(term.first_day, today)
    )
    return max(teaching_week(term.first_day, term.last_day), until)


def is_teaching(term: Bounds, number: int) -> bool:
    return 1 <= number <= teaching_week(term.first_day, term.last_day)
