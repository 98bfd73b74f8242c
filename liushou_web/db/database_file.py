"""A database as a file, aside of the connection that serves: looked over, copied whole, and
put in place of another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection
from typing import Any, TypeVar

from peewee import SqliteDatabase

Damaged = sqlite3.DatabaseError  # what reading a file raises that is no sound database
VERSION = sqlite3.sqlite_version_info
HEADER = b"SQLite format 3\0"
PAGES = 256  # a mebibyte

Seen = TypeVar("Seen")


def begins_well(file: Path) -> bool:
    """Whether the file begins as every database does."""
    with file.open("rb") as opened:
        return opened.read(len(HEADER)) == HEADER


def opened(file: Path) -> closing[Connection]:
    """A connection of its own, for a `with`; a missing file is made."""
    return closing(sqlite3.connect(file))


def existing(file: Path) -> closing[Connection]:
    """A connection of its own to a file that is there, for a `with`."""
    uri = f"{file.absolute().as_uri()}?mode=rw"
    return closing(sqlite3.connect(uri, uri=True, isolation_level=None))


@contextmanager
def as_database(file: Path) -> Iterator[SqliteDatabase]:
    """The file as what `migrate` works on, open."""
    aside = SqliteDatabase(str(file), pragmas={"foreign_keys": 1})
    with aside.connection_context():
        yield aside


def run(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, or none of a write, by this connection."""
    return connection.execute(*query.sql()).fetchall()


def tables(connection: Connection) -> set[str]:
    """The names of all tables, but for the database's own."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in names if not name.startswith("sqlite_")}


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    for name in sorted(tables(connection)):
        query = f'SELECT count(*) FROM "{name}"'  # noqa: S608 - its own
        (counts[name],) = connection.execute(query).fetchone()
    return counts


def migrations(connection: Connection) -> tuple[str, ...]:
    """The steps that made its schema, the newest last."""
    names = connection.execute("SELECT name FROM schema_migration ORDER BY name")
    return tuple(name for (name,) in names)


def fault(connection: Connection, *, thorough: bool = False) -> str:
    """What is wrong inside the file, or 'ok'; a `thorough` look compares every index."""
    how = "integrity_check" if thorough else "quick_check"
    (told,) = connection.execute(f"PRAGMA {how}(1)").fetchone()
    return str(told)


def broken_links(connection: Connection) -> int:
    """How many rows point to a row that is not there."""
    return len(connection.execute("PRAGMA foreign_key_check").fetchall())


def without_journal(connection: Connection) -> None:
    """From now on the one file holds everything."""
    connection.execute("PRAGMA journal_mode = DELETE")


def mark(connection: Connection, number: int) -> None:
    """Gives the database a number, which it keeps wherever it is copied to."""
    connection.execute(f"PRAGMA user_version = {number:d}")


def mark_of(file: Path) -> int:
    """The number that the database was given; 0 without one."""
    with opened(file) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def copy_in_use(
    database: Path,
    copy: Path,
    look: Callable[[Connection], Seen],
    pause: Callable[[], None],
) -> Seen:
    """Copies a database that others go on writing, as of one moment; what `look` sees in
    it at that moment. `pause` is called after each mebibyte.

    The open read pins the moment, so that the copy never has to begin again.
    """
    with existing(database) as live, opened(copy) as made:
        live.execute("BEGIN")
        seen = look(live)
        live.backup(made, pages=PAGES, progress=lambda *_: pause())
        live.execute("ROLLBACK")
        without_journal(made)
    return seen


def take_in(copy: Path, database: Path) -> None:
    """Puts a copy in place of a database in use, in one transaction: a reader sees all of
    the old or all of the new."""
    with opened(copy) as source, closing(sqlite3.connect(database, timeout=30)) as live:
        live.execute("PRAGMA synchronous = FULL")
        live.execute("PRAGMA secure_delete = ON")
        source.backup(live)
        with suppress(sqlite3.OperationalError):  # somebody reads; it is done later
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
