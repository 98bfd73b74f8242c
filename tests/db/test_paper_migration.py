"""What the migration makes of weekly sheets that were signed before it."""

import pytest

from liushou_web.db import db, migrate

SIGNED = (
    "INSERT INTO term (id, name, first_day, last_day) VALUES"
    " (1, '秋', '2026-09-08', '2027-01-15')",
    "INSERT INTO staff (id, name, login, roles, password_hash, must_change, script)"
    " VALUES (1, '王校長', 'wang', 'head', 'x', 0, 'hant')",
    "INSERT INTO frozen_sheet VALUES (1, 1, 13, NULL, 1, '2026-11-27 16:00:00', 1, '',"
    """ '{"columns": [[1, "2026-11-25 16:00:00", "閱讀"]], "rows": []}', 'x')""",
)


@pytest.fixture
def old(tmp_path):
    db.init(str(tmp_path / "old.db"))
    with db.connection_context():
        migrate.runner().up("0014_door")
        for statement in SIGNED:
            db.execute_sql(statement)
        yield
    db.close()


def test_each_sheet_has_the_monday_of_its_own_dates(old):
    migrate.migrate()

    rows = db.execute_sql("SELECT week, monday FROM frozen_sheet").fetchall()
    assert [tuple(row) for row in rows] == [(13, "2026-11-23")]
    with pytest.raises(Exception, match="never changed"):
        db.execute_sql("UPDATE frozen_sheet SET week = 9")
