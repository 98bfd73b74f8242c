"""Many rows by one statement: what a roster of ten thousand children needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import SQL, IntegrityError

from . import db
from .table import Table


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
        kept = [column for column in columns if column != key.name]
        statement = statement.on_conflict(
            conflict_target=[key], preserve=kept, update=change
        )
    sql, defaults = statement.sql()
    values = [[*row.values(), *defaults] for row in every]
    try:
        db.connection().executemany(sql, values)  # type: ignore[no-untyped-call]
    except sqlite3.IntegrityError as error:
        raise IntegrityError(str(error)) from error
