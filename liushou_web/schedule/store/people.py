"""Who is on duty at an activity or a weekly opening, and which children are expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from liushou_web.db.prepared import Prepared
from liushou_web.db.table import Table
from liushou_web.schema import (
    ActivityChild,
    ActivityClass,
    ActivityDuty,
    SlotChild,
    SlotClass,
    SlotDuty,
    Staff,
)

from ..rules.activities import ActivityPlan, Expected, SlotPlan


class Links(NamedTuple):
    """The tables that link people to an activity or to an opening, and their own column."""

    owner: str
    duty: type[Table]
    classes: type[Table]
    children: type[Table]


ACTIVITY = Links("activity", ActivityDuty, ActivityClass, ActivityChild)
SLOT = Links("slot", SlotDuty, SlotClass, SlotChild)


def on_duty(links: Links, owner_id: int) -> frozenset[int]:
    """The ids of the teachers on duty."""
    return _linked(links.duty, links.owner, owner_id, "staff")


def expected(links: Links, owner_id: int, kind: str) -> Expected:
    """The classes and children that are chosen."""
    return Expected(
        kind,
        _linked(links.classes, links.owner, owner_id, "school_class"),
        _linked(links.children, links.owner, owner_id, "child"),
    )


def put(links: Links, owner_id: int, plan: ActivityPlan | SlotPlan) -> None:
    """Puts exactly those of the plan on duty, and its classes and children on the list,
    inside a write that leaves the trail."""
    _link(links.duty, links.owner, owner_id, "staff", plan.duty)
    _link(links.classes, links.owner, owner_id, "school_class", plan.expected.classes)
    _link(links.children, links.owner, owner_id, "child", plan.expected.children)


def duty_names(links: Links, owners: Iterable[int]) -> defaultdict[int, tuple[str, ...]]:
    """The names of those on duty at each activity or opening; none where nobody is."""
    owner = getattr(links.duty, links.owner)
    rows: Any = (
        links.duty.select(owner, Staff.name)
        .join(Staff)
        .where(owner.in_(list(owners)))
        .order_by(links.duty.id)
        .tuples()
    )
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for owner_id, name in rows:
        names[owner_id] += (name,)
    return names


def _linked(table: Any, owner: str, owner_id: int, column: str) -> frozenset[int]:
    return frozenset(id_ for (id_,) in _column_of(table, owner, column).rows(owner_id))


@cache
def _column_of(table: Any, owner: str, column: str) -> Prepared:
    def build(owner_id: Any) -> Any:
        return table.select(getattr(table, column)).where(getattr(table, owner) == owner_id)

    return Prepared(build)


def _link(table: Any, owner: str, owner_id: int, column: str, ids: Iterable[int]) -> None:
    table.delete().where(getattr(table, owner) == owner_id).execute()
    rows = [{owner: owner_id, column: id_} for id_ in sorted(ids)]
    if rows:
        table.insert_many(rows).execute()
