"""Who of a roster is whom in the register, and what is written once decided."""

import json
from datetime import date

import pytest
from kit import FIXTURES

from liushou_web.refusal import Refused
from liushou_web.rosters.files import reading as rosters
from liushou_web.rosters.rules.changes import (
    KnownChild,
    RosterChange,
    changes,
    overlay,
    words,
)
from liushou_web.rosters.rules.columns import guess
from liushou_web.rosters.rules.matching import DOUBT_LABELS, Doubt, judge_rows
from liushou_web.rosters.rules.preview import ImportPreview, as_data, decide
from liushou_web.rosters.rules.rows import Record, RosterRow, RosterRows, rows_of

TODAY = date(2026, 11, 23)
MING = Record("001", "李明", "m", "2017-03-05", "3.1")


def record(name="李明", **values):
    return Record(**{"name": name, "school_class": "3.1", **values})


def known(*records, left=False):
    return [KnownChild(n, left, each) for n, each in enumerate(records, 7)]


def lines(*records):
    return [RosterRow(n, each) for n, each in enumerate(records, 2)]


def verdicts(roster, register):
    return judge_rows(lines(*roster), register)[0]


def told(roster, register):
    """(kind or doubt, the child or row meant) of each row."""
    return [
        (
            str(v.doubt or v.kind),
            [c.value for c in v.candidates] or (v.child and v.child.id),
        )
        for v in verdicts(roster, register)
    ]


def preview(roster, register=(), classes=()):
    return ImportPreview(RosterRows(lines(*roster), [], []), list(register), set(classes))


def fixture_rows(name):
    book = rosters.read((FIXTURES / name).read_bytes(), name)
    reading = guess(book)
    return rows_of(book.sheets[reading.sheet], reading, today=TODAY)


def test_the_autumn_roster_gives_exactly_83_children_and_no_fault():
    seen = ImportPreview(fixture_rows("roster-autumn.xlsx"), [], set())

    assert (len(seen.new), seen.faults, seen.asked, len(seen.new_classes)) == (
        83,
        [],
        [],
        12,
    )
    arrangements = [verdict.line.record.arrangement for verdict in seen.new]
    assert arrangements.count("grandparents") + arrangements.count("relatives") == 83


def test_the_class_teachers_list_names_every_fault():
    seen = ImportPreview(fixture_rows("class-teacher.xls"), [], set())

    assert [(f.row, f.field, f.value) for f in seen.faults] == [
        (42, "name", ""),
        (43, "birth_date", "2017.2.30"),
        (43, "carer_phone", "1380000"),
        (44, "name", "2"),
        (44, "sex", "未知"),
    ]
    assert [(v.line.row, v.doubt, v.candidates[0].value) for v in seen.asked] == [
        (45, Doubt.TWICE, "row:5")
    ]
    assert len(seen.new) == 40


def test_the_class_teachers_list_keeps_two_of_one_name_apart():
    seen = ImportPreview(fixture_rows("class-teacher.xls"), [], set())

    assert [
        v.line.record.school_class for v in seen.new if v.line.record.name == "苏建涛"
    ] == [
        "3.1",
        "5.2",
    ]


@pytest.mark.parametrize(
    ("row", "child", "outcome"),
    [
        # a student number decides
        (record(number="001"), record(number="001"), ("unchanged", 7)),
        (record(number="001", sex="m"), record(number="001"), ("changed", 7)),
        (record(number="001", school_class="4.1"), record(number="001"), ("changed", 7)),
        (record("王芳", number="001"), record(number="001"), ("other_name", ["child:7"])),
        (record("單雨", number="001"), record("单雨", number="001"), ("unchanged", 7)),
        # without one, name and class do
        (record(), record(), ("unchanged", 7)),
        (record(), record(number="001"), ("unchanged", 7)),
        (record(school_class="3.2"), record(), ("new", None)),
        (record("王芳"), record(), ("new", None)),
        (record(number="002"), record(number="001"), ("other_number", ["child:7"])),
        (record(number="002"), record(), ("no_number", ["child:7"])),
        (record("單雨"), record("单雨"), ("other_spelling", ["child:7"])),
        # birth dates speak for or against
        (
            record(number="002", birth_date="2017-03-05"),
            record(birth_date="2017-03-05"),
            ("changed", 7),
        ),
        (
            record(birth_date="2017-03-06"),
            record(birth_date="2017-03-05"),
            ("other_birth", ["child:7"]),
        ),
        (
            record("單雨", birth_date="2017-03-05"),
            record("单雨", birth_date="2017-03-05"),
            ("unchanged", 7),
        ),
        (
            record(school_class="4.1", birth_date="2017-03-05"),
            record(birth_date="2017-03-05"),
            ("other_class", ["child:7"]),
        ),
        (
            record(number="2", school_class="4.1", birth_date="2017-03-05"),
            record(number="1", birth_date="2017-03-05"),
            ("new", None),
        ),
    ],
)
def test_one_row_against_one_child(row, child, outcome):
    assert told([row], known(child)) == [outcome]


@pytest.mark.parametrize("number", ["", "001"])
def test_a_child_that_left_is_asked(number):
    row = record(number=number)

    assert told([row], known(record(number=number), left=True)) == [("left", ["child:7"])]


def test_two_of_one_name_in_a_class_are_told_apart_by_birth_date():
    twins = known(record(birth_date="2017-01-01"), record(birth_date="2017-02-02"))

    assert told([record(birth_date="2017-02-02")], twins) == [("unchanged", 8)]
    assert told([record()], twins) == [("several", ["child:7", "child:8"])]


def test_the_same_number_twice_in_a_roster():
    assert told([MING, MING._replace(name="王芳")], []) == [
        ("new", None),
        ("same_number_twice", ["row:2"]),
    ]
    assert told([MING, MING._replace(sex="f")], known(MING)) == [
        ("unchanged", 7),
        ("same_number_twice", ["child:7"]),
    ]


def test_the_same_name_twice_in_a_roster():
    assert told([record(), record(sex="m")], []) == [("new", None), ("twice", ["row:2"])]
    assert told([record(), record(sex="m")], known(record())) == [
        ("unchanged", 7),
        ("twice", ["child:7"]),
    ]


def test_one_name_with_two_numbers_is_two_children():
    assert told([record(number="1"), record(number="2")], []) == [("new", None)] * 2


def test_a_row_that_repeats_what_is_known_asks_nothing():
    assert told([MING, MING], known(MING)) == [("unchanged", 7)] * 2
    assert told([record(), record()], known(record())) == [("unchanged", 7)] * 2


def test_a_row_without_class_and_known_number_is_a_fault():
    _, faults = judge_rows(lines(record(school_class="")), known(record()))

    assert [(f.row, f.label, str(f.reason)) for f in faults] == [(2, "班級", "班級空缺。")]
    assert told([record(number="1", school_class="")], known(record(number="1"))) == [
        ("unchanged", 7)
    ]


def test_only_what_the_roster_says_changes():
    old = record(
        carer_name="李桂蘭", carer_phone="0730-6222345", address="石橋村", boards="no"
    )
    new = record(carer_name="李桂兰", carer_phone="07306222345", note="新", boards="yes")

    assert changes(old, new) == (
        RosterChange("boards", "no", "yes"),
        RosterChange("note", "", "新"),
    )
    assert overlay(old, new) == old._replace(boards="yes", note="新")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("school_class", "3.12", "三年級12班"),
        ("sex", "f", "女"),
        ("boards", "yes", "是"),
        ("arrangement", "relatives", "隨其他親戚生活"),
        ("name", "李明", "李明"),
        ("school_class", "", ""),
        ("arrangement", "", ""),
        ("sex", "", ""),
    ],
)
def test_values_in_words(field, value, said):
    assert words(field, value) == said


def test_every_doubt_has_words():
    assert {doubt.label for doubt in Doubt} == set(DOUBT_LABELS.values())


def test_undecided_rows_are_passed_over():
    seen = preview(
        [record(birth_date="2017-01-01")], known(record(birth_date="2018-01-01"))
    )

    plan = decide(seen, {})

    assert (plan.new, plan.updates, plan.skipped) == ([], [], 1)


def test_a_decided_row_updates_the_child():
    register = known(record(birth_date="2018-01-01"))
    seen = preview([record(birth_date="2017-01-01")], register)

    (update,) = decide(seen, {2: "child:7"}).updates

    assert (update.child_id, str(update)) == (7, "出生日期：2018-01-01 → 2017-01-01")


def test_a_decided_row_that_says_nothing_new_writes_nothing():
    seen = preview([record("單雨")], known(record("单雨")))

    assert decide(seen, {2: "child:7"}).updates == []


def test_a_child_that_left_comes_back():
    seen = preview([record()], known(record(), left=True))

    (update,) = decide(seen, {2: "child:7"}).updates

    assert (update.comes_back, str(update)) == (True, "恢復在校")


def test_a_row_is_laid_over_an_earlier_one():
    seen = preview([record(sex="m"), record(note="新")])

    assert decide(seen, {3: "row:2"}).new == [record(sex="m", note="新")]


def test_a_row_cannot_be_laid_over_one_that_is_passed_over():
    register = known(record(number="9"))
    seen = preview([record(number="1"), record("王芳", number="1")], register)

    with pytest.raises(Refused) as refused:
        decide(seen, {3: "row:2"})
    assert str(refused.value) == "第 3 行要合併到的那一行沒有導入，請重新選擇。"


@pytest.mark.parametrize("choice", ["new", "child:8", "child:x", "row:9", "x"])
def test_a_choice_that_was_not_offered_is_refused(choice):
    seen = preview([MING._replace(name="王芳")], known(MING))

    with pytest.raises(Refused) as refused:
        decide(seen, {2: choice})
    assert str(refused.value) == "第 2 行的選擇不對，請重新選擇。"


def test_new_classes_are_those_that_are_not_there():
    rows = [record("甲", school_class=c) for c in ("3.10", "3.2", "1.1")]

    assert preview(rows, classes=["1.1"]).new_classes == ["3.2", "3.10"]


def test_the_digest_changes_with_the_outcome_only():
    first = preview([record()], known(record(sex="m")))
    same = preview([record()], known(record(sex="m")))
    other = preview([record(sex="f")], known(record(sex="m")))

    assert first.digest == same.digest != other.digest


def test_the_preview_as_data_is_plain_json():
    rows = RosterRows(lines(record(sex="m"), record("王芳")), [], [])
    seen = ImportPreview(rows, known(record(sex="f")), {"3.1"})

    data = json.loads(json.dumps(as_data(seen)))

    assert data["changed"][0]["changes"] == [{"field": "性別", "old": "女", "new": "男"}]
    assert data["new"] == [{"row": 3, "name": "王芳", "number": "", "class": "三年級1班"}]
    assert {key: len(data[key]) for key in ("unchanged", "asked", "faults", "passed")} == {
        "unchanged": 0,
        "asked": 0,
        "faults": 0,
        "passed": 0,
    }
