"""Where the school's files lie: the database, photos and papers, and their copies."""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import NamedTuple

from . import db

ONE_AT_A_TIME = RLock()  # making, restoring and pruning exclude each other


class Paths(NamedTuple):
    """The files that belong together: the database, and photos and papers beside it."""

    database: Path

    @property
    def folder(self) -> Path:
        return self.database.parent

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"


def paths() -> Paths:
    """The files of the running program."""
    return Paths(Path(db.database))
