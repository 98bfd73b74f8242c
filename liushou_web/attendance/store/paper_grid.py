"""The grid to enter a sheet by: its rows in order, and what the roll says already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from liushou_web.children.rules.collecting import Way, in_words
from liushou_web.children.store.search import REGISTER_ORDER, Found, find
from liushou_web.class_names import class_name
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, Attendance, Child, PaperSheet, SchoolClass

from ..rules.corrections import RollFacts
from ..rules.paper import KnownRow, Taker
from . import paper, rolls
from .rolls import RollRow

MOST_NAMED = 6  # children of one name are told apart by hand


class GridRow(NamedTuple):
    """One child of the grid, and what the roll says of it already."""

    number: int | None  # of the row; none for a child who is not on the sheet
    child_id: int
    name: str
    pupil_number: str | None
    class_id: int
    grade: int
    class_number: int
    known: KnownRow
    listed: bool = True  # on the roll, or to be when it opens
    walk_in: bool = False
    taker: Taker = Taker()

    @property
    def took(self) -> str:
        """How the child went home, in words; its person as typed."""
        person, words = in_words(self.taker.way, self.taker.person)
        return person or words

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def grid(
    activity: Activity,
    sheet: int | None,
    *,
    at: datetime,
    seen: int | None = None,
    also: Collection[int] = (),
) -> list[GridRow]:
    """The children of the sheet by its numbers, without one those of the roll; then others
    who are on the roll, and those of the ids in `also`. Four queries at most.

    What changed after the roll's version `seen` counts as said by somebody else.
    """
    rows = {row.child_id: row for row in rows_of(activity)}
    roll = rolls.roll_of(activity, at=at)
    lines = [_from_roll(number, row) for number, row in enumerate(roll, 1)]
    if sheet is not None:
        lines = _by_sheet(activity, sheet, lines)
    lines += _others(set(also) - {line.child_id for line in lines})
    return [_with_row(line, rows.get(line.child_id), seen) for line in lines]


def rows_of(activity: Activity) -> Any:
    """The written rows of an activity's roll; none before it is opened."""
    return Attendance.select().where(Attendance.activity == activity.id)


def _from_roll(number: int, row: RollRow) -> GridRow:
    return GridRow(
        number,
        row.child_id,
        row.name,
        row.number,
        row.class_id,
        row.grade,
        row.class_number,
        _ahead(row.leave),
    )


def _from_paper(row: paper.NumberedRow, listed: bool) -> GridRow:
    return GridRow(
        row.number,
        row.child_id,
        row.name,
        row.pupil_number,
        row.class_id,
        row.grade,
        row.class_number,
        _ahead(row.leave),
        listed,
    )


def _by_sheet(activity: Activity, sheet: int, roll: list[GridRow]) -> list[GridRow]:
    """In the order of the paper; those who are only on the roll stand behind."""
    of_activity = PaperSheet.select().where(PaperSheet.activity == activity.id)
    if not of_activity.where(PaperSheet.id == sheet).exists():
        raise NotFound
    listed = activity.opened_at is None
    on_paper = [_from_paper(row, listed) for row in paper.rows_of([sheet])]
    ids = {line.child_id for line in on_paper}
    if listed:
        return on_paper
    others = [line._replace(number=None) for line in roll if line.child_id not in ids]
    return on_paper + others


def _ahead(leave: str) -> KnownRow:
    """Before the roll opens, all that is known is the leave entered ahead."""
    return KnownRow(RollFacts(leave=leave), frozenset({"leave"} if leave else ()))


def _others(ids: Collection[int]) -> list[GridRow]:
    if not ids:
        return []
    columns = Child.id, Child.name, Child.number
    of_class = SchoolClass.id, SchoolClass.grade, SchoolClass.number
    rows: Any = Child.select(*columns, *of_class).join(SchoolClass)
    those = rows.where(Child.id.in_(list(ids))).order_by(*REGISTER_ORDER).tuples()
    return [GridRow._make((None, *row, KnownRow(), False, False, Taker())) for row in those]


def _with_row(line: GridRow, row: Attendance | None, seen: int | None) -> GridRow:
    if row is None:
        return line
    facts = RollFacts(row.came_at, row.went_at, row.leave)
    by = row.came_by_id, row.went_by_id, row.leave_by_id
    later = seen is not None and row.version > seen
    fixed = frozenset(
        name
        for name, fact, who in zip(RollFacts._fields, facts, by, strict=True)
        if fact and (later or who is not None or row.paper_at is None)
    )
    return line._replace(
        known=KnownRow(facts, fixed),
        listed=True,
        walk_in=row.walk_in,
        taker=Taker(Way(row.way_home), row.collected_by),
    )


def meant(query: str, day: date) -> int:
    """The one child of the whole school that a name or a 學籍號 means, on that day.

    Refuses none, and several, who are named with their classes and numbers.
    """
    gone = [
        child for child in find(query, left=True) if child.left_on and child.left_on > day
    ]
    several = find(query) + gone
    exact = [child for child in several if query in (child.number, child.name)]
    several = exact or several
    if not several:
        raise Refused("沒有找到「{query}」。可以填姓名、拼音首字母或學籍號。", query=query)
    if len(several) > 1:
        raise Refused(
            "「{query}」不止一名學生：{names}。請改填學籍號。",
            query=query,
            names="、".join(map(_in_words, several[:MOST_NAMED]))
            + "……" * (len(several) > MOST_NAMED),
        )
    return several[0].id


def _in_words(child: Found) -> str:
    number = child.number or ""
    return f"{child.name} {child.grade}（{child.class_number}）班 {number}".rstrip()
