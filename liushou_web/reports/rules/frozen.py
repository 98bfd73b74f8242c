"""A weekly sheet that was signed: what is kept of it, and how versions differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from liushou_web.attendance.rules.marks import NOT_LISTED, NOT_OUT_MARKS, Mark
from liushou_web.children.rules.collecting import WayInWords, in_words

from .weekly_sheet import (
    MARK_WORDS,
    SheetActivity,
    SheetChild,
    SheetClass,
    WeeklySheet,
    word_of,
)


class KeptColumn(NamedTuple):
    """An activity, as the head of its column said."""

    id: int
    starts: datetime
    title: str


class KeptRow(NamedTuple):
    """A child, as its line named it, and its mark in each column."""

    group: SheetClass
    pupil: SheetChild
    marks: tuple[Mark | None, ...]


class KeptSheet(NamedTuple):
    """Every mark of a sheet, with the names and titles of its day."""

    columns: tuple[KeptColumn, ...]
    rows: tuple[KeptRow, ...]
    counts_late_not_out: bool = True  # False as read from earlier releases: ⊙ for both

    def cells(self) -> Iterator[tuple[tuple[int, int], KeptColumn, KeptRow, Mark]]:
        """Every mark, by activity and child."""
        for row in self.rows:
            for column, mark in zip(self.columns, row.marks, strict=True):
                if mark is not None:
                    yield (column.id, row.pupil.id), column, row, mark


def keep(sheet: WeeklySheet) -> KeptSheet:
    """What is kept of a sheet when it is signed: its marks, no figures."""
    columns = [KeptColumn(one.id, one.meeting.starts, one.title) for one in sheet.columns]
    rows = [
        KeptRow(block.group, line.pupil, line.marks)
        for block in sheet.blocks
        for line in block.lines
    ]
    return KeptSheet(tuple(columns), tuple(rows))


def as_text(figures: KeptSheet) -> str:
    """The sheet as text to store; `from_text` reads it."""
    columns = [(key, f"{starts}", title) for key, starts, title in figures.columns]
    told = figures.counts_late_not_out
    kept = {"columns": columns, "rows": figures.rows, "counts_late_not_out": told}
    return json.dumps(kept, ensure_ascii=False)


def from_text(text: str) -> KeptSheet:
    """The sheet that `as_text` stored."""
    found = json.loads(text)
    columns = [
        KeptColumn(key, datetime.fromisoformat(starts), title)
        for key, starts, title in found["columns"]
    ]
    rows = tuple(map(_row, found["rows"]))
    return KeptSheet(tuple(columns), rows, found.get("counts_late_not_out", False))


def _row(values: Any) -> KeptRow:
    group, pupil, marks = values
    known = tuple(None if mark is None else Mark(mark) for mark in marks)
    return KeptRow(SheetClass(*group), SheetChild(*pupil), known)


class MarkChange(NamedTuple):
    """One child at one activity: what the older version says, and what the newer."""

    column: KeptColumn
    group: SheetClass
    pupil: SheetChild
    old: Mark | None
    new: Mark | None

    @property
    def key(self) -> tuple[int, int]:
        return self.column.id, self.pupil.id


def changes(old: KeptSheet, new: KeptSheet) -> list[MarkChange]:
    """Every mark that prints differently, by class, child and time. Signing out changes
    nothing: the sheet shows the same √ before and after. Names are those of the newer."""
    before = {key: (column, row, mark) for key, column, row, mark in old.cells()}
    after = {key: (column, row, mark) for key, column, row, mark in new.cells()}
    found = []
    for key in before.keys() | after.keys():
        column, row, _ = after.get(key) or before[key]
        was, now = (cells[key][2] if key in cells else None for cells in (before, after))
        if mark_in_words(was) != mark_in_words(now) and not (
            {was, now} == NOT_OUT_MARKS and not old.counts_late_not_out
        ):
            found.append(MarkChange(column, row.group, row.pupil, was, now))
    return sorted(found, key=_place)


def _place(change: MarkChange) -> tuple[Any, ...]:
    column, group, pupil = change[:3]
    number = pupil.number
    of_child = not number, len(number), number, pupil.name, pupil.id
    return (*group[1:], *of_child, column.starts, column.id)


def mark_in_words(mark: Mark | None) -> str:
    """'× 缺席': what the sheet prints, and the word of its legend."""
    if mark is None:
        return f"{NOT_LISTED} {MARK_WORDS[NOT_LISTED]}"
    return f"{mark.symbol} {word_of(mark)}".strip()


def reason(deed: str, detail: str) -> str:
    """Why something was done, if its line of the trail says so. The line of a
    correction tells the facts first, and what was known of a way home that is no more:
    'went_at=… → ; way_home=collector; collected_by=爺爺; 其實還在'."""
    if deed == "corrections.correct":
        return LOST_FACTS.sub("", CORRECTED_FACTS.sub("", detail))
    return detail if deed == "activities.cancel" else ""


def lost_way_home(deed: str, detail: str) -> WayInWords:
    """The way home that a correction took back, in words; most took back none."""
    facts = CORRECTED_FACTS.sub("", detail) if deed == "corrections.correct" else ""
    lost = dict(LOST_FACT.findall(facts))
    return in_words(lost.get("way_home", ""), lost.get("collected_by", ""))


CORRECTED_FACTS = re.compile(r"^(?:(?:came_at|went_at|leave)=[^;]* → [^;]*; )+")
LOST_FACT = re.compile(r"(way_home|collected_by|release_reason)=([^;]*); ")
LOST_FACTS = re.compile(f"^(?:{LOST_FACT.pattern})+")


class Doubt(StrEnum):
    """Why an activity may still change the figures of its week."""

    COMING = "coming"
    RUNNING = "running"
    NOT_TAKEN = "not-taken"
    NOT_CLOSED = "not-closed"

    @property
    def label(self) -> str:
        return DOUBT_LABELS[self]


DOUBT_LABELS = {
    Doubt.COMING: "還沒有開始",
    Doubt.RUNNING: "正在進行",
    Doubt.NOT_TAKEN: "沒有點過名",
    Doubt.NOT_CLOSED: "點名還沒有關閉",
}


def doubts(
    held: Iterable[SheetActivity], now: datetime
) -> list[tuple[SheetActivity, Doubt]]:
    """The activities of a week that are not over, or whose roll nobody took or closed."""
    return [
        (one, doubt) for one in held if not one.cancelled and (doubt := _doubt(one, now))
    ]


def _doubt(held: SheetActivity, now: datetime) -> Doubt | None:
    if now < held.meeting.starts:
        return Doubt.COMING
    if now < held.meeting.ends:
        return Doubt.RUNNING
    if not held.opened:
        return Doubt.NOT_TAKEN
    return None if held.closed else Doubt.NOT_CLOSED


def digest(*parts: object) -> str:
    """The sha-256 of all that a version consists of."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()
