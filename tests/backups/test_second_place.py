"""The second place: it may come and go, and nothing is written to what is not ours."""

import shutil
from datetime import timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.backups import archive, making, second_place
from liushou_web.backups.rules.retention import BackupKind
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused

DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path, migrated):
    (tmp_path / "data").mkdir()
    made = Paths(tmp_path / "data" / "liushou.db")
    shutil.copy(migrated, made.database)
    making.make(made, BackupKind.DAILY, MONDAY_4PM)
    return made


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "U 盤"
    place.mkdir()
    return place


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_backup_reaches_the_second_place(home, stick):
    second_place.claim(home, str(stick))

    looked = second_place.fill(home, MONDAY_4PM)

    assert (looked.trouble, [each.name for each in looked.backups]) == (
        None,
        ["20261123-160000-daily.zip"],
    )
    archive.verify(stick / second_place.FOLDER / "20261123-160000-daily.zip")
    assert second_place.setting(home).reached == "20261123-160000-daily.zip"
    assert names(stick) == [second_place.MARKER, second_place.FOLDER]


def test_what_is_there_already_is_not_copied_again(home, stick):
    second_place.claim(home, str(stick))
    second_place.fill(home, MONDAY_4PM)
    file = stick / second_place.FOLDER / "20261123-160000-daily.zip"
    before = file.stat().st_mtime_ns

    second_place.fill(home, MONDAY_4PM)

    assert file.stat().st_mtime_ns == before


def test_old_ones_are_thrown_away_there_too(home, stick):
    second_place.claim(home, str(stick))
    for day in range(1, 12):
        making.make(home, BackupKind.DAILY, MONDAY_4PM + day * DAY)
        second_place.fill(home, MONDAY_4PM + day * DAY)

    assert len(making.all_in(stick / second_place.FOLDER)) == 7


def test_a_place_that_is_gone_does_no_harm_and_is_filled_when_it_comes_back(home, stick):
    second_place.claim(home, str(stick))
    away = stick.rename(stick.with_name("away"))

    assert second_place.fill(home, MONDAY_4PM).trouble.sentence == second_place.ABSENT
    assert not stick.exists()

    away.rename(stick)
    assert second_place.fill(home, MONDAY_4PM).trouble is None


def test_nothing_is_written_to_an_empty_mount_point(home, stick):
    second_place.claim(home, str(stick))
    stick.rename(stick.with_name("away"))
    stick.mkdir()

    assert second_place.fill(home, MONDAY_4PM).trouble.sentence == second_place.NOT_OURS
    assert names(stick) == []


def test_nothing_is_written_to_the_stick_of_another_school(home, stick):
    second_place.claim(home, str(stick))
    (stick / second_place.MARKER).write_text("another mark\n", "utf-8")

    assert second_place.fill(home, MONDAY_4PM).trouble.sentence == second_place.NOT_OURS
    assert names(stick / second_place.FOLDER) == []


def test_a_fault_while_copying_leaves_the_older_ones_and_no_half(home, stick, monkeypatch):
    second_place.claim(home, str(stick))
    second_place.fill(home, MONDAY_4PM)
    making.make(home, BackupKind.MANUAL, MONDAY_4PM + DAY)

    def full(source, target):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(second_place.shutil, "copyfile", full)
    looked = second_place.fill(home, MONDAY_4PM + DAY)

    assert str(looked.trouble) == "沒有複製到第二處（磁盤空間不夠）。"
    assert names(stick / second_place.FOLDER) == ["20261123-160000-daily.zip"]


def test_a_marked_place_keeps_its_mark_when_it_is_set_again(home, stick):
    first = second_place.claim(home, str(stick))

    assert second_place.claim(home, str(stick)).mark == first.mark


def test_a_place_that_is_forgotten_is_left_as_it_is(home, stick):
    second_place.claim(home, str(stick))
    second_place.fill(home, MONDAY_4PM)

    second_place.forget(home)

    assert (second_place.setting(home), second_place.fill(home, MONDAY_4PM)) == (None, None)
    assert second_place.last_look(home) is None
    assert names(stick / second_place.FOLDER) == ["20261123-160000-daily.zip"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("relative/path", "完整的路徑"),
        ("", "完整的路徑"),
        ("{tmp}/nowhere", "找不到"),
        ("{tmp}/data", "不能在數據文件夾裏面"),
        ("{tmp}/data/backups", "不能在數據文件夾裏面"),
    ],
)
def test_an_impossible_place_is_refused(home, tmp_path, path, words):
    with pytest.raises(Refused, match=words):
        second_place.claim(home, path.format(tmp=tmp_path))

    assert second_place.setting(home) is None


def test_a_setting_that_cannot_be_read_is_none(home):
    (home.folder / second_place.SETTING).write_text("{", "utf-8")

    assert second_place.setting(home) is None
