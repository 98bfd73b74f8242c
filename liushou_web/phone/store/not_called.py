"""Who was not called in a month, and who for longer than the law allows."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.schedule.rules.periods import Days
from liushou_web.schema import Call, Child, ChildFile, SchoolClass

from ..rules.calls import LAW
from ..rules.queue import Standing
from .calls import connected_in
from .entries import standing, standing_columns, within
from .wishes import Wish, coming


class Row(NamedTuple):
    """A child, how its calls stand, and how often it was tried in the month."""

    child_id: int
    name: str
    class_id: int
    grade: int
    class_number: int
    parents_free: str
    standing: Standing
    attempts: int
    connected: bool
    wish: Wish | None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    def is_silent(self, today: date) -> bool:
        """Without a call for more than seven days."""
        days = self.standing.days(today)
        return days is None or days > LAW.days


class Lists(NamedTuple):
    """打過沒打通, 沒有試過, 超過 7 天沒有通話: of all the children that were asked for."""

    unreached: list[Row]
    untried: list[Row]
    silent: list[Row]


class Count(NamedTuple):
    """The same as numbers, of one class or of all."""

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
) -> list[Row]:
    """Every active child, in the order of the register. Four queries."""
    found = _children(today, of_teacher, class_id)
    ids = [row[0] for row in found]
    connected, attempts = connected_in(ids, *month), _attempts(month)
    wishes = coming(ids, today)
    return [
        Row._make(
            (
                *row[:6],
                standing(*row[6:]),
                attempts.get(row[0], 0),
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
            *standing_columns(today),
        )
        .join(SchoolClass)
        .switch(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .where(Child.left_on.is_null())
        .order_by(*REGISTER_ORDER)
    )
    if of_teacher is not None:
        rows = rows.where(SchoolClass.teacher == of_teacher)
    if class_id is not None:
        rows = rows.where(SchoolClass.id == class_id)
    return list(rows.tuples())


def _attempts(month: Days) -> dict[int, int]:
    rows: Any = Call.select(Call.child).where(Call.result != "", *within(*month)).tuples()
    counted: dict[int, int] = {}
    for (child_id,) in rows:
        counted[child_id] = counted.get(child_id, 0) + 1
    return counted


def lists(rows: list[Row], today: date) -> Lists:
    missing = [row for row in rows if not row.connected]
    return Lists(
        [row for row in missing if row.attempts],
        [row for row in missing if not row.attempts],
        [row for row in rows if row.is_silent(today)],
    )


def counts(rows: list[Row], today: date) -> list[Count]:
    """Each class in turn."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.class_name, []).append(row)
    return [count(name, group, today) for name, group in groups.items()]


def count(name: str, rows: list[Row], today: date) -> Count:
    unreached, untried, silent = map(len, lists(rows, today))
    connected = sum(row.connected for row in rows)
    return Count(name, len(rows), connected, unreached, untried, silent)
