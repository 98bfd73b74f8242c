"""How long somebody who mistypes a password waits: never for ever, and told in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from liushou_web.refusal import Refused

FREE = 5  # wrong passwords for one account
ADDRESS_FREE = 20  # from one address: a school may share one
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)  # after a quiet day the count begins again


class TooMany(Refused):
    """Wait a little. A wait does not grow by asking again while it lasts."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, int(wait.total_seconds()))
        self.seconds = seconds
        if seconds < 60:
            super().__init__("嘗試太多次，請等 {count} 秒再試。", count=seconds)
        else:
            super().__init__("嘗試太多次，請等 {count} 分鐘再試。", count=-(-seconds // 60))


def wait_after(count: int, *, free: int = FREE) -> timedelta:
    """The pause after `count` failures in a row: none, then 30 s, doubling to 15 min."""
    if count < free:
        return timedelta(0)
    doublings = min(count - free, 10)  # far beyond the longest wait
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def still_to_wait(
    count: int, last_at: datetime, now: datetime, *, free: int = FREE
) -> timedelta:
    """What is left of the pause. A clock that was set back does not make it longer
    than the longest wait; one that is far back (an empty battery) ends it."""
    if last_at - now > LONGEST_WAIT or is_forgotten(last_at, now):
        return timedelta(0)
    left = min(last_at + wait_after(count, free=free) - now, LONGEST_WAIT)
    return max(left, timedelta(0))


def is_forgotten(last_at: datetime, now: datetime) -> bool:
    return now - last_at >= FORGOTTEN


def address_count_after_success(count: int) -> int:
    """A right password takes back its own attempt, and the others behind a shared address
    need not wait; but it does not wipe out what was guessed from there before."""
    return max(0, min(count - 1, ADDRESS_FREE - 1))
