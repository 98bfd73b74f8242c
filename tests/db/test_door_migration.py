"""What the migration of the door makes of a school in use."""

from contextlib import closing

import pytest
from peewee import IntegrityError

from liushou_web.db import db, migrate

PERSON = (
    "INSERT INTO staff (name, login, roles, password_hash, must_change, script)"
    " VALUES ('李老師', 'li', 'duty', '', 0, 'hans')"
)


@pytest.fixture
def old(tmp_path):
    db.init(str(tmp_path / "old.db"))
    with db.connection_context():
        migrate.runner().up("0013_one_time_passwords")
        db.execute_sql(PERSON)
        yield
    db.close()


def read():
    with closing(db.execute_sql("SELECT name, script, roll_view FROM staff")) as rows:
        return rows.fetchall()


def test_everybody_goes_on_seeing_rolls_as_a_list(old):
    migrate.migrate()

    assert read() == [("李老師", "hans", "list")]


def test_a_roll_is_seen_as_a_list_or_as_tiles(old):
    migrate.migrate()

    db.execute_sql("UPDATE staff SET roll_view = 'tiles'")
    with pytest.raises(IntegrityError), db.atomic():
        db.execute_sql("UPDATE staff SET roll_view = 'maps'")

    assert read() == [("李老師", "hans", "tiles")]


def test_children_of_one_name_are_found_by_an_index_of_those_in_the_school(old):
    migrate.migrate()

    sql = "SELECT name FROM child WHERE left_on IS NULL GROUP BY name HAVING COUNT(*) > 1"
    with closing(db.execute_sql(f"EXPLAIN QUERY PLAN {sql}")) as plan:
        assert "child_of_name" in str(plan.fetchall())
