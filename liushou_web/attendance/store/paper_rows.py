"""The numbered rows of blank sheets, as printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.class_names import class_name
from liushou_web.schema import Activity, Child, Leave, PaperRow, PaperSheet, SchoolClass

from .on_leave import held_by


class Row(NamedTuple):
    """A numbered row of a sheet, with the leave entered ahead that holds today."""

    sheet: int
    number: int
    child_id: int
    name: str
    pupil_number: str | None
    class_id: int
    grade: int
    class_number: int
    leave: str

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


def rows_of(sheets: Iterable[int]) -> list[Row]:
    """The rows of these sheets, by sheet and number; one query."""
    rows: Any = (
        PaperRow.select(
            PaperRow.sheet,
            PaperRow.number,
            Child.id,
            Child.name,
            Child.number,
            SchoolClass.id,
            SchoolClass.grade,
            SchoolClass.number,
            fn.COALESCE(Leave.kind, ""),
        )
        .join(PaperSheet)
        .join(Activity)
        .switch(PaperRow)
        .join(Child)
        .switch(PaperRow)
        .join(SchoolClass)
        .switch(PaperRow)
        .join(Leave, JOIN.LEFT_OUTER, on=held_by())
        .where(PaperRow.sheet.in_(list(sheets)))
        .order_by(PaperRow.sheet, PaperRow.number)
        .tuples()
    )
    return [Row(*row) for row in rows]
