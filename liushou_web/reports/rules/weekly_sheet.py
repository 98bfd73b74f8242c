"""The weekly sheet: a row per child, a column per roll taken, everything added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from liushou_web.attendance.rules.marks import NOT_LISTED, SYMBOLS, Mark, Meeting
from liushou_web.class_names import class_name

from .arrivals import marks_by_arrival
from .figures import Figures, figures, total

# In the order of the printed legend.
MARK_WORDS = {
    SYMBOLS[Mark.HERE]: "到",
    SYMBOLS[Mark.LATE]: "遲到",
    SYMBOLS[Mark.ON_LEAVE]: "請假",
    SYMBOLS[Mark.ABSENT]: "缺席",
    SYMBOLS[Mark.NOT_OUT]: "未簽退",
    SYMBOLS[Mark.LATE_NOT_OUT]: "遲到，未簽退",
    NOT_LISTED: "不在名單",
}
AWAITED = "未到"


class SheetActivity(NamedTuple):
    """An activity of the week, with or without a roll."""

    id: int
    title: str
    meeting: Meeting
    opened: bool = True
    cancelled: bool = False
    reason: str = ""
    closed: bool = True

    @property
    def taken(self) -> bool:
        """Whether its roll was taken: only then does it say anything about a child."""
        return self.opened and not self.cancelled


class SheetClass(NamedTuple):
    """A class, as one block of the sheet."""

    id: int
    grade: int
    number: int

    @property
    def name(self) -> str:
        return class_name(self.grade, self.number)


class SheetChild(NamedTuple):
    id: int
    number: str
    name: str


# One child at one activity: the ids of the activity, of the class that the child was in
# on that day, of the child, and the `Arrival`. A bare tuple, for there are thousands.
SheetEntry = tuple[int, int, int, int]


class ChildRow(NamedTuple):
    """One child's week; a mark per column, None where it was not on the roll."""

    pupil: SheetChild
    marks: tuple[Mark | None, ...]
    figures: Figures


class ClassBlock(NamedTuple):
    """One class: its children in order, and what each of its columns adds up to."""

    group: SheetClass
    lines: list[ChildRow]
    columns: tuple[Figures, ...]
    total: Figures
    invited: tuple[bool, ...]  # to which activities: whether any child was on the roll

    @property
    def shares(self) -> list[str]:
        """實到 of 應到 per column; a dash where the class was not invited."""
        pairs = zip(self.columns, self.invited, strict=True)
        return [part.share if invited else NOT_LISTED for part, invited in pairs]


class WeeklySheet(NamedTuple):
    columns: tuple[SheetActivity, ...]
    blocks: list[ClassBlock]
    totals: tuple[Figures, ...]  # per column
    total: Figures

    @property
    def lines(self) -> Iterator[ChildRow]:
        return (line for block in self.blocks for line in block.lines)

    @property
    def children(self) -> int:
        """How many children; one that changed class has two lines and counts once."""
        return len({line.pupil.id for line in self.lines})


def weekly_sheet(
    held: Iterable[SheetActivity],
    groups: Iterable[SheetClass],
    pupils: Iterable[SheetChild],
    entries: Iterable[SheetEntry],
    *,
    now: datetime,
) -> WeeklySheet:
    """The sheet as of `now`. Only activities with somebody on their roll get a column.

    Each block has its children in the order of the `pupils`, keyed by id, for names are
    shared; a child that changed class in the week has a line in each block, for its own
    activities.
    """
    entries = list(entries)
    listed = {entry[0] for entry in entries}
    columns = tuple(one for one in held if one.id in listed)
    who = {pupil.id: (n, pupil) for n, pupil in enumerate(pupils)}
    rows = _marks(columns, entries, now)
    lines: dict[int, list[ChildRow]] = defaultdict(list)
    for class_id, child_id in sorted(rows, key=lambda key: who[key[1]][0]):
        marks = tuple(rows[class_id, child_id])
        lines[class_id].append(ChildRow(who[child_id][1], marks, _figures(marks)))
    blocks = [
        _block(group, lines[group.id])
        for group in sorted(groups, key=lambda group: group[1:])
        if group.id in lines
    ]
    return _sheet(columns, blocks)


def by_class(sheet: WeeklySheet) -> list[WeeklySheet]:
    """The same figures as a sheet for each class, without the columns of other classes."""
    return [_sheet_of_class(sheet.columns, block) for block in sheet.blocks]


class ChildTimes(NamedTuple):
    """When a child came and went, or why it did not."""

    came_at: datetime | None = None
    went_at: datetime | None = None
    leave: str = ""
    leave_note: str = ""


class MarkDetail(NamedTuple):
    """One child at one activity, spelled out."""

    held: SheetActivity
    group: SheetClass
    pupil: SheetChild
    mark: Mark
    times: ChildTimes


def details(
    sheet: WeeklySheet, times: Mapping[tuple[int, int], ChildTimes]
) -> Iterator[MarkDetail]:
    """Every mark of the sheet with its times, which are by activity and child; in order
    of activities, then as in the sheet."""
    for n, held in enumerate(sheet.columns):
        for block in sheet.blocks:
            for line in block.lines:
                if state := line.marks[n]:
                    when = times.get((held.id, line.pupil.id), ChildTimes())
                    yield MarkDetail(held, block.group, line.pupil, state, when)


def running(sheet: WeeklySheet, now: datetime) -> list[tuple[SheetActivity, int]]:
    """The activities that are not over, with the number of children still awaited, whom
    no figure counts."""
    marks = zip(*(line.marks for line in sheet.lines), strict=True)
    return [
        (held, column.count(Mark.EXPECTED))
        for held, column in zip(sheet.columns, marks, strict=False)
        if now < held.meeting.ends
    ]


class Gap(StrEnum):
    """Why an activity of the week has no column."""

    CANCELLED = "cancelled"
    NOT_TAKEN = "not-taken"
    NOT_YET = "not-yet"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        return GAP_LABELS[self]


GAP_LABELS = {
    Gap.CANCELLED: "已取消",
    Gap.NOT_TAKEN: "未點名",
    Gap.NOT_YET: "尚未開始",
    Gap.NOBODY: "名單上沒有本表的學生",
}


def left_out(
    held: Iterable[SheetActivity], sheet: WeeklySheet, *, now: datetime
) -> list[tuple[SheetActivity, Gap]]:
    """The activities without a column, each with the reason: nobody is counted absent for
    a roll that nobody took."""
    shown = set(sheet.columns)
    return [(one, _gap(one, now)) for one in held if one not in shown]


def _gap(held: SheetActivity, now: datetime) -> Gap:
    if held.cancelled:
        return Gap.CANCELLED
    if held.opened:
        return Gap.NOBODY
    return Gap.NOT_YET if now < held.meeting.starts else Gap.NOT_TAKEN


def word_of(state: Mark) -> str:
    """The mark as the legend says it."""
    return MARK_WORDS.get(state.symbol, AWAITED)


# Children with the same marks add up alike; in a school most weeks are one of few.
_figures = lru_cache(maxsize=4096)(figures)


def _marks(
    columns: Sequence[SheetActivity], entries: Iterable[SheetEntry], now: datetime
) -> dict[tuple[int, int], list[Mark | None]]:
    """The row of each class and child."""
    place = {
        one.id: (n, marks_by_arrival(one.meeting, now)) for n, one in enumerate(columns)
    }
    rows: dict[tuple[int, int], list[Mark | None]] = defaultdict(
        lambda: [None] * len(columns)
    )
    for activity_id, class_id, child_id, facts in entries:
        n, meaning = place[activity_id]
        rows[class_id, child_id][n] = meaning[facts]
    return rows


def _block(group: SheetClass, lines: list[ChildRow]) -> ClassBlock:
    marks = list(zip(*(line.marks for line in lines), strict=True))
    columns = tuple(map(figures, marks))
    invited = tuple(any(each) for each in marks)
    return ClassBlock(group, lines, columns, total(columns), invited)


def _sheet(columns: tuple[SheetActivity, ...], blocks: list[ClassBlock]) -> WeeklySheet:
    totals = tuple(map(total, zip(*(block.columns for block in blocks), strict=True)))
    return WeeklySheet(columns, blocks, totals, total(totals))


def _sheet_of_class(columns: tuple[SheetActivity, ...], block: ClassBlock) -> WeeklySheet:
    kept = block.invited
    lines = [line._replace(marks=tuple(compress(line.marks, kept))) for line in block.lines]
    own = block._replace(
        lines=lines,
        columns=tuple(compress(block.columns, kept)),
        invited=tuple(compress(kept, kept)),
    )
    return _sheet(tuple(compress(columns, kept)), [own])
