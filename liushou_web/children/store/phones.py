"""Whom to call about a child: the numbers that the door may need, each look recorded."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.schema import Child, ChildFile
from liushou_web.school.store import trail

from ..rules import collecting
from . import collectors


class FamilyPhone(NamedTuple):
    called: str  # '奶奶 周桂花'
    number: str
    guardian: bool = False


@db.atomic()
def shown(child_id: int, *, by: Actor, at: datetime) -> list[FamilyPhone]:
    """The carer first, then those who may collect the child today, then the parents; each
    number once. That somebody looked is a line of the trail."""
    phones: dict[str, FamilyPhone] = {}
    for phone in _phones(child_id, at):
        phones.setdefault(phone.number, phone)
    trail.record("children.phones", Child(id=child_id), by=by, at=at)
    return list(phones.values())


def _phones(child_id: int, at: datetime) -> list[FamilyPhone]:
    found = []
    file = ChildFile.get_or_none(ChildFile.child == child_id)
    if file:
        called = collecting.called(file.carer_relation, file.carer_name)
        found.append(FamilyPhone(called, file.carer_phone))
    for person in collectors.card_of(child_id, day=at.date()).collecting:
        found.append(
            FamilyPhone(person.called, person.fields.phone, person.fields.guardian)
        )
    if file:
        found.append(
            FamilyPhone(collecting.called("父親", file.father_name), file.father_phone)
        )
        found.append(
            FamilyPhone(collecting.called("母親", file.mother_name), file.mother_phone)
        )
    return [phone for phone in found if phone.number]
