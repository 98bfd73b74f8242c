"""The real server, started as the school starts it: one at a time, and it ends cleanly."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

import liushou_web
from liushou_web.refusal import Refused
from liushou_web.serve import announce, listening

ROOT = Path(liushou_web.__file__).parent.parent


def start(data, *options):
    where = ["--data", data, "--host", "127.0.0.1", "--no-browser"]
    return subprocess.Popen(
        [sys.executable, "-m", "liushou_web", "serve", *where, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )


@pytest.fixture
def serving(tmp_path):
    """Starts a server on `tmp_path / "數 據"`; answers with its process and its port."""
    started = []

    def begin(*options):
        process = start(tmp_path / "數 據", *options)
        started.append(process)
        found = (re.search(r"http://127\.0\.0\.1:(\d+)/", line) for line in process.stdout)
        return process, int(next(filter(None, found))[1])

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def get(port, path="/login"):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_it_serves_and_a_sigterm_ends_it_with_all_data_in_one_file(serving, tmp_path):
    process, port = serving("--port", "0")
    status, _, page = get(port, "/login")

    process.send_signal(signal.SIGTERM)
    told, complaints = process.communicate(timeout=10)

    assert (status, process.returncode, complaints) == (303, 0, "")
    assert "已關閉" in told
    assert [path.name for path in (tmp_path / "數 據").glob("liushou.db*")] == [
        "liushou.db"
    ]


def test_ctrl_c_ends_it_as_well(serving):
    process, _ = serving("--port", "0")

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)

    assert process.returncode == 0


def test_a_second_server_on_one_folder_is_refused(serving, tmp_path):
    _, port = serving("--port", "0")

    second = start(tmp_path / "數 據", "--port", "0")
    _, complaints = second.communicate(timeout=10)

    assert (second.returncode, complaints.count("\n")) == (1, 1)
    assert "正在被另一個本程序使用" in complaints
    assert get(port)[0] == 303


def test_a_server_that_was_killed_leaves_no_lock_and_loses_nothing(serving, tmp_path):
    process, _ = serving("--port", "0")
    with closing(sqlite3.connect(tmp_path / "數 據" / "liushou.db")) as opened:
        opened.execute("INSERT INTO room (name, retired) VALUES ('活動室', 0)")
        opened.commit()
        process.kill()
        process.wait()

    _, port = serving("--port", "0")

    assert get(port)[0] == 303
    with closing(sqlite3.connect(tmp_path / "數 據" / "liushou.db")) as opened:
        assert opened.execute("SELECT name FROM room").fetchall() == [("活動室",)]


def test_a_taken_port_is_named_and_a_free_one_offered(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = start(tmp_path, "--port", str(port))
        _, complaints = process.communicate(timeout=10)

    assert process.returncode == 1
    assert f"端口 {port} 已被別的程序佔用" in complaints
    free = int(re.search(r"--port (\d+)", complaints)[1])
    with socket.socket() as now_ours:
        now_ours.bind(("127.0.0.1", free))


def test_without_a_wish_the_next_free_port_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with listening.open_socket("127.0.0.1", port, or_next=True) as door:
            assert port < door.getsockname()[1] <= port + 100


def test_an_address_that_is_not_ours_is_refused_in_words():
    with pytest.raises(Refused, match="不能在 192.0.2.1:8000 上提供服務"):
        listening.open_socket("192.0.2.1", 8000, or_next=True)


def test_a_damaged_database_stops_the_start(tmp_path):
    (tmp_path / "liushou.db").write_bytes(b"not a database")

    process = start(tmp_path, "--port", "0")
    told, complaints = process.communicate(timeout=10)

    assert (process.returncode, told) == (1, "")
    assert "已損壞或不是本程序的數據" in complaints
    assert (tmp_path / "liushou.db").read_bytes() == b"not a database"


def test_the_console_gives_an_empty_installation_its_setup_code(serving):
    process, _ = serving("--port", "0")

    told = next(line for line in process.stdout if "安裝碼" in line)

    assert re.fullmatch(r"\s+安裝碼：\d{8}\n", told)


def test_a_hundred_and_fifty_idle_connections_lock_nobody_out(serving):
    _, port = serving("--port", "0")
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(150)]
    half = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for each in half:
        each.sendall(
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n"
        )

    status, _, _ = get(port)

    for each in (*idle, *half):
        each.close()
    assert status == 303


def test_a_body_too_large_is_refused_in_our_words_with_our_headers(serving):
    _, port = serving("--port", "0")
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.putrequest("POST", "/login")
        connection.putheader("Content-Length", str(64 * 1024 * 1024))
        connection.endheaders()
        answer = connection.getresponse()
        words = answer.read().decode()

    assert (answer.status, words) == (413, listening.TOO_LARGE)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Server" not in answer.headers


def test_the_address_for_this_pc_comes_first_and_others_are_for_the_network():
    own, others = announce.urls("0.0.0.0", 8000)

    assert own == "http://127.0.0.1:8000/"
    assert not [url for url in others if "127." in url]
    assert announce.urls("192.168.1.5", 80)[1] == ["http://192.168.1.5:80/"]
    assert announce.urls("127.0.0.1", 80) == ("http://127.0.0.1:80/", [])


def test_nothing_is_printed_where_there_is_no_console(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)

    announce.tell("http://127.0.0.1/", ["http://192.168.1.5/"], setup_code="1", demo=())
