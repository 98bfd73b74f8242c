"""Which way home is open to which child: what a roll shows and what a sign-out asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.children.rules import collecting as rules
from liushou_web.children.rules.collecting import ChildFacts, HomeChoice, Stay, Way
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.db.prepared import Prepared
from liushou_web.schema import Attendance, Child, Collector, SchoolClass, WayHome


class Going(NamedTuple):
    """The columns of a roll's row that tell how a child went home."""

    way_home: str
    collected_by: str


class Homeward(NamedTuple):
    """A child who is still here; `going` is None where somebody has to choose."""

    row_id: int
    child_id: int
    version: int
    name: str
    came_at: datetime
    going: Going | None


# Of a query `with_usual`: the way, and its person if it may collect that day.
USUAL: dict[str, Any] = {
    "boards": Child.boards,
    "usual": WayHome.way,
    "collector_id": Collector.id,
    "relation": Collector.relation,
    "collector": Collector.name,
}


def with_usual(rows: Any, day: Any) -> Any:
    """Joins children with their usual way home, and its person if on the list that day."""
    may_collect = (
        (Collector.first_day <= day)
        & (Collector.last_day.is_null() | (Collector.last_day >= day))
        & Collector.ended_at.is_null()
    )  # as `Stay.holds` has it
    return rows.join(WayHome, JOIN.LEFT_OUTER, on=WayHome.child == Child.id).join(
        Collector, JOIN.LEFT_OUTER, on=(WayHome.collector == Collector.id) & may_collect
    )


def going(child: Child, text: str, day: date) -> Going:
    """By this choice ('12', 'alone'), or as usual where it is empty; one query.

    Refuses a way that is not open to the child on the day.
    """
    asked = rules.choice(text)
    found = _facts.row(asked.collector_id, child.id)
    boards, way, usual_id, consent, name, relation, *days = found or [False, *[None] * 8]
    wanted = asked if asked.way else HomeChoice(Way(way or ""), usual_id)
    person = rules.called(relation, name) if name else ""
    stay, facts = Stay(*days) if name else None, ChildFacts(bool(boards), bool(consent))
    rules.check_open(wanted, facts, stay, day, name=child.name, person=person)
    return Going(wanted.way, person if wanted.way is Way.COLLECTOR else "")


@Prepared
def _facts(collector_id: Any, child_id: Any) -> Any:
    asked = fn.COALESCE(collector_id, WayHome.collector)
    return (
        Child.select(
            Child.boards,
            WayHome.way,
            WayHome.collector,
            WayHome.consent_by,
            Collector.name,
            Collector.relation,
            Collector.first_day,
            Collector.last_day,
            Collector.ended_at,
        )
        .join(WayHome, JOIN.LEFT_OUTER, on=WayHome.child == Child.id)
        .join(
            Collector,
            JOIN.LEFT_OUTER,
            on=(Collector.child == Child.id) & (Collector.id == asked),
        )
        .where(Child.id == child_id)
    )


def homeward(activity_id: int, day: date) -> list[Homeward]:
    """Everyone signed in and not out; one query."""
    return [
        Homeward(row_id, child_id, version, name, came_at, _usual(*usual))
        for row_id, child_id, version, name, came_at, *usual in _here.rows(day, activity_id)
    ]


@Prepared
def _here(day: Any, activity_id: Any) -> Any:
    columns = (
        Attendance.id,
        Child.id,
        Attendance.version,
        Child.name,
        Attendance.came_at,
        *USUAL.values(),
    )
    rows = Attendance.select(*columns).join(SchoolClass).switch(Attendance).join(Child)
    return (
        with_usual(rows, day)
        .where(
            Attendance.activity == activity_id,
            Attendance.came_at.is_null(False),
            Attendance.went_at.is_null(),
        )
        .order_by(*REGISTER_ORDER)
    )


def _usual(
    boards: bool, way: str | None, id_: int | None, relation: str, name: str
) -> Going | None:
    chosen = rules.usual(way or "", id_, boards)
    if not chosen:
        return None
    return Going(way or "", rules.called(relation, name) if id_ else "")
