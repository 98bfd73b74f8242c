"""What the migration makes of a school that never kept who collects its children."""

import pytest

from liushou_web import clock
from liushou_web.db import db, migrate

CHILD = (
    "INSERT INTO child (id, name, sex, school_class_id, boards, left_reason, folded,"
    " pinyin, version) VALUES (?, '小明', '', 1, ?, '', '', '', 1)"
)
FILE = (
    "INSERT INTO child_file VALUES"
    " (?, ?, '', ?, '爺爺', '13800000001', '', '', '', '', '', '', '')"
)
GONE = (
    "INSERT INTO room VALUES (1, '活動室', 0)",
    "INSERT INTO activity (id, room_id, title, kind, starts, ends, expects, opened_at,"
    " grace_minutes, version, cancel_reason, move_reason) VALUES (1, 1, '閱讀', 'reading',"
    " '2026-11-20 16:00:00', '2026-11-20 17:00:00', 'all', '2026-11-20 16:00:00', 10, 1,"
    " '', '')",
    "INSERT INTO attendance (activity_id, child_id, school_class_id, walk_in, came_at,"
    " went_at, leave, leave_note, version) VALUES (1, 1, 1, 0, '2026-11-20 16:00:00',"
    " '2026-11-20 17:00:00', '', '', 1)",
)


def read(columns, table):
    sql = f"SELECT {columns} FROM {table} ORDER BY child_id"  # noqa: S608
    return db.execute_sql(sql).fetchall()


@pytest.fixture
def old(tmp_path):
    db.init(str(tmp_path / "old.db"))
    with db.connection_context():
        migrate.runner().up("0001_first")
        db.execute_sql("INSERT INTO school_class (id, grade, number) VALUES (1, 3, 1)")
        yield
    db.close()


def test_carers_collect_and_boarders_go_to_the_dormitory(old):
    for id_, boards, carer in ((1, 0, "王大山"), (2, 1, "李大山"), (3, 1, ""), (4, 0, "")):
        db.execute_sql(CHILD, (id_, boards))
        db.execute_sql(FILE, (id_, id_, carer))

    migrate.migrate()

    today = str(clock.now().date())
    assert read("child_id, name, relation, phone, guardian, first_day", "collector") == [
        (1, "王大山", "爺爺", "13800000001", 1, today),
        (2, "李大山", "爺爺", "13800000001", 1, today),
    ]
    assert read("child_id, way, collector_id", "way_home") == [
        (1, "collector", 1),
        (2, "dormitory", None),
        (3, "dormitory", None),
    ]


def test_what_is_past_stays_untold(old):
    db.execute_sql(CHILD, (1, 0))
    for statement in GONE:
        db.execute_sql(statement)

    migrate.migrate()

    told = "way_home, collected_by, release_reason, released_by_id, release_seen_at"
    assert read(told, "attendance") == [("", "", "", None, None)]
