"""How marks are counted and a rate is written: once, for every page, paper and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from liushou_web.attendance.rules.marks import CAME_MARKS, NOT_OUT_MARKS, Mark

LATE_MARKS = (Mark.LATE, Mark.LATE_LEFT, Mark.LATE_NOT_OUT)


def percent(part: int, whole: int) -> str:
    """'97.6%', a half rounded up as on paper; a dash where nothing is to be divided by."""
    if not whole:
        return "—"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


class Figures(NamedTuple):
    """What a row or a column of marks adds up to: 應到 = 實到 + 請假 + 缺席. Whoever is
    still awaited at an activity that runs is in none of them."""

    expected: int  # 應到
    came: int  # 實到: √, ○, ⊙ and ○⊙
    late: int  # 遲到: ○ and ○⊙
    on_leave: int  # 請假: △
    absent: int  # 缺席: ×
    not_out: int  # 未簽退: ⊙ and ○⊙

    @property
    def accountable(self) -> int:
        """應到 less 請假: the divisor of 出勤率."""
        return self.expected - self.on_leave

    @property
    def rate(self) -> str:
        """出勤率 in words: '97.6%'."""
        return percent(self.came, self.accountable)

    @property
    def words(self) -> tuple[str, ...]:
        """Each figure and the rate, in the order of `LABELS`."""
        return (*map(str, self), self.rate)

    @property
    def share(self) -> str:
        """實到 of 應到: '14/15'; blank as long as all are awaited."""
        return f"{self.came}/{self.expected}" if self.expected else ""


def figures(marks: Iterable[Mark | None]) -> Figures:
    """Counts marks; None, a child who was not on that roll, is not counted."""
    counts = Counter(marks)
    return Figures(
        expected=counts.total() - counts[None] - counts[Mark.EXPECTED],
        came=sum(counts[mark] for mark in CAME_MARKS),
        late=sum(counts[mark] for mark in LATE_MARKS),
        on_leave=counts[Mark.ON_LEAVE],
        absent=counts[Mark.ABSENT],
        not_out=sum(counts[mark] for mark in NOT_OUT_MARKS),
    )


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of several figures; all noughts for none."""
    return Figures(*map(sum, zip(*parts, strict=True))) if (parts := list(parts)) else NONE


NONE = Figures(0, 0, 0, 0, 0, 0)

LABELS = ("應到", "實到", "遲到", "請假", "缺席", "未簽退", "出勤率")  # in Figures' order
RATE = "出勤率 = 實到 ÷（應到 − 請假）"
