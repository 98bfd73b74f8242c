"""The one database: pragmas, one writer at a time, a connection kept per thread."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from pathlib import Path
from threading import RLock
from types import TracebackType

from flask import Flask, request
from peewee import QueryEvent, SqliteDatabase, _atomic

SLOW = 0.2  # seconds; a slower query is logged

log = logging.getLogger(__name__)


class OneWriter(ContextDecorator):
    """Holds the process's write lock from BEGIN IMMEDIATE to COMMIT.

    SQLite alone would be safe but unfair: a waiting writer sleeps, for up to seconds.
    The lock also keeps checkpoints apart, which SQLite before 3.51.3 needs in WAL mode.
    """

    lock = RLock()

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self.inner = _atomic(database)

    def _recreate_cm(self) -> OneWriter:
        return OneWriter(self.database)

    def __enter__(self) -> OneWriter:
        self.lock.acquire()
        try:
            self.inner.__enter__()
        except BaseException:
            self.lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.inner.__exit__(kind, error, trace)
        finally:
            self.lock.release()


class Database(SqliteDatabase):
    """SQLite whose `atomic()` is the one way to write: locked, IMMEDIATE, nestable."""

    def atomic(self) -> OneWriter:  # type: ignore[override]
        return OneWriter(self)

    def joined(self) -> AbstractContextManager[object]:
        """Joins the write that is under way, and fails with it; alone, it is a write of its
        own. A savepoint for each line of the trail took a seventh of a tap."""
        return nullcontext() if self.in_transaction() else self.atomic()

    def take_in_journal(self) -> None:
        """Brings the journal into the file, so that one file holds everything."""
        self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[no-untyped-call]


db = Database(
    None,
    autoconnect=False,
    lock_type="IMMEDIATE",
    timeout=5,
    pragmas={
        "journal_mode": "wal",
        "synchronous": "full",  # NORMAL loses acknowledged taps at a power cut
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cache_size": -1000,  # KiB for each thread; the system keeps the file in memory
    },
)


def init_app(app: Flask) -> None:
    """Bind the file; each server thread connects once and stays connected."""
    Path(app.config["DATABASE"]).parent.mkdir(parents=True, exist_ok=True)
    db.init(app.config["DATABASE"])

    @app.before_request
    def connect() -> None:
        if request.endpoint != "static":
            db.connect(reuse_if_open=True)

    @app.teardown_request
    def leave_nothing_open(_error: BaseException | None) -> None:
        if not db.is_closed() and db.in_transaction():
            db.rollback()


def log_slow_queries() -> None:
    """Warn of each query slower than `SLOW`, without its values: names stay out of logs."""
    db.query_hooks.append(_warn_if_slow)


def _warn_if_slow(query: QueryEvent) -> None:
    if query.duration > SLOW:
        log.warning("slow query, %.0f ms: %s", query.duration * 1000, query.sql)
