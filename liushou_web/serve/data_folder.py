"""The folder of all the school's data: one process at a time, nothing overwritten."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from liushou_web.actor import PROGRAM
from liushou_web.backups import making, restoring
from liushou_web.backups.archive import check_file
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db, migrate
from liushou_web.db.database_file import Damaged, begins_well
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused
from liushou_web.school.store import trail

SOURCE = Path(__file__).resolve().parents[2]
REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "ncpfs"}

IN_USE = "數據文件夾「{folder}」正在被另一個本程序使用。請先關閉那一個，再試一次。"
NOT_WRITABLE = "數據文件夾「{folder}」不能寫入（{reason}）。請檢查權限和磁盤空間。"
ON_NETWORK = (
    "數據文件夾「{folder}」在網絡共享盤上，數據可能損壞。請換成這台電腦自己的硬盤。"
)
IS_DEMO = "「{folder}」裏是演示數據。請加 --demo 啟動，或用 --data 指定別的文件夾。"
NOT_DEMO = "「{folder}」裏是學校的真實數據，不能用來演示。請換一個文件夾。"
GONE = "數據庫文件「{file}」不見了，但備份還在。為免覆蓋，程序沒有啟動。{remedy}"
DAMAGED = "數據庫文件「{file}」已損壞或不是本程序的數據（{reason}）。{remedy}"
NEWER = "數據來自更新版本的程序，這個舊版本不能打開。請使用新版本的程序。"
NO_BACKUP = (
    "數據文件夾裏沒有備份；U 盤或共享文件夾裏可能有。"
    "請先把整個數據文件夾複製留底，再找管理員處理。"
)
REMEDY = (
    "請用命令 restore 恢復最近的備份，現在的文件會先留底：\n"
    "  python3 scripts/run.py restore {backup}"
)


def usual_path(*, demo: bool = False) -> Path:
    """Beside the source, or where an installed program starts; LIUSHOU_DATA moves it."""
    named = os.environ.get("LIUSHOU_DATA")
    if named and not demo:
        return Path(named)
    home = SOURCE if (SOURCE / "setup.cfg").is_file() else Path.cwd()
    return home / ("demo-data" if demo else "data")


class DataFolder:
    """The files of one school. Make one by `hold`, which also locks it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "liushou.db"
        self.backups = path / "backups"
        self.logs = path / "logs"

    @property
    def paths(self) -> Paths:
        return Paths(self.database)

    @property
    def is_demo(self) -> bool:
        return (self.path / "demo").is_file()

    @property
    def exists(self) -> bool:
        return self.database.exists()

    def empty(self) -> None:
        """Throws away the data of a demonstration; refuses with those of a real school."""
        if not self.is_demo:
            raise Refused(NOT_DEMO, folder=self.path)
        for file in (*self.path.glob("liushou.db*"), *self.backups.glob("*.zip")):
            file.unlink()
        shutil.rmtree(self.paths.files, ignore_errors=True)

    def secret_key(self) -> str:
        """The key that signs cookies: made once, and readable by its owner only."""
        file = self.path / "secret-key"
        if not file.is_file():
            half = self.path / "secret-key.part"
            half.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(half, flags, 0o600), "w") as out:
                out.write(secrets.token_hex(32))
                out.flush()
                os.fsync(out.fileno())
            half.replace(file)
        file.chmod(0o600)
        return file.read_text("ascii").strip()

    def ready(self, at: datetime) -> list[str]:
        """Makes the database, or checks it and brings it up to date after a backup.

        Returns the steps of migration that an existing one took; leaves it bound, closed.
        Refuses what is damaged, foreign or newer, and leaves every file as it was.
        """
        if not self.exists:
            self.create()
        else:
            self.check()
            restoring.tidy(self.paths)
        db.init(str(self.database))
        with db.connection_context():
            if migrate.unknown():
                raise Refused(NEWER)
            pending = migrate.pending()
        if pending:
            making.make(self.paths, BackupKind.UPGRADE, at)
            with db.connection_context():
                migrate.migrate()
                trail.record("backup.upgrade", by=PROGRAM, at=at, detail="、".join(pending))
        return pending

    def create(self, fill: Callable[[], None] | None = None) -> None:
        """Makes the database, under another name first: a start that is cut short leaves no
        half one. `fill` writes what it is to hold from the beginning. Refuses where there
        was a database before.
        """
        if any(self.path.glob("liushou.db-*")) or making.all_in(self.backups):
            raise Refused(GONE, file=self.database, remedy=self._remedy())
        for stale in self.path.glob("new.db*"):
            stale.unlink()
        made = self.path / "new.db"
        db.init(str(made))
        with db.connection_context():
            migrate.migrate()
            if fill:
                fill()
        made.replace(self.database)

    def check(self) -> None:
        """Refuses a database that is damaged or not ours.

        After a crash there is a journal beside it, which merely opening would write into
        the database; whether the two belong together is tried on a copy.
        """
        journal = Path(f"{self.database}-wal")
        try:
            if not begins_well(self.database):
                raise Damaged("file is not a database")
            if journal.exists() and journal.stat().st_size:
                with tempfile.TemporaryDirectory(dir=self.path, prefix="check-") as aside:
                    copy = Path(shutil.copy(self.database, aside))
                    shutil.copy(journal, aside)
                    check_file(copy)
            check_file(self.database)
        except (Damaged, OSError) as error:
            raise Refused(
                DAMAGED, file=self.database, reason=error, remedy=self._remedy()
            ) from error

    def is_sound(self) -> bool:
        """Whether there is a database that can be opened, of whatever version."""
        try:
            self.check()
        except Refused:
            return False
        return True

    def _remedy(self) -> str:
        backups = making.all_in(self.backups)
        return REMEDY.format(backup=backups[0].name) if backups else NO_BACKUP


@contextmanager
def hold(path: Path, *, demo: bool = False) -> Iterator[DataFolder]:
    """The folder, made where missing and locked until the end: refuses if it is in use."""
    folder = DataFolder(path.absolute())
    if _is_remote(folder.path):
        raise Refused(ON_NETWORK, folder=folder.path)
    try:
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder.path / "lock").open("ab")
    except OSError as error:
        raise Refused(NOT_WRITABLE, folder=folder.path, reason=error.strerror) from error
    with lock:
        if not _take_lock(lock.fileno()):
            raise Refused(IN_USE, folder=folder.path)
        if folder.is_demo and not demo:
            raise Refused(IS_DEMO, folder=folder.path)
        if demo and folder.exists and not folder.is_demo:
            raise Refused(NOT_DEMO, folder=folder.path)
        yield folder


def _take_lock(descriptor: int) -> bool:
    """Takes the system's own lock, which ends with the process however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_remote(path: Path) -> bool:
    """Whether this is plainly on another computer; what cannot be told counts as here."""
    if str(path).startswith("\\\\"):
        return True
    mounts: dict[str, str] = {}
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines():
            _, place, kind, *_ = line.split()
            mounts[place.replace("\\040", " ")] = kind
    nearest = next((str(p) for p in (path, *path.parents) if str(p) in mounts), "")
    return mounts.get(nearest, "") in REMOTE
