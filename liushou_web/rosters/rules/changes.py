"""What a roster says otherwise than the register, field by field."""

from __future__ import annotations

from typing import NamedTuple

from liushou_web.children.rules.names import fold
from liushou_web.children.rules.register import (
    NOT_DIGIT,
    PEOPLE,
    PHONES,
    SEX_LABELS,
    Arrangement,
)
from liushou_web.class_names import class_name
from liushou_web.school.rules.trail import differences

from .rows import Record
from .vocabulary import CLASS, LABELS

OUR_FIELDS = frozenset(
    (CLASS, "sex", "boards", "arrangement")
)  # values that are words of ours


class KnownChild(NamedTuple):
    """A child of the register, told as a roster would tell it."""

    id: int
    left: bool
    record: Record


class RosterChange(NamedTuple):
    """One field that the roster has otherwise; `was` is '' where nothing was known."""

    field: str
    was: str
    now: str

    @property
    def label(self) -> str:
        return LABELS[self.field]

    @property
    def ours(self) -> bool:
        """Whether the values are words of ours, or what people typed."""
        return self.field in OUR_FIELDS

    @property
    def old(self) -> str:
        return words(self.field, self.was)

    @property
    def new(self) -> str:
        return words(self.field, self.now)

    def __str__(self) -> str:
        return differences([(self.label, self.old, self.new)])


def words(field: str, value: str) -> str:
    """A value as the school says it: 女, 是, 三年級2班."""
    if field == CLASS and value:
        grade, number = value.split(".")
        return class_name(int(grade), int(number))
    if field == "boards":
        return {"yes": "是", "no": "否"}.get(value, "")
    if field == "sex":
        return SEX_LABELS[value] if value else ""
    return Arrangement(value).label if field == "arrangement" and value else value


def changes(old: Record, new: Record) -> tuple[RosterChange, ...]:
    """What the roster says otherwise. What it does not say stays as it was; so does a
    name that only another script or spelling tells apart."""
    return tuple(
        RosterChange(field, was, now)
        for field, was, now in zip(Record._fields, old, new, strict=True)
        if now and was != now and not _is_same(field, was, now)
    )


def _is_same(field: str, was: str, now: str) -> bool:
    if field in PHONES:
        return NOT_DIGIT.sub("", was) == NOT_DIGIT.sub("", now)
    if field in PEOPLE:
        return fold(was) == fold(now)
    return was.split() == now.split()


def overlay(old: Record, new: Record) -> Record:
    """The old record with everything that the new one says differently."""
    return old._replace(**{change.field: change.now for change in changes(old, new)})
