"""Which children of the school share their name with another, and what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from peewee import fn

from liushou_web.db.prepared import Prepared
from liushou_web.schema import Child

from ..rules.namesakes import Namesake, marks_of


def marks() -> Mapping[int, str]:
    """The mark beside each shared name, by child id; one query over an index of names."""
    return _marks_of(tuple(Namesake(*row) for row in _sharing.rows()))


def marks_of_name(name: str) -> Mapping[int, str]:
    """The marks of the children of one name, for an answer that shows no other."""
    return marks_of(Namesake(*row) for row in _called.rows(name))


@lru_cache(maxsize=4)
def _marks_of(sharing: tuple[Namesake, ...]) -> Mapping[int, str]:
    """Each page asks: for the same children the marks are worked out once."""
    return MappingProxyType(marks_of(sharing))


def _build() -> Any:
    other = Child.alias()
    shared = (
        other.select(other.name)
        .where(other.left_on.is_null())
        .group_by(other.name)
        .having(fn.COUNT(other.id) > 1)
    )
    return _children().where(Child.name.in_(shared))


def _children() -> Any:
    return (
        Child.select(Child.id, Child.name, Child.number, Child.sex, Child.birth_date)
        .where(Child.left_on.is_null())
        .order_by(Child.name, Child.id)
    )


@Prepared
def _called(name: Any) -> Any:
    return _children().where(Child.name == name)


_sharing = Prepared(_build, 0)
