"""The architecture itself: who imports whom, what templates say, what tables promise."""

import ast
import re
from hashlib import sha256
from pathlib import Path

import pytest
from kit import OWNERS
from peewee import Context
from playhouse.schema_diff import diff_models

import liushou_web
from liushou_web import create_app
from liushou_web.db import db
from liushou_web.schema import TABLES

PACKAGE = Path(liushou_web.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))

# Each feature, from the ground up, and the features that it may know.
KNOWS = {
    "school": set(),
    "children": {"school"},
    "vaults": {"school"},
    "rosters": {"school", "children"},
    "schedule": {"school", "children"},
    "attendance": {"school", "children", "schedule"},
    "phone": {"school", "children", "schedule"},
    "counselling": {"school", "children", "vaults", "schedule", "attendance"},
    "reports": {"school", "children", "schedule", "attendance"},
    "backups": {"school", "schedule"},
    "setup": {"school", "schedule"},
    "today": {
        "school", "children", "vaults", "schedule", "attendance", "phone",
        "counselling", "reports", "backups",
    },
}  # fmt: skip
WORDS = {
    "access",
    "actor",
    "class_names",
    "clock",
    "consent",
    "network",
    "refusal",
    "span",
    "version",
}
GROUND = {
    "db": WORDS,
    "schema": WORDS | {"db"},
    "files": WORDS,
    "web": WORDS | {"db"},
}
# Inside a feature: which of its folders, and what of the ground, each folder may use.
LAYERS = {
    "rules": ({"rules"}, WORDS),
    "files": ({"files", "rules"}, WORDS | {"files"}),
    "store": ({"store", "rules"}, WORDS | {"db", "schema"}),
    "views": (
        {"views", "store", "rules", "files"},
        WORDS | {"db", "schema", "files", "web"},
    ),
}
NEVER_IN = {
    "rules": {"flask", "peewee", "flask_login", "wtforms"},
    "files": {"flask", "peewee", "wtforms"},
    "store": {"flask", "flask_login", "wtforms"},
    "schema": {"flask"},
    "views": {"peewee"},
}
BANNED = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|\|\s*safe"
    r"|hx-(?:on|boost|put|patch|delete|ext)\b|[\"']js:|hx-trigger=[\"'][^\"']*\["
)
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "service"}


def parts_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def imports(path):
    """The places of our own, as tuples of names, and the outside packages it imports."""
    inside, outside = set(), set()
    here = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            outside |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                module = here[: len(here) - node.level + 1] + module
            elif module[0] == "liushou_web":
                module = module[1:]
            else:
                outside.add(module[0])
                continue
            inside |= {(*module, alias.name) for alias in node.names}
    return inside, outside


def may_know(own, other):
    """Whether a module at `own` may import from `other`; both as tuples of names."""
    if own[0] == "schema" and other[1:2] == ("rules",):
        return True  # the words that a column may hold
    if own[0] not in KNOWS:
        allowed = GROUND.get(own[0], WORDS if own[0] in WORDS else None)
        return allowed is None or other[0] == own[0] or other[0] in allowed
    layer = own[1] if len(own) > 2 or own[1] in LAYERS else None
    if other[0] not in KNOWS:
        return other[0] in (LAYERS[layer][1] if layer else {*WORDS, *GROUND})
    if other[0] != own[0] and other[0] not in KNOWS[own[0]]:
        return False
    return layer is None or other[1] not in LAYERS or other[1] in LAYERS[layer][0]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downhill(path):
    own = parts_of(path)
    inside, outside = imports(path)

    assert [other for other in sorted(inside) if not may_know(own, other)] == []
    for part in own:
        assert not outside & NEVER_IN.get(part, set())


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_dots_are_home_and_a_full_name_is_a_visit(path):
    own = parts_of(path)[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or own not in KNOWS:
            continue
        if node.level:
            assert node.level < len(path.relative_to(PACKAGE).parts)
        else:
            assert not f"{node.module}.".startswith(f"liushou_web.{own}.")


def test_no_import_climbs_by_three_dots():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert getattr(node, "level", 0) < 3, path


# What writes to a table, said of the table or given it first.
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "delete_by_id",
    "get_or_create",
    "insert",
    "insert_from",
    "insert_many",
    "replace",
    "replace_many",
    "set_by_id",
    "truncate_table",
    "update",
}
WRITERS = {"RetirableList", "insert_if_new", "insert_or_change", "write_each"}
WRITERS |= {"change_row", "new_row"}


def written_in(tree):
    """The tables that a module writes by name; None for one given in a variable."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr=verb)) if (
                verb in WRITES and table in OWNERS
            ):
                yield table
            case ast.Call(
                func=ast.Name(id=writer) | ast.Attribute(attr=writer), args=given
            ) if writer in WRITERS:
                yield getattr(next(iter(given), None), "id", None)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if "db" not in path.relative_to(PACKAGE).parts],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_a_table_is_written_in_the_store_of_its_feature(path):
    """By name, here; by whatever name it goes, `stores_write_their_own` in `conftest`."""
    place = parts_of(path)[:2]
    for table in written_in(ast.parse(path.read_text("utf-8"))):
        assert (OWNERS.get(table), "store") == place


# What every database understands; the rest is said by a function of `db/`.
STANDARD = {"COALESCE", "COUNT", "EXISTS", "LENGTH", "LOWER", "MAX", "MIN", "NULLIF", "SUM"}
STANDARD |= {"DISTINCT"}
OF_ONE_ARGUMENT = {"MAX", "MIN", "SUM"}  # SQLite compares two, and adds up truths
DIALECT = {
    "NodeList",
    "SQL",
    "ValueLiterals",
    "collate",
    "execute_sql",
    "executemany",
    "on_conflict",
    "on_conflict_ignore",
    "on_conflict_replace",
    "pragma",
    "regexp",
    "replace_many",
    "rowid",
}
STATEMENT = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|BEGIN|COMMIT|ROLLBACK|VACUUM)\b"
    r"|SQLITE_"
)


def own_words_of_sqlite(tree):
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any("sqlite" in n.name.lower() for n in names):
                yield ast.unparse(node)
            case ast.ImportFrom(module=module, names=names) if any(
                "sqlite" in name.lower()
                for name in (module or "", *(n.name for n in names))
            ):
                yield ast.unparse(node)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="fn"), attr=name), args=given
            ) if not is_standard(name.upper(), given):
                yield ast.unparse(node)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in DIALECT:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="db"), attr="execute")):
                yield ast.unparse(node)
            case ast.Constant(value=str(text)) if STATEMENT.match(text):
                yield text


def is_standard(function, given):
    if function not in OF_ONE_ARGUMENT:
        return function in STANDARD
    return len(given) == 1 and not is_truth(given[0])


def is_truth(node):
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Call(func=ast.Attribute(attr="is_null" | "in_" | "not_in")):
            return True
    return False


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if PACKAGE / "db" not in p.parents],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_only_db_speaks_as_sqlite_does(path):
    assert list(own_words_of_sqlite(ast.parse(path.read_text("utf-8")))) == []


def test_no_module_has_a_name_that_means_nothing():
    assert not {path.stem for path in MODULES} & FORBIDDEN_NAMES


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE / "templates"))
)
def test_template_keeps_to_the_vocabulary(path):
    assert not BANNED.findall(path.read_text("utf-8"))


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
