"""Whom to call about many children, and who may collect each: for sheets on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.schema import Child, ChildFile, Collector, WayHome

from ..rules import collecting as rules
from ..rules.collecting import Way
from .collectors import person_at


class Contact(NamedTuple):
    """The carer ('奶奶 周桂花'), who may collect the child, and its other ways home."""

    carer: str = ""
    phone: str = ""
    collectors: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()


def contacts(child_ids: Collection[int], *, day: date) -> Mapping[int, Contact]:
    """By child id, as of that day; three queries however many there are. Of the ways only
    those told by name for a child: alone with consent, or to the dormitory it lives in."""
    ids = list(child_ids)
    collectors: dict[int, list[str]] = defaultdict(list)
    people = Collector.select().where(Collector.child.in_(ids)).order_by(Collector.id)
    for person in (person_at(row, day) for row in people):
        if person.may_collect:
            collectors[person.child_id].append(person.called)
    files: Any = ChildFile.select(
        ChildFile.child,
        ChildFile.carer_relation,
        ChildFile.carer_name,
        ChildFile.carer_phone,
    ).where(ChildFile.child.in_(ids))
    carers = {row[0]: (rules.called(*row[1:3]), row[3]) for row in files.tuples()}
    homes: Any = (
        Child.select(Child.id, Child.boards, WayHome.consent_by)
        .join(WayHome, JOIN.LEFT_OUTER, on=WayHome.child == Child.id)
        .where(Child.id.in_(ids))
    )
    return {
        child_id: Contact(
            *carers.get(child_id, ("", "")),
            tuple(collectors[child_id]),
            tuple(_ways(boards, bool(consent))),
        )
        for child_id, boards, consent in homes.tuples()
    }


def _ways(boards: bool, consent: bool) -> list[str]:
    open_to = {Way.ALONE: consent, Way.DORMITORY: boards}
    return [rules.WAY_LABELS[way] for way, is_open in open_to.items() if is_open]
