"""The trail in words: what a change is called."""

from datetime import date

from liushou_web.school.rules.trail import differences


def test_only_what_is_not_the_same_is_said():
    fields = [("姓名", "李", "李"), ("電話", "13800138000", "13900139000")]

    assert differences(fields) == "電話：13800138000 → 13900139000"


def test_nothing_is_said_of_nothing():
    assert differences([("姓名", "李", "李"), ("住校", False, False)]) == ""


def test_every_kind_of_value_has_its_word():
    fields = [
        ("從哪天起", None, date(2026, 11, 23)),
        ("電話", "13800138000", ""),
        ("監護人", False, True),
        ("遲到寬限", 10, 0),
    ]

    assert differences(fields).split("；") == [
        "從哪天起：（空） → 2026-11-23",
        "電話：13800138000 → （空）",
        "監護人：否 → 是",
        "遲到寬限：10 → 0",
    ]
