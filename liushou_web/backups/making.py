"""Makes a backup while the school goes on working, and throws away what is too old."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

from liushou_web.db.database_file import Damaged, copy_in_use
from liushou_web.db.disk import in_words, put
from liushou_web.db.paths import ONE_AT_A_TIME, Paths
from liushou_web.refusal import Refused
from liushou_web.version import __version__

from .archive import check_whole, contents_of, pack
from .rules.retention import Backup, BackupKind, backup_named, to_drop

PAUSE = 0.002  # seconds, for others' turn
MARGIN = 5 * 1024 * 1024

FAILED = "備份沒有做成（{reason}），現有的數據和以前的備份都沒有動。請檢查磁盤後再試。"
NO_ROOM = "磁盤空間不夠，備份沒有做成；現有的數據和以前的備份都沒有動。請先清理磁盤。"


class Stopped(Exception):  # noqa: N818 - the program ends, which is no error
    """The program ends in the middle of a backup, which then was never begun."""


def nobody_stops() -> None:
    return None


def make(
    paths: Paths,
    kind: BackupKind,
    at: datetime,
    *,
    unless: Callable[[], None] = nobody_stops,
) -> Backup:
    """A finished, checked backup in `backups`; refuses, without a trace, if it cannot be.

    Holds no write lock: a reader of its own sees the database as of one moment, while
    others write on. `unless` is called between steps, and raises to give up.
    """
    with ONE_AT_A_TIME, in_words(FAILED):
        paths.backups.mkdir(exist_ok=True, mode=0o700)
        _clear(paths.backups)
        _refuse_without_room(paths)
        made = _free_name(paths, Backup(at, kind))
        copy, part = paths.backups / "copy.part", paths.backups / "zip.part"
        try:
            _copy(paths.database, copy, unless)
            unless()
            pack(copy, paths.files, part, __version__)
            unless()
            put(part, paths.backups / made.name)
        finally:
            _clear(paths.backups)
        prune(paths.backups, at, but=made)
        return made


def all_in(folder: Path) -> list[Backup]:
    """The finished backups in a folder, the newest first; whatever else is there is not."""
    try:
        found = [backup_named(name) for name in os.listdir(folder)]
    except OSError:
        return []
    return sorted((each for each in found if each), reverse=True)


def prune(folder: Path, now: datetime, *, but: Backup | None = None) -> None:
    """Removes what is no longer kept; one that cannot be removed now can be later."""
    for backup in to_drop(all_in(folder), now) - {but}:
        with suppress(OSError):
            (folder / backup.name).unlink()


def _copy(database: Path, copy: Path, unless: Callable[[], None]) -> None:
    def breathe() -> None:
        unless()
        sleep(PAUSE)

    before = copy_in_use(database, copy, contents_of, breathe)
    if check_whole(copy) != before:
        raise Damaged("the copy is not like the original")


def _refuse_without_room(paths: Paths) -> None:
    """Fills no disk to the brim: the next sign-in needs room more than a backup does."""
    journal = Path(f"{paths.database}-wal")
    size = paths.database.stat().st_size + (
        journal.stat().st_size if journal.exists() else 0
    )
    size += sum(file.stat().st_size for file in paths.files.rglob("*") if file.is_file())
    if shutil.disk_usage(paths.backups).free < size * 2 + MARGIN:
        raise Refused(NO_ROOM)


def _free_name(paths: Paths, wanted: Backup) -> Backup:
    """A second later for each that has the name already."""
    while (paths.backups / wanted.name).exists():
        wanted = wanted._replace(at=wanted.at + timedelta(seconds=1))
    return wanted


def _clear(folder: Path) -> None:
    """What an earlier try left behind when it was killed."""
    for stale in folder.glob("*.part*"):
        with suppress(OSError):
            stale.unlink()
