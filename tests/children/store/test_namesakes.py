"""What stands beside a shared name is true at each page, however often it was asked."""

from datetime import date

import make
from kit import count_queries

from liushou_web.children.store import namesakes
from liushou_web.db import db
from liushou_web.schema import Child


def test_marks_follow_the_register_at_once(store):
    one = make.child(name="王芳", number="20260001")
    other = make.child(name="王芳", number="20260002")

    before = dict(namesakes.marks())
    Child.update(name="王方").where(Child.id == other.id).execute()

    assert before == {one.id: "…0001", other.id: "…0002"}
    assert dict(namesakes.marks()) == {}


def test_marks_of_the_same_children_are_the_same_and_cannot_be_changed(store):
    for number in ("20260001", "20260002"):
        make.child(name="王芳", number=number)

    with count_queries() as counted:
        first, second = namesakes.marks(), namesakes.marks()

    assert first is second
    assert not hasattr(first, "update")
    assert counted.count == 2


def test_children_who_share_a_name_have_marks_in_whatever_class(store):
    first = make.child("王芳", number="202611000011")
    second = make.child("王芳", number="202611000012", school_class=make.school_class(4, 1))
    third = make.child("王芳", sex="f", birth_date=date(2016, 3, 5))
    make.child("李明", number="202611000013")

    marks = {first.id: "…0011", second.id: "…0012", third.id: "女 2016-03-05"}
    assert dict(namesakes.marks()) == marks


def test_who_left_neither_has_a_mark_nor_gives_one(store):
    make.child("王芳", number="202611000011")
    make.child("王芳", number="202611000012", left_on=date(2026, 11, 1), left_reason="轉學")

    assert dict(namesakes.marks()) == {}


def test_one_query_over_an_index_of_names(store):
    for number in range(60):
        make.child(f"王{number % 40}", number=f"2026110000{number}")
    asked = []
    db.query_hooks.append(lambda query: asked.append((query.sql, query.params)))

    with count_queries() as queries:
        assert len(namesakes.marks()) == 40

    assert queries.count == 1
    sql, values = asked[0]
    plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    steps = [
        step for step in plan if step.startswith(("SCAN", "SEARCH")) and "LIST" not in step
    ]
    assert len(steps) == 2
    assert all("child_of_name" in step for step in steps), plan


def test_marks_of_one_name_are_those_of_all(store):
    for number in ("20260001", "20260002"):
        make.child(name="王芳", number=number)
    make.child(name="李明", number="20260003")

    assert namesakes.marks_of_name("王芳") == dict(namesakes.marks())
    assert namesakes.marks_of_name("李明") == namesakes.marks_of_name("無人") == {}
