"""The data folder: one process, one key, nothing overwritten, nothing migrated unsaved."""

import shutil
import sqlite3
import stat
from contextlib import closing

import pytest
from kit import MONDAY_4PM
from peewee import OperationalError

from liushou_web.backups import archive, making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db, migrate
from liushou_web.refusal import Refused
from liushou_web.serve import data_folder
from liushou_web.serve.data_folder import DataFolder, hold


@pytest.fixture
def folder(tmp_path, migrated):
    """A folder with a database of ours, made by an earlier start."""
    shutil.copy(migrated, tmp_path / "liushou.db")
    yield DataFolder(tmp_path)
    db.close()


def contents(path):
    return {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}


def test_an_empty_folder_gets_a_database(tmp_path):
    with hold(tmp_path / "數據 1") as folder:
        assert folder.ready(MONDAY_4PM) == []
        data_folder.check_file(folder.database)


def test_a_first_start_that_was_cut_short_is_begun_again(tmp_path):
    (tmp_path / "new.db").write_bytes(b"half of a database")

    DataFolder(tmp_path).ready(MONDAY_4PM)

    data_folder.check_file(tmp_path / "liushou.db")


def test_the_secret_key_is_made_once_and_only_the_owner_reads_it(tmp_path):
    key = DataFolder(tmp_path).secret_key()

    assert DataFolder(tmp_path).secret_key() == key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path):
    DataFolder(tmp_path).secret_key()
    (tmp_path / "secret-key").chmod(0o644)

    DataFolder(tmp_path).secret_key()

    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_folder_in_use_is_refused(tmp_path):
    with (
        hold(tmp_path),
        pytest.raises(Refused, match="正在被另一個本程序使用"),
        hold(tmp_path),
    ):
        pass


def test_a_folder_is_free_again_afterwards(tmp_path):
    with hold(tmp_path):
        pass

    with hold(tmp_path) as folder:
        assert folder.path == tmp_path


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Refused, match="不能寫入"), hold(tmp_path / "file" / "data"):
        pass


def test_a_share_of_another_computer_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "_is_remote", lambda _: True)

    with pytest.raises(Refused, match="網絡共享盤"), hold(tmp_path):
        pass


def empty(file):
    file.write_bytes(b"")


def text(file):
    file.write_text("留守兒童之家", "utf-8")


def noise(file):
    file.write_bytes(bytes(range(256)) * 400)


def noisy_header(file):
    whole = bytearray(file.read_bytes())
    whole[16:100] = b"\xff" * 84
    file.write_bytes(whole)


def half(file):
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def zeroed_page(file):
    whole = bytearray(file.read_bytes())
    whole[4096:8192] = bytes(4096)
    file.write_bytes(whole)


def others(file):
    file.unlink()
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE theirs (a)")


def without_tables(file):
    file.unlink()
    with closing(sqlite3.connect(file)) as made:
        made.execute("VACUUM")


def folder_instead(file):
    file.unlink()
    file.mkdir()


def journal_of_another(file):
    other = file.with_name("other.db")
    with closing(sqlite3.connect(other)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE theirs (a)")
        shutil.copy(f"{other}-wal", f"{file}-wal")
    other.unlink()


DAMAGE = [
    empty,
    text,
    noise,
    noisy_header,
    half,
    zeroed_page,
    others,
    without_tables,
    folder_instead,
    journal_of_another,
]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_or_foreign_database_is_refused_and_left_alone(folder, damage):
    damage(folder.database)
    before = contents(folder.path)

    with pytest.raises(Refused, match="已損壞或不是本程序的數據"):
        folder.ready(MONDAY_4PM)

    assert contents(folder.path) == before


def test_the_refusal_names_the_newest_backup(folder):
    making.make(folder.paths, BackupKind.DAILY, MONDAY_4PM)
    newest = making.make(folder.paths, BackupKind.MANUAL, MONDAY_4PM.replace(hour=17))
    empty(folder.database)

    with pytest.raises(Refused, match=newest.name):
        folder.ready(MONDAY_4PM)


def test_a_database_that_went_missing_is_not_made_anew(folder):
    making.make(folder.paths, BackupKind.DAILY, MONDAY_4PM)
    folder.database.unlink()

    with pytest.raises(Refused, match="不見了"):
        folder.ready(MONDAY_4PM)

    assert not folder.database.exists()


def test_what_a_crash_left_in_the_journal_is_kept(folder, tmp_path):
    with closing(sqlite3.connect(folder.database)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("INSERT INTO room (name, retired) VALUES ('活動室', 0)")
        running.commit()
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for suffix in ("", "-wal"):
            shutil.copy(f"{folder.database}{suffix}", crashed)

    DataFolder(crashed).ready(MONDAY_4PM)

    with closing(sqlite3.connect(crashed / "liushou.db")) as opened:
        assert opened.execute("SELECT name FROM room").fetchall() == [("活動室",)]


def test_a_newer_database_is_refused(folder):
    with closing(sqlite3.connect(folder.database)) as made:
        made.execute(
            "INSERT INTO schema_migration VALUES (9999, '9999_of_the_future', 'x')"
        )
        made.commit()

    with pytest.raises(Refused, match="更新版本的程序"):
        folder.ready(MONDAY_4PM)


@pytest.fixture
def second_step(tmp_path_factory, monkeypatch):
    """A later version of the program, with one more step of migration."""

    def ship(body):
        steps = tmp_path_factory.mktemp("steps")
        for step in migrate.FOLDER.glob("*.py"):
            shutil.copy(step, steps)
        (steps / "9001_second.py").write_text(
            f"def up(migrator, db):\n    {body}\n", "utf-8"
        )
        monkeypatch.setattr(migrate, "FOLDER", steps)

    return ship


def test_a_migration_begins_with_a_backup(folder, second_step):
    second_step("db.execute_sql('CREATE TABLE second (id INTEGER)')")

    assert folder.ready(MONDAY_4PM) == ["9001_second"]

    (backup,) = folder.backups.iterdir()
    assert backup.name == "20261123-160000-before-upgrade.zip"
    told = archive.verify(backup).contents
    assert "second" in tables(folder.database)
    assert "second" not in told.counts


def test_a_migration_that_fails_changes_nothing(folder, second_step):
    second_step(
        "db.execute_sql('CREATE TABLE second (id INTEGER)'); db.execute_sql('oops')"
    )

    with pytest.raises(OperationalError, match="oops"):
        folder.ready(MONDAY_4PM)

    assert "second" not in tables(folder.database)


def tables(file):
    with closing(sqlite3.connect(file)) as opened:
        rows = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def test_a_start_without_a_pending_step_makes_no_backup(folder):
    folder.ready(MONDAY_4PM)

    assert not folder.backups.exists()


def test_a_demo_never_opens_real_data(folder):
    with pytest.raises(Refused, match="真實數據"), hold(folder.path, demo=True):
        pass


def test_demo_data_is_never_taken_for_real(folder):
    (folder.path / "demo").touch()

    with pytest.raises(Refused, match="演示數據"), hold(folder.path):
        pass


def test_the_usual_folder_is_beside_the_source_or_where_it_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("LIUSHOU_DATA", raising=False)
    beside = data_folder.SOURCE
    assert (data_folder.usual_path(), data_folder.usual_path(demo=True)) == (
        beside / "data",
        beside / "demo-data",
    )

    monkeypatch.setenv("LIUSHOU_DATA", str(tmp_path))
    assert data_folder.usual_path() == tmp_path
    assert data_folder.usual_path(demo=True) == beside / "demo-data"
