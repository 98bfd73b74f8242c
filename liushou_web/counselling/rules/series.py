"""Follow-ups: every week or every other week, each date looked at before it is booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from liushou_web.consent import Consent, fingerprint
from liushou_web.refusal import Refused
from liushou_web.schedule.rules.calendar import SpecialDay
from liushou_web.span import Span, clashes

from .hours import Away, Extra, is_away

MOST_DATES = 20  # dates of one series
RHYTHMS = {1: "每週一次", 2: "每兩週一次"}


class Rhythm(NamedTuple):
    weeks: int
    times: int


class DateState(StrEnum):
    FREE = "free"
    CLOSED = "closed"  # the school, or the counsellor is away; never booked
    CLASH = "clash"


class SeriesDate(NamedTuple):
    """One date; `note` is the name of the holiday, where it is one."""

    span: Span
    state: DateState
    note: str = ""

    @property
    def day(self) -> date:
        return self.span.starts.date()


class SeriesPreview(NamedTuple):
    lines: tuple[SeriesDate, ...]

    @property
    def free(self) -> list[Span]:
        return [line.span for line in self.lines if line.state is DateState.FREE]

    @property
    def clashing(self) -> list[Span]:
        return [line.span for line in self.lines if line.state is DateState.CLASH]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self)


def follow_ups(first: Span, rhythm: Rhythm) -> list[Span]:
    """The times after the first, on its weekday and at its hour."""
    steps = (timedelta(weeks=rhythm.weeks * n) for n in range(1, rhythm.times + 1))
    return [Span(first.starts + step, first.ends + step) for step in steps]


def preview(
    spans: Iterable[Span],
    special: Mapping[date, SpecialDay],
    exceptions: Iterable[Away | Extra],
    taken: Sequence[Span],
) -> SeriesPreview:
    """Each date with its state: closed, taken by something else, or free."""
    unusual = list(exceptions)
    return SeriesPreview(tuple(_line(span, special, unusual, taken) for span in spans))


def _line(
    span: Span,
    special: Mapping[date, SpecialDay],
    exceptions: list[Away | Extra],
    taken: Sequence[Span],
) -> SeriesDate:
    marked = special.get(span.starts.date())
    if marked and marked.closed:
        return SeriesDate(span, DateState.CLOSED, marked.name)
    if is_away(span, exceptions):
        return SeriesDate(span, DateState.CLOSED)
    return SeriesDate(span, DateState.CLASH if clashes(span, taken) else DateState.FREE)


def check_series(preview: SeriesPreview, consent: Consent) -> None:
    """Refuses what was not seen as it is now, and to pass over clashes unasked."""
    if preview.fingerprint != consent.seen:
        raise Refused("核對之後情況有變，還沒有保存。請再看一遍下面的日期。")
    if not preview.free:
        raise Refused("沒有一個日期可以預約。請返回修改。")
    if preview.clashing and not consent.skip:
        raise Refused(
            "有 {n} 個日期已被佔用。請勾選「跳過衝突的日期」，或返回修改。",
            n=len(preview.clashing),
        )
