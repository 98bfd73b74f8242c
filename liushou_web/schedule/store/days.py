"""Which activities are of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from peewee import Expression

from liushou_web.schema import Activity


def on_day(day: date) -> tuple[Expression, ...]:
    """The conditions of one that begins on it and is not cancelled."""
    midnight = datetime.combine(day, time())
    return (
        Activity.starts >= midnight,
        Activity.starts < midnight + timedelta(days=1),
        Activity.cancelled_at.is_null(),
    )
