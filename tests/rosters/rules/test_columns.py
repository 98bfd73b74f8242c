"""Where the headings of a roster are, what each column is, which rows are children."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liushou_web.refusal import Refused
from liushou_web.rosters.rules.book import Book, Reading, Worksheet
from liushou_web.rosters.rules.columns import checked, columns, guess, read_at
from liushou_web.rosters.rules.rows import Passed, rows_of
from liushou_web.rosters.rules.vocabulary import meaning

TODAY = date(2026, 11, 23)


def book(*rows, name="", filename=""):
    return Book(filename, (Worksheet(name, [row.split("|") for row in rows]),))


def understood(*rows, **names):
    made = book(*rows, **names)
    return rows_of(made.sheets[0], guess(made), today=TODAY)


def records(*rows):
    return [line.record for line in understood(*rows).lines]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ("姓名", "name"), ("姓  名", "name"), ("學生姓名", "name"), ("学生", "name"),
        ("姓名（必填）", "name"), ("*姓名", "name"), ("2.姓名", "name"),
        ("留守兒童 姓名", "name"),
        ("班 級", "school_class"), ("所在班級", "school_class"), ("年級", "grade"),
        ("性 別", "sex"), ("出生年月", "birth_date"), ("生日", "birth_date"),
        ("学籍号", "number"), ("學號", "number"), ("是否寄宿", "boards"),
        ("監護類型", "arrangement"), ("監護人", "carer_name"), ("监护人姓名", "carer_name"),
        ("臨時監護人聯繫電話", "carer_phone"), ("家長電話", "carer_phone"),
        ("手機號碼", "carer_phone"), ("關係", "carer_relation"),
        ("與學生關係", "carer_relation"), ("与留守儿童的关系", "carer_relation"),
        ("監護人與學生關係", "carer_relation"), ("父親", "father_name"),
        ("爸爸電話", "father_phone"), ("母亲姓名", "mother_name"),
        ("母亲手机号", "mother_phone"),
        ("方便接電話的時間", "parents_free"), ("父母務工地", "parents_work"),
        ("父親工作單位", "parents_work"),
        ("家庭住址", "address"), ("備註", "note"),
        ("監護人情況|姓名", "carer_name"), ("監護人情況|與學生關係", "carer_relation"),
        ("監護人情況|聯繫電話", "carer_phone"), ("父親|姓名", "father_name"),
        ("父母情況|父親姓名", "father_name"), ("聯繫電話|母親", "mother_phone"),
        ("學生基本情況|姓名", "name"), ("學生基本情況|班級", "school_class"),
        ("序號", None), ("建檔立卡", None), ("民族", None), ("身份證號", None), ("", None),
    ],
)  # fmt: skip
def test_meaning_of_a_heading(parts, field):
    found = meaning(tuple(parts.split("|")))

    assert (found and found.field) == field


def test_headings_are_found_under_titles():
    reading = guess(
        book("花名册||", "填报单位：中心学校||", "序号|姓名|班级", "1|李明|3.1")
    )

    assert reading == Reading(0, 3, 1, ("", "name", "school_class"))


def test_two_rows_of_headings_without_merged_cells():
    reading = guess(
        book("姓名|監護人||父親|", "|姓名|電話|姓名|電話", "李明|李桂蘭|1|李勇|2")
    )

    assert (reading.header, reading.depth) == (1, 2)
    assert reading.columns == (
        "name",
        "carer_name",
        "carer_phone",
        "father_name",
        "father_phone",
    )


def test_a_first_child_is_not_taken_for_headings():
    reading = guess(book("姓名|與學生關係|電話", "李明|父親|13800138000"))

    assert (reading.header, reading.depth) == (1, 1)


def test_each_phone_belongs_to_the_parent_on_its_left():
    reading = guess(
        book("姓名|父親|電話|母親|電話|監護人|電話", "李明|李勇|1|王芳|2|李桂蘭|3")
    )

    assert reading.columns[1:] == (
        "father_name",
        "father_phone",
        "mother_name",
        "mother_phone",
        "carer_name",
        "carer_phone",
    )


def test_one_phone_after_the_parents_is_the_carers():
    reading = guess(book("姓名|父親|母親|聯繫電話", "李明|李勇|王芳|13800138000"))

    assert reading.columns[3] == "carer_phone"


def test_the_second_of_two_alike_columns_is_left_out():
    assert guess(book("姓名|班級|班級", "李明|3.1|3.2")).columns == (
        "name",
        "school_class",
        "",
    )


def test_without_headings_nothing_is_guessed():
    assert guess(book("李明|3.1|男", "王芳|3.1|女")) == Reading(0, 0, 0, ("", "", ""))


def test_the_sheet_with_the_children_is_taken():
    help_page = Worksheet("說明", [["姓名", "必填"], ["班級", "必填"]])
    roster = Worksheet(
        "名冊", [["姓名", "班級"], ["李明", "3.1"], ["王芳", "3.1"], ["張偉", "3.1"]]
    )

    assert guess(Book("", (help_page, roster))).sheet == 1


@pytest.mark.parametrize(
    "names", [{"name": "三(2)班"}, {"filename": "三年級2班.xlsx"}], ids=["tab", "file"]
)
def test_a_class_is_taken_from_the_names(names):
    assert guess(book("姓名|性別", "李明|男", **names)).whole_class == "三年級2班"


def test_a_class_is_taken_from_the_title():
    rows = understood("三年級2班留守兒童名冊|", "姓名|性別", "李明|男")

    assert [line.record.school_class for line in rows.lines] == ["3.2"]


def test_a_person_sees_headings_and_values():
    made = book("序號|身份證號|姓名", "1||李明", "2||王芳")

    shown = columns(made, read_at(made, 0, header=1, depth=1))

    assert [(c.heading, c.samples, c.field, c.private) for c in shown] == [
        ("序號", ("1", "2"), "", False),
        ("身份證號", (), "", True),
        ("姓名", ("李明", "王芳"), "name", False),
    ]


@pytest.mark.parametrize(
    ("chosen", "whole_class", "why"),
    [
        (("name", "name"), "", "有兩欄都選了「姓名」，請只留一欄。"),
        (("number", ""), "", "請指定哪一欄是學生姓名。"),
        (("name", ""), "", "名冊裏沒有班級一欄。請填寫這些學生在哪個班。"),
        (("name", ""), "三班", "看不懂這個班級。請寫成「三年級2班」這樣。"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(chosen, whole_class, why):
    with pytest.raises(Refused) as refused:
        checked(book("a|b"), Reading(0, 1, 1, chosen, whole_class))
    assert str(refused.value) == why


def test_totals_signatures_and_repeated_headings_are_passed_over():
    rows = understood(
        "序號|姓名|班級|電話",
        "1|李明|3.1|13800138000",
        "|||",
        "序號|姓名|班級|電話",
        "2|王芳|3.1|13900139000",
        "3|||",
        "合計|2人||",
        "總計：2人|||",
        "|||共2人",
        "填表人：|審核人：||校長簽字：",
        "|||填報日期：2026年9月",
    )

    assert [line.record.name for line in rows.lines] == ["李明", "王芳"]
    assert rows.faults == []
    assert [passed.row for passed in rows.passed] == [4, 6, 7, 8, 9, 10, 11]


def test_a_title_between_classes_is_passed_over():
    rows = understood("姓名|班級", "三年級1班學生名單|", "李明|3.1")

    assert rows.passed == [Passed(2, "三年級1班學生名單")]
    assert [line.record.name for line in rows.lines] == ["李明"]


def test_a_name_alone_is_a_child_without_a_class():
    rows = understood("姓名|班級", "李明|")

    assert [line.record.school_class for line in rows.lines] == [""]


def test_every_fault_of_a_row_is_told_and_the_row_left_out():
    rows = understood("姓名|班級|性別", "|3.1|未知", "李明|3.1|男")

    assert [(f.row, f.label, f.value, str(f.reason)) for f in rows.faults] == [
        (2, "性別", "未知", "性別請寫「男」或「女」。"),
        (2, "姓名", "", "姓名空缺。"),
    ]
    assert [line.row for line in rows.lines] == [3]
    assert rows.total == 2


def test_a_grade_in_a_column_of_its_own():
    assert [r.school_class for r in records("姓名|年級|班級", "李明|三年級|2班")] == ["3.2"]


def test_the_text_of_a_passed_row_is_short():
    rows = understood("姓名|班級", "合計|" + "很長" * 99)

    assert rows.passed == [Passed(2, ("合計 " + "很長" * 99)[:60])]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["姓名", "班級", "監護人", "電話", "父親", "合計", "三(1)班", "李明", "同上"]
    ),
    st.integers(),
    st.floats(),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=8), header=st.integers(0, 8))
def test_no_content_makes_a_roster_crash(rows, header):
    made = Book("", (Worksheet("", rows),))
    best = guess(made)
    forced = read_at(made, 0, header=min(header, len(rows)), depth=2)

    for reading in (best, forced, best._replace(columns=("name", "school_class", "note"))):
        found = rows_of(made.sheets[0], reading, today=TODAY)
        assert len(found.lines) <= len(rows)
        columns(made, reading._replace(columns=("",) * made.sheets[0].width))
