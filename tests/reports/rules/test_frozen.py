"""What is kept of a signed sheet, how two versions differ, what may still change."""

import json
from datetime import datetime, timedelta

import pytest

from liushou_web.attendance.rules.marks import Mark, Meeting
from liushou_web.reports.rules.arrivals import Arrival
from liushou_web.reports.rules.frozen import (
    Doubt,
    as_text,
    changes,
    digest,
    doubts,
    from_text,
    keep,
    lost_way_home,
    mark_in_words,
    reason,
)
from liushou_web.reports.rules.weekly_sheet import (
    SheetActivity,
    SheetChild,
    SheetClass,
    weekly_sheet,
)

FOUR_PM = datetime(2026, 11, 23, 16)
FIVE_PM = FOUR_PM + timedelta(hours=1)
READING = SheetActivity(1, "閱讀", Meeting(FOUR_PM, FIVE_PM, 10))
CHESS = SheetActivity(
    2, "棋社", Meeting(FOUR_PM + timedelta(days=1), FIVE_PM + timedelta(days=1), 10)
)
ONE, TWO = SheetClass(1, 3, 1), SheetClass(2, 3, 2)
MING, HONG, FANG = (
    SheetChild(1, "02", "小明"),
    SheetChild(2, "01", "小紅"),
    SheetChild(3, "03", "王芳"),
)
NIGHT = FOUR_PM + timedelta(days=6)
ABSENT, CAME, OUT = Arrival(0), Arrival.CAME, Arrival.CAME | Arrival.WENT


def figures(*entries, now=NIGHT, pupils=(MING, HONG, FANG)):
    return keep(weekly_sheet([READING, CHESS], [ONE, TWO], pupils, entries, now=now))


def in_words(found):
    return [
        (
            change.key,
            change.pupil.name,
            mark_in_words(change.old),
            mark_in_words(change.new),
        )
        for change in found
    ]


def test_figures_are_read_as_they_were_written():
    whole = figures((1, 1, 1, OUT), (1, 1, 2, ABSENT), (2, 2, 3, CAME))

    assert from_text(as_text(whole)) == whole


def test_alike_figures_have_no_changes():
    assert changes(figures((1, 1, 1, OUT)), figures((1, 1, 1, OUT))) == []


def test_changes_come_by_class_child_and_time():
    old = figures((1, 1, 1, ABSENT), (2, 1, 1, ABSENT), (1, 1, 2, OUT), (1, 2, 3, OUT))
    new = figures(
        (1, 1, 1, OUT), (2, 1, 1, Arrival.LEAVE), (1, 1, 2, ABSENT), (1, 2, 3, CAME)
    )

    assert in_words(changes(old, new)) == [
        ((1, 2), "小紅", "√ 到", "× 缺席"),
        ((1, 1), "小明", "× 缺席", "√ 到"),
        ((2, 1), "小明", "× 缺席", "△ 請假"),
        ((1, 3), "王芳", "√ 到", "⊙ 未簽退"),
    ]


def test_a_child_or_an_activity_that_is_new_or_gone_is_a_change():
    old, new = figures((1, 1, 1, OUT)), figures((2, 1, 1, OUT), (2, 1, 2, ABSENT))

    assert in_words(changes(old, new)) == [
        ((2, 2), "小紅", "— 不在名單", "× 缺席"),
        ((1, 1), "小明", "√ 到", "— 不在名單"),
        ((2, 1), "小明", "— 不在名單", "√ 到"),
    ]


def test_signing_out_of_a_running_activity_is_no_change():
    running = FOUR_PM + timedelta(minutes=30)

    assert changes(figures((1, 1, 1, CAME), now=running), figures((1, 1, 1, OUT))) == []


def test_a_change_is_told_with_the_newer_name():
    new = figures((1, 1, 1, OUT), pupils=[MING._replace(name="張明")])

    assert in_words(changes(figures((1, 1, 1, ABSENT)), new))[0][1] == "張明"


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (None, "— 不在名單"),
        (Mark.EXPECTED, "未到"),
        (Mark.HERE, "√ 到"),
        (Mark.LEFT, "√ 到"),
        (Mark.LATE_LEFT, "○ 遲到"),
        (Mark.NOT_OUT, "⊙ 未簽退"),
        (Mark.ON_LEAVE, "△ 請假"),
        (Mark.ABSENT, "× 缺席"),
    ],
)
def test_marks_as_they_are_printed(mark, words):
    assert mark_in_words(mark) == words


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ({}, FIVE_PM, None),  # over, and taken
        ({}, FIVE_PM - timedelta(seconds=1), Doubt.RUNNING),
        ({}, FOUR_PM, Doubt.RUNNING),
        ({"opened": False}, FOUR_PM, Doubt.RUNNING),
        ({}, FOUR_PM - timedelta(seconds=1), Doubt.COMING),  # opened ahead of time
        ({"opened": False}, FIVE_PM, Doubt.NOT_TAKEN),
        ({"opened": False, "cancelled": True}, FIVE_PM, None),
        ({"cancelled": True}, FOUR_PM, None),
    ],
)
def test_what_may_still_change_the_figures(changed, now, expected):
    held = READING._replace(**changed)

    assert doubts([held], now) == ([(held, expected)] if expected else [])


@pytest.mark.parametrize(
    ("deed", "detail", "expected"),
    [
        ("corrections.correct", "leave= → sick; 補交病假條", "補交病假條"),
        (
            "corrections.correct",
            "came_at= → 2026-11-23 16:02:00; leave=sick → ; 點錯; 已核對",
            "點錯; 已核對",
        ),
        ("activities.cancel", "停電", "停電"),
        ("attendance.undo_in", "came_at=2026-11-23 16:02:00", ""),
    ],
)
def test_reasons_are_told_where_the_trail_has_them(deed, detail, expected):
    assert reason(deed, detail) == expected


def test_a_seal_tells_every_part_and_where_it_ends():
    seals = {
        digest("ab", "c"),
        digest("a", "bc"),
        digest("ab", "d"),
        digest("ab", "c", None),
    }

    assert len(seals) == 4
    assert digest("ab", "c") == digest("ab", "c")


def test_late_and_not_signed_out_is_no_correction_of_a_sheet_that_could_not_say_so():
    late = CAME | Arrival.LATE
    old = figures((1, 1, 1, late))
    as_before = json.loads(as_text(old).replace("late-not-out", "not-out"))
    del as_before["counts_late_not_out"]
    earlier = from_text(json.dumps(as_before))

    assert changes(earlier, old) == []
    assert in_words(changes(figures((1, 1, 1, CAME)), old)) == [
        ((1, 1), "小明", "⊙ 未簽退", "○⊙ 遲到，未簽退")
    ]


def test_a_correction_tells_the_way_home_it_took_back_in_words():
    facts = "went_at=2026-11-23 17:00:00 → ; "
    lost = "way_home=collector; collected_by=爺爺 王大山; "

    told = "corrections.correct", f"{facts}{lost}其實還在"
    boarder = "corrections.correct", f"{facts}way_home=dormitory; 點錯了"

    assert (lost_way_home(*told), reason(*told)) == (("爺爺 王大山", "接"), "其實還在")
    assert (lost_way_home(*boarder), reason(*boarder)) == (("", "回宿舍"), "點錯了")
    assert lost_way_home("attendance.sign_in", "way_home=bus; ") == ("", "")
