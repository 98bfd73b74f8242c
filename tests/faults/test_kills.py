"""Killed in the middle of a backup, a restore or a migration: done, or not begun."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from kit import MONDAY_4PM

import liushou_web
from liushou_web.backups import archive, making, restoring
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db, migrate
from liushou_web.db.paths import Paths
from liushou_web.serve.data_folder import DataFolder

ROOT = Path(liushou_web.__file__).parent.parent
KILLS = 10
LARGE = 6_000  # rows, so that each deed takes long enough to be killed in its middle

BEGIN = """
import os, sys
from datetime import datetime
from pathlib import Path
from liushou_web.actor import CONSOLE
from liushou_web.backups import making, restoring
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import migrate
from liushou_web.serve.data_folder import DataFolder

folder = DataFolder(Path(sys.argv[1]))
now = datetime(2026, 11, 24, 8, 0)

def die(*_, **__):
    os.kill(os.getpid(), 9)

print("go", flush=True)
"""
BACK_UP = BEGIN + "making.make(folder.paths, BackupKind.MANUAL, now)"
RESTORE = BEGIN + "restoring.restore(folder.paths, Path(sys.argv[2]), by=CONSOLE, at=now)"
MIGRATE = BEGIN + "migrate.FOLDER = Path(sys.argv[2])\nfolder.ready(now)"


def started(script, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert process.stdout.readline() == b"go\n"
    return process


def seconds_of(script, *arguments):
    with started(script, *arguments) as process:
        begins = time.monotonic()
        assert process.wait(timeout=60) == 0
        return time.monotonic() - begins


def killed_after(seconds, script, *arguments):
    with started(script, *arguments) as process:
        time.sleep(seconds)
        process.kill()


def room_of(database):
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (name,) = opened.execute("SELECT name FROM room").fetchone()
        return name


def write(database, room, rows=0):
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("DELETE FROM room")
        opened.execute("INSERT INTO room (name, retired) VALUES (?, 0)", (room,))
        opened.executemany(
            "INSERT INTO trail (at, address, deed, subject, detail)"
            " VALUES ('2026-11-23 16:00:00', '', 'test', '', ?)",
            ((f"{n} " + "行" * 100,) for n in range(rows)),
        )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory, migrated):
    """A folder as of today, with a backup of long ago that is quite different."""
    home = Paths(tmp_path_factory.mktemp("pristine") / "liushou.db")
    shutil.copy(migrated, home.database)
    write(home.database, "從前", LARGE)
    home.files.mkdir()
    (home.files / "photo.jpg").write_bytes("從前".encode())
    made = making.make(home, BackupKind.TERM, MONDAY_4PM)
    write(home.database, "現在", LARGE // 2)
    (home.files / "photo.jpg").write_bytes("現在".encode())
    return home.folder, made.name


@pytest.fixture
def fresh(pristine, tmp_path):
    """A copy of that folder, anew at each call; the copy before it is thrown away."""
    count = 0

    def copy():
        nonlocal count
        shutil.rmtree(tmp_path / f"data{count}", ignore_errors=True)
        count += 1
        place = tmp_path / f"data{count}"
        shutil.copytree(pristine[0], place)
        return DataFolder(place)

    yield copy
    db.close()


def test_a_killed_backup_was_never_begun_or_is_good(fresh):
    folder = fresh()
    whole = seconds_of(BACK_UP, folder.path)
    finished = len(making.all_in(folder.backups))

    for n in range(KILLS):
        killed_after(whole * n / KILLS, BACK_UP, folder.path)

        for each in making.all_in(folder.backups):
            archive.verify(folder.backups / each.name)
        assert room_of(folder.database) == "現在"

    making.make(folder.paths, BackupKind.MANUAL, MONDAY_4PM)
    assert finished == 2
    assert not list(folder.backups.glob("*.part*"))


def state_after_a_start(folder):
    """The room and the photo, after the next start has put right what was left."""
    folder.ready(MONDAY_4PM)
    db.close()
    photo = (folder.paths.files / "photo.jpg").read_text("utf-8")
    left = [path.name for path in folder.path.glob("re[sp]*")]
    return room_of(folder.database), photo, left


OLD, NEW = ("現在", "現在", []), ("從前", "從前", [])


def test_a_killed_restore_is_done_or_not_begun(fresh, pristine):
    backup = pristine[0] / "backups" / pristine[1]
    folder = fresh()
    whole = seconds_of(RESTORE, folder.path, backup)
    assert state_after_a_start(folder) == NEW

    for n in range(KILLS):
        folder = fresh()
        killed_after(whole * n / KILLS, RESTORE, folder.path, backup)

        assert state_after_a_start(folder) in (OLD, NEW)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("restoring._sign = die", OLD),  # everything is ready, nothing is begun
        ("restoring.take_in = die", OLD),  # the files are at hand, the database is not
        ("restoring.finish = die", NEW),  # the database is in, the files are not
        ("restoring.settle_folder = die", NEW),  # they are, but nothing is tidied up
        (
            "Path.replace = lambda a, b, keep=Path.replace: "
            "die() if 'restored-' in a.name else keep(a, b)",
            NEW,  # between taking the old files away and putting the new ones there
        ),
    ],
    ids=["before", "files-ready", "database-in", "files-in", "between"],
)
def test_a_restore_killed_at_its_worst_moments(fresh, pristine, step, expected):
    script = RESTORE.replace('print("go"', f'{step}\nprint("go"')
    folder = fresh()

    with started(script, folder.path, pristine[0] / "backups" / pristine[1]) as process:
        assert process.wait(timeout=60) == -9

    assert state_after_a_start(folder) == expected


@pytest.fixture
def steps(tmp_path):
    """The migrations of a later program: one more, which takes a while."""
    folder = tmp_path / "steps"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "9001_later.py").write_text(
        "def up(migrator, db):\n"
        "    for n in range(20):\n"
        "        db.execute_sql(f'CREATE TABLE later{n} AS SELECT * FROM trail')\n",
        "utf-8",
    )
    return folder


def later_tables(folder):
    with closing(sqlite3.connect(folder.database)) as opened:
        query = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'later%'"
        told = "SELECT count(*) FROM schema_migration WHERE name = '9001_later'"
        return opened.execute(query).fetchone()[0], opened.execute(told).fetchone()[0]


def test_a_killed_migration_is_done_or_not_begun_and_goes_on(fresh, steps, monkeypatch):
    folder = fresh()
    whole = seconds_of(MIGRATE, folder.path, steps)
    assert later_tables(folder) == (20, 1)

    for n in range(KILLS):
        folder = fresh()
        killed_after(whole * n / KILLS, MIGRATE, folder.path, steps)

        assert later_tables(folder) in ((0, 0), (20, 1))
        assert room_of(folder.database) == "現在"

    monkeypatch.setattr(migrate, "FOLDER", steps)
    folder.ready(MONDAY_4PM)
    assert later_tables(folder) == (20, 1)


def test_no_step_of_a_migration_begins_before_its_backup_is_good(fresh, steps):
    script = MIGRATE.replace('print("go"', 'migrate.migrate = die\nprint("go"')
    folder = fresh()

    with started(script, folder.path, steps) as process:
        assert process.wait(timeout=60) == -9

    newest = making.all_in(folder.backups)[0]
    told = archive.verify(folder.backups / newest.name)
    assert (newest.kind, later_tables(folder)) == (BackupKind.UPGRADE, (0, 0))
    assert told.contents.counts["trail"] == LARGE + LARGE // 2


def test_restoring_is_still_possible_after_a_kill(fresh, pristine):
    folder = fresh()
    killed_after(0.2, RESTORE, folder.path, pristine[0] / "backups" / pristine[1])

    with started(RESTORE, folder.path, pristine[0] / "backups" / pristine[1]) as process:
        assert process.wait(timeout=60) == 0

    assert state_after_a_start(folder) == NEW
    assert restoring.rehearse(folder.paths, folder.backups / pristine[1]).school == ""
