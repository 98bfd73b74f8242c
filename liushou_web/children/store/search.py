"""Finding children in the register: by whatever is typed, by class, by arrangement."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.class_names import class_name
from liushou_web.db.prepared import bare_rows
from liushou_web.schema import Child, ChildFile, SchoolClass

from ..rules import search
from .classes import taught_by

# The one order of children, of every list that is by child: within a class, and by class.
CLASS_ORDER = (
    Child.number.is_null(),
    fn.length(Child.number),
    Child.number,
    Child.pinyin,
    Child.id,
)
REGISTER_ORDER = (SchoolClass.grade, SchoolClass.number, *CLASS_ORDER)


class Found(NamedTuple):
    """A child as lists show it: nothing of the family but the arrangement."""

    id: int
    number: str | None
    name: str
    sex: str
    class_id: int
    grade: int
    class_number: int
    boards: bool
    arrangement: str
    left_on: date | None
    left_reason: str
    folded: str
    pinyin: str

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)


class SearchResult(NamedTuple):
    children: list[Found]
    total: int  # of all that were meant, shown or not


class Among(NamedTuple):
    """The part of the register that is searched."""

    of_teacher: int | None
    class_id: int | None
    arrangement: str | None
    left: bool

    def of(self, rows: Any) -> Any:
        rows = taught_by(rows, self.of_teacher).where(Child.left_on.is_null(not self.left))
        if self.class_id is not None:
            rows = rows.where(Child.school_class == self.class_id)
        if self.arrangement is not None:
            rows = rows.where(ChildFile.arrangement == self.arrangement)
        return rows


def find(
    query: str = "",
    *,
    of_teacher: int | None = None,
    class_id: int | None = None,
    arrangement: str | None = None,
    left: bool = False,
    limit: int | None = None,
) -> list[Found]:
    """The children that `query` means (`rules/search.py`), by class, number and pinyin.

    Only those who left with `left`, else only active ones; only those of the classes of the
    member of staff `of_teacher`, where given.
    """
    among = Among(of_teacher, class_id, arrangement, left)
    return _those(among, _meant(query, among) if query else None, limit)


def find_counted(
    query: str = "",
    *,
    of_teacher: int | None = None,
    class_id: int | None = None,
    arrangement: str | None = None,
    left: bool = False,
    limit: int,
) -> SearchResult:
    """As many of the children that `query` means as fit the `limit`, and the number of
    all; narrowed as `find` narrows. Three queries at most, however many."""
    among = Among(of_teacher, class_id, arrangement, left)
    ids = _meant(query, among)
    return SearchResult(_those(among, ids if query else None, limit), len(ids))


def _meant(query: str, among: Among) -> list[int]:
    """Ids; the names are looked through in Python, read as bare as the file gives them."""
    columns = Child.id, Child.folded, Child.pinyin, Child.number
    return [
        child
        for child, folded, pinyin, number in bare_rows(among.of(_joined(*columns)))
        if search.matches(query, folded=folded, pinyin=pinyin, number=number)
    ]


def _those(among: Among, ids: list[int] | None, limit: int | None) -> list[Found]:
    rows = (
        among.of(_every_child()) if ids is None else _every_child().where(Child.id.in_(ids))
    )
    return [Found(*row) for row in rows.limit(limit).tuples()]


def _joined(*columns: Any) -> Any:
    return Child.select(*columns).join(SchoolClass).switch(Child).join(ChildFile)


def _every_child() -> Any:
    return _joined(
        Child.id,
        Child.number,
        Child.name,
        Child.sex,
        Child.school_class,
        SchoolClass.grade,
        SchoolClass.number,
        Child.boards,
        ChildFile.arrangement,
        Child.left_on,
        Child.left_reason,
        Child.folded,
        Child.pinyin,
    ).order_by(*REGISTER_ORDER)
