"""A full or read-only data folder: one clear sentence, and it goes on afterwards."""

import os
import re
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import make
import pytest

import liushou_web
from liushou_web.backups import making
from liushou_web.db import db
from liushou_web.db.disk import READ_ONLY as READ_ONLY_DISK
from liushou_web.db.paths import Paths
from liushou_web.web.errors import DISK_FULL, READ_ONLY

ROOT = Path(liushou_web.__file__).parent.parent
ENOUGH = 200  # changes until the last room for one is used up


class Disk:
    """A small disk of its own where we may mount one, else a limit on file sizes."""

    def __init__(self, path):
        path.mkdir()
        self.path = path
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", path], capture_output=True
        )
        self.mounted = made.returncode == 0
        self.sentence = DISK_FULL if self.mounted else READ_ONLY
        failed = making.FAILED.format(reason=READ_ONLY_DISK)
        self.no_backup = making.NO_ROOM if self.mounted else failed

    def fill(self, server):
        if not self.mounted:
            return resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1024, -1))
        with (self.path / "filler").open("wb", buffering=0) as filler:
            for size in (1024 * 1024, 4096, 1):
                try:
                    while filler.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def free(self, server):
        if not self.mounted:
            return resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (-1, -1))
        (self.path / "filler").unlink()

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=True)


@pytest.fixture
def disk(tmp_path):
    made = Disk(tmp_path / "disk")
    yield made
    made.unmount()


class Person:
    """Somebody before the real server; answers with (status, page or sentence)."""

    def __init__(self, url):
        self.url = url
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        try:
            with self.opener.open(self.url + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def post(self, path, form=None, **fields):
        token = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self.get(form or path)[1]
        )
        sent = urlencode({"csrf_token": unescape(token[1]), **fields}).encode()
        try:
            with self.opener.open(self.url + path, sent, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, heading(error.read().decode())


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page, re.S)[1]


def change(admin, minutes):
    return admin.post("/settings", **{**make.SETTINGS, "grace_minutes": minutes})


@pytest.fixture
def served(disk, migrated):
    """The server on the small disk, its administrator logged in, and its database."""
    database = disk.path / "liushou.db"
    database.write_bytes(migrated.read_bytes())
    db.init(str(database))
    with db.connection_context():
        make.school()
        admin = make.staff(roles=("admin", "office"))
    where = ["--data", disk.path, "--host", "127.0.0.1", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, "-m", "liushou_web", "serve", *where],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    ) as server:
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout)
        person = Person(next(filter(None, found))[0])
        person.post("/login", login=admin.login, password=make.SECRET)
        yield server, person, database
        server.kill()


def grace(database):
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return opened.execute("SELECT grace_minutes FROM school").fetchone()[0]


def test_a_full_disk_is_said_nothing_is_half_written_and_it_goes_on(disk, served):
    server, admin, database = served
    assert change(admin, 1)[0] == 200
    disk.fill(server)

    kept, status = 1, 200
    for minutes in range(2, ENOUGH):
        status, words = change(admin, minutes % 100)
        if status != 200:
            break
        kept = minutes % 100

    assert (status, words) == (503, disk.sentence)
    assert admin.get("/settings")[0] == 200  # reading goes on
    disk.free(server)
    assert grace(database) == kept
    assert change(admin, 111)[0] == 200
    assert grace(database) == 111


def test_a_backup_on_a_full_disk_is_refused_in_words_and_works_afterwards(disk, served):
    server, admin, database = served
    disk.fill(server)
    before = making.all_in(Paths(database).backups)

    status, words = admin.post("/backups/make", "/backups")

    assert (status, words) == (409, disk.no_backup)
    assert making.all_in(Paths(database).backups) == before
    assert not list(Paths(database).backups.glob("*.part*"))
    disk.free(server)
    status, page = admin.post("/backups/make", "/backups")
    assert (status, "備份已做好" in page) == (200, True)


def test_the_login_page_and_a_new_login_say_it_too(disk, served):
    server, admin, _ = served
    disk.fill(server)
    for minutes in range(ENOUGH):
        if change(admin, minutes % 100)[0] != 200:
            break

    stranger = Person(admin.url)

    assert stranger.get("/login")[0] == 200
    assert stranger.post("/login", login="li", password="wrong words") == (
        503,
        disk.sentence,
    )


def read_only(disk, database):
    """A folder that nobody can write to, by whatever means this machine has."""
    if disk.mounted:
        (disk.path / "liushou.db").write_bytes(database.read_bytes())
        subprocess.run(["mount", "-o", "remount,ro", disk.path], check=True)
        return disk.path
    if os.geteuid() == 0:
        return Path("/proc/liushou")
    disk.path.chmod(0o500)
    return disk.path


def test_a_start_on_a_read_only_disk_is_refused_in_one_sentence(disk, migrated):
    folder = read_only(disk, migrated)

    found = subprocess.run(
        [sys.executable, "-m", "liushou_web", "serve", "--data", folder, "--port", "0"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        timeout=20,
    )

    if not disk.mounted:
        disk.path.chmod(0o700)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert "不能寫入" in found.stderr
