"""Who calls next: fair to those who wait longest, and with the reason in words."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

NEVER = date.min


class CallStanding(NamedTuple):
    """What is known of a child's calls. 'Cannot reach' and 'never tried' are different."""

    last_connected: date | None = None
    ever_tried: bool = False
    tried_today: int = 0

    def days(self, today: date) -> int | None:
        """How many days since the last call that was answered; None where there was
        none."""
        return None if self.last_connected is None else (today - self.last_connected).days

    def in_words(self, today: date) -> str:
        """How long without a call: '23 天沒有通話'."""
        days = self.days(today)
        if days is None:
            return "從來沒有打通過" if self.ever_tried else "從來沒有打過"
        return f"{days} 天沒有通話" if days else "今天打通過"

    @property
    def today_in_words(self) -> str:
        """How often it was tried today: '今天試過 2 次，沒有打通'."""
        tried = self.tried_today
        return f"今天試過 {tried} 次，沒有打通" if tried else "今天還沒試過"


class BookedTime(NamedTuple):
    """A time of the day on a line that is kept for one child."""

    line: str
    starts: time
    ends: time

    def is_due(self, at: datetime) -> bool:
        """Whether it is this child's time now."""
        return self.starts <= at.time() < self.ends


QueueOrder = tuple[bool, bool, date, datetime]


def order(
    standing: CallStanding, asked_at: datetime, booking: BookedTime | None, *, at: datetime
) -> QueueOrder:
    """Sorts a queue: days since the last successful call, then who asked first.

    A booking goes first while it is due: somebody waits at the other end. Whoever was
    tried today lets those go first who were not, or one parent who does not answer would
    hold up all.
    """
    due = booking is not None and booking.is_due(at)
    tried = standing.tried_today > 0 and not due
    return not due, tried, standing.last_connected or NEVER, asked_at
