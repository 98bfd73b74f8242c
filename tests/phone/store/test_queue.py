"""The queue of a day, and who waited longest without asking."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.phone.rules.queue import CallStanding
from liushou_web.phone.store import queue as call_queue

TODAY = MONDAY_4PM.date()


@pytest.fixture(autouse=True)
def school(store):
    make.school()


def ago(days):
    return MONDAY_4PM - timedelta(days=days)


def queue():
    return [each.name for each in call_queue.queue(at=MONDAY_4PM)]


def test_the_longest_without_a_call_goes_first():
    for name, days in (("一天", 1), ("一月", 30), ("一周", 7)):
        child = make.child(name)
        make.call(child, ago(days))
        make.wish(child)
    make.wish(make.child("從來沒有"))

    assert queue() == ["從來沒有", "一月", "一周", "一天"]


def test_who_was_reached_today_or_is_talking_waits_no_more():
    reached, talking, tried = (make.child(name) for name in ("通了", "在打", "沒通"))
    make.call(reached, ago(0))
    make.call(talking, ago(0), result="")
    make.call(tried, ago(0), result="no_answer")
    for child in (reached, talking, tried):
        make.wish(child)

    (waiting,) = call_queue.queue(at=MONDAY_4PM)

    assert (waiting.name, waiting.standing) == ("沒通", CallStanding(None, True, 1))


def test_only_who_asked_for_today_and_is_still_here():
    withdrawn, gone = make.child("撤回"), make.child("離開", left_on=TODAY)
    make.wish(withdrawn, withdrawn_at=MONDAY_4PM)
    make.wish(gone)
    make.wish(make.child("昨天"), ago(1))

    assert queue() == []


def test_a_child_waits_with_its_file_and_its_booking():
    child = make.child("小明", parents_free="週日休息")
    slot = {"starts": MONDAY_4PM.time(), "ends": MONDAY_4PM.time().replace(minute=10)}
    wish = make.wish(child, phone=make.phone(), **slot)

    (waiting,) = call_queue.queue(at=MONDAY_4PM)

    assert (waiting.wish_id, waiting.parents_free) == (wish.id, "週日休息")
    assert (waiting.class_name, waiting.booking.line) == ("三年級1班", "電話一")
    assert waiting.booking.is_due(MONDAY_4PM)


def test_who_waited_longest_without_asking():
    for name, days in (("一天", 1), ("一月", 30), ("今天", 0)):
        make.call(make.child(name), ago(days))
    make.child("從來沒有")
    make.wish(make.child("排了隊"))

    found = call_queue.longest(at=MONDAY_4PM, limit=2)

    assert [each.name for each in found] == ["從來沒有", "一月"]
    assert [each.standing.days(TODAY) for each in found] == [None, 30]
    assert len(call_queue.longest(at=MONDAY_4PM, limit=9)) == 3


def test_children_are_told_in_the_order_given():
    one, two = make.child("一"), make.child("二")
    make.wish(one)

    found = call_queue.waiting_of([two.id, one.id], at=MONDAY_4PM)

    assert [(each.name, each.wish_id is None) for each in found] == [
        ("二", True),
        ("一", False),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_however_many_wait(count):
    for n in range(count):
        child = make.child(f"孩子{n}")
        make.call(child, ago(n + 1))
        make.wish(child)

    with count_queries() as queries:
        found = call_queue.queue(at=MONDAY_4PM)

    assert (len(found), queries.count) == (count, 2)
