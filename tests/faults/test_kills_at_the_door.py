"""The server is killed while children are signed in: no tap that was answered is lost."""

import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.parse import urlencode

import make
import pytest
from kit import MONDAY_4PM

import liushou_web
from liushou_web.db import db

ROOT = Path(liushou_web.__file__).parent.parent
SERVER = ROOT / "tests" / "browser" / "server.py"
DOORS, KILLS = 2, 25  # two schools at once, each killed so often
PHONES, ROLLS, CHILDREN = 3, 8, 30
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


def school_in(folder, migrated):
    """Rolls with children who are awaited; answers with each tap that can be made."""
    folder.mkdir()
    (folder / "liushou.db").write_bytes(migrated.read_bytes())
    (folder / "clock").write_text(MONDAY_4PM.isoformat(), "ascii")
    db.init(str(folder / "liushou.db"))
    with db.connection_context(), db.atomic():
        make.school()
        make.staff(login="li")
        children = [make.child(f"孩子{n}") for n in range(CHILDREN)]
        rolls = [make.activity(title=f"活動{n}") for n in range(ROLLS)]
    db.close()
    return [(roll.id, child.id) for roll in rolls for child in children]


class Door:
    """One school: its server, killed and started again, and the phones at its door."""

    def __init__(self, folder, taps):
        self.folder, self.taps, self.cookies = folder, iter(taps), ""
        self.answered, self.sent, self.kills = [], [], 0

    def serve(self):
        where = ["--data", self.folder, "--host", "127.0.0.1", "--port", "0"]
        self.server = subprocess.Popen(
            [
                sys.executable,
                SERVER,
                self.folder / "clock",
                "serve",
                *where,
                "--no-browser",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
        found = (re.search(r"127\.0\.0\.1:(\d+)", line) for line in self.server.stdout)
        self.port = int(next(filter(None, found))[1])

    def ask(self, method, path, **fields):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as phone:
            headers = {**FORM, "Cookie": self.cookies}
            phone.request(method, path, urlencode(fields), headers)
            answer = phone.getresponse()
            if cookie := answer.headers["Set-Cookie"]:
                self.cookies = cookie.split(";")[0]
            return answer.status, answer.read().decode()

    def log_in(self):
        token = TOKEN.search(self.ask("GET", "/login")[1])[1]
        self.ask("POST", "/login", login="li", password=make.SECRET, csrf_token=token)
        self.token = TOKEN.search(self.ask("GET", "/account")[1])[1]

    def phone(self):
        """Taps until the server is dead."""
        for roll, child in self.taps_left():
            path = f"/attendance/{roll}/children/{child}/sign-in"
            self.sent.append((roll, child))
            try:
                status, row = self.ask("POST", path, csrf_token=self.token)
            except (OSError, HTTPException):
                return
            assert (status, f'id="row-{child}"' in row) == (200, True)
            self.answered.append((roll, child))

    def taps_left(self):
        """Each tap once, whichever phone makes it; `next` alone is safe among threads."""
        while tap := next(self.taps, None):
            yield tap

    def kill_while_tapping(self, after):
        """Kills once so many more taps were answered, while others are under way."""
        wanted = len(self.answered) + after
        phones = [Thread(target=self.phone) for _ in range(PHONES)]
        for phone in phones:
            phone.start()
        while len(self.answered) < wanted and any(phone.is_alive() for phone in phones):
            sleep(0.001)
        self.server.kill()
        self.server.communicate()
        for phone in phones:
            phone.join()
        self.kills += 1

    def signed_in(self):
        """Every arrival in the file, and every line of the trail that tells of one."""
        with closing(sqlite3.connect(self.folder / "liushou.db")) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = opened.execute(
                "SELECT activity_id, child_id, a.id FROM attendance a WHERE came_at > ''"
            ).fetchall()
            told = opened.execute(
                "SELECT subject_id FROM trail WHERE deed = 'attendance.sign_in'"
            ).fetchall()
        assert Counter(row[2] for row in rows) == Counter(line[0] for line in told)
        return {row[:2] for row in rows}

    def nothing_is_lost(self):
        kept = self.signed_in()
        assert set(self.answered) <= kept <= set(self.sent)

    def killed_again_and_again(self):
        for n in range(KILLS):
            self.serve()
            if not self.cookies:
                self.log_in()
            self.kill_while_tapping(after=1 + n % 7)
            self.nothing_is_lost()


@pytest.fixture
def doors(tmp_path, migrated):
    folders = [tmp_path / f"school{n}" for n in range(DOORS)]
    made = [Door(folder, school_in(folder, migrated)) for folder in folders]
    yield made
    for door in made:
        door.server.kill()


def test_killed_fifty_times_at_the_door_no_answered_tap_is_lost(doors):
    with ThreadPoolExecutor(DOORS) as together:
        list(together.map(Door.killed_again_and_again, doors))

    assert [door.kills for door in doors] == [KILLS] * DOORS
    assert all(len(door.answered) >= KILLS for door in doors)
