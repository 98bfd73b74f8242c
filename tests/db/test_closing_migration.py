"""What the migration to closings makes of a school that used the first release."""

from datetime import timedelta

from liushou_web import clock
from liushou_web.db import db, migrate

PEOPLE = (
    "INSERT INTO room VALUES (1, '活動室', 0)",
    "INSERT INTO school_class (id, grade, number) VALUES (1, 3, 1)",
    "INSERT INTO child (id, name, sex, school_class_id, boards, left_reason, folded,"
    " pinyin, version) VALUES (1, '小明', '', 1, 0, '', '', '', 1)",
)
ACTIVITY = (
    "INSERT INTO activity (id, room_id, title, kind, starts, ends, expects, opened_at,"
    " grace_minutes, version, cancel_reason, move_reason)"
    " VALUES (?, 1, '閱讀', 'reading', ?, ?, 'all', ?, 10, 1, '', '')"
)
ROW = (
    "INSERT INTO attendance (activity_id, child_id, school_class_id, walk_in, came_at,"
    " leave, leave_note, version) VALUES (?, 1, 1, 0, ?, '', '', 1)"
)


def fill(*moments):
    for statement in PEOPLE:
        db.execute_sql(statement)
    for number, moment in enumerate(moments, 1):
        db.execute_sql(ACTIVITY, (number, moment, moment + timedelta(hours=1), moment))
        db.execute_sql(ROW, (number, moment))


def read(columns, table):
    return db.execute_sql(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()  # noqa: S608


def test_only_what_was_opened_on_earlier_days_counts_as_closed(tmp_path):
    db.init(str(tmp_path / "old.db"))
    today = clock.now()
    with db.connection_context():
        migrate.runner().up("0001_first")
        fill(today - timedelta(days=1), today)

        migrate.migrate()

        assert [bool(at) for (at,) in read("closed_at", "activity")] == [True, False]
        assert read("unsettled_reason, went_at", "attendance") == [
            ("升級以前未簽退", None),
            ("", None),
        ]
    db.close()
