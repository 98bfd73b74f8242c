"""Finding children: who is found, in which order, with how many queries."""

from datetime import date

import make
import pytest
from kit import count_queries

from liushou_web.children.store import register


def names(found):
    return [child.name for child in found]


def test_found_gives_everyone_by_class_then_number_then_pinyin(store):
    make.child("張偉", school_class=make.school_class(2, 1))
    make.child("王芳", number="10")
    make.child("李明", number="9")
    make.child("趙雪")
    make.child("陳晨")
    make.child("黃河", school_class=make.school_class(1, 10))
    make.child("吳越", school_class=make.school_class(1, 2))

    assert names(register.find()) == [
        "吳越", "黃河", "張偉", "李明", "王芳", "陳晨", "趙雪",
    ]  # fmt: skip


def test_found_tells_what_a_list_shows(store):
    child = make.child("單雨萱", number="G1", sex="f", boards=True, arrangement="alone")

    (found,) = register.find("syx")

    assert found[:11] == (
        child.id, "G1", "單雨萱", "f", child.school_class_id, 3, 1, True, "alone", None, "",
    )  # fmt: skip
    assert found.class_name == "三年級1班"


def test_two_children_of_one_name_are_both_found(store):
    one, other = make.child("王芳"), make.child("王芳")

    assert [child.id for child in register.find("wf")] == [one.id, other.id]


def test_filters_narrow(store):
    li = make.staff(roles=("helper",))
    own = make.school_class(1, 1, teacher=li)
    make.child("一", school_class=own, arrangement="alone")
    make.child("二", school_class=own)
    make.child("三")

    assert names(register.find(of_teacher=li.id)) == ["二", "一"]
    assert names(register.find(class_id=own.id)) == ["二", "一"]
    assert names(register.find(arrangement="alone")) == ["一"]
    assert names(register.find("s")) == ["三"]
    assert names(register.find("s", of_teacher=li.id)) == []


def test_those_who_left_are_apart(store):
    make.child("在校")
    make.child("轉走", left_on=date(2026, 10, 1), left_reason="moved")

    assert names(register.find()) == ["在校"]
    assert names(register.find(left=True)) == ["轉走"]


def test_finding_counts_more_than_it_shows(store):
    for number in range(5):
        make.child(f"王{number}")

    assert [
        len(register.find_counted("w", limit=2).children),
        register.find_counted("w", limit=2).total,
    ] == [2, 5]
    assert register.find_counted(limit=2).total == 5
    assert names(register.find("w", limit=1)) == ["王0"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "w"])
def test_finding_takes_as_many_queries_however_many_children(store, count, query):
    for number in range(count):
        make.child(f"王{number}")

    with count_queries() as queries:
        register.find_counted(query, limit=200)

    assert queries.count == 2
