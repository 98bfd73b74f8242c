"""What was written is on the disk, and a fault of the disk is said in words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

from peewee import DatabaseError, OperationalError

from liushou_web.refusal import Refused

FULL = "磁盤空間不夠"
READ_ONLY = "磁盤不能寫入"
NOT_ENOUGH_RIGHT = "沒有讀寫的權限"
WORDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ENOUGH_RIGHT,
    errno.EPERM: NOT_ENOUGH_RIGHT,
}


def settle(file: Path) -> None:
    """Returns once the file's content is on the disk itself."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def settle_folder(folder: Path) -> None:
    """Returns once the names in a folder are on the disk, where the system can tell."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def put(part: Path, final: Path) -> None:
    """Gives a finished file its name; before this it has none that counts."""
    settle(part)
    part.replace(final)
    settle_folder(final.parent)


@contextmanager
def in_words(sentence: str) -> Iterator[None]:
    """A fault of disk or database inside becomes this refusal, with the reason in it."""
    try:
        yield
    except (OSError, sqlite3.Error, DatabaseError) as error:
        raise Refused(sentence, reason=reason(error)) from error


class Obstacle(Enum):
    """What keeps a database from writing, and may be over by and by."""

    FULL = "SQLITE_FULL"
    READ_ONLY = "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR"
    BUSY = "SQLITE_BUSY"


def obstacle(error: DatabaseError) -> Obstacle | None:
    """What was in the way of a write; None where the fault is another.

    Told by any error from the last back to the first: a full disk ends the transaction by
    itself, and the rollback that follows fails as well.
    """
    names = list(_names(error))
    for each in (Obstacle.FULL, Obstacle.READ_ONLY):
        if any(name.startswith(each.value) for name in names):
            return each
    busy = isinstance(error, OperationalError) and names[:1]
    return Obstacle.BUSY if busy and names[0].startswith(Obstacle.BUSY.value) else None


def _names(error: BaseException | None) -> Iterator[str]:
    """SQLite's names for what went wrong, from the last back to the first."""
    while error is not None:
        if name := getattr(error, "sqlite_errorname", ""):
            yield name
        error = error.__context__ or error.__cause__


def reason(error: BaseException) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(Obstacle.FULL.value):
        return FULL
    if name.startswith(Obstacle.READ_ONLY.value):
        return READ_ONLY
    if isinstance(error, OSError):
        return WORDS.get(error.errno or 0, error.strerror or str(error))
    return str(error)
