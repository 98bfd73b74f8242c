"""Where an activity stands at a moment."""

from datetime import datetime
from enum import IntEnum


class Phase(IntEnum):
    """In the order in which the first page lists them."""

    ON = 0
    AHEAD = 1
    OVER = 2

    @property
    def label(self) -> str:
        return ("進行中", "未開始", "已結束")[self]


def phase(starts: datetime, ends: datetime, now: datetime) -> Phase:
    if now >= ends:
        return Phase.OVER
    return Phase.ON if now >= starts else Phase.AHEAD
