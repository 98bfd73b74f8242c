"""Lists of names that a school keeps, such as its rooms and its phones. A line is renamed,
retired and brought back, never deleted: the past tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import Refused

from . import trail


def _always(_row: Any, _at: datetime) -> None:
    """Nothing is in the way of retiring a line."""


@dataclass(frozen=True)
class RetirableList:
    """The writes of a table with a unique `name` and a flag `retired`, and their trail."""

    table: Any
    feature: str  # what its deeds on the trail begin with
    taken: str  # said of a `{name}` that another line has, retired ones included
    check_unused: Callable[[Any, datetime], None] = _always  # refuses to retire a line

    def one(self, row_id: int) -> Any:
        """One line, retired or not; raises `DoesNotExist`."""
        return self.table.get_by_id(row_id)

    @db.atomic()
    def add(self, name: str, *, by: Actor, at: datetime, **columns: Any) -> Any:
        """A new line. Refuses a name that is taken."""
        try:
            made = self.table.create(name=name, **columns)
        except IntegrityError:
            raise Refused(self.taken, name=name) from None
        self._record("add", made, name, by, at)
        return made

    @db.atomic()
    def rename(self, row_id: int, name: str, *, by: Actor, at: datetime) -> None:
        """Another name for a line, which the past shows too. Refuses one that is taken."""
        row = self.one(row_id)
        if row.name == name:
            return
        try:
            self._write(row, name=name)
        except IntegrityError:
            raise Refused(self.taken, name=name) from None
        self._record("rename", row, f"{row.name} → {name}", by, at)

    @db.atomic()
    def retire(self, row_id: int, *, by: Actor, at: datetime) -> None:
        """Out of use from now on; its past stays. Refuses while it is needed."""
        row = self.one(row_id)
        self.check_unused(row, at)
        if not row.retired:
            self._write(row, retired=True)
            self._record("retire", row, row.name, by, at)

    @db.atomic()
    def bring_back(self, row_id: int, *, by: Actor, at: datetime) -> None:
        """A retired line is used again, in its old place."""
        row = self.one(row_id)
        if row.retired:
            self._write(row, retired=False)
            self._record("bring_back", row, row.name, by, at)

    def _write(self, row: Any, **columns: Any) -> None:
        self.table.update(**columns).where(self.table.id == row.id).execute()

    def _record(self, verb: str, row: Any, detail: str, by: Actor, at: datetime) -> None:
        trail.record(f"{self.feature}.{verb}", row, by=by, at=at, detail=detail)
