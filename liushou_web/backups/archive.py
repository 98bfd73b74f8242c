"""One backup is one .zip: the database, the files beside it, and what is in them."""

from __future__ import annotations

import errno
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from peewee import fn

from liushou_web.db import database_file
from liushou_web.db.database_file import Connection, Damaged
from liushou_web.refusal import Refused
from liushou_web.schema import School, Trail

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


def contents_of(opened: Connection) -> Contents:
    """What one of our databases holds, through any connection to it."""
    names = database_file.run(opened, School.select(School.name))
    name = names[0][0] if names else ""
    counts = database_file.row_counts(opened)
    return Contents(name, database_file.migrations(opened), counts, newest_line(opened))


def newest_line(opened: Connection) -> datetime | None:
    """When the last line of the trail was written."""
    ((last,),) = database_file.run(opened, Trail.select(fn.MAX(Trail.at)))
    return datetime.fromisoformat(last) if last else None


def check_file(file: Path, *, thorough: bool = False) -> None:
    """Raises `Damaged` unless the file is whole and holds our tables."""
    with database_file.opened(file) as opened:
        told = database_file.fault(opened, thorough=thorough)
        if told != "ok":
            raise Damaged(told)
    check_ours(file)


def check_ours(file: Path) -> None:
    """Raises `Damaged` unless the file is a database with our tables."""
    with database_file.opened(file) as opened:
        if OURS - database_file.tables(opened):
            raise Damaged("its tables are not ours")


def check_whole(file: Path) -> Contents:
    """What is in the file; raises `Damaged` unless every row and link of it is whole."""
    check_file(file, thorough=True)
    with database_file.opened(file) as opened:
        if broken := database_file.broken_links(opened):
            raise Damaged(f"{broken} rows point nowhere")
        return contents_of(opened)


def pack(database: Path, beside: Path, into: Path, program: str) -> None:
    """Writes the .zip, then reads it again: what cannot be read back is no backup."""
    with database.open("rb") as opened:
        digest = _digest(opened)
    with database_file.opened(database) as opened_database:
        manifest = Manifest(program, contents_of(opened_database), digest)
    with ZipFile(into, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(MANIFEST, _as_json(manifest))
        packed.write(database, DATABASE)
        for file in sorted(beside.rglob("*")) if beside.is_dir() else ():
            with suppress(FileNotFoundError):  # replaced by another meanwhile
                packed.write(file, FILES + file.relative_to(beside).as_posix(), ZIP_STORED)
        packed.comment = b"liushou backup"
    verify(into)


def verify(file: Path) -> Manifest:
    """Reads the whole .zip; refuses unless each byte is as it was written."""
    with _open_zip(file) as packed:
        manifest = _manifest(packed)
        for name in packed.namelist():
            with packed.open(name) as member:  # reading to the end checks its checksum
                if _digest(member) != manifest.sha256 and name == DATABASE:
                    raise BadZipFile("checksum")
        return manifest


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
        manifest = _manifest(packed)
        (into / FILES).mkdir()
        for name in packed.namelist():
            if name == DATABASE or _is_safe(name):
                packed.extract(name, into)  # checks its checksum
        with (into / DATABASE).open("rb") as database:
            if _digest(database) != manifest.sha256:
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
        with database_file.opened(to) as opened:
            database_file.without_journal(opened)
    except Damaged as error:
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
    manifest = json.loads(packed.read(MANIFEST))
    newest = manifest["newest"] and datetime.fromisoformat(manifest["newest"])
    contents = Contents(
        manifest["school"], tuple(manifest["steps"]), manifest["counts"], newest
    )
    return Manifest(manifest["program"], contents, manifest["sha256"])


def _as_json(manifest: Manifest) -> str:
    newest = manifest.contents.newest
    fields = {**manifest.contents._asdict(), "newest": newest and newest.isoformat(" ")}
    fields |= {"program": manifest.program, "sha256": manifest.sha256}
    return json.dumps(fields, ensure_ascii=False, indent=1)


def _digest(opened: IO[bytes]) -> str:
    made = sha256()
    while chunk := opened.read(CHUNK):
        made.update(chunk)
    return made.hexdigest()
