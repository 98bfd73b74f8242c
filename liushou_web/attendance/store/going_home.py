"""Which way home is open to which child: what a roll shows and what a sign-out asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.actor import Actor
from liushou_web.children.rules import collecting as rules
from liushou_web.children.rules.collecting import Choice, Facts, Stay, Way
from liushou_web.db import db
from liushou_web.db.bulk import write_each
from liushou_web.db.prepared import Prepared
from liushou_web.schema import Attendance, Child, ChildFile, Collector, WayHome

OF_CARER = {"carer_phone", "carer_relation"}


class Going(NamedTuple):
    """The columns of a roll's row that tell how a child went home."""

    way_home: str
    collected_by: str


class Homeward(NamedTuple):
    """A child who is still here; `going` is None where somebody has to choose."""

    row_id: int
    name: str
    came_at: datetime
    going: Going | None


def usual_columns() -> tuple[Any, ...]:
    """Of a query `with_usual`: boards, the way, and its person if it may collect."""
    return Child.boards, WayHome.way, Collector.id, Collector.relation, Collector.name


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
    wanted = asked if asked.way else Choice(Way(way or ""), usual_id)
    person = rules.called(relation, name) if name else ""
    stay, facts = Stay(*days) if name else None, Facts(bool(boards), bool(consent))
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
        Homeward(row_id, name, came_at, _usual(*usual))
        for row_id, name, came_at, *usual in _here.rows(day, activity_id)
    ]


@Prepared
def _here(day: Any, activity_id: Any) -> Any:
    rows = Attendance.select(
        Attendance.id, Child.name, Attendance.came_at, *usual_columns()
    ).join(Child)
    return (
        with_usual(rows, day)
        .where(
            Attendance.activity == activity_id,
            Attendance.came_at.is_null(False),
            Attendance.went_at.is_null(),
        )
        .order_by(Attendance.school_class, Child.number, Child.name)
    )


def _usual(
    boards: bool, way: str | None, id_: int | None, relation: str, name: str
) -> Going | None:
    chosen = rules.usual(way or "", id_, boards)
    if not chosen:
        return None
    return Going(way or "", rules.called(relation, name) if id_ else "")


@db.atomic()
def take_from_files(child_ids: Iterable[int], *, by: Actor, at: datetime) -> None:
    """For those of these children who have nothing yet: the carer of the file may collect
    and usually does, and a boarder goes to the dormitory. Part of what brought the file."""
    bare = list(_bare(list(child_ids)))
    first = (Collector.select(fn.MAX(Collector.id)).scalar() or 0) + 1
    carers = dict(enumerate([row for row in bare if row[2]], first))
    write_each(Collector, [_carer(id_, row, by, at) for id_, row in carers.items()])
    collector_of = {row[0]: id_ for id_, row in carers.items()}
    ways = []
    for child_id, boards, *_ in bare:
        way = Way.DORMITORY if boards else Way.COLLECTOR
        collector = None if boards else collector_of.get(child_id)
        if boards or collector:
            ways.append({"child_id": child_id, "way": way.value, "collector_id": collector})
    write_each(WayHome, [{**row, "set_at": at} for row in ways])


@db.atomic()
def follow_files(changed: Mapping[int, Iterable[str]]) -> None:
    """Where a file got another phone or relation of its carer, the same person on the list
    gets it too: nobody types it twice. Who may collect is not changed by a file.

    `changed` has the names of the fields that changed, by the child's id.
    """
    ids = [child_id for child_id, fields in changed.items() if OF_CARER & {*fields}]
    Collector.update(
        phone=fn.COALESCE(fn.NULLIF(_filed(ChildFile.carer_phone), ""), Collector.phone),
        relation=fn.COALESCE(
            fn.NULLIF(_filed(ChildFile.carer_relation), ""), Collector.relation
        ),
    ).where(
        Collector.child.in_(ids),
        Collector.name == _filed(ChildFile.carer_name),
        Collector.ended_at.is_null(),
    ).execute()


def _filed(column: Any) -> Any:
    return ChildFile.select(column).where(ChildFile.child == Collector.child)


def _bare(child_ids: list[int]) -> Any:
    """Of these children, those without a list and without a way home."""
    return (
        Child.select(
            Child.id,
            Child.boards,
            ChildFile.carer_name,
            ChildFile.carer_relation,
            ChildFile.carer_phone,
        )
        .join(ChildFile, on=ChildFile.child == Child.id)
        .switch(Child)
        .join(WayHome, JOIN.LEFT_OUTER, on=WayHome.child == Child.id)
        .switch(Child)
        .join(Collector, JOIN.LEFT_OUTER, on=Collector.child == Child.id)
        .where(Child.id.in_(child_ids), WayHome.id.is_null(), Collector.id.is_null())
        .order_by(Child.id)
        .tuples()
    )


def _carer(id_: int, row: Any, by: Actor, at: datetime) -> dict[str, Any]:
    """The file calls its carer a guardian, so the list does as well."""
    child_id, _, name, relation, phone = row
    told = {"child_id": child_id, "name": name, "relation": relation, "phone": phone}
    since = {"first_day": at.date(), "added_by_id": by.id, "added_at": at}
    return {"id": id_, **told, "guardian": True, **since}
