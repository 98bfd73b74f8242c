"""A school on a temporary file with production pragmas; a browser signed in as anyone."""

import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import make
import pytest
from flask import before_render_template, template_rendered
from hypothesis import settings
from kit import MONDAY_4PM, OWNERS

import liushou_web.features  # noqa: F401 - what is wired there holds in every test
from liushou_web import clock, create_app
from liushou_web.db import db, migrate
from liushou_web.schema import TABLES
from liushou_web.vaults import keyring
from liushou_web.vaults.rules import sealing

WRITTEN = re.compile(r'(?:INSERT\b.*? INTO|UPDATE|DELETE FROM) "(\w+)"')
TABLE_OWNERS = {table._meta.table_name: OWNERS.get(table.__name__) for table in TABLES}
TESTS = Path(__file__).parent
WRITE_FOR_OTHERS = {"liushou_web.db.migrate", "liushou_web.school.store.retirable"}

# The same examples at every run, however slow the machine.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A file with the schema, made once by the migrations and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "migrated.db"
    db.init(str(path))
    with db.connection_context():
        migrate.migrate()
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def database(tmp_path, migrated):
    path = tmp_path / "liushou.db"
    shutil.copy(migrated, path)
    db.init(str(path))
    yield path
    db.close()


@pytest.fixture
def store(database):
    """An open, empty database, without Flask."""
    with db.connection_context():
        yield


@pytest.fixture(scope="session")
def only_app(tmp_path_factory):
    """Made once: its parts and its compiled templates serve every test."""
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "only for tests",
            "WTF_CSRF_ENABLED": False,
            "DATABASE": str(tmp_path_factory.mktemp("none") / "none.db"),
        }
    )
    db.init(None)
    return app


@pytest.fixture
def bare_app(only_app, database):
    """The application before its set-up wizard, on a database of this test's own."""
    usual = dict(only_app.config)
    only_app.config["DATABASE"] = str(database)
    db.connect()
    with templates_ask_nothing(only_app):
        yield only_app
    only_app.config.clear()
    only_app.config.update(usual)


@pytest.fixture
def app(bare_app):
    """The application of a school that is set up."""
    make.school()
    return bare_app


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch):
    """Keys made in tests take a millisecond to try, not a fifth of a second."""
    monkeypatch.setattr(sealing, "COST", sealing.Cost(passes=1, mebibytes=1))


@pytest.fixture(autouse=True)
def stores_write_their_own():
    """Fail any test in which a table is written elsewhere than in its feature's store."""

    def complain(query):
        if wrote := WRITTEN.match(query.sql):
            owner, writer = TABLE_OWNERS.get(wrote[1]), writing_module()
            assert not (owner and writer) or writer.startswith(
                f"liushou_web.{owner}.store."
            ), f"{writer} writes {wrote[1]}"

    db.query_hooks.append(complain)
    yield
    db.query_hooks.clear()


def writing_module():
    """The module of ours that asked for a write; None where it was the test itself, a
    migration, or a list that the table's own store has made (`test_shape` sees to it)."""
    frame = sys._getframe(2)
    while frame:
        name = frame.f_globals.get("__name__", "")
        if name in WRITE_FOR_OTHERS or TESTS in Path(frame.f_code.co_filename).parents:
            return None
        if name.startswith("liushou_web.") and not name.startswith("liushou_web.db."):
            return name
        frame = frame.f_back
    return None


@contextmanager
def templates_ask_nothing(app):
    """Fail any test whose template causes a query: views hand over finished rows."""
    rendering = []

    def complain(query):
        assert not rendering, f"a template ran {query.sql}"

    begins = before_render_template.connected_to(lambda *_, **__: rendering.append(1), app)
    ends = template_rendered.connected_to(lambda *_, **__: rendering.clear(), app)
    with begins, ends:
        db.query_hooks.append(complain)
        yield
        db.query_hooks.remove(complain)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock: `at(MONDAY_4PM)`."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_to


@pytest.fixture
def client_for(app):
    """A browser signed in as the given member of staff."""

    def sign_in(person):
        client = app.test_client()
        answer = client.post(
            "/login", data={"login": person.login, "password": make.SECRET}
        )
        assert answer.status_code == 303
        return client

    return sign_in


def signed_in_as(*roles):
    @pytest.fixture
    def client(client_for, at):
        at(MONDAY_4PM)
        return client_for(make.staff(roles=roles))

    return client


duty = signed_in_as("duty")
office = signed_in_as("office")
helper = signed_in_as("helper")
head = signed_in_as("head")
counsellor = signed_in_as("counsellor")
admin = signed_in_as("admin")


@pytest.fixture
def seconds(monkeypatch):
    """The clock that only runs forward: `seconds(60)` passes a minute."""
    now = [1000.0]
    monkeypatch.setattr(keyring.time, "monotonic", lambda: now[0])

    def pass_by(more):
        now[0] += more

    return pass_by
