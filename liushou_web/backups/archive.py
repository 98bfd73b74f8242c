"""One backup is one .zip: the database, the files beside it, and what is in them."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from liushou_web.refusal import Refused

DATABASE, FILES, MANIFEST = "liushou.db", "files/", "manifest.json"
OURS = {"schema_migration", "school", "attendance"}
UNREADABLE = (
    BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
COUNTED = {
    "child": "學生",
    "staff": "賬號",
    "activity": "活動",
    "attendance": "簽到記錄",
    "trail": "操作記錄",
}
CHUNK = 1024 * 1024
SMALLEST = 1024  # bytes; a manifest is never larger than a thousand of these

NOT_OURS = "「{name}」不是完好的備份（{reason}），不能使用。請換一份。"
NO_SUCH = "找不到備份「{name}」。"
GONE = "這份備份已經不在了：可能太舊被清理了，或者 U 盤拔掉了。"


class Contents(NamedTuple):
    """What a database holds, as a person can judge it."""

    school: str
    steps: tuple[str, ...]  # of migration: the version of the schema
    counts: dict[str, int]  # rows of each table
    newest: datetime | None  # the last line of the trail

    @property
    def counted(self) -> list[tuple[str, int]]:
        """How many there are of what a person knows by name: ('學生', 83)."""
        return [(label, self.counts.get(table, 0)) for table, label in COUNTED.items()]


class Manifest(NamedTuple):
    program: str
    contents: Contents
    sha256: str


def contents_of(opened: sqlite3.Connection) -> Contents:
    """What one of our databases holds, through any connection to it."""
    tables = _column(opened, "SELECT name FROM sqlite_master WHERE type = 'table'")
    counts = {
        name: int(_column(opened, f'SELECT count(*) FROM "{name}"')[0])  # noqa: S608 - its own
        for name in sorted(tables)
        if not name.startswith("sqlite_")
    }
    names = _column(opened, "SELECT name FROM school")
    steps = _column(opened, "SELECT name FROM schema_migration ORDER BY name")
    (last,) = _column(opened, "SELECT max(at) FROM trail")
    newest = datetime.fromisoformat(last) if last else None
    return Contents(names[0] if names else "", tuple(steps), counts, newest)


def check_file(file: Path, how: str = "quick_check") -> None:
    """Raises `sqlite3.DatabaseError` unless the file is whole and holds our tables."""
    with closing(sqlite3.connect(file)) as opened:
        (told,) = opened.execute(f"PRAGMA {how}(1)").fetchone()
        if told != "ok":
            raise sqlite3.DatabaseError(told)
    check_ours(file)


def check_ours(file: Path) -> None:
    """Raises `sqlite3.DatabaseError` unless the file is a database with our tables."""
    with closing(sqlite3.connect(file)) as opened:
        tables = _column(opened, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if OURS - set(tables):
            raise sqlite3.DatabaseError("its tables are not ours")


def check_whole(file: Path) -> Contents:
    """What is in the file; raises `sqlite3.DatabaseError` unless every row and every link
    of it is whole."""
    check_file(file, "integrity_check")
    with closing(sqlite3.connect(file)) as opened:
        broken = opened.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sqlite3.DatabaseError(f"{len(broken)} rows point nowhere")
        return contents_of(opened)


def pack(database: Path, files: Path, into: Path, program: str) -> None:
    """Writes the .zip, then reads it again: what cannot be read back is no backup."""
    with database.open("rb") as opened:
        digest = _digest(opened)
    with closing(sqlite3.connect(database)) as opened_database:
        told = Manifest(program, contents_of(opened_database), digest)
    with ZipFile(into, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(MANIFEST, _as_json(told))
        packed.write(database, DATABASE)
        for file in sorted(files.rglob("*")) if files.is_dir() else ():
            with suppress(FileNotFoundError):  # replaced by another meanwhile
                packed.write(file, FILES + file.relative_to(files).as_posix(), ZIP_STORED)
        packed.comment = b"liushou backup"
    verify(into)


def verify(file: Path) -> Manifest:
    """Reads the whole .zip; refuses unless each byte is as it was written."""
    with _open_zip(file) as packed:
        told = _manifest(packed)
        for name in packed.namelist():
            with packed.open(name) as member:  # reading to the end checks its checksum
                if _digest(member) != told.sha256 and name == DATABASE:
                    raise BadZipFile("checksum")
        return told


def manifest_of(file: Path) -> Manifest:
    """What the backup says of itself, without reading all of it."""
    with _open_zip(file) as packed:
        return _manifest(packed)


def unpack(file: Path, into: Path) -> None:
    """The database and the files of a backup, each byte checked, into an empty folder.

    A database that was copied by hand counts as a backup without files."""
    if not zipfile.is_zipfile(file):
        return _copy_of_database(file, into / DATABASE)
    with _open_zip(file) as packed:
        told = _manifest(packed)
        (into / FILES).mkdir()
        for name in packed.namelist():
            if name == DATABASE or _is_safe(name):
                packed.extract(name, into)  # checks its checksum
        with (into / DATABASE).open("rb") as database:
            if _digest(database) != told.sha256:
                raise BadZipFile("checksum")


def _copy_of_database(file: Path, to: Path) -> None:
    """Copies it with the journal that may lie beside it; writes nothing where it lies."""
    if not file.is_file():
        raise Refused(NO_SUCH, name=file.name)
    shutil.copy(file, to)
    journal = Path(f"{file}-wal")
    if journal.is_file():
        shutil.copy(journal, f"{to}-wal")
    try:
        with closing(sqlite3.connect(to)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise Refused(NOT_OURS, name=file.name, reason=error) from error


def _is_safe(name: str) -> bool:
    """Whether the name is one under `files/`, and does not lead out of it again."""
    parts = PurePosixPath(name).parts
    return name.startswith(FILES) and ".." not in parts and "\\" not in name


@contextmanager
def _open_zip(file: Path) -> Iterator[ZipFile]:
    if not file.is_file():
        raise Refused(NO_SUCH, name=file.name)
    try:
        with ZipFile(file) as packed:
            yield packed
    except UNREADABLE as error:
        raise Refused(NOT_OURS, name=file.name, reason=error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise Refused(NOT_OURS, name=file.name, reason="offset") from error


def _manifest(packed: ZipFile) -> Manifest:
    if packed.getinfo(MANIFEST).file_size > SMALLEST * 1000:
        raise BadZipFile("manifest")
    told = json.loads(packed.read(MANIFEST))
    newest = told["newest"] and datetime.fromisoformat(told["newest"])
    contents = Contents(told["school"], tuple(told["steps"]), told["counts"], newest)
    return Manifest(told["program"], contents, told["sha256"])


def _as_json(told: Manifest) -> str:
    newest = told.contents.newest
    fields = {**told.contents._asdict(), "newest": newest and newest.isoformat(" ")}
    fields |= {"program": told.program, "sha256": told.sha256}
    return json.dumps(fields, ensure_ascii=False, indent=1)


def _digest(opened: IO[bytes]) -> str:
    made = sha256()
    while chunk := opened.read(CHUNK):
        made.update(chunk)
    return made.hexdigest()


def _column(opened: sqlite3.Connection, query: str) -> list[str]:
    return [value for (value,) in opened.execute(query).fetchall()]
