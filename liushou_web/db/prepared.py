"""Queries of the busiest paths: their SQL is written once, then only values are put in.

To write the SQL of one tap takes peewee ten times as long as SQLite takes to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeVar

from peewee import SQL, BooleanField, DateField, DateTimeField, TimeField

from . import db
from .table import Table, WordsField

CODED = (BooleanField, DateField, DateTimeField, TimeField, WordsField)

Row = TypeVar("Row", bound=Table)


class Place(NamedTuple):
    """Stands in the SQL's list of values for the argument of this number."""

    number: int


class Statement(NamedTuple):
    sql: str
    values: list[Any]  # constants, and places for arguments
    read: list[tuple[int, Callable[[Any], Any]]]  # columns that are more than they look


class Prepared:
    """Wraps a function of values that builds a query; the query is built only once.

    So the function may do nothing but put its arguments where values belong.
    """

    def __init__(self, build: Callable[..., Any], count: int | None = None) -> None:
        self.build = build
        self.count = build.__code__.co_argcount if count is None else count

    @cached_property
    def _statement(self) -> Statement:
        query = self.build(*(SQL("?", [Place(number)]) for number in range(self.count)))
        sql, values = query.sql()
        columns = enumerate(getattr(query, "_returning", None) or ())
        read = [(at, each.python_value) for at, each in columns if isinstance(each, CODED)]
        return Statement(sql, values, read)

    def _run(self, values: tuple[Any, ...]) -> Any:
        sql, slots, _ = self._statement
        given = [values[s.number] if isinstance(s, Place) else s for s in slots]
        return db.execute_sql(sql, given)  # type: ignore[no-untyped-call]

    def rows(self, *values: Any) -> list[list[Any]]:
        """Every row found, each as a list of its columns."""
        found = [list(row) for row in self._run(values).fetchall()]
        for at, python_value in self._statement.read:
            for row in found:
                if row[at] is not None:
                    row[at] = python_value(row[at])
        return found

    def bare(self, *values: Any) -> list[Any]:
        """Every row as the database gives it: see `bare_rows`."""
        rows: list[Any] = self._run(values).fetchall()
        return rows

    def row(self, *values: Any) -> list[Any] | None:
        """The first row found, or None."""
        return next(iter(self.rows(*values)), None)

    def execute(self, *values: Any) -> int:
        """Writes; how many rows."""
        return int(self._run(values).rowcount)

    def insert(self, *values: Any) -> int:
        """Writes one row; its id."""
        return int(self._run(values).lastrowid)


def new_row(table: type[Row], **columns: Any) -> Row:
    """A new row as `table.create` makes it, with what the others are by default."""
    made = table(**columns)
    data = made.__data__
    made.id = _insert_of(table, tuple(data)).insert(*_in_database(table, data))
    return made


@cache
def _insert_of(table: type[Table], columns: tuple[str, ...]) -> Prepared:
    def build(*values: Any) -> Any:
        return table.insert(dict(zip(columns, values, strict=True)))

    return Prepared(build, len(columns))


def change_row(table: type[Table], row_id: int, columns: Mapping[str, Any]) -> int:
    """Sets these columns of one row; how many rows there were."""
    prepared = _update_of(table, tuple(columns))
    return prepared.execute(*_in_database(table, columns), row_id)


@cache
def _update_of(table: type[Table], columns: tuple[str, ...]) -> Prepared:
    def build(*values: Any) -> Any:
        *new, row_id = values
        changed = dict(zip(columns, new, strict=True))
        return table.update(changed).where(table.id == row_id)

    return Prepared(build, len(columns) + 1)


def _in_database(table: type[Table], columns: Mapping[str, Any]) -> list[Any]:
    fields = table._meta.fields
    return [fields[name].db_value(value) for name, value in columns.items()]


def bare_rows(query: Any) -> list[Any]:
    """Every row of a query as the database gives it, dates as text and truth as 0 or 1: for
    thousands of rows peewee's own reading takes four times as long."""
    rows: list[Any] = db.execute(query).fetchall()  # type: ignore[no-untyped-call]
    return rows


def as_row(table: type[Row], values: list[Any]) -> Row:
    """A row of the table from all its columns in order, as if peewee had read it."""
    made = table(__no_default__=True)
    made.__data__.update(zip(_names_of(table), values, strict=True))
    return made


@cache
def _names_of(table: type[Table]) -> tuple[str, ...]:
    return tuple(field.name for field in table._meta.sorted_fields)
