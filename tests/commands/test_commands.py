"""The commands, as they are typed: what they say, what they write, and their exit codes."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import make
import pytest
from kit import FIXTURES, MONDAY_4PM

from liushou_web.__main__ import main
from liushou_web.commands import console
from liushou_web.db import db
from liushou_web.schema import Trail
from liushou_web.school.store import logins
from liushou_web.serve.data_folder import hold

ROSTER = str(FIXTURES / "roster-autumn.xlsx")
WORSE = str(FIXTURES / "class-teacher.xls")


@pytest.fixture
def run(tmp_path, capsys):
    """Runs a command on a folder of its own; the code, and what it printed."""

    def command(*arguments):
        code = main([*arguments, "--data", str(tmp_path / "data")])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield command
    db.close()


def read(tmp_path, sql):
    with closing(sqlite3.connect(tmp_path / "data" / "liushou.db")) as opened:
        return opened.execute(sql).fetchall()


def test_the_roster_of_the_autumn_is_shown_and_nothing_written(run, tmp_path):
    code, said, _ = run("import", ROSTER)

    assert code == 0
    assert said.splitlines()[-2:] == [
        "新增 83，修改 0，不變 0，待定 0，問題 0 行。",
        "還沒有寫入。核對無誤後，加上 --yes 再執行一次。",
    ]
    assert read(tmp_path, "SELECT count(*) FROM child") == [(0,)]


def test_yes_writes_it_once_and_a_second_time_changes_nothing(run, tmp_path):
    first = run("import", ROSTER, "--yes")
    again = run("import", ROSTER, "--yes")

    assert (first[0], first[1].splitlines()[-1]) == (0, "已寫入：新增 83 人，修改 0 人。")
    assert (again[0], again[1].splitlines()[-1]) == (0, "已寫入：新增 0 人，修改 0 人。")
    assert read(tmp_path, "SELECT count(*) FROM child") == [(83,)]
    assert read(tmp_path, "SELECT DISTINCT staff_id, address FROM trail") == [
        (None, "console")
    ]


def test_faults_are_named_by_row_and_column_and_make_the_code_1(run):
    code, said, _ = run("import", WORSE)

    faults = [line.split() for line in said.splitlines() if line.startswith("問題")]
    assert code == 1
    assert ["問題", "43", "2017.2.30", "出生日期", "沒有這一天，請核對。"] in faults


def test_json_tells_the_same_in_figures(run):
    code, said, _ = run("import", WORSE, "--json", "--yes")
    told = json.loads(said)

    assert code == 1
    assert told["counts"] == {
        "new": 40,
        "changed": 0,
        "unchanged": 0,
        "asked": 1,
        "faults": 5,
    }
    assert told["written"]["new"] == 40
    assert {fault["row"] for fault in told["faults"]} == {42, 43, 44}


def test_a_file_that_is_not_there_is_refused(run):
    code, said, complaint = run("import", "nowhere.xlsx")

    assert (code, said) == (1, "")
    assert complaint == "不能讀取文件「nowhere.xlsx」（No such file or directory）。\n"


def test_a_file_that_is_no_table_is_refused(run, tmp_path):
    picture = tmp_path / "名冊.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    assert run("import", str(picture)) == (
        1,
        "",
        "這是一張圖片，不是表格。請上傳表格文件。\n",
    )


@pytest.fixture
def li(run, tmp_path):
    """A teacher who forgot the password and may not even try any more."""
    run("migrate")
    with db.connection_context():
        person = make.staff(login="li")
        for _ in range(5):
            logins.attempt("li", address="", at=MONDAY_4PM)
        return person


def test_a_forgotten_password_is_replaced_by_a_one_time_one(li, run):
    code, said, _ = run("reset-password", "li")

    assert code == 0
    assert said.startswith("賬號 li 的一次性密碼：")
    with db.connection_context():
        person = logins.by_name("li")
        assert person.must_change
        assert person.password_hash != li.password_hash
        assert [row.deed for row in Trail.select()] == ["staff.reset_password"]


def test_an_account_that_is_not_there_is_refused(run):
    assert run("reset-password", "nobody") == (1, "", "沒有可用的賬號「nobody」。\n")


def test_no_command_works_beside_a_running_server(run, tmp_path):
    with hold(tmp_path / "data"):
        code, _, complaint = run("import", ROSTER, "--yes")

    assert code == 1
    assert "正在被另一個本程序使用" in complaint


def test_migrate_says_that_all_is_well(run):
    assert run("migrate") == (0, "數據庫完好，已是最新。\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["nonsense"], ["serve", "--port", "http"], ["serve", "--port", "99999"]],
)
def test_a_command_typed_wrongly_is_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == 2


@pytest.mark.parametrize("command", ["serve", "import", "reset-password", "migrate"])
def test_each_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])

    assert stopped.value.code == 0
    assert "--data DIR" in capsys.readouterr().out


def test_a_table_lines_up_under_chinese_names():
    assert list(console.table([("行", "姓名", ""), ("1", "阿依古麗", "x")])) == [
        "行  姓名",
        "1   阿依古麗  x",
    ]


WIRED = """
import sys
from liushou_web.__main__ import main
from liushou_web.backups import daily
from liushou_web.children.store import collecting
from liushou_web.school import auth

code = main(["migrate", "--data", sys.argv[1]])
print(code, *map(len, (auth.when_signed_out, collecting.when_changed, daily.chores)))
"""


def test_a_command_is_wired_as_the_pages_are(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", WIRED, tmp_path / "data"],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )

    assert ran.stdout.splitlines()[-1] == "0 1 1 1"
