"""Stretches of time, and when two of them are in each other's way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from liushou_web.refusal import Refused


@dataclass(frozen=True)
class Span:
    """A half-open stretch of time: 10:00-11:00 and 11:00-12:00 do not clash."""

    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts >= self.ends:
            raise Refused("結束時間必須晚於開始時間。")

    def __str__(self) -> str:
        return f"{self.starts:%m-%d %H:%M}–{self.ends:%H:%M}"

    def clashes_with(self, other: "Span") -> bool:
        return self.starts < other.ends and other.starts < self.ends


def clashes(wanted: Span, taken: Iterable[Span]) -> list[Span]:
    """Those of `taken` that overlap `wanted`: by time, never by period number."""
    return [span for span in taken if span.clashes_with(wanted)]
