"""Every answer of the program, a file each, for a change that is to change nothing.

    PYTHONPATH=.:tests:scripts .venv-test/bin/python tests/crawl.py BEFORE
    PYTHONPATH=.:tests:scripts .venv-test/bin/python tests/crawl.py AFTER
    diff -r BEFORE AFTER  # says nothing, if the first ran before the change

Two schools at one fixed moment, the one of `pages` and the invented one of `--demo`, are
read by every role in both scripts: each page that `pages` lists or that a page links to,
as a page and as the part that htmx asks for, prints and downloads with them. Then each
form of these pages is sent as it stands and with nothing filled in. What may differ is
left out: addresses and order of style sheets, signed texts, the machine's own figures.
"""

import re
import secrets
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path
from sqlite3 import connect
from typing import NamedTuple
from unittest import mock
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

import make
import pages
from bs4 import BeautifulSoup
from canary import addresses_of_files
from kit import MONDAY_4PM
from werkzeug.exceptions import HTTPException

from liushou_web import clock, create_app, demo
from liushou_web.db import db, migrate
from liushou_web.demo import notes, people
from liushou_web.serve.data_folder import hold
from liushou_web.vaults.rules import sealing

AT = MONDAY_4PM
SCRIPTS = ("hant", "hans")
TOLD = ("Location", "Content-Type", "Content-Disposition", "Vary")
MOST = 3  # addresses of one view, and times that one form is sent
OF_DEMO = ("zhou", "lin", "wu", "li", "huang", "he", "sun")  # each set of roles once
NOT_SENT = ("/backups", "/login", "/logout")  # files of this machine; other logins
NOT_SAME = (
    (re.compile(r'\s*<link rel="stylesheet"[^>]*>'), ""),
    (re.compile(r"\?v=[0-9a-f]+"), ""),
    (re.compile(r"(?<=/calls\?seen=)\d+"), ""),  # a sum of names of our own, too
    (re.compile(r'(name="(?:typed|sealed|csrf_token)"[^>]* value=")[^"]*'), r"\1"),
    (re.compile(r"\d+(\.\d+)? ?(?=[KMGT]i?B\b)"), "# "),
    (re.compile(r"(127|172|192|10)(\.\d+){3}(:\d+)?"), "#.#.#.#"),
)


class Reader(NamedTuple):
    """Who reads a school: a login, and how what is sealed is opened for them."""

    name: str
    login: str
    password: str
    opens: tuple = ()  # the address, and what is typed there


@contextmanager
def same_chance(name):
    """Whatever is drawn by lot, and not for a cipher, comes out alike each time."""
    numbers = count(1)

    def text(length=16):
        return f"{name}{next(numbers):05d}".ljust(length, "x")

    letters = mock.patch.object(secrets, "choice", lambda of: of[next(numbers) % len(of)])
    with (
        letters,
        mock.patch.object(secrets, "token_urlsafe", text),
        mock.patch.object(secrets, "token_hex", lambda n: f"{next(numbers):0{2 * n}x}"),
    ):
        yield


def told(response):
    """Status, headers and body as text, without what may differ."""
    heads = [(name, response.headers.get(name)) for name in TOLD]
    heads += [pair for pair in response.headers if pair[0].startswith("HX-")]
    lines = [
        str(response.status_code),
        *(f"{name}: {text}" for name, text in heads if text),
    ]
    text = "\n".join([*lines, "", readable(response.get_data())])
    for pattern, instead in NOT_SAME:
        text = pattern.sub(instead, text)
    return text


def readable(body):
    if body[:2] == b"PK":
        with ZipFile(BytesIO(body)) as book:
            names = [name for name in book.namelist() if "core.xml" not in name]
            return "\n".join(f"{name}\n{book.read(name).decode()}" for name in names)
    return body.decode("utf-8", "backslashreplace")


class Crawl:
    """One reader's way through one school; `keep` writes each answer down."""

    def __init__(self, app, reader, folder):
        self.app, self.reader, self.folder = app, reader, folder
        self.before = connect(":memory:")
        self.client = app.test_client()
        self.views, self.sent = Counter(), Counter()

    def begin(self):
        with same_chance(f"login{self.reader.name}"):
            typed = {"login": self.reader.login, "password": self.reader.password}
            if self.reader.login:
                assert self.client.post("/login", data=typed).status_code == 303
            self.unlock()
        db.connection().backup(self.before)

    def unlock(self):
        if self.reader.opens:
            url, typed = self.reader.opens
            assert self.client.post(url, data=typed).status_code == 303, self.reader

    def back(self):
        """The school as it was, and the reader logged in again."""
        self.before.backup(db.connection())

    def read(self, paths):
        """Every page in `paths` and all that they link to; then every form on them."""
        found, waiting = {}, list(paths)
        while waiting:
            path = waiting.pop(0)
            if path in found:
                continue
            found[path] = self.keep("GET", path)
            waiting += filter(self.is_new, linked(found[path]))
        for script in SCRIPTS[1:]:
            self.back()
            self.speak(script)
            for path in found:
                self.keep("GET", path, script)
        self.back()
        self.speak("hant")
        self.send(found)

    def speak(self, script):
        with self.client.session_transaction() as session:
            session["script"] = script

    def is_new(self, path):
        """Of each view a few addresses; a school has more children than kinds of page."""
        endpoint = self.endpoint_of(path)
        if endpoint in (None, "static"):
            return False
        self.views[endpoint] += 1
        return self.views[endpoint] <= 2 * MOST

    def endpoint_of(self, path):
        try:
            return self.app.url_map.bind("localhost").match(urlsplit(path).path)[0]
        except HTTPException:  # an address of elsewhere, or that takes posts only
            return None

    def keep(self, method, path, script="hant", data=None, note="", part=None):
        """Asks as a page and as a part, keeps both, and gives back the page."""
        answer = None
        for way in ("", "part") if part is None else (part,):
            with same_chance("ask"):
                header = {"HX-Request": "true"} if way else {}
                got = self.client.open(path, method=method, data=data, headers=header)
            answer = answer or got
            name = " ".join(filter(None, [quote(path, safe="")[:170], way, note]))
            file = self.folder / script / method / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(told(got), "utf-8")
        return answer

    def send(self, found):
        for path, answer in found.items():
            if answer.mimetype != "text/html":
                continue
            for n, form in enumerate(forms_in(answer.text)):
                action = form.action or path
                key = (self.endpoint_of_post(action), form.names, form.button)
                if action.startswith(NOT_SENT) or self.sent[key] >= MOST:
                    continue
                self.sent[key] += 1
                self.send_one(action, form, f"{n} {quote(path, safe='')[:60]}")

    def endpoint_of_post(self, path):
        bound = self.app.url_map.bind("localhost")
        return bound.match(urlsplit(path).path, method="POST")[0]

    def send_one(self, action, form, note):
        for kind, fields in (("as it stands", form.fields), ("empty", form.blank)):
            for part in ("", "part") if form.by_htmx else ("",):
                self.back()
                self.unlock()
                title = f"{note} {form.button} {kind}"
                data = dict(fields)
                for name, value in [form.button] if form.button else []:
                    data[name] = [value]
                self.keep("POST", action, data=data, note=quote(title)[:60], part=part)


class Sent(NamedTuple):
    """A form as a browser would send it."""

    action: str
    by_htmx: bool
    fields: dict
    blank: dict
    button: tuple

    @property
    def names(self):
        return tuple(sorted(self.fields))


def linked(answer):
    """Addresses of our own that a page links to, in order."""
    if answer.location:
        return [answer.location]
    if answer.mimetype != "text/html":
        return []
    links = [
        tag["href"] for tag in BeautifulSoup(answer.text, "html.parser")("a", href=True)
    ]
    return [link for link in links if link.startswith("/")]


def forms_in(html):
    for form in BeautifulSoup(html, "html.parser")("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        fields, blank = {}, {}
        for tag in form(("input", "select", "textarea")):
            put(tag, fields, blank)
        buttons = [(b["name"], b.get("value", "")) for b in form("button") if b.get("name")]
        for button in buttons or [()]:
            yield Sent(form.get("action"), form.has_attr("hx-post"), fields, blank, button)


def put(tag, fields, blank):
    """What this field sends as it stands, and as it would be sent empty."""
    name, kind = tag.get("name"), tag.get("type", "text")
    if not name or kind in ("submit", "file"):
        return
    if tag.name == "select":
        chosen = tag.select("option[selected]") or tag.select("option")[:1]
        values = [option.get("value", option.text) for option in chosen]
    elif kind in ("checkbox", "radio"):
        values = [tag.get("value", "y")] if tag.has_attr("checked") else []
    else:
        values = [tag.text if tag.name == "textarea" else tag.get("value", "")]
    if values:
        fields.setdefault(name, []).extend(values)
    if kind == "hidden":
        blank.setdefault(name, []).extend(values)
    elif kind not in ("checkbox", "radio"):
        blank.setdefault(name, []).append("")


def application(database):
    config = {"TESTING": True, "SECRET_KEY": "only to crawl", "WTF_CSRF_ENABLED": False}
    config |= {"PROPAGATE_EXCEPTIONS": False, "SERVER_NAME": None}
    return create_app({**config, "DATABASE": str(database)})


def crawl_pages(folder, kept):
    """The school of `pages`, by every role and by nobody."""
    database = folder / "liushou.db"
    app = application(database)
    db.init(str(database))
    db.connect()
    migrate.migrate()
    empty = connect(":memory:")
    db.connection().backup(empty)
    walk(app, Reader("nobody yet", "", ""), kept, ["/setup", "/setup/code", "/login"])
    empty.backup(db.connection())
    make.school()
    with same_chance("fill"):
        filled = pages.fill(AT)
    filled.people["helper"] = make.staff("helper老師", roles=("helper",))
    paths = [path for _, *some in pages.PAGES.values() for path in some]
    paths = [path.format(**filled.ids) for path in paths] + list(
        addresses_of_files(filled.ids)
    )
    paths += [f"/attendance/{filled.ids['now']}/changes", "/notes/still"]
    for role, person in filled.people.items():
        _, url, typed = pages.UNLOCK.get(role, ("", "", {}))
        opens = (url, {"vault_id": filled.ids["vault"], **typed}) if url else ()
        walk(app, Reader(role, person.login, make.SECRET, opens), kept, paths)
    walk(app, Reader("nobody", "", ""), kept, ["/login", "/", "/children"])
    db.close()


def crawl_demo(folder, kept):
    """The invented school, by one person of each set of roles, along its own links."""
    with hold(folder / "demo", demo=True) as data, same_chance("demo"):
        demo.make_ready(data, AT)
    app = application(data.database)
    db.connect(reuse_if_open=True)
    opens = {"he": ("/notes/unlock", {"passphrase": notes.PASSPHRASE})}
    code = {"passphrase_code": notes.CODE, "passphrase_reason": pages.BROKEN_FOR}
    opens["zhou"] = ("/break-glass", {"vault_id": 1, **code})
    for login in OF_DEMO:
        walk(app, Reader(login, login, people.PASSWORD, opens.get(login, ())), kept, ["/"])
    keep_shape(app, kept)
    db.close()


def keep_shape(app, kept):
    """Every address, every table, and what the trail says of how the school was made."""
    rules = [
        f"{rule} {rule.endpoint} {sorted(rule.methods)}"
        for rule in app.url_map.iter_rules()
    ]
    made = [sql for (sql,) in db.execute_sql("SELECT sql FROM sqlite_master") if sql]
    acts = db.execute_sql("SELECT at, deed, subject, detail FROM trail ORDER BY id")
    for name, lines in (("routes", rules), ("tables", made), ("trail", map(str, acts))):
        (kept / name).write_text("\n".join(sorted(lines)), "utf-8")


def walk(app, reader, folder, paths):
    start = connect(":memory:")
    db.connection().backup(start)
    crawl = Crawl(app, reader, folder / reader.name)
    crawl.begin()
    crawl.read(paths)
    start.backup(db.connection())


def main(kept):
    # Keys that take a millisecond to try, and the clock at rest.
    quick = mock.patch.object(sealing, "COST", sealing.Cost(passes=1, mebibytes=1))
    rest = mock.patch.object(clock, "now", return_value=AT)
    with tempfile.TemporaryDirectory() as folder, quick, rest:
        crawl_pages(Path(folder), kept / "pages")
        crawl_demo(Path(folder), kept / "demo")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
