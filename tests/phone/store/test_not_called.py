"""Who was not called in a month: tried, and not even tried; and the register of calls."""

from datetime import date, datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.phone.rules.calls import CallSums
from liushou_web.phone.store import not_called, register
from liushou_web.schedule.rules.periods import Days, month_of

TODAY = MONDAY_4PM.date()
NOVEMBER = month_of(TODAY)


@pytest.fixture(autouse=True)
def school(store):
    make.school()


def ago(days):
    return MONDAY_4PM - timedelta(days=days)


def names(rows):
    return [row.name for row in rows]


def shown(**asked):
    rows = not_called.rows_of(NOVEMBER, today=TODAY, **asked)
    return [names(each) for each in not_called.lists(rows, TODAY)]


def test_cannot_reach_and_never_tried_are_different_lists():
    reached, unreached, before = (
        make.child(n, number=n[0]) for n in ("1通", "2打", "3十月")
    )
    make.child("4從來", number="4")
    make.call(reached, ago(2))
    make.call(unreached, ago(2), result="no_answer")
    make.call(before, ago(30))

    assert shown() == [["2打"], ["3十月", "4從來"], ["2打", "3十月", "4從來"]]


def test_a_call_that_is_open_is_no_attempt_yet():
    make.call(make.child("小明"), ago(0), result="")

    assert shown() == [[], ["小明"], ["小明"]]


@pytest.mark.parametrize(("days", "silent"), [(7, False), (8, True)])
def test_the_law_asks_for_a_call_within_seven_days(days, silent):
    make.call(make.child("小明"), ago(days))

    assert shown()[2] == (["小明"] if silent else [])


def test_only_active_children_of_the_class_or_the_teacher():
    teacher = make.staff("孫老師", roles=("helper",))
    mine = make.school_class(4, 1, teacher=teacher)
    make.child("我的", school_class=mine)
    make.child("別人的")
    make.child("走了", left_on=TODAY)

    assert shown()[1] == ["別人的", "我的"]
    assert shown(of_teacher=teacher.id)[1] == ["我的"]
    assert shown(class_id=mine.id)[1] == ["我的"]


def test_a_row_knows_what_one_wants_to_know_before_calling():
    child = make.child("小明", parents_free="晚上")
    make.call(child, ago(3), result="busy")
    make.wish(child)

    (row,) = not_called.rows_of(NOVEMBER, today=TODAY)

    assert (row.parents_free, row.attempts, row.connected) == ("晚上", 1, False)
    assert (row.wish.day, row.class_name) == (TODAY, "三年級1班")


def test_the_head_sees_the_same_as_numbers():
    make.call(make.child("通了"), ago(1))
    make.call(make.child("沒通"), ago(1), result="busy")
    make.child("四年級", school_class=make.school_class(4, 1))

    rows = not_called.rows_of(NOVEMBER, today=TODAY)

    assert not_called.counts(rows, TODAY) == [
        not_called.CallCount("三年級1班", 2, 1, 1, 0, 1),
        not_called.CallCount("四年級1班", 1, 0, 0, 1, 1),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_however_many_children(count):
    for n in range(count):
        make.call(make.child(f"孩子{n}"), ago(n))

    with count_queries() as queries:
        rows = not_called.rows_of(NOVEMBER, today=TODAY)

    assert (len(rows), queries.count) == (count, 4)


# The register


def lines(days=NOVEMBER, **asked):
    return [entry.name for entry in register.register(days, **asked).lines]


def test_the_register_holds_its_days_in_order_and_adds_up():
    child = make.child("小明")
    make.call(child, datetime(2026, 11, 30, 23, 50), minutes=5)
    make.call(child, datetime(2026, 11, 1, 0, 0), result="busy")
    make.call(child, datetime(2026, 10, 31, 23, 59))
    make.call(child, datetime(2026, 12, 1, 0, 0), result="")

    found = register.register(NOVEMBER)

    assert [entry.result for entry in found.lines] == ["busy", "connected"]
    assert found.sums == CallSums(2, 1, 5)
    assert len(register.register(None).lines) == 4


def test_the_register_of_a_class_is_of_who_was_in_it_then():
    old, new = make.school_class(3, 1), make.school_class(4, 1)
    moved = make.child("升級", school_class=new)
    make.call(moved, school_class=old)

    (entry,) = register.register(NOVEMBER, class_id=old.id).lines

    assert entry.class_name == "三年級1班"
    assert lines(class_id=new.id) == []


def test_the_register_of_one_child_and_of_own_children():
    teacher = make.staff("孫老師", roles=("helper",))
    mine = make.child("我的", school_class=make.school_class(4, 1, teacher=teacher))
    make.call(mine), make.call(make.child("別人的"), ago(1))

    assert lines(child_id=mine.id) == ["我的"]
    assert lines(of_teacher=teacher.id) == ["我的"]
    assert lines() == ["別人的", "我的"]
    assert lines(Days(date(2026, 1, 1), date(2026, 1, 31))) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_is_one_query(count):
    for n in range(count):
        make.call(make.child(f"孩子{n}"), ago(n))

    with count_queries() as queries:
        assert len(lines()) == count

    assert queries.count == 1
