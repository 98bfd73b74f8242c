"""Writing a child's list of who may collect it, and its usual way home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.inserts import insert_if_new, write_each
from liushou_web.refusal import Refused
from liushou_web.schema import Child, ChildFile, Collector, WayHome
from liushou_web.school.store import trail

from ..rules import collecting as rules
from ..rules.collecting import ChildFacts, CollectorFields, Way
from .child_files import file_of
from .collectors import Home, Person, card_of, person, person_at

# Who else has to hear of it: called with the child's id and the moment, inside the write.
when_changed: tuple[Callable[[int, datetime], None], ...] = ()

OF_CARER = {"carer_phone", "carer_relation"}
NO_LONGER_HERE = "{name}已離開，名單不用再改。"
LISTED = "{person}已經在{name}的名單上。"
NOT_YET = "{person}從 {day} 起才可以接，現在還不能設為平時接的人。"


@db.atomic()
def add(
    child_id: int,
    fields: CollectorFields,
    *,
    usual: bool,
    photo: str = "",
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> Person:
    """Somebody new on the list; with `usual`, the one who usually collects the child.

    Refuses a child who has left, and who is on the list already.
    """
    name = _name_of(child_id, of_teacher)
    fields = rules.tidied(fields)
    _refuse_listed(child_id, fields, name, at.date())
    if usual and fields.first_day > at.date():
        raise Refused(NOT_YET, person=fields.name, day=fields.first_day)
    row = Collector.create(
        child=child_id, photo=photo, added_by=by.id, added_at=at, **asdict(fields)
    )
    made = person_at(row, at.date())
    if usual:
        _set_usual(child_id, {"way": Way.COLLECTOR.value, "collector": row.id}, at)
    _tell(child_id, at)
    detail = f"child={child_id}; {made.called}" + "; usual" * usual
    trail.record("collecting.add", row, by=by, at=at, detail=detail)
    return made


@db.atomic()
def change(
    collector_id: int,
    fields: CollectorFields,
    *,
    photo: str | None = None,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> str:
    """Other words, days or `photo`; returns the photo that nobody needs any more.

    Refuses somebody whose place on the list was ended.
    """
    old = person(collector_id, day=at.date(), of_teacher=of_teacher)
    if old.ended_at:
        raise Refused("{person}已經停用，不能再改。", person=old.called)
    fields = rules.tidied(fields)
    kept = old.photo if photo is None else photo
    told = rules.changes(old.fields, fields) + "；照片" * (kept != old.photo)
    if told:
        Collector.update(photo=kept, **asdict(fields)).where(
            Collector.id == collector_id
        ).execute()
        _tell(old.child_id, at)
        detail = f"child={old.child_id}; {told}"
        row = Collector(id=collector_id)
        trail.record("collecting.change", row, by=by, at=at, detail=detail)
    return old.photo if kept != old.photo else ""


@db.atomic()
def end(
    collector_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> Person:
    """May not collect from this moment on, at no door. Ended already stays so."""
    old = person(collector_id, day=at.date(), of_teacher=of_teacher)
    if old.ended_at is None:
        _set_ended(old, at, "collecting.end", by=by, at=at)
    return old


@db.atomic()
def resume(
    collector_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> Person:
    """Takes back an ending of today."""
    old = person(collector_id, day=at.date(), of_teacher=of_teacher)
    if old.ended_at:
        rules.check_resuming(old.ended_at, at.date())
        _set_ended(old, None, "collecting.resume", by=by, at=at)
    return old


def _set_ended(
    old: Person, ended_at: datetime | None, deed: str, *, by: Actor, at: datetime
) -> None:
    row = Collector(id=old.id)
    Collector.update(ended_at=ended_at).where(Collector.id == old.id).execute()
    _tell(old.child_id, at)
    detail = f"child={old.child_id}; {old.called}"
    trail.record(deed, row, by=by, at=at, detail=detail)


@db.atomic()
def set_home(
    child_id: int,
    usual: str,
    *,
    consent_by: str = "",
    consent_on: date | None = None,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> None:
    """The usual way home ('12', 'alone' …, or '' for none), and the consent to going alone.

    Refuses a way that is not open to the child, going alone without consent above all.
    """
    name = _name_of(child_id, of_teacher)
    wanted = rules.choice(usual)
    rules.check_consent(wanted.way, consent_by, consent_on, at.date())
    card = card_of(child_id, day=at.date())
    chosen = next((p for p in card.people if p.id == wanted.collector_id), None)
    if wanted.way:
        rules.check_open(
            wanted,
            ChildFacts(card.home.boards, bool(consent_by)),
            chosen and chosen.stay,
            at.date(),
            name=name,
            person=chosen.called if chosen else "",
        )
    new = Home(card.home.boards, wanted, consent_by, consent_on)
    if new != card.home:
        way = {"way": wanted.way.value, "collector": wanted.collector_id}
        _set_usual(
            child_id, {**way, "consent_by": consent_by, "consent_on": consent_on}, at
        )
        _tell(child_id, at)
        _record_home(child_id, new, chosen, by=by, at=at)


def _record_home(
    child_id: int, new: Home, chosen: Person | None, *, by: Actor, at: datetime
) -> None:
    told = rules.in_words(new.usual.way, chosen.called if chosen else "")
    words = " ".join(filter(None, told)) or "每次選擇"
    consent = f"；{new.consent_by} {new.consent_on} 同意自行回家" * bool(new.consent_by)
    row = Child(id=child_id)
    trail.record("collecting.set_home", row, by=by, at=at, detail=words + consent)


def _set_usual(child_id: int, way: dict[str, Any], at: datetime) -> None:
    insert_if_new(WayHome, child=child_id, set_at=at)
    WayHome.update(**way, set_at=at).where(WayHome.child == child_id).execute()


def _tell(child_id: int, at: datetime) -> None:
    for hear in when_changed:
        hear(child_id, at)


def _name_of(child_id: int, of_teacher: int | None) -> str:
    file = file_of(child_id, of_teacher=of_teacher)
    if file.left_on:
        raise Refused(NO_LONGER_HERE, name=file.fields.name)
    return file.fields.name


def _refuse_listed(child_id: int, fields: CollectorFields, name: str, day: date) -> None:
    listed = card_of(child_id, day=day).listed
    if any((p.fields.name, p.fields.phone) == (fields.name, fields.phone) for p in listed):
        raise Refused(LISTED, person=fields.name, name=name)


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
    """Those of the children who have neither a list nor a way home."""
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
