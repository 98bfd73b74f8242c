"""Who is on a child's list, and how it usually goes home: read together, at one day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.refusal import NotFound
from liushou_web.schema import Child, Collector, SchoolClass, WayHome

from ..rules import collecting as rules
from ..rules.collecting import (
    ChildFacts,
    CollectorFields,
    HomeChoice,
    Stay,
    Way,
    WayInWords,
)
from .classes import taught_by


class Person(NamedTuple):
    """Somebody on a child's list, at one day."""

    id: int
    child_id: int
    fields: CollectorFields
    photo: str
    ended_at: datetime | None
    day: date

    @property
    def called(self) -> str:
        return rules.called(self.fields.relation, self.fields.name)

    @property
    def stay(self) -> Stay:
        return Stay(self.fields.first_day, self.fields.last_day, self.ended_at)

    @property
    def may_collect(self) -> bool:
        return self.stay.holds(self.day)

    @property
    def ended_today(self) -> bool:
        return self.ended_at is not None and self.ended_at.date() == self.day


class Home(NamedTuple):
    """How a child usually goes home, and who agreed to its going alone."""

    boards: bool
    usual: HomeChoice
    consent_by: str = ""
    consent_on: date | None = None


class Card(NamedTuple):
    """All that there is to say of who collects one child, at one day."""

    people: list[Person]
    home: Home

    @property
    def listed(self) -> list[Person]:
        """Who may collect, and who will; not those who may no more."""
        return [each for each in self.people if not each.stay.is_over(each.day)]

    @property
    def past(self) -> list[Person]:
        return [each for each in self.people if each.stay.is_over(each.day)]

    @property
    def collecting(self) -> list[Person]:
        """Who may collect on the day, the usual person first."""
        usual = self.home.usual.collector_id
        able = [each for each in self.people if each.may_collect]
        return sorted(able, key=lambda each: each.id != usual)

    @property
    def ways(self) -> list[tuple[Way, str]]:
        """The ways without anybody that are open to the child, with their labels."""
        facts = ChildFacts(self.home.boards, bool(self.home.consent_by))
        today = date.min  # no matter: nobody collects
        return [
            (way, label)
            for way, label in rules.WAY_LABELS.items()
            if rules.is_open(HomeChoice(way), facts, None, today)
        ]

    @property
    def usual(self) -> WayInWords | None:
        """In words; None where there is none, or it is not open today."""
        usual = self.home.usual
        person = next((p for p in self.collecting if p.id == usual.collector_id), None)
        chosen = rules.usual(usual.way, person and person.id, self.home.boards)
        return (
            rules.in_words(usual.way, person.called if person else "") if chosen else None
        )


def card_of(child_id: int, *, day: date) -> Card:
    """Two queries; raises `NotFound` where there is no such child."""
    rows = (
        Collector.select()
        .where(Collector.child == child_id)
        .order_by(Collector.guardian.desc(), Collector.id)
    )
    return Card([person_at(row, day) for row in rows], _home(child_id))


def person_at(row: Collector, day: date) -> Person:
    """The row as it stands on that day."""
    fields = CollectorFields(**{name: getattr(row, name) for name in rules.FIELD_LABELS})
    return Person(row.id, row.child_id, fields, row.photo, row.ended_at, day)


def _home(child_id: int) -> Home:
    row: Any = (
        Child.select(
            Child.boards,
            WayHome.way,
            WayHome.collector,
            WayHome.consent_by,
            WayHome.consent_on,
        )
        .join(WayHome, JOIN.LEFT_OUTER, on=WayHome.child == Child.id)
        .where(Child.id == child_id)
        .tuples()
        .first()
    )
    if row is None:
        raise NotFound
    boards, way, collector_id, consent_by, consent_on = row
    return Home(
        boards, HomeChoice(Way(way or ""), collector_id), consent_by or "", consent_on
    )


def person(collector_id: int, *, day: date, of_teacher: int | None = None) -> Person:
    """Raises `NotFound` also where the child is in none of `of_teacher`'s classes."""
    people = Collector.select(Collector).join(Child).join(SchoolClass)
    row = taught_by(people, of_teacher).where(Collector.id == collector_id).first()
    if row is None:
        raise NotFound
    return person_at(row, day)


def photos() -> set[str]:
    """The names of all photos in use."""
    rows: Any = Collector.select(Collector.photo).where(Collector.photo != "").tuples()
    return {name for (name,) in rows}
