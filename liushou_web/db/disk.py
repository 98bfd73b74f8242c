"""What was written is on the disk, and a fault of the disk is said in words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from peewee import DatabaseError

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


def reason(error: BaseException) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return FULL
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")):
        return READ_ONLY
    if isinstance(error, OSError):
        return WORDS.get(error.errno or 0, error.strerror or str(error))
    return str(error)
