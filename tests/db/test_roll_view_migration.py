"""What the migration to ways of seeing a roll makes of a school in use."""

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
