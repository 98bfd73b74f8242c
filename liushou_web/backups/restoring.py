"""Puts a backup back in place of everything, whole or not at all; or only tries it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import randbelow

from liushou_web.actor import Actor
from liushou_web.db import OneWriter, database_file, migrate
from liushou_web.db.database_file import Damaged, mark_of, take_in
from liushou_web.db.disk import in_words, settle, settle_folder
from liushou_web.db.paths import ONE_AT_A_TIME, Paths
from liushou_web.refusal import Refused
from liushou_web.schema import Staff
from liushou_web.school.store import logins, trail

from .archive import DATABASE, FILES, NOT_OURS, Contents, check_ours, check_whole, unpack
from .making import make
from .rules.retention import Backup, BackupKind

NEWER = "備份「{name}」來自更新版本的程序，這個版本不能恢復它。請先更新程序。"
FAILED = "沒有恢復（{reason}），現有的數據沒有動。請檢查磁盤後再試。"
PREPARED = "restored-"  # + the number that the database carries once it is restored


def rehearse(paths: Paths, file: Path) -> Contents:
    """Restores into a folder that is then thrown away; touches nothing else.

    Refuses a backup that could not be restored; returns what it would bring back.
    """
    with ONE_AT_A_TIME, in_words(FAILED), _unpacked(paths, file) as (_, contents):
        return contents


def restore(paths: Paths, file: Path, *, by: Actor, at: datetime) -> Backup:
    """Everything as it was in the backup, all logins over; returns the one made before.

    Safe in the running server: nobody writes meanwhile, and SQLite takes the whole
    database in one transaction. Whatever ends it before that, nothing has changed.
    """
    with ONE_AT_A_TIME, in_words(FAILED), _unpacked(paths, file) as (copy, _):
        beside = copy.parent / FILES
        with OneWriter.lock:
            saved = make(paths, BackupKind.RESTORE, at)
            number = _sign(copy, file.name, by, at)
            prepared = paths.folder / f"{PREPARED}{number}"
            if beside.is_dir():
                beside.replace(prepared)
            try:
                take_in(copy, paths.database)
            finally:
                with suppress(OSError):  # a file in use: the next start finishes it
                    finish(paths)
        return saved


def restore_over_damage(
    paths: Paths, file: Path, *, by: Actor, at: datetime
) -> Path | None:
    """Everything as it was in the backup, where the database is missing or cannot be opened
    and no server runs. Returns the folder of the damaged files; None if there were none."""
    with in_words(FAILED), _unpacked(paths, file) as (copy, _):
        number = _sign(copy, file.name, by, at)
        kept = _keep_aside(paths, at)
        beside = copy.parent / FILES
        if beside.is_dir():
            beside.replace(paths.folder / f"{PREPARED}{number}")
        settle(copy)
        for journal in ("-wal", "-shm", "-journal"):
            Path(f"{paths.database}{journal}").unlink(missing_ok=True)
        copy.replace(paths.database)
        settle_folder(paths.folder)
        finish(paths)
        return kept


def tidy(paths: Paths) -> None:
    """At a start, when nobody else is at work: ends what a kill or a power cut left."""
    for pattern in ("restoring-*", "replaced-*", "check-*"):
        for stale in paths.folder.glob(pattern):
            shutil.rmtree(stale, ignore_errors=True)
    finish(paths)


def finish(paths: Paths) -> None:
    """Files of a restore that took place come into use; those of another are removed.

    The database itself tells: it carries the number of the restore that it came by.
    """
    for prepared in paths.folder.glob(f"{PREPARED}*"):
        if prepared.name == f"{PREPARED}{mark_of(paths.database)}":
            before = paths.folder / f"replaced-{prepared.name}"
            if paths.files.exists():
                paths.files.replace(before)
            prepared.replace(paths.files)
            settle_folder(paths.folder)
            shutil.rmtree(before, ignore_errors=True)
        else:
            shutil.rmtree(prepared, ignore_errors=True)


@contextmanager
def _unpacked(paths: Paths, file: Path) -> Iterator[tuple[Path, Contents]]:
    """The backup unpacked, checked and brought up to this program's schema, for a while."""
    with tempfile.TemporaryDirectory(
        dir=paths.folder, prefix="restoring-", ignore_cleanup_errors=True
    ) as folder:
        unpack(file, Path(folder))
        copy = Path(folder) / DATABASE
        try:
            check_ours(copy)
            _bring_up_to_date(copy, file.name)
            contents = check_whole(copy)
        except Damaged as error:
            raise Refused(NOT_OURS, name=file.name, reason=error) from error
        yield copy, contents


def _bring_up_to_date(copy: Path, name: str) -> None:
    with database_file.as_database(copy) as aside:
        if migrate.unknown(aside):
            raise Refused(NEWER, name=name)
        migrate.migrate(aside)


def _sign(copy: Path, name: str, by: Actor, at: datetime) -> int:
    """Ends all logins in the copy, and tells its trail who restored it from what."""
    number = 1 + randbelow(2**31 - 1)
    with database_file.opened(copy) as opened, opened:
        database_file.run(opened, logins.end_of_all(at))
        same = Staff.select(Staff.id).where(Staff.id == by.id, Staff.name == by.name)
        known = database_file.run(opened, same)
        who = by if known else by._replace(id=None)
        detail = f"{name}（{by.name}）"
        database_file.run(
            opened, trail.new_line("backup.restore", by=who, at=at, detail=detail)
        )
        database_file.mark(opened, number)
    return number


def _keep_aside(paths: Paths, at: datetime) -> Path | None:
    found = list(paths.folder.glob("liushou.db*"))
    if not found:
        return None
    aside = paths.folder / f"damaged-{at:%Y%m%d-%H%M%S}"
    aside.mkdir(exist_ok=True, mode=0o700)
    for file in found:
        if file.is_file():
            shutil.copy2(file, aside)
    return aside
