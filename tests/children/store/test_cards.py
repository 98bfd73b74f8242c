"""Whose cards are printed, and whose card was scanned."""

from datetime import date

import make
import pytest
from kit import count_queries

from liushou_web.children.rules.cards import read
from liushou_web.children.store import cards

GONE = {"left_on": date(2026, 10, 1), "left_reason": "moved"}


def names(found):
    return [each.name for each in found]


@pytest.fixture
def classes(store):
    teacher = make.staff("孫老師", roles=("helper",))
    own, other = make.school_class(3, 1, teacher=teacher), make.school_class(1, 1)
    make.child("小明", number="9", school_class=own)
    make.child("小紅", school_class=own)
    make.child("小剛", number="7", school_class=other)
    make.child("已走", school_class=own, **GONE)
    return teacher, own, other


def test_classes_and_single_children_are_in_the_order_of_the_register(classes):
    _, own, other = classes
    single = cards.holders_of(read("7"))[0]

    assert names(cards.chosen([own.id], [])) == ["小明", "小紅"]
    assert names(cards.chosen([own.id], [single.id])) == ["小剛", "小明", "小紅"]
    assert names(cards.chosen([own.id, other.id], [single.id])) == ["小剛", "小明", "小紅"]


def test_nobody_chosen_is_nobody(classes):
    assert cards.chosen([], []) == []


def test_a_class_teacher_gets_no_card_of_another_class(classes):
    teacher, own, other = classes
    single = cards.holders_of(read("7"))[0]

    found = cards.chosen([own.id, other.id], [single.id], of_teacher=teacher.id)

    assert names(found) == ["小明", "小紅"]


def test_a_card_says_no_more_than_it_needs(classes):
    card = cards.holders_of(read("9"))[0]

    assert card._fields == ("id", "name", "number", "grade", "class_number")
    assert (card.class_name, card.code) == ("三年級1班", "9")


def test_a_card_is_found_by_number_and_by_id_for_as_long_as_it_is_printed(store):
    child = make.child("小紅")
    printed_before = cards.chosen([], [child.id])[0].code
    child.number = "202611002"
    child.save()

    assert names(cards.holders_of(read(printed_before))) == ["小紅"]
    assert names(cards.holders_of(read("202611002"))) == ["小紅"]


def test_a_number_that_looks_like_anothers_card_means_both(store):
    child = make.child("小紅")
    make.child("小明", number=f"LS-{child.id}")

    assert names(cards.holders_of(read(f"LS-{child.id}"))) == ["小紅", "小明"]


@pytest.mark.parametrize("typed", ["404", "LS-404", "LS-0"])
def test_an_unknown_code_is_nobodys(classes, typed):
    assert cards.holders_of(read(typed)) == []


def test_the_card_of_who_left_is_nobodys(store):
    gone = make.child("已走", number="88", **GONE)

    assert cards.holders_of(read("88")) + cards.holders_of(read(f"LS-{gone.id}")) == []


@pytest.mark.parametrize("children", [1, 3])
def test_it_takes_one_query_however_many(store, children):
    group = make.school_class()
    for n in range(children):
        make.child(f"孩子{n}", school_class=group)

    with count_queries() as queries:
        found = cards.chosen([group.id], [])

    assert (len(found), queries.count) == (children, 1)
