"""Whom to call about a child: in which order, each number once, each look recorded."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.children.store import phones
from liushou_web.children.store.phones import FamilyPhone
from liushou_web.schema import Trail

YESTERDAY = MONDAY_4PM.date() - timedelta(days=1)
FILE = {
    "carer_name": "梁桂蘭",
    "carer_relation": "外婆",
    "carer_phone": "13477190000",
    "father_name": "王大山",
    "father_phone": "13477190001",
    "mother_name": "李小蓮",
    "mother_phone": "13477190002",
}


@pytest.fixture
def by(store):
    make.school()
    return make.actor()


def shown(child, by):
    return phones.shown(child.id, by=by, at=MONDAY_4PM)


def test_the_carer_comes_first_then_who_may_collect_then_the_parents(by):
    child = make.child(**FILE)
    make.collector(child, "王小蓮", relation="姑姑", phone="13477190003", guardian=True)

    assert shown(child, by) == [
        FamilyPhone("外婆 梁桂蘭", "13477190000"),
        FamilyPhone("姑姑 王小蓮", "13477190003", guardian=True),
        FamilyPhone("父親 王大山", "13477190001"),
        FamilyPhone("母親 李小蓮", "13477190002"),
    ]


def test_each_number_is_told_once_where_it_comes_first(by):
    child = make.child(**FILE | {"mother_phone": "13477190000"})
    make.collector(child, "王大山", relation="父親", phone="13477190001", guardian=True)

    assert shown(child, by) == [
        FamilyPhone("外婆 梁桂蘭", "13477190000"),
        FamilyPhone("父親 王大山", "13477190001", guardian=True),
    ]


def test_who_may_not_collect_today_or_has_no_number_is_not_called(by):
    child = make.child(carer_name="梁桂蘭")
    make.collector(child, "以前", phone="1", ended_at=MONDAY_4PM)
    make.collector(child, "昨天", phone="2", first_day=YESTERDAY, last_day=YESTERDAY)
    make.collector(child, "沒有電話")

    assert shown(child, by) == []


def test_each_look_is_a_line_of_the_trail_without_the_numbers(by):
    child = make.child(**FILE)

    for _ in range(2):
        shown(child, by)

    lines = Trail.select().where(Trail.deed == "children.phones")
    assert [
        (line.staff_id, line.at, line.subject, line.subject_id, line.detail)
        for line in lines
    ] == [(by.id, MONDAY_4PM, "child", child.id, "")] * 2
