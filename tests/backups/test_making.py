"""A backup is finished and good, or it was never begun; and nobody waits for it."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from zipfile import ZipFile

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.backups import archive, daily, making
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db import db
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused
from liushou_web.schema import Room, Trail

DAY = timedelta(days=1)


@pytest.fixture
def home(store, database):
    """The files of a school, its database open."""
    make.school()
    return Paths(database)


def backup(home, at=MONDAY_4PM, kind=BackupKind.MANUAL, **options):
    return home.backups / making.make(home, kind, at, **options).name


def test_a_backup_holds_the_database_and_the_files(home):
    make.child("小明")
    (home.files / "photos").mkdir(parents=True)
    (home.files / "photos" / "花.jpg").write_bytes(b"a picture")
    (home.folder / "secret-key").write_text("secret", "ascii")

    file = backup(home)

    with ZipFile(file) as packed:
        assert sorted(packed.namelist()) == [
            "files/photos/",
            "files/photos/花.jpg",
            "liushou.db",
            "manifest.json",
        ]
    told = archive.verify(file)
    assert (told.contents.school, told.contents.counts["child"]) == ("董崗鎮中心學校", 1)
    assert [each.name for each in home.backups.iterdir()] == [file.name]


def test_a_photo_that_is_replaced_meanwhile_is_no_hindrance(home):
    home.files.mkdir()
    (home.files / "new.jpg").write_bytes(b"a picture")
    (home.files / "gone.jpg").symlink_to("nowhere")  # listed, and not there when read

    with ZipFile(backup(home)) as packed:
        assert sorted(packed.namelist()) == [
            "files/new.jpg",
            "liushou.db",
            "manifest.json",
        ]


def test_only_its_owner_reads_a_backup_folder(home):
    backup(home)

    assert home.backups.stat().st_mode & 0o077 == 0


def test_what_is_in_the_journal_is_in_the_backup(home):
    make.room("剛剛添加的房間")

    told = archive.verify(backup(home)).contents

    assert told.counts["room"] == 1


def test_two_in_one_second_are_two(home):
    assert backup(home) != backup(home)


def test_others_write_while_a_backup_is_made(home):
    with db.atomic():
        for n in range(300):
            make.room(f"房間{n}")
    saved = []

    def save_meanwhile():
        if len(saved) < 3:
            writer = threading.Thread(target=write)
            writer.start()
            writer.join(timeout=5)

    def write():
        with db.connection_context(), db.atomic():
            saved.append(Room.create(name=f"途中{len(saved)}").id)

    told = archive.verify(backup(home, unless=save_meanwhile)).contents

    assert len(saved) == 3
    assert told.counts["room"] == 300  # as of one moment


def test_giving_up_leaves_nothing_behind(home):
    before = backup(home)

    def stop():
        raise making.Stopped

    with pytest.raises(making.Stopped):
        backup(home, at=MONDAY_4PM + DAY, unless=stop)

    assert [each.name for each in home.backups.iterdir()] == [before.name]


def test_what_a_killed_backup_left_is_cleared_by_the_next(home):
    home.backups.mkdir()
    (home.backups / "zip.part").write_bytes(b"half of a backup")

    file = backup(home)

    assert [each.name for each in home.backups.iterdir()] == [file.name]


def test_a_half_backup_is_none(home):
    file = backup(home)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Refused, match="不是完好的備份"):
        archive.verify(file)


def test_an_index_that_points_before_the_file_is_noticed(home):
    file = backup(home)
    whole = bytearray(file.read_bytes())
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 18] ^= 0xFF  # of where the list of contents is said to begin
    file.write_bytes(whole)

    with pytest.raises(Refused, match="不是完好的備份"):
        archive.verify(file)


def test_a_flipped_byte_is_noticed_or_does_no_harm(home, tmp_path):
    file = backup(home)
    whole = file.read_bytes()
    with ZipFile(file) as packed:
        database = packed.read("liushou.db")
    refused = 0

    for place in range(0, len(whole), len(whole) // 40):
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF
        file.write_bytes(flipped)
        into = tmp_path / f"at {place}"
        into.mkdir()
        try:
            archive.unpack(file, into)
        except Refused:
            refused += 1
        else:  # it was in a date that nobody reads
            assert (into / "liushou.db").read_bytes() == database

    assert refused > 30


def test_a_database_that_is_damaged_makes_no_backup(tmp_path, migrated):
    home = Paths(tmp_path / "liushou.db")
    whole = bytearray(migrated.read_bytes())
    whole[-4096:] = b"\xff" * 4096
    home.database.write_bytes(whole)

    with pytest.raises(Refused, match="備份沒有做成"):
        backup(home)

    assert list(home.backups.iterdir()) == []


def test_no_backup_fills_the_disk_to_the_brim(home, monkeypatch):
    monkeypatch.setattr(making, "MARGIN", 10**15)

    with pytest.raises(Refused, match="磁盤空間不夠"):
        backup(home)

    assert making.all_in(home.backups) == []


def test_older_ones_are_thrown_away(home):
    for day in range(12):
        backup(home, at=MONDAY_4PM + day * DAY, kind=BackupKind.DAILY)

    kept = [each.at.day for each in making.all_in(home.backups)]

    assert kept == [4, 3, 2, 1, 30, 29, 28]


def test_the_day_gets_its_backup_once_and_the_trail_tells(home):
    for hours in (0, 1, 23, 24, 25):
        daily.look(home, MONDAY_4PM + timedelta(hours=hours))

    names = [each.name for each in making.all_in(home.backups)]
    assert names == ["20261124-160000-daily.zip", "20261123-160000-daily.zip"]
    told = [(row.deed, row.address, row.detail) for row in Trail.select()]
    assert told == [
        ("backup.make", "program", names[1]),
        ("backup.rehearse", "program", names[1]),
        ("backup.make", "program", names[0]),
    ]


def test_the_end_of_a_term_gets_one_that_stays(home):
    term = make.term(last_day=MONDAY_4PM.date() - DAY)
    daily.look(home, MONDAY_4PM)
    daily.look(home, MONDAY_4PM + timedelta(hours=1))

    assert term.last_day < MONDAY_4PM.date()
    assert [each.kind for each in making.all_in(home.backups)] == [BackupKind.TERM]


def test_an_installation_without_a_school_needs_no_backup(store, database):
    daily.look(Paths(database), MONDAY_4PM)

    assert not Paths(database).backups.exists()


def test_a_failed_daily_backup_is_remembered_until_one_is_made(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(making, "MARGIN", 10**15)
        daily.look(home, MONDAY_4PM)
    assert [str(refusal) for refusal in daily.failed] == [making.NO_ROOM]

    daily.look(home, MONDAY_4PM)

    assert daily.failed == []


def rehearsed():
    deed = Trail.deed == "backup.rehearse"
    return [(row.at, row.detail) for row in Trail.select().where(deed)]


def test_the_newest_backup_is_tried_by_itself_each_week(home):
    for day in range(9):
        daily.look(home, MONDAY_4PM + day * DAY)

    assert rehearsed() == [
        (MONDAY_4PM, "20261123-160000-daily.zip"),
        (MONDAY_4PM + 7 * DAY, "20261130-160000-daily.zip"),
    ]
    assert [path.name for path in home.folder.glob("restoring-*")] == []


def test_a_backup_that_cannot_be_restored_is_told_until_there_is_a_good_one(home):
    spoilt = backup(home, at=MONDAY_4PM - timedelta(hours=1), kind=BackupKind.DAILY)
    spoilt.write_bytes(spoilt.read_bytes()[:-400])

    daily.look(home, MONDAY_4PM)
    assert ["不是完好的備份" in str(why) for why in daily.failed] == [True]
    assert rehearsed() == []

    daily.look(home, MONDAY_4PM + DAY)
    assert daily.failed == []
    assert rehearsed() == [(MONDAY_4PM + DAY, "20261124-160000-daily.zip")]


def test_the_keeper_makes_one_at_the_start_and_ends_when_told(home):
    keeper = daily.Keeper(home)
    keeper.start()
    for _ in range(100):
        if making.all_in(home.backups):
            break
        threading.Event().wait(0.05)

    keeper.end()

    assert not keeper.is_alive()
    assert len(making.all_in(home.backups)) == 1


def test_a_backup_of_the_database_opens_with_sqlite_alone(home, tmp_path):
    make.room()
    with ZipFile(backup(home)) as packed:
        packed.extract("liushou.db", tmp_path / "elsewhere")

    with closing(sqlite3.connect(tmp_path / "elsewhere" / "liushou.db")) as opened:
        assert opened.execute("SELECT name FROM room").fetchall() == [("活動室",)]
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("delete",)
