"""What is kept of a child: tidied, compared, merged."""

from dataclasses import replace
from datetime import date

import pytest

from liushou_web.children.rules.register import (
    FIELD_LABELS,
    ChildFields,
    age,
    changes,
    check_birth_date,
    contested,
    merged,
    tidied,
    tidy_number,
    tidy_phone,
)
from liushou_web.refusal import Refused

TODAY = date(2026, 11, 23)
FANG = ChildFields("王芳", 1, carer_phone="13812345678", address="東村")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" 138 1234 5678 ", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0730—6221234", "0730-6221234"),
        ("+86 138-1234-5678", "+86138-1234-5678"),
        ("6221234", "6221234"),
    ],
)
def test_tidy_phone(typed, kept):
    assert tidy_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["622123", "138123456789012", "奶奶家", "138x2345678", "-1234567", "1.38E+10"]
)
def test_a_phone_that_cannot_be_dialled_is_refused(typed):
    with pytest.raises(Refused, match="不像電話號碼"):
        tidy_phone(typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [(None, None), ("  ", None), ("g43 06", "G4306"), ("１２", "12")]
)
def test_tidy_number(typed, kept):
    assert tidy_number(typed) == kept


def test_tidied_tidies_people_numbers_and_phones():
    fields = ChildFields(
        "李  明", 1, number=" g1 ", carer_name="王  秀英", mother_phone="138 1234 5678"
    )

    assert tidied(fields) == ChildFields(
        "李明", 1, number="G1", carer_name="王秀英", mother_phone="13812345678"
    )


@pytest.mark.parametrize("name", ["", "  ", "·", "\u200b"])
def test_a_child_has_a_name(name):
    with pytest.raises(Refused, match="請填寫學生姓名。"):
        tidied(ChildFields(name, 1))


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (date(2015, 11, 23), 11),  # birthday
        (date(2015, 11, 24), 10),
        (date(2016, 2, 29), 10),
        (TODAY, 0),
    ],
)
def test_age(born, years):
    assert age(born, TODAY) == years


def test_a_child_of_29_february_is_older_on_1_march():
    assert [age(date(2016, 2, 29), date(2026, m, d)) for m, d in [(2, 28), (3, 1)]] == [
        9,
        10,
    ]


@pytest.mark.parametrize("born", [date(2026, 11, 24), date(1999, 1, 1)])
def test_a_birth_date_that_no_pupil_has_is_refused(born):
    with pytest.raises(Refused, match="請核對"):
        check_birth_date(born, TODAY)


def test_a_birth_date_of_today_is_taken():
    check_birth_date(TODAY, TODAY)


def test_changes_are_told_in_the_schools_words():
    new = replace(
        FANG,
        name="王方",
        class_id=2,
        sex="f",
        birth_date=date(2015, 3, 5),
        boards=True,
        arrangement="alone",
        address="",
    )

    assert list(map(str, changes(FANG, new, {1: "三年級1班", 2: "三年級2班"}))) == [
        "姓名：王芳 → 王方",
        "班級：三年級1班 → 三年級2班",
        "性別：未登記 → 女",
        "出生日期：（空） → 2015-03-05",
        "住校：否 → 是",
        "居住情況：未登記 → 獨自生活",
        "家庭住址：東村 → （空）",
    ]


def test_no_change_is_told_where_there_is_none():
    assert changes(FANG, replace(FANG), {}) == []


def test_every_field_has_a_label():
    assert set(FIELD_LABELS) == set(ChildFields.__dataclass_fields__)


def test_merged_keeps_what_each_of_two_people_changed():
    mine = replace(FANG, address="西村")
    theirs = replace(FANG, carer_phone="13900000000")

    assert merged(FANG, mine, theirs) == replace(mine, carer_phone="13900000000")
    assert contested(FANG, mine, theirs) == set()


def test_merged_keeps_my_typing_where_both_changed_the_same_field():
    mine, theirs = replace(FANG, address="西村"), replace(FANG, address="南村")

    assert merged(FANG, mine, theirs).address == "西村"
    assert contested(FANG, mine, theirs) == {"address"}


def test_the_same_change_by_both_is_not_contested():
    both = replace(FANG, address="西村")

    assert contested(FANG, both, both) == set()
