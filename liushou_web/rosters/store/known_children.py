"""The register as an import compares it: read in two queries, bare and fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from liushou_web.db.prepared import bare_rows
from liushou_web.schema import Child, ChildFile, SchoolClass

from ..rules.changes import KnownChild
from ..rules.rows import Record

FILE_FIELDS = Record._fields[Record._fields.index("arrangement") :]


class Register(NamedTuple):
    """Every child as the file gives it, and the id of each class ('3.2')."""

    rows: Sequence[tuple[Any, ...]]
    classes: dict[str, int]

    def children(self) -> list[KnownChild]:
        return [_known(*row) for row in self.rows]


def register() -> Register:
    """Two queries; values as bare as the file gives them, to be read and compared fast."""
    about = (Child.number, Child.name, Child.sex, Child.birth_date)
    family = [getattr(ChildFile, field) for field in FILE_FIELDS]
    query = (
        Child.select(
            Child.id,
            Child.left_on.is_null(False),
            *about,
            SchoolClass.grade,
            SchoolClass.number,
            Child.boards,
            *family,
        )
        .join(SchoolClass)
        .switch(Child)
        .join(ChildFile)
        .order_by(Child.id)
    )
    classes: Any = SchoolClass.select(
        SchoolClass.grade, SchoolClass.number, SchoolClass.id
    ).tuples()
    return Register(
        bare_rows(query), {f"{grade}.{number}": id_ for grade, number, id_ in classes}
    )


def _known(
    id_: int,
    left: int,
    number: str | None,
    name: str,
    sex: str,
    born: str | None,
    grade: int,
    class_number: int,
    boards: int,
    *family: str,
) -> KnownChild:
    school_class = f"{grade}.{class_number}"
    house = "yes" if boards else "no"
    record = Record(number or "", name, sex, born or "", school_class, house, *family)
    return KnownChild(id_, bool(left), record)
