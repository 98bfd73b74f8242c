"""backup, rehearse, restore and check, as they are typed."""

import io
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from kit import FIXTURES, MONDAY_4PM

from liushou_web.__main__ import main
from liushou_web.backups import making, second_place
from liushou_web.db import db
from liushou_web.db.paths import Paths
from liushou_web.serve.data_folder import hold

FIRST = FIXTURES / "schema-0001.db"


@pytest.fixture
def home(tmp_path, at):
    """A folder of the first release, on a Monday afternoon."""
    at(MONDAY_4PM)
    (tmp_path / "data").mkdir()
    made = Paths(tmp_path / "data" / "liushou.db")
    shutil.copy(FIRST, made.database)
    return made


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs a command on that folder: its code, what it printed, what it complained of."""

    def command(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*arguments, "--data", str(tmp_path / "data")])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield command
    second_place.seen.clear()
    db.close()


def children(home):
    with closing(sqlite3.connect(home.database)) as opened:
        return opened.execute("SELECT count(*) FROM child").fetchone()[0]


def lose_everything(home):
    with closing(sqlite3.connect(home.database)) as opened, opened:
        for table in ("attendance", "child_file", "child"):
            opened.execute(f"DELETE FROM {table}")


@pytest.fixture
def backup(home, run):
    run("backup")
    return making.all_in(home.backups)[0]


def test_backup_makes_one_and_says_where(home, run):
    code, said, _ = run("backup")

    made = home.backups / making.all_in(home.backups)[0].name
    assert (code, said) == (0, f"備份已做好：{made}\n")
    assert made.name == "20261123-160000-manual.zip"


def test_backup_fills_the_second_place_too(home, run, tmp_path):
    (tmp_path / "stick").mkdir()
    second_place.claim(home, str(tmp_path / "stick"))

    assert run("backup")[1].splitlines()[-1] == "也已複製到第二處。"

    (tmp_path / "stick" / second_place.MARKER).unlink()
    assert run("backup")[1].splitlines()[-1] == second_place.NOT_OURS


def test_backup_can_be_rehearsed_at_once(home, run):
    code, said, _ = run("backup", "--rehearse")

    assert code == 0
    assert "  學生：2\n" in said
    assert said.splitlines()[-1].startswith("演練通過")


def test_rehearse_tries_the_newest_while_the_server_runs(home, run, backup):
    with hold(home.folder):
        code, said, _ = run("rehearse")

    assert (code, said.splitlines()[0]) == (0, "備份：2026-11-23 16:00（手動）")
    assert "最後一條記錄到現在：" in said


def test_rehearse_without_a_backup_says_so(home, run):
    code, said, complaint = run("rehearse")

    assert (code, said, complaint) == (1, "", f"「{home.backups}」裏沒有備份。\n")


@pytest.mark.parametrize("typed", ["恢復\n", "恢复\n"])
def test_restore_shows_asks_and_restores(home, run, backup, typed):
    lose_everything(home)

    code, said, _ = run("restore", backup.name, typed=typed)

    assert (code, children(home)) == (0, 2)
    assert "  學校：董崗鎮中心學校\n" in said
    assert "原來的數據已備份：" in said
    assert said.splitlines()[-1] == "恢復好了。所有人都要重新登錄。"


@pytest.mark.parametrize("typed", ["", "no\n"])
def test_restore_without_the_word_changes_nothing(home, run, backup, typed):
    lose_everything(home)

    code, _, complaint = run("restore", backup.name, typed=typed)

    assert (code, children(home)) == (1, 0)
    assert complaint.startswith("沒有恢復：")


def test_restore_takes_a_file_from_anywhere(home, run, backup, tmp_path):
    elsewhere = tmp_path / "U 盤.zip"
    shutil.copy(home.backups / backup.name, elsewhere)
    lose_everything(home)

    assert run("restore", str(elsewhere), "--yes")[0] == 0

    assert children(home) == 2


def test_restore_into_a_new_computer(home, run, backup, tmp_path):
    stick = tmp_path / backup.name
    shutil.move(home.backups / backup.name, stick)
    shutil.rmtree(home.folder)

    code, said, _ = run("restore", str(stick), "--yes")

    assert (code, children(home)) == (0, 2)
    assert "原來沒有數據。" in said


def test_restore_over_a_damaged_database_keeps_it_aside(home, run, backup):
    home.database.write_bytes(b"noise")

    code, said, _ = run("restore", backup.name, "--yes")

    assert (code, children(home)) == (0, 2)
    aside = home.folder / "damaged-20261123-160000"
    assert f"留底在：{aside}" in said
    assert (aside / "liushou.db").read_bytes() == b"noise"


def test_restore_while_the_server_runs_is_refused(home, run, backup):
    with hold(home.folder):
        code, _, complaint = run("restore", backup.name, "--yes")

    assert (code, complaint.count("\n")) == (1, 1)
    assert "正在被另一個本程序使用" in complaint


def test_restore_of_nothing_is_refused(home, run):
    code, _, complaint = run("restore", "nothing.zip", "--yes")

    assert (code, complaint) == (1, "找不到備份「nothing.zip」。\n")


def test_check_is_content_and_says_what_could_be_better(home, run, backup, monkeypatch):
    code, said, _ = run("check")

    assert code == 0
    assert said.splitlines()[0].split() == ["✓", "正常", "數據庫", "完整，沒有損壞。"]
    assert "\n第二處備份：請準備一個 U 盤" in said


def test_check_fails_when_something_is_bad(home, run, at):
    at(MONDAY_4PM - timedelta(days=30))  # earlier than the newest line of the trail

    code, said, _ = run("check")

    assert code == 1
    assert "✕ 有問題  電腦時間" in said


def test_check_of_a_damaged_database_changes_nothing(home, run):
    home.database.write_bytes(b"noise")

    code, said, _ = run("check")

    assert (code, home.database.read_bytes()) == (1, b"noise")
    assert "✕ 有問題  數據庫" in said


def test_check_speaks_json(home, run, backup):
    code, said, _ = run("check", "--json")

    told = json.loads(said)
    assert (code, told["ok"]) == (0, True)
    assert told["findings"][0] == {
        "what": "數據庫",
        "state": "good",
        "words": "完整，沒有損壞。",
        "todo": "",
    }


def test_commands_on_an_empty_folder_say_that_there_is_nothing(tmp_path, run):
    for command in ("backup", "check"):
        code, _, complaint = run(command)

        assert code == 1
        assert "還沒有數據" in complaint
