"""The architecture itself: who imports whom, what templates say, what tables promise."""

import ast
import re
from hashlib import sha256
from pathlib import Path

import pytest
from peewee import Context
from playhouse.schema_diff import diff_models

import liushou_web
from liushou_web import create_app
from liushou_web.db import db
from liushou_web.schema import TABLES

PACKAGE = Path(liushou_web.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))

MAY_IMPORT = {
    "rules": {"rules"},
    "files": {"files", "rules"},
    "clock": set(),
    "db": set(),
    "migrate": {"db"},
    "schema": {"db", "rules"},
    "store": {"db", "rules", "schema"},
    "script": {"rules"},
    "htmx": {"script"},
    "errors": {"htmx", "rules", "script"},
    "headers": set(),
    "filters": {"rules", "script"},
    "carried": {"rules"},
    "typed": {"carried", "htmx", "script", "store"},
    "forms": {"clock", "htmx", "script", "store", "rules", "typed"},
    "auth": {"clock", "forms", "htmx", "rules", "schema", "script", "store", "typed"},
    "nav": {"auth"},
    "sittings": {"rules"},
    "network": set(),
    "backups": {"__version__", "clock", "db", "migrate", "rules", "store"},
    "check": {
        "__version__", "backups", "clock", "db", "migrate", "network", "rules", "schema",
    },
    "views": {
        "auth", "backups", "carried", "check", "clock", "files", "filters", "forms",
        "htmx", "nav", "rules", "schema", "script", "sittings", "store", "typed",
    },
}  # fmt: skip
NEVER_IN = {
    "rules": {"flask", "peewee", "flask_login", "wtforms"},
    "files": {"flask", "peewee", "wtforms"},
    "store": {"flask", "flask_login", "wtforms"},
    "schema": {"flask"},
    "views": {"peewee"},
}
ABOVE_ALL = {
    "__init__",
    "__main__",
    "backup_commands",
    "commands",
    "console",
    "data_folder",
    "demo",
    "serve",
}  # put the layers together
BANNED = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|\|\s*safe"
    r"|hx-(?:on|boost|put|patch|delete|ext)\b|[\"']js:|hx-trigger=[\"'][^\"']*\["
)
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "service"}


def layer(path):
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path):
    """Names of our own layers, and of outside packages, that a module imports."""
    inside, outside = set(), set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            outside |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            outside.add(node.module.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module] if node.module else [a.name for a in node.names]
            inside |= {name.split(".")[0] for name in names}
    return inside, outside


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downhill(path):
    inside, outside = imports(path)

    if layer(path) not in ABOVE_ALL:
        assert inside - {layer(path)} <= MAY_IMPORT[layer(path)]
    assert not outside & NEVER_IN.get(layer(path), set())


def test_no_module_has_a_name_that_means_nothing():
    assert not {path.stem for path in MODULES} & FORBIDDEN_NAMES


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE / "templates"))
)
def test_template_keeps_to_the_vocabulary(path):
    text = path.read_text("utf-8")

    assert not BANNED.findall(text)
    assert text.count("\n") <= 90


def test_every_posting_form_carries_a_token():
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S | re.I):
            assert "csrf_token" in form or "form_top(" in form or "hidden_tag(" in form, (
                path
            )


def test_no_foreign_key_queries_behind_our_back():
    links = [field for table in TABLES for field in table._meta.refs]

    assert links
    assert all(field.lazy_load is False and field.on_delete for field in links)


def test_every_view_names_its_roles(bare_app):
    nameless = [
        endpoint
        for endpoint, view in bare_app.view_functions.items()
        if endpoint != "static" and not getattr(view, "roles", None)
    ]

    assert nameless == []


def test_migrations_make_the_schema(store):
    assert not diff_models(db, list(TABLES))


def test_migrations_make_every_check(store):
    made = " ".join(
        row[0] or "" for row in db.execute_sql("SELECT sql FROM sqlite_master").fetchall()
    )

    for table in TABLES:
        for constraint in table._meta.constraints or []:
            name = re.search(r"CONSTRAINT \S?(\w+)", Context().sql(constraint).query()[0])
            assert name.group(1) in made


@pytest.mark.parametrize("verb", ["UPDATE trail SET deed = 'x'", "DELETE FROM trail"])
def test_trail_is_never_changed(store, verb):
    db.execute_sql(
        "INSERT INTO trail (at, address, deed, subject, detail) "
        "VALUES ('2026-11-23 16:00:00', '', 'test', '', '')"
    )

    with pytest.raises(Exception, match="never changed"):
        db.execute_sql(verb)


def test_vendored_files_are_as_listed():
    folder = PACKAGE / "static" / "vendor"
    listed = (folder / "VENDOR.md").read_text("utf-8")

    for path in folder.glob("*.js"):
        assert sha256(path.read_bytes()).hexdigest() in listed


def test_it_does_not_start_without_a_secret_key(database):
    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        create_app({"DATABASE": str(database)})
