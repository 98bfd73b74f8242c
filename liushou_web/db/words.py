"""What each database says in its own way: here in SQLite's, for use in any query."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, ValueLiterals, fn


def day_of(moment: Any) -> Any:
    """The day on which a moment lies."""
    return fn.date(moment)


def time_of(moment: Any) -> Any:
    """The time of day of a moment."""
    return fn.time(moment)


def start_of(day: Any) -> Any:
    """The first moment of a day."""
    return fn.datetime(day)


def later_of(one: Any, other: Any) -> Any:
    """The later of two moments, read as the first of them is."""
    return fn.MAX(one, other)


def count_where(condition: Any) -> Any:
    """How many rows meet the condition; 0 where there are none."""
    return fn.COUNT(SQL("*")).filter(condition)


def number_if(condition: Any, number: int) -> Any:
    """The number where the condition holds, else 0."""
    return Case(None, ((condition, number),), 0)


def spelt_out(condition: Any) -> Any:
    """The condition with its values in the SQL itself: only where it reads what an index of
    some rows says, word by word, does the database go by that index."""
    return ValueLiterals(condition)
