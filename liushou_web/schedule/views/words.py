"""Days and weeks of the school's calendar in words, for the pages of every feature."""

from __future__ import annotations

from datetime import date

from liushou_web.web.zh import said

from ..rules.calendar import PUBLISHED, SIX_DAYS, teaching_week
from ..store import calendar

OFFICIAL = {public.name for public in PUBLISHED}


def holiday(name: str) -> str:
    """The name of a special day: a public holiday's in the reader's script, one that the
    school gave as it was typed."""
    return said(name) if set(name.split("、")) <= OFFICIAL else name


def week_number(monday: date) -> tuple[str, int] | None:
    """The term's name and 第N周; None outside of every term."""
    term = calendar.term_on(monday) or calendar.term_on(monday + SIX_DAYS)
    return (term.name, teaching_week(term.first_day, monday)) if term else None
