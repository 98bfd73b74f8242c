"""Whose cards are printed, and whose card was scanned."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from liushou_web.schema import Child, SchoolClass

from ..rules.cards import Code, Holder
from .classes import taught_by
from .search import REGISTER_ORDER


def chosen(
    class_ids: Collection[int], child_ids: Collection[int], *, of_teacher: int | None = None
) -> list[Holder]:
    """The active children of these classes and these single ones, each once, in the order
    of the register; only those of the classes of `of_teacher`, where given."""
    which = Child.school_class.in_(list(class_ids)) | Child.id.in_(list(child_ids))
    rows = taught_by(_holders(), of_teacher).where(which)
    return [Holder(*row) for row in rows.order_by(*REGISTER_ORDER).tuples()]


def holders_of(code: Code) -> list[Holder]:
    """The active children that the code may mean: one; none; or two, where somebody's
    student number looks like the card of somebody else."""
    which = (Child.number == code.number) | (Child.id == code.child_id)
    rows = _holders().where(which).order_by(Child.id)
    return [Holder(*row) for row in rows.tuples()]


def _holders() -> Any:
    return (
        Child.select(
            Child.id, Child.name, Child.number, SchoolClass.grade, SchoolClass.number
        )
        .join(SchoolClass)
        .where(Child.left_on.is_null())
    )
