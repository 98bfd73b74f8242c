"""Phones and PCs before the real server, whose data each test arranges with `make`.

The server runs once, in a process of its own. `database` is its file, emptied for each
test, so `store`, `make.…` and `at` mean here what they mean in the other tests.
"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import make
import pytest
from boot import find_browser
from kit import MONDAY_4PM

from liushou_web import clock
from liushou_web.db import db

HERE = Path(__file__).parent
AXE = (HERE / "axe-4.14.1.min.js").read_text("utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BAR_AT = (
    "at => document.querySelectorAll('nav.thumb, .actions.confirm')"
    ".forEach(bar => bar.style.position = at)"
)
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that the dark can change
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PC = {"viewport": {"width": 1280, "height": 800}, "has_touch": False, "is_mobile": False}
ANSWERS = re.compile("status of (409|422)")  # said in words: no fault of the page


class Live(NamedTuple):
    url: str
    database: Path
    clock: Path


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The server, started once and never stopped before the end."""
    folder = tmp_path_factory.mktemp("live")
    hands, data = folder / "clock", folder / "data"
    set_clock(hands, MONDAY_4PM)
    where = ["--data", data, "--host", "0.0.0.0", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, HERE / "server.py", hands, "serve", *where],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(HERE.parent.parent), "PYTHONUTF8": "1"},
    ) as process:
        found = (re.search(r"http://\S+:\d+", line) for line in process.stdout)
        url = next(filter(None, found), None)
        assert url, "the server did not start, for the reason above"
        yield Live(url[0], data / "liushou.db", hands)
        process.terminate()
        process.stdout.read()


def set_clock(hands, moment):
    half = hands.with_suffix(".part")
    half.write_text(moment.isoformat(), "ascii")
    half.replace(hands)


@pytest.fixture(scope="session")
def base_url(live):
    """So that `page.goto("/login")` finds the server."""
    return live.url


@pytest.fixture
def database(live, migrated):
    """The server's own file, as empty as after the migrations."""
    with (
        closing(sqlite3.connect(migrated)) as empty,
        closing(sqlite3.connect(live.database)) as file,
    ):
        empty.backup(file)
    db.init(str(live.database))
    yield live.database
    db.close()


@pytest.fixture
def at(live, monkeypatch):
    """Sets the clock of the server and of the test: `at(MONDAY_4PM)`."""

    def set_to(moment):
        set_clock(live.clock, moment)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_to


@pytest.fixture(autouse=True)
def house(store, at):
    """A school that is set up, on Monday, 23 November 2026, at four in the afternoon."""
    at(MONDAY_4PM)
    return make.school()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = find_browser()
    assert found, "no Chromium found: scripts/test.py says how to get one"
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-background-networking", *["--no-sandbox"] * is_root]
    as_people_have_it = {"ignore_default_args": ["--disable-back-forward-cache"]}
    program = {"executable_path": found, "args": arguments, **as_people_have_it}
    return {**browser_type_launch_args, **program}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live):
    place = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": live.url}
    return {**browser_context_args, **place}


class Console:
    """What the browser complains of. A test that breaks something expects it to."""

    def __init__(self):
        self.said = []
        self.expected = [ANSWERS]

    def listen_to(self, context):
        context.on(
            "console", lambda line: line.type == "error" and self.said.append(line.text)
        )
        context.on("weberror", lambda error: self.said.append(str(error.error)))

    def expect(self, pattern):
        """Complaints like this are meant from here on: `console.expect("ERR_FAILED")`."""
        self.expected.append(re.compile(pattern))

    def errors(self):
        return [
            text for text in self.said if not any(p.search(text) for p in self.expected)
        ]


@pytest.fixture(autouse=True)
def console():
    """Fails any test in which a page broke the content policy, or missed a file."""
    heard = Console()
    yield heard
    assert heard.errors() == []


@pytest.fixture
def open_device(new_context, console):
    """Opens one more device and answers with its page: `open_device()` is a phone,
    `open_device(**PC)` a PC, `open_device(java_script_enabled=False)` is without script."""

    def take(**options):
        context = new_context(**{**PHONE, **options})
        console.listen_to(context)
        return context.new_page()

    return take


@pytest.fixture
def page(open_device):
    """A phone."""
    return open_device()


def hurry(page, seconds):
    """Lets time pass on a page whose clock is installed: looks that are due are made."""
    page.clock.fast_forward(1000 * seconds)


def sign_in(page, person):
    """Logs the person in on this device, through the login page; answers with the page."""
    page.goto("/login")
    page.locator("[name=login]").fill(person.login)
    page.locator("[name=password]").fill(make.SECRET)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def barriers(page):
    """What axe-core finds on the page as it stands, in light and in dark: WCAG 2.2 AA.

    The bars at the foot stand where they are written meanwhile: what is scrolled under
    them axe would take for something small.
    """
    page.evaluate(AXE)
    page.evaluate(BAR_AT, "static")
    found = []
    for scheme, only in (("light", AXE_TAGS), ("dark", OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)
        report = page.evaluate(
            "only => axe.run({runOnly: only, resultTypes: ['violations'], preload: false})",
            only,
        )
        found += [
            f"{scheme}: {fault['id']} at {node['target']}: {node['failureSummary']}"
            for fault in report["violations"]
            for node in fault["nodes"]
        ]
    page.evaluate(BAR_AT, "")
    return found


class Printed(NamedTuple):
    pages: int
    size: str  # 'A4', 'A4 landscape' or in points
    text: str  # of all pages, a form feed after each, without spaces

    @property
    def by_page(self):
        return self.text.split("\f")[: self.pages]


def printed(page, folder):
    """The page as it would come out of the printer, by its own @page rules."""
    file = folder / "print.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    facts = dict(
        line.split(":", 1) for line in output("pdfinfo", file).splitlines() if ":" in line
    )
    text = re.sub(r"[^\S\f]+", "", output("pdftotext", "-layout", file, "-"))
    return Printed(int(facts["Pages"]), paper(facts["Page size"]), text)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def paper(size):
    width, height = (float(number) for number in re.findall(r"[\d.]+", size)[:2])
    upright = {595: "A4", 842: "A4 landscape"}.get(round(width))
    is_a4 = {round(width), round(height)} == {595, 842}
    return upright if is_a4 and upright else f"{width:.0f} x {height:.0f}"
