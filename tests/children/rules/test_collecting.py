"""Who may collect on which day, which ways are open, and what the row says."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.children.rules import collecting
from liushou_web.children.rules.collecting import (
    ChildFacts,
    CollectorFields,
    HomeChoice,
    Release,
    Stay,
    Way,
    WayInWords,
)
from liushou_web.refusal import Refused

DAY = date(2026, 11, 23)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
NOON = datetime(2026, 11, 23, 12)
FIELDS = CollectorFields("王大山", "爺爺", "13800000001", True, DAY)


@pytest.mark.parametrize(
    ("stay", "holds", "over"),
    [
        (Stay(DAY, None, None), True, False),
        (Stay(BEFORE, DAY, None), True, False),  # the last day is included
        (Stay(BEFORE, BEFORE, None), False, True),
        (Stay(AFTER, None, None), False, False),  # yet to begin
        (Stay(BEFORE, AFTER, NOON), False, True),  # ended at once, on the day itself
        (Stay(AFTER, None, NOON), False, True),
    ],
)
def test_from_when_to_when_somebody_may_collect(stay, holds, over):
    assert (stay.holds(DAY), stay.is_over(DAY)) == (holds, over)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("12", HomeChoice(Way.COLLECTOR, 12)),
        ("alone", HomeChoice(Way.ALONE)),
        ("bus", HomeChoice(Way.BUS)),
        ("dormitory", HomeChoice(Way.DORMITORY)),
        ("", HomeChoice(Way.UNKNOWN)),
    ],
)
def test_a_choice_is_what_a_form_carries(text, choice):
    assert collecting.choice(text) == choice
    assert str(choice) == text


@pytest.mark.parametrize(
    "text", ["other", "collector", "-1", "１２", "9" * 10, "07", "0", "x"]
)
def test_no_other_choice_is_taken(text):
    with pytest.raises(Refused, match="請選擇怎麼回家"):
        collecting.choice(text)


@given(some.text(max_size=12))
def test_whatever_is_sent_is_a_choice_or_a_refusal(text):
    with suppress(Refused):
        assert str(collecting.choice(text)) == text


HOLDS, OVER = Stay(DAY, None, None), Stay(BEFORE, BEFORE, None)


@pytest.mark.parametrize(
    ("way", "facts", "stay", "refusal"),
    [
        (Way.COLLECTOR, ChildFacts(False, False), HOLDS, None),
        (Way.COLLECTOR, ChildFacts(True, True), OVER, "「爺爺 王大山」現在不能接小明"),
        (Way.COLLECTOR, ChildFacts(True, True), None, "這個人不在小明的名單上"),
        (Way.ALONE, ChildFacts(False, True), None, None),
        (
            Way.ALONE,
            ChildFacts(True, False),
            None,
            "沒有監護人同意的記錄，小明不能自行回家",
        ),
        (Way.BUS, ChildFacts(False, False), None, None),
        (Way.DORMITORY, ChildFacts(True, False), None, None),
        (Way.DORMITORY, ChildFacts(False, True), None, "小明不住校，不能回宿舍"),
        (Way.UNKNOWN, ChildFacts(True, True), HOLDS, "小明沒有固定的回家方式"),
        (Way.OTHER, ChildFacts(True, True), HOLDS, "小明沒有固定的回家方式"),
    ],
)
def test_which_way_is_open(way, facts, stay, refusal):
    told = {"name": "小明", "person": "爺爺 王大山"}

    assert collecting.is_open(HomeChoice(way), facts, stay, DAY) is (refusal is None)
    if refusal is None:
        return collecting.check_open(HomeChoice(way), facts, stay, DAY, **told)
    with pytest.raises(Refused, match=refusal):
        collecting.check_open(HomeChoice(way), facts, stay, DAY, **told)


@pytest.mark.parametrize(
    ("way", "collector_id", "boards", "choice"),
    [
        ("collector", 7, False, "7"),
        ("collector", None, True, ""),  # may not collect today
        ("alone", None, False, "alone"),
        ("bus", None, False, "bus"),
        ("dormitory", None, True, "dormitory"),
        ("dormitory", None, False, ""),  # does not board any more
        ("", None, True, ""),
    ],
)
def test_the_usual_way_as_a_tap_carries_it(way, collector_id, boards, choice):
    assert collecting.usual(way, collector_id, boards) == choice


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("collector", WayInWords("爺爺 王大山", "接")),
        ("other", WayInWords("爺爺 王大山", "接走，不在名單上")),
        ("alone", WayInWords("", "自行回家")),
        ("bus", WayInWords("", "坐校車")),
        ("dormitory", WayInWords("", "回宿舍")),
        ("", WayInWords("", "")),
    ],
)
def test_the_words_for_each_way(way, told):
    assert collecting.in_words(way, "爺爺 王大山") == told


def test_a_person_without_a_relation_is_called_by_name():
    assert collecting.called("", "王大山") == "王大山"


def test_what_is_kept_of_a_person_is_tidy():
    typed = replace(FIELDS, name=" 王 大山", phone="138 0000 0001")

    assert collecting.tidied(typed) == FIELDS


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (replace(FIELDS, name=" "), "請填寫接的人的姓名"),
        (replace(FIELDS, phone="12"), "不像電話號碼"),
        (replace(FIELDS, last_day=BEFORE), "最後一天不能早於第一天"),
    ],
)
def test_what_cannot_be_kept_of_a_person(fields, refusal):
    with pytest.raises(Refused, match=refusal):
        collecting.tidied(fields)


def test_the_trail_is_told_what_changed_and_nothing_else():
    new = replace(FIELDS, phone="", guardian=False, last_day=AFTER)

    assert collecting.changes(FIELDS, new) == (
        "電話：13800000001 → （空）；監護人：是 → 否；到哪天止：（空） → 2026-11-24"
    )
    assert collecting.changes(FIELDS, FIELDS) == ""


@pytest.mark.parametrize(
    ("way", "by", "on", "refusal"),
    [
        (Way.ALONE, "爺爺", DAY, None),
        (Way.COLLECTOR, "", None, None),
        (Way.COLLECTOR, "爺爺", BEFORE, None),  # may go alone at times
        (Way.ALONE, "", None, "要有監護人同意"),
        (Way.ALONE, "爺爺", None, "要有監護人同意"),
        (Way.BUS, "爺爺", None, "都填上"),
        (Way.BUS, "", DAY, "都填上"),
        (Way.ALONE, "爺爺", AFTER, "今天以後"),
    ],
)
def test_who_agreed_and_when(way, by, on, refusal):
    if refusal is None:
        return collecting.check_consent(way, by, on, DAY)
    with pytest.raises(Refused, match=refusal):
        collecting.check_consent(way, by, on, DAY)


def test_an_ending_is_taken_back_on_its_day_only():
    assert collecting.check_resuming(NOON, DAY) is None
    with pytest.raises(Refused, match="不是今天停用的"):
        collecting.check_resuming(NOON, AFTER)


RELEASE = Release("李嬸", "鄰居", "奶奶生病", 3)


@pytest.mark.parametrize(
    ("release", "refusal"),
    [
        (RELEASE, None),
        (RELEASE._replace(name=""), "請填寫接的人的姓名"),
        (RELEASE._replace(reason="生病了"), "至少 4 個字"),
        (RELEASE._replace(teacher_id=9), "請選擇放行的老師"),
    ],
)
def test_letting_go_with_somebody_else_needs_a_reason_and_a_teacher(release, refusal):
    assert release.person == f"鄰居 {release.name}".strip()
    if refusal is None:
        return collecting.check_release(release, {3})
    with pytest.raises(Refused, match=refusal):
        collecting.check_release(release, {3})
