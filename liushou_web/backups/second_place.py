"""The second place: a stick or a share that may come and go, and holds the newest too."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from liushou_web.db import disk
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused

from . import making
from .archive import verify
from .rules.retention import Backup, BackupKind, newest

SETTING = "second-place.json"
MARKER = "liushou-backup-place.txt"
FOLDER = "liushou-backups"
EXPLAINED = "這是留守兒童之家管理程序的備份盤。請不要刪除這個文件和旁邊的備份。\n"

NOT_WHOLE = "請填寫完整的路徑，例如 E:\\ 或 /media/usb。"
NO_FOLDER = "找不到「{path}」。請先插好 U 盤或連上共享文件夾，再保存。"
INSIDE = "第二處不能在數據文件夾裏面。請用 U 盤或另一台電腦的共享文件夾。"
NOT_MARKED = "「{path}」不能寫入（{reason}）。請換一個地方，或檢查 U 盤是否寫保護。"
FAILED = "沒有複製到第二處（{reason}）。"
ABSENT = "第二處現在不在（U 盤沒有插上，或共享文件夾沒有連上），連上以後會自動補上。"
NOT_OURS = "第二處沒有我們的標記，可能插了別的盤。沒有往裏寫任何東西。"


class Second(NamedTuple):
    """Where it is, the mark that it carries, and the newest backup that reached it.
    Kept beside the database, not in it: it belongs to this computer."""

    path: str
    mark: str
    reached: str = ""

    @property
    def backup_folder(self) -> Path:
        return Path(self.path) / FOLDER


class Look(NamedTuple):
    """What was found there the last time somebody looked; no `trouble` when all is well."""

    at: datetime
    trouble: Refused | None
    backups: tuple[Backup, ...] = ()


seen: dict[str, Look] = {}  # by path: pages show this, and never wait for a dead share


def setting(paths: Paths) -> Second | None:
    try:
        kept = json.loads((paths.folder / SETTING).read_text("utf-8"))
        return Second(kept["path"], kept["mark"], kept["reached"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def claim(paths: Paths, path: str) -> Second:
    """Marks the place as ours. Refuses one that is not there or cannot be written."""
    place = Path(path)
    if not place.is_absolute():
        raise Refused(NOT_WHOLE)
    if not place.is_dir():
        raise Refused(NO_FOLDER, path=path)
    if place.resolve().is_relative_to(paths.folder.resolve()):
        raise Refused(INSIDE)
    mark = _mark_in(place) or token_hex(16)
    try:
        (place / FOLDER).mkdir(exist_ok=True)
        half = place / f"{MARKER}.part"
        half.write_text(f"{mark}\n{EXPLAINED}", "utf-8")
        disk.put(half, place / MARKER)
    except OSError as error:
        why = disk.reason(error)
        raise Refused(NOT_MARKED, path=path, reason=why) from error
    second = Second(path, mark)
    _keep(paths, second)
    return second


def forget(paths: Paths) -> None:
    """What is there stays there; nothing more is copied."""
    (paths.folder / SETTING).unlink(missing_ok=True)


def fill(paths: Paths, now: datetime) -> Look | None:
    """Copies the newest backup and those of terms to it, if it is there and ours.

    Never refuses: what is wrong is in the answer, and the next try comes by itself.
    """
    second = setting(paths)
    if second is None:
        return None
    trouble = None
    try:
        _refuse_unless_ours(second)
        _copy_missing(paths, second, now)
    except OSError as error:
        trouble = Refused(FAILED, reason=disk.reason(error))
    except Refused as refusal:
        trouble = refusal
    looked = Look(now, trouble, tuple(making.all_in(second.backup_folder)))
    seen[second.path] = looked
    return looked


def last_look(paths: Paths) -> Look | None:
    second = setting(paths)
    return seen.get(second.path) if second else None


def _refuse_unless_ours(second: Second) -> None:
    """An empty mount point is a folder like any other, but for the mark."""
    if not Path(second.path).is_dir():
        raise Refused(ABSENT)
    if _mark_in(Path(second.path)) != second.mark:
        raise Refused(NOT_OURS)


def _copy_missing(paths: Paths, second: Second, now: datetime) -> None:
    here = making.all_in(paths.backups)
    last = newest(here, now)
    wanted = {each for each in here if each == last or each.kind is BackupKind.TERM}
    there = second.backup_folder
    there.mkdir(exist_ok=True)
    for backup in sorted(wanted - set(making.all_in(there))):
        part = there / f"{backup.name}.part"
        try:
            shutil.copyfile(paths.backups / backup.name, part)
            disk.settle(part)
            verify(part)
            disk.put(part, there / backup.name)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    if last:
        making.prune(there, now, but=last)
        _keep(paths, second._replace(reached=last.name))


def _mark_in(place: Path) -> str:
    try:
        return (place / MARKER).read_text("utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _keep(paths: Paths, second: Second) -> None:
    half = paths.folder / f"{SETTING}.part"
    half.write_text(json.dumps(second._asdict(), ensure_ascii=False), "utf-8")
    disk.put(half, paths.folder / SETTING)
