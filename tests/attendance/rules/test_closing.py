"""Who may close what, when it is overdue, and what a closing must say."""

from datetime import datetime, timedelta

import pytest

from liushou_web.actor import Actor
from liushou_web.attendance.rules import closing, corrections
from liushou_web.attendance.rules.closing import Check, ClosingFacts
from liushou_web.attendance.rules.corrections import FactChange, RollFacts
from liushou_web.refusal import NotAllowed, Refused

FOUR = datetime(2026, 11, 23, 16, 0)
ENDS = FOUR + timedelta(minutes=90)
LI, LIN = Actor(1, "李老師", frozenset({"duty"})), Actor(2, "林老師", frozenset({"office"}))
HEAD = Actor(3, "校長", frozenset({"head"}))


@pytest.mark.parametrize(
    ("by", "duty", "may"),
    [
        (LI, {1}, True),
        (LI, {9}, False),  # another teacher's activity
        (LI, set(), True),  # nobody's in particular
        (LIN, {9}, True),
        (HEAD, {3}, False),
    ],
)
def test_who_is_in_charge(by, duty, may):
    assert closing.in_charge(by, duty) is may


@pytest.mark.parametrize(("seconds", "overdue"), [(0, False), (1, True)])
def test_the_grace_is_inclusive(seconds, overdue):
    at = ENDS + timedelta(minutes=30, seconds=seconds)

    assert closing.is_overdue(ENDS, 30, at) is overdue


@pytest.mark.parametrize(
    ("change", "at", "why"),
    [
        ({"cancelled_at": FOUR}, ENDS, "這次活動已取消，不用關閉。"),
        ({}, FOUR - timedelta(seconds=1), "這次活動還沒有開始，不能關閉。"),
        (
            {"opened_at": None},
            ENDS,
            "這次活動還沒有點名，不能關閉。沒有舉行的請取消活動。",
        ),
    ],
)
def test_what_cannot_be_closed(change, at, why):
    held = ClosingFacts(FOUR, ENDS, FOUR, None, None, frozenset())

    with pytest.raises(Refused) as refusal:
        closing.check_closable(held._replace(**change), at)

    assert str(refusal.value) == why


@pytest.mark.parametrize(
    ("reasons", "overdue", "why"),
    [
        ({7: "家長接走"}, False, "還有 1 名學生沒有簽退，不能關閉。請先簽退。"),
        ({}, True, "小明沒有簽退，請寫明原因，至少 4 個字。"),
        ({7: "不知道"}, True, "小明沒有簽退，請寫明原因，至少 4 個字。"),
    ],
)
def test_a_child_not_out_must_be_settled(reasons, overdue, why):
    with pytest.raises(Refused) as refusal:
        closing.check_all_settled({7: "小明"}, reasons, overdue=overdue)

    assert str(refusal.value) == why


def test_an_overdue_child_with_a_reason_is_settled():
    closing.check_all_settled({7: "小明"}, {7: "家長接走"}, overdue=True)
    closing.check_all_settled({}, {}, overdue=False)


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        ([Check(1, True)], "檢查清單剛才有改動，請再逐項檢查一次。"),
        ([Check(1, True), Check(2, False)], "沒有打勾的項目，請寫明情況。"),
    ],
)
def test_a_room_check_is_whole_and_says_what_is_wrong(checks, why):
    with pytest.raises(Refused) as refusal:
        closing.check_room(checks, {1, 2})

    assert str(refusal.value) == why


@pytest.mark.parametrize(
    ("by", "days", "may"),
    [(LI, 0, True), (LI, 1, False), (LIN, 1, True), (HEAD, 0, False)],
)
def test_who_may_correct(by, days, may):
    at = ENDS + timedelta(days=days)

    assert corrections.may_correct(by, {1}, ENDS, at) is may


def test_an_open_roll_is_not_corrected():
    with pytest.raises(Refused, match="還沒有關閉，點錯了請直接撤銷"):
        corrections.check_may_correct(LIN, {1}, None, ENDS)
    with pytest.raises(NotAllowed):
        corrections.check_may_correct(HEAD, {1}, ENDS, ENDS)


@pytest.mark.parametrize(
    ("facts", "reason", "why"),
    [
        (RollFacts(FOUR, None, "sick"), "點錯了人", "來了的孩子不能記請假。請只填一項。"),
        (RollFacts(None, ENDS), "點錯了人", "沒有簽到時間，不能有簽退時間。"),
        (RollFacts(ENDS, FOUR), "點錯了人", "簽退時間不能早於簽到時間。"),
        (RollFacts(FOUR, ENDS + timedelta(1)), "點錯了人", "這個時間還沒有到。"),
        (RollFacts(FOUR), "點錯了", "請寫明更正的原因，至少 4 個字。"),
    ],
)
def test_facts_that_cannot_be(facts, reason, why):
    with pytest.raises(Refused) as refusal:
        corrections.check_facts(facts, reason, ENDS)

    assert str(refusal.value) == why


def test_only_what_differs_is_kept_and_told_in_words():
    found = corrections.changes(RollFacts(FOUR), RollFacts(None, None, "sick"))

    assert found == [
        FactChange("came_at", "2026-11-23 16:00:00", ""),
        FactChange("leave", "", "sick"),
    ]
    told = [
        (corrections.in_words(c.field, c.old), corrections.in_words(c.field, c.new))
        for c in found
    ]
    assert told == [("16:00", "無"), ("無", "病假")]


def test_a_correction_of_nothing_is_refused():
    with pytest.raises(Refused, match="內容沒有改動"):
        corrections.changes(RollFacts(FOUR), RollFacts(FOUR))
