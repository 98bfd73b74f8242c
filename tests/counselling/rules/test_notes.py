"""Notes: packed and unpacked alike; what must not be written in them."""

from dataclasses import replace
from datetime import date, time

import pytest

from liushou_web.counselling.rules.notes import (
    Note,
    NoteKind,
    check,
    has_address,
    has_id_number,
    pack,
    unpack,
)
from liushou_web.refusal import Refused

NOTE = Note(
    child_id=7,
    who="小明",
    day=date(2026, 11, 23),
    starts=time(16, 0),
    ends=time(16, 50),
    place="心理輔導室",
    way="face",
    issue="夜裏睡不著\n想媽媽",
    risk="watch",
    next_day=date(2026, 11, 30),
)


def test_a_note_is_the_same_after_packing():
    assert unpack(pack(NOTE)) == NOTE


def test_fields_of_a_later_program_are_left_alone():
    assert unpack('{"who": "小明", "colour": "green"}') == Note(who="小明")


def test_words_are_told_in_order_without_the_empty_ones():
    assert NOTE.words == [("主訴問題", "夜裏睡不著\n想媽媽")]
    sent = Note(kind=NoteKind.REFERRAL, outcome="已就診", to_whom="縣醫院")
    assert sent.words == [("轉介到", "縣醫院"), ("結果", "已就診")]
    assert (NOTE.kind_label, sent.kind_label) == ("輔導記錄", "轉介")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Note(child_id=7, who="小明明"), True),  # renamed since
        (Note(child_id=8, who="小明"), False),  # two of one name
        (Note(who="小明"), False),  # an alias
    ],
)
def test_a_person_is_known_by_the_register(other, same):
    assert NOTE.same_person(other) is same
    assert other.same_person(NOTE) is same


def test_the_same_alias_is_the_same_person():
    assert Note(who="小草").same_person(Note(who="小草"))


@pytest.mark.parametrize(
    ("risk", "void", "grave"),
    [("high", "", True), ("life", "", True), ("watch", "", False), ("life", "寫錯", False)],
)
def test_grave_is_what_is_in_danger_and_holds(risk, void, grave):
    assert Note(risk=risk, void=void).is_grave is grave


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11010519491231002X", True),  # the example of the standard
        ("號碼是110105 19491231 002x。", True),
        ("１１０１０５１９４９１２３１００２Ｘ", True),
        ("440524188001010014", True),
        ("110105194912310021", False),  # the last digit does not fit
        ("13800138000", False),
        ("123456789012345678901", False),  # longer
        ("2026112316002026112", False),
        ("", False),
    ],
)
def test_id_numbers_are_known_by_their_last_digit(text, found):
    assert has_id_number(text) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("住在柳溪村三組", True),
        ("住柳溪村 12 號", True),
        ("人民路88号", True),
        ("幸福小區3棟", True),
        ("青石鎮街上15號", True),
        ("家在柳溪村", False),
        ("回家路上三號樓的叔叔", False),
        ("不知道他們三組為什麼吵架", False),
        ("11月23號再談", False),
        ("走了五里路，八號再來", False),
    ],
)
def test_addresses_are_known_by_the_number_of_the_house(text, found):
    assert has_address(text) is found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends": time(16, 0)}, "結束時間必須晚於開始時間。"),
        ({"next_day": date(2026, 11, 22)}, "下次日期不能早於這次。"),
        (
            {"agreements": "11010519491231002X"},
            "請不要寫身份證號，「約定或作業」裏有一個。記錄用不着它。",
        ),
        ({"place": "柳溪村三組"}, "請不要寫詳細住址，「地點」裏有。寫到村名就夠了。"),
        (
            {"who": "11010519491231002X"},
            "請不要寫身份證號，「學生」裏有一個。記錄用不着它。",
        ),
    ],
)
def test_what_does_not_belong_is_refused(change, sentence):
    with pytest.raises(Refused) as refused:
        check(replace(NOTE, **change))

    assert str(refused.value) == sentence


def test_a_good_note_and_one_of_few_words_pass():
    assert check(NOTE) is check(Note()) is None
