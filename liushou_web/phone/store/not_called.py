"""Who was not called in a month, and who for longer than the law allows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, NamedTuple

from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db.table import midnights, within
from liushou_web.schedule.rules.periods import Days
from liushou_web.schema import Call, Child, ChildFile, SchoolClass

from ..rules.calls import LONGEST_SILENCE
from ..rules.queue import CallStanding
from .calls import connected_in
from .entries import standing, standing_columns
from .wishes import WishEntry, coming


class ChildCalls(NamedTuple):
    """A child, how its calls stand, and how often it was tried in the month."""

    child_id: int
    name: str
    class_id: int
    grade: int
    class_number: int
    parents_free: str
    standing: CallStanding
    attempts: int
    connected: bool
    wish: WishEntry | None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    def is_silent(self, today: date) -> bool:
        """Whether the child had no call for more than seven days."""
        days = self.standing.days(today)
        return days is None or days > LONGEST_SILENCE.days


class NotCalled(NamedTuple):
    """打過沒打通, 沒有試過, 超過 7 天沒有通話: of all the children that were asked for."""

    unreached: list[ChildCalls]
    untried: list[ChildCalls]
    silent: list[ChildCalls]


class CallCount(NamedTuple):
    """How many children are on each list, of one class or of all."""

    class_name: str
    children: int
    connected: int
    unreached: int
    untried: int
    silent: int


def rows_of(
    month: Days,
    *,
    today: date,
    of_teacher: int | None = None,
    class_id: int | None = None,
) -> list[ChildCalls]:
    """Every active child, in the order of the register. Four queries."""
    found = _children(today, of_teacher, class_id)
    ids = [row[0] for row in found]
    connected, attempts = connected_in(ids, *month), _attempts(month)
    wishes = coming(ids, today)
    return [
        ChildCalls._make(
            (
                *row[:6],
                standing(*row[6:]),
                attempts[row[0]],
                row[0] in connected,
                wishes.get(row[0]),
            )
        )
        for row in found
    ]


def _children(today: date, of_teacher: int | None, class_id: int | None) -> list[Any]:
    rows: Any = (
        Child.select(
            Child.id,
            Child.name,
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            ChildFile.parents_free,
            *standing_columns(*midnights(today, today)),
        )
        .join(SchoolClass)
        .switch(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .where(Child.left_on.is_null())
        .order_by(*REGISTER_ORDER)
    )
    rows = taught_by(rows, of_teacher)
    if class_id is not None:
        rows = rows.where(SchoolClass.id == class_id)
    return list(rows.tuples())


def _attempts(month: Days) -> Counter[int]:
    """How often each child was tried."""
    over: Any = Call.select(Call.child).where(
        Call.result != "", within(Call.started_at, *month)
    )
    return Counter(child_id for (child_id,) in over.tuples())


def lists(rows: list[ChildCalls], today: date) -> NotCalled:
    """Who of these children is on which list."""
    missing = [row for row in rows if not row.connected]
    return NotCalled(
        [row for row in missing if row.attempts],
        [row for row in missing if not row.attempts],
        [row for row in rows if row.is_silent(today)],
    )


def counts(rows: list[ChildCalls], today: date) -> list[CallCount]:
    """The numbers of each class in turn."""
    groups: dict[str, list[ChildCalls]] = {}
    for row in rows:
        groups.setdefault(row.class_name, []).append(row)
    return [count(name, group, today) for name, group in groups.items()]


def count(name: str, rows: list[ChildCalls], today: date) -> CallCount:
    """The numbers of these children together, under a name."""
    unreached, untried, silent = map(len, lists(rows, today))
    connected = sum(row.connected for row in rows)
    return CallCount(name, len(rows), connected, unreached, untried, silent)
