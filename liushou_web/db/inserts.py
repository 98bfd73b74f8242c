"""What an INSERT does beyond one new row: many at once, or over a row that is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from peewee import SQL, IntegrityError

from . import db
from .table import Table


def insert_if_new(table: type[Table], /, **columns: Any) -> None:
    """A new row; nothing where a row with its unique columns is there already."""
    table.insert(**columns).on_conflict_ignore().execute()


def insert_or_change(
    table: type[Table],
    key: Collection[Any],
    change: Mapping[Any, Any] | None = None,
    /,
    **columns: Any,
) -> None:
    """A new row. Where one with the unique columns `key` is there already, it gets what
    `change` sets, and of `columns` the others."""
    _over(table.insert(**columns), columns, key, change or {}).execute()


def write_each(
    table: type[Table],
    rows: Iterable[Mapping[str, Any]],
    *,
    key: Any = None,
    change: Mapping[Any, Any] | None = None,
) -> None:
    """Inserts rows that all name the same columns. With a unique column as `key`, a row
    that is there already gets the other columns, and what `change` sets.

    peewee compiles one statement for all, not one a row: that took most of the time.
    """
    every = list(rows)
    if not every:
        return
    columns = list(every[0])
    statement: Any = table.insert_many([[SQL("?")] * len(columns)], fields=columns)
    if key is not None:
        statement = _over(statement, columns, [key], change or {})
    sql, defaults = statement.sql()
    values = [[*row.values(), *defaults] for row in every]
    try:
        db.connection().executemany(sql, values)  # type: ignore[no-untyped-call]
    except sqlite3.IntegrityError as error:
        raise IntegrityError(str(error)) from error


def _over(
    insert: Any, columns: Iterable[str], key: Collection[Any], change: Mapping[Any, Any]
) -> Any:
    """The insert, over the row that has its `key` already."""
    set_otherwise = {field.name for field in (*key, *change)}
    kept = [column for column in columns if column not in set_otherwise]
    return insert.on_conflict(conflict_target=list(key), preserve=kept, update=dict(change))
