"""Restoring brings everything back, or changes nothing; rehearsing changes nothing."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta

import make
import pytest
from kit import FIXTURES, MONDAY_4PM

from liushou_web.actor import CONSOLE
from liushou_web.backups import making, restoring
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db, migrate
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused
from liushou_web.schema import Child, LoginSession, Room, Trail
from liushou_web.school.store import logins
from liushou_web.serve.data_folder import DataFolder

FIRST = FIXTURES / "schema-0001.db"
RELEASED = sorted(FIXTURES.glob("schema-*.db"))  # one of each schema that schools have had
LATER = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def home(store, database):
    make.school()
    return Paths(database)


@pytest.fixture
def backup(home):
    """A backup from Monday: one room, one photo."""
    make.room("週一的房間")
    photo(home, "monday.jpg", b"Monday")
    return home.backups / making.make(home, BackupKind.DAILY, MONDAY_4PM).name


def photo(home, name, content):
    home.files.mkdir(exist_ok=True)
    (home.files / name).write_bytes(content)


def rooms():
    return [room.name for room in Room.select()]


def leftovers(home):
    known = {"liushou.db", "liushou.db-wal", "liushou.db-shm", "backups", "files"}
    return {path.name for path in home.folder.iterdir()} - known


def test_restoring_brings_back_the_database_and_the_files(home, backup):
    make.room("週二的房間")
    photo(home, "tuesday.jpg", b"Tuesday")
    photo(home, "monday.jpg", b"overwritten")

    saved = restoring.restore(home, backup, by=CONSOLE, at=LATER)

    assert rooms() == ["週一的房間"]
    assert {file.name: file.read_bytes() for file in home.files.iterdir()} == {
        "monday.jpg": b"Monday"
    }
    assert saved.name == "20261124-160000-before-restore.zip"
    assert leftovers(home) == set()


def test_the_present_state_is_saved_first_and_can_be_restored_in_turn(home, backup):
    make.room("週二的房間")
    photo(home, "tuesday.jpg", b"Tuesday")
    saved = restoring.restore(home, backup, by=CONSOLE, at=LATER)

    restoring.restore(home, home.backups / saved.name, by=CONSOLE, at=LATER)

    assert rooms() == ["週一的房間", "週二的房間"]
    assert (home.files / "tuesday.jpg").read_bytes() == b"Tuesday"


def test_after_restoring_everybody_has_to_log_in_again(home):
    person = make.staff(roles=("admin",))
    token = logins.begin(person, address="192.168.1.20", at=MONDAY_4PM)
    made = making.make(home, BackupKind.DAILY, MONDAY_4PM)

    restoring.restore(home, home.backups / made.name, by=make.actor(person), at=MONDAY_4PM)

    assert logins.staff_of(token, at=MONDAY_4PM) is None
    assert LoginSession.get().ended_at == MONDAY_4PM


def test_the_trail_tells_who_restored_what(home):
    person = make.staff("王主任", roles=("admin",))
    file = home.backups / making.make(home, BackupKind.DAILY, MONDAY_4PM).name

    restoring.restore(home, file, by=make.actor(person), at=LATER)

    line = Trail.get(Trail.deed == "backup.restore")
    assert (line.at, line.staff_id, line.address, line.detail) == (
        LATER,
        person.id,
        "192.168.1.20",
        f"{file.name}（王主任）",
    )


def test_whoever_is_not_in_the_backup_is_named_all_the_same(home, backup):
    newcomer = make.staff("新來的")

    restoring.restore(home, backup, by=make.actor(newcomer), at=LATER)

    line = Trail.get(Trail.deed == "backup.restore")
    assert (line.staff_id, line.detail) == (None, f"{backup.name}（新來的）")


def test_other_threads_see_all_of_the_old_or_all_of_the_new(home, backup):
    with db.atomic():
        Room.delete().execute()
        for n in range(500):
            make.room(f"新房間{n}")
    counts, done = set(), threading.Event()

    def read():
        with db.connection_context():
            while not done.is_set():
                counts.add(Room.select().count())

    reader = threading.Thread(target=read)
    reader.start()
    restoring.restore(home, backup, by=CONSOLE, at=LATER)
    threading.Event().wait(0.05)
    done.set()
    reader.join()

    assert counts == {500, 1}


def test_a_write_of_another_thread_waits_and_is_not_lost(home, backup):
    """It comes before, and is in the backup made first, or after, and is in the new."""
    writer = threading.Thread(target=lambda: write("同時的房間"))

    writer.start()
    saved = restoring.restore(home, backup, by=CONSOLE, at=LATER)
    writer.join()

    now_there = rooms()
    restoring.restore(home, home.backups / saved.name, by=CONSOLE, at=LATER)
    assert "同時的房間" in now_there or "同時的房間" in rooms()


def write(name):
    with db.connection_context(), db.atomic():
        Room.create(name=name)


def test_a_disk_that_fills_up_in_the_middle_changes_nothing(home, backup, monkeypatch):
    make.room("週二的房間")
    photo(home, "tuesday.jpg", b"Tuesday")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "take_in", full)
    with pytest.raises(Refused, match="沒有恢復（磁盤空間不夠）"):
        restoring.restore(home, backup, by=CONSOLE, at=LATER)

    assert rooms() == ["週一的房間", "週二的房間"]
    assert len(list(home.files.iterdir())) == 2
    assert leftovers(home) == set()


def test_what_a_kill_left_is_tidied_up_at_the_next_start(home):
    for name in ("restoring-abc", "replaced-restored-7", "check-xyz", "restored-9"):
        (home.folder / name).mkdir()
        (home.folder / name / "half").touch()

    restoring.tidy(home)

    assert leftovers(home) == set()


def test_a_rehearsal_touches_nothing(home, backup):
    make.room("週二的房間")
    before = {path.name for path in home.folder.iterdir()}

    told = restoring.rehearse(home, backup)

    assert (told.school, told.counts["room"]) == ("董崗鎮中心學校", 1)
    assert rooms() == ["週一的房間", "週二的房間"]
    assert {path.name for path in home.folder.iterdir()} == before


def spoilt(file):
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)


def text(file):
    file.write_text("留守兒童之家", "utf-8")


def theirs(file):
    file.unlink()
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE theirs (a)")


def gone(file):
    file.unlink()


def loose_link(file):
    file.unlink()
    shutil.copy(FIRST, file)
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("UPDATE child SET school_class_id = 77")


def newer(file):
    file.unlink()
    shutil.copy(FIRST, file)
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("INSERT INTO schema_migration VALUES (9999, '9999_of_the_future', '')")


def restore(home, file):
    restoring.restore(home, file, by=CONSOLE, at=LATER)


@pytest.mark.parametrize("deed", [restoring.rehearse, restore])
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (spoilt, "不是完好的備份"),
        (text, "不是完好的備份"),
        (theirs, "不是完好的備份"),
        (loose_link, "2 rows point nowhere"),
        (gone, "找不到備份"),
        (newer, "來自更新版本的程序"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_restored_is_refused_and_changes_nothing(
    home, backup, damage, words, deed
):
    damage(backup)

    with pytest.raises(Refused, match=words):
        deed(home, backup)

    assert rooms() == ["週一的房間"]
    assert leftovers(home) == set()


@pytest.fixture(params=RELEASED, ids=lambda file: file.stem)
def released(request):
    return request.param


def test_a_database_of_any_release_is_brought_up_to_date(home, released):
    restoring.restore(home, released, by=CONSOLE, at=LATER)

    assert [child.name for child in Child.select().order_by(Child.id)] == ["小明", "小紅"]
    assert (migrate.pending(), migrate.unknown()) == ([], [])


def test_a_data_folder_of_any_release_is_brought_up_to_date(tmp_path, migrated, released):
    folder = DataFolder(tmp_path)
    shutil.copy(released, folder.database)

    steps = folder.ready(datetime(2026, 12, 1, 8, 0))

    assert (steps == []) is (schema_of(released) == schema_of(migrated))
    assert schema_of(folder.database) == schema_of(migrated)
    assert [each.kind for each in making.all_in(folder.backups)] == [
        BackupKind.UPGRADE
    ] * bool(steps)


def schema_of(file):
    with closing(sqlite3.connect(file)) as opened:
        return sorted(opened.execute("SELECT name, sql FROM sqlite_master").fetchall())


def test_a_copied_database_brings_no_files_and_takes_none(home):
    photo(home, "today.jpg", b"today")

    restoring.restore(home, FIRST, by=CONSOLE, at=LATER)

    assert (home.files / "today.jpg").read_bytes() == b"today"


def test_files_of_a_restore_that_took_place_come_into_use_at_the_next_start(home, backup):
    """As if the power went between the database and the files."""
    photo(home, "tuesday.jpg", b"Tuesday")
    db.execute_sql("PRAGMA user_version = 77")
    took_place, did_not = home.folder / "restored-77", home.folder / "restored-78"
    for prepared in (took_place, did_not):
        prepared.mkdir()
        (prepared / "old.jpg").write_bytes(b"old")

    restoring.finish(home)

    assert [file.name for file in home.files.iterdir()] == ["old.jpg"]
    assert leftovers(home) == set()


def test_a_damaged_database_is_kept_aside_and_replaced(tmp_path, migrated):
    home = Paths(tmp_path / "liushou.db")
    home.database.write_bytes(b"noise")
    (tmp_path / "liushou.db-wal").write_bytes(b"more noise")

    aside = restoring.restore_over_damage(home, FIRST, by=CONSOLE, at=LATER)

    assert {file.name: file.read_bytes() for file in aside.iterdir()} == {
        "liushou.db": b"noise",
        "liushou.db-wal": b"more noise",
    }
    DataFolder(tmp_path).ready(LATER)
    assert leftovers(home) == {aside.name}


def test_a_missing_database_is_replaced(tmp_path):
    home = Paths(tmp_path / "liushou.db")

    assert restoring.restore_over_damage(home, FIRST, by=CONSOLE, at=LATER) is None

    assert DataFolder(tmp_path).ready(LATER) == []
