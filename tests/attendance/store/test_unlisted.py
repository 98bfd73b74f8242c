"""The office's list of children let go with somebody not on their list."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.attendance.store import unlisted
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schema import Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=30)


@pytest.fixture
def by(store):
    make.school()
    return make.actor(make.staff("林老師", roles=("office",)))


def let_go(name="小明", at=SOON, **more):
    """A child's departure with a neighbour, let go by 李老師."""
    gone = {"came_at": MONDAY_4PM, "went_at": at, "way_home": "other"}
    gone |= {"collected_by": "鄰居 李嬸", "release_reason": "奶奶住院"}
    teacher = make.staff()
    return make.attendance(
        make.activity(), make.child(name), **gone, released_by=teacher, **more
    )


def names(lines):
    return [line.child for line in lines]


def test_each_is_told_with_who_when_why_and_by_whose_leave(by):
    row = let_go()

    (line,) = unlisted.waiting()

    assert (line.id, line.child, line.class_name) == (row.id, "小明", "三年級1班")
    assert (line.went_at, line.person, line.reason) == (SOON, "鄰居 李嬸", "奶奶住院")
    assert (line.teacher, line.seen_at, line.seen_by) == ("李老師", None, None)


def test_only_those_not_on_the_list_the_newest_first(by):
    listed = {"way_home": "collector", "collected_by": "爺爺 王大山"}
    gone = {"came_at": MONDAY_4PM, "went_at": SOON}
    make.attendance(make.activity(), make.child("小剛"), **listed, **gone)
    make.attendance(make.activity(), make.child("小麗"), came_at=MONDAY_4PM)
    let_go("先"), let_go("後", at=SOON + timedelta(minutes=1))

    assert names(unlisted.waiting()) == ["後", "先"]
    assert names(unlisted.waiting(limit=1)) == ["後"]


def test_put_aside_it_is_seen_and_brought_back_it_waits(by):
    row = let_go()

    unlisted.put_aside(row.id, by=by, at=SOON)
    (line,) = unlisted.seen(limit=9)
    assert (unlisted.waiting(), line.seen_at, line.seen_by) == ([], SOON, "林老師")

    unlisted.bring_back(row.id, by=by, at=SOON)
    assert (names(unlisted.waiting()), unlisted.seen(limit=9)) == (["小明"], [])
    assert [t.deed for t in Trail.select()] == [
        "collecting.put_aside",
        "collecting.bring_back",
    ]


def test_pressed_twice_the_first_stays(by):
    row = let_go()
    unlisted.put_aside(row.id, by=by, at=SOON)

    unlisted.put_aside(row.id, by=make.actor(), at=SOON + timedelta(hours=1))

    kept = Attendance.get()
    assert (kept.release_seen_at, kept.release_seen_by_id) == (SOON, by.id)
    assert Trail.select().count() == 1
    unlisted.bring_back(row.id, by=by, at=SOON), unlisted.bring_back(row.id, by=by, at=SOON)
    assert Trail.select().count() == 2


def test_what_is_no_such_departure_is_missing(by):
    row = make.attendance(make.activity(), make.child(), came_at=MONDAY_4PM)

    for deed in (unlisted.put_aside, unlisted.bring_back):
        for row_id in (row.id, 99):
            with pytest.raises(NotFound):
                deed(row_id, by=by, at=SOON)

    assert Trail.select().count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_one_query_however_long(by, count):
    for n in range(count):
        let_go(f"孩子{n}")

    with count_queries() as queries:
        assert len(unlisted.waiting()) == count

    assert queries.count == 1


def test_a_million_rows_are_not_read_for_it(by):
    asked = "SELECT id FROM attendance WHERE released_by_id IS NOT NULL"

    (plan,) = db.execute_sql(f"EXPLAIN QUERY PLAN {asked}").fetchall()

    assert "attendance_released" in plan[-1]
