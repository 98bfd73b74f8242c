"""The sheet by hand-counted example, and by laws that hold whatever the week was."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from liushou_web.attendance.rules.marks import Mark, Meeting, mark
from liushou_web.reports.rules.arrivals import Arrival, late_after, marks_by_arrival
from liushou_web.reports.rules.figures import Figures, figures, total
from liushou_web.reports.rules.weekly_sheet import (
    MARK_WORDS,
    ChildRow,
    ChildTimes,
    Gap,
    SheetActivity,
    SheetChild,
    SheetClass,
    by_class,
    details,
    left_out,
    running,
    weekly_sheet,
    word_of,
)

MONDAY = datetime(2026, 11, 23, 16, 0)
SUNDAY = datetime(2026, 11, 29, 20, 0)
CAME, LEFT, ABSENT, AWAY = (
    Arrival.CAME,
    Arrival.CAME | Arrival.WENT,
    Arrival(0),
    Arrival.LEAVE,
)
LATE = LEFT | Arrival.LATE

ONE, TWO = SheetClass(1, 3, 1), SheetClass(2, 3, 2)


def held(number, day=0, **values):
    starts = MONDAY + timedelta(days=day)
    meeting = Meeting(starts, starts + timedelta(minutes=90), 10)
    return SheetActivity(number, "作業輔導", meeting, **values)


READING, DRILL = held(1), held(2, day=2)
HONG, FANG, MING = PUPILS = [
    SheetChild(2, "01", "小紅"),
    SheetChild(3, "02", "王芳"),
    SheetChild(1, "03", "小明"),
]


def test_a_small_week_counted_by_hand():
    entries = [
        (1, 1, 1, LEFT), (1, 1, 2, LATE), (1, 2, 3, AWAY),
        (2, 1, 1, ABSENT), (2, 1, 2, CAME),
    ]  # fmt: skip

    sheet = weekly_sheet([READING, DRILL], [ONE, TWO], PUPILS, entries, now=SUNDAY)

    first, second = sheet.blocks
    assert [line.pupil.name for line in first.lines] == ["小紅", "小明"]
    assert first.lines == [
        ChildRow(HONG, (Mark.LATE_LEFT, Mark.NOT_OUT), Figures(2, 2, 1, 0, 0, 1)),
        ChildRow(MING, (Mark.LEFT, Mark.ABSENT), Figures(2, 1, 0, 0, 1, 0)),
    ]
    assert second.lines == [
        ChildRow(FANG, (Mark.ON_LEAVE, None), Figures(1, 0, 0, 1, 0, 0)),
    ]
    assert sheet.totals == (Figures(3, 2, 1, 1, 0, 0), Figures(2, 1, 0, 0, 1, 1))
    assert sheet.total == Figures(5, 3, 1, 1, 1, 1)
    assert [part.rate for part in (*sheet.totals, sheet.total)] == [
        "100.0%",
        "50.0%",
        "75.0%",
    ]


def test_two_children_of_one_name_stay_two():
    namesakes = [SheetChild(7, "", "王芳"), SheetChild(5, "", "王芳")]
    entries = [(1, 1, 7, LEFT), (1, 1, 5, ABSENT)]

    sheet = weekly_sheet([READING], [ONE], namesakes, entries, now=SUNDAY)

    assert [(line.pupil.id, line.marks) for line in sheet.lines] == [
        (7, (Mark.LEFT,)),
        (5, (Mark.ABSENT,)),
    ]
    assert sheet.children == 2


def test_a_child_that_changed_class_has_a_line_in_each():
    entries = [(1, 1, 1, LEFT), (2, 2, 1, LEFT)]

    sheet = weekly_sheet([READING, DRILL], [ONE, TWO], PUPILS, entries, now=SUNDAY)

    assert [(block.group, block.lines[0].marks) for block in sheet.blocks] == [
        (ONE, (Mark.LEFT, None)),
        (TWO, (None, Mark.LEFT)),
    ]
    assert (sheet.children, sheet.total.expected) == (1, 2)


def test_classes_stand_in_order_and_empty_ones_are_left_out():
    groups = [
        SheetClass(4, 10, 1),
        SheetClass(9, 2, 11),
        SheetClass(8, 2, 2),
        SheetClass(7, 1, 1),
    ]
    entries = [(1, 9, 1, LEFT), (1, 4, 2, LEFT), (1, 8, 3, LEFT)]

    sheet = weekly_sheet([READING], groups, PUPILS, entries, now=SUNDAY)

    assert [block.group.id for block in sheet.blocks] == [8, 9, 4]


def test_nobody_yet_on_leave_or_absent_while_it_runs():
    entries = [(1, 1, 1, ABSENT), (1, 1, 2, CAME)]

    sheet = weekly_sheet([READING], [ONE], PUPILS, entries, now=MONDAY)

    assert [line.marks[0] for line in sheet.lines] == [Mark.HERE, Mark.EXPECTED]
    assert [line.marks[0].symbol for line in sheet.lines] == ["√", ""]
    assert sheet.total == Figures(1, 1, 0, 0, 0, 0)
    assert running(sheet, MONDAY) == [(READING, 1)]
    assert running(sheet, READING.meeting.ends) == []


def test_a_class_that_was_not_invited_has_a_dash_and_no_noughts():
    entries = [(1, 1, 1, LEFT), (2, 1, 1, ABSENT), (1, 2, 3, AWAY)]

    sheet = weekly_sheet([READING, DRILL], [ONE, TWO], PUPILS, entries, now=SUNDAY)

    assert [block.shares for block in sheet.blocks] == [["1/1", "0/1"], ["0/1", "—"]]


def test_a_class_whose_children_are_all_awaited_has_no_figures_yet():
    sheet = weekly_sheet([READING], [ONE], PUPILS, [(1, 1, 1, ABSENT)], now=MONDAY)

    assert [block.shares for block in sheet.blocks] == [[""]]
    assert len(by_class(sheet)[0].columns) == 1


def test_a_week_without_rolls_is_an_empty_sheet():
    sheet = weekly_sheet([READING], [ONE], [], [], now=SUNDAY)

    assert sheet == ((), [], (), figures([]))
    assert by_class(sheet) == []


@pytest.mark.parametrize(
    ("activity", "gap"),
    [
        (held(9, day=2, opened=False), Gap.NOT_TAKEN),
        (held(9, day=6, opened=False), Gap.NOT_YET),
        (held(9, opened=False, cancelled=True), Gap.CANCELLED),
        (held(9, opened=True, cancelled=True), Gap.CANCELLED),
        (held(9), Gap.NOBODY),
    ],
)
def test_an_activity_without_a_column_says_why(activity, gap):
    sheet = weekly_sheet([READING], [ONE], PUPILS, [(1, 1, 1, LEFT)], now=SUNDAY)
    friday = MONDAY + timedelta(days=4)

    assert left_out([READING, activity], sheet, now=friday) == [(activity, gap)]


def test_details_spell_out_every_mark_in_order_of_activities():
    entries = [(1, 1, 1, LEFT), (1, 2, 3, AWAY), (2, 1, 1, ABSENT)]
    sheet = weekly_sheet([READING, DRILL], [ONE, TWO], PUPILS, entries, now=SUNDAY)
    came = ChildTimes(came_at=MONDAY, went_at=MONDAY + timedelta(hours=1))

    spelled = list(details(sheet, {(1, 1): came, (1, 3): ChildTimes(leave="sick")}))

    assert [(one.held.id, one.pupil.id, one.mark, one.times) for one in spelled] == [
        (1, 1, Mark.LEFT, came),
        (1, 3, Mark.ON_LEAVE, ChildTimes(leave="sick")),
        (2, 1, Mark.ABSENT, ChildTimes()),
    ]


def test_the_legend_has_a_word_for_each_symbol():
    assert list(MARK_WORDS) == ["√", "○", "△", "×", "⊙", "○⊙", "—"]
    assert {word_of(state) for state in Mark} == {*MARK_WORDS.values(), "未到"} - {
        "不在名單"
    }


@pytest.mark.parametrize("minutes", [0, 10])
@pytest.mark.parametrize("now", [MONDAY, MONDAY + timedelta(minutes=90)])
def test_facts_mean_what_the_rule_says_of_the_times(minutes, now):
    meeting = Meeting(MONDAY, MONDAY + timedelta(minutes=90), minutes)
    arrivals = [None, *(MONDAY + timedelta(minutes=m) for m in (-30, 0, 10, 11, 95))]
    arrivals.append(late_after(meeting) + timedelta(seconds=1))
    meaning = marks_by_arrival(meeting, now)

    for came, stays, leave in product(arrivals, (None, 0, 40), ("", "sick")):
        went = None if came is None or stays is None else came + timedelta(minutes=stays)
        facts = Arrival.LEAVE if leave else Arrival(0)
        if came:
            facts |= Arrival.CAME
            facts |= Arrival.LATE if came > late_after(meeting) else Arrival(0)
        if went:
            facts |= Arrival.WENT

        assert meaning[facts] is mark(meeting, came, went, leave, now)


STATES = some.sampled_from([ABSENT, CAME, LEFT, LATE, AWAY, CAME | Arrival.LATE])
WEEKS = some.dictionaries(
    some.tuples(some.integers(1, 5), some.integers(1, 12)),
    some.tuples(some.integers(1, 3), STATES),
)


@given(week=WEEKS, day=some.integers(0, 6))
@settings(derandomize=True, database=None, deadline=None)
def test_rows_columns_and_classes_add_up_to_the_same(week, day):
    activities = [held(n, day=n) for n in range(1, 6)]
    groups = [SheetClass(n, n, 1) for n in range(1, 4)]
    pupils = [SheetChild(n, str(n % 3), "王芳") for n in range(1, 13)]
    entries = [(*key[:1], group, key[1], state) for key, (group, state) in week.items()]

    sheet = weekly_sheet(
        activities, groups, pupils, entries, now=MONDAY + timedelta(days=day)
    )

    whole = figures(state for line in sheet.lines for state in line.marks)
    assert whole == sheet.total
    assert whole == total(line.figures for line in sheet.lines)
    assert whole == total(block.total for block in sheet.blocks)
    awaited = sum(state is Mark.EXPECTED for line in sheet.lines for state in line.marks)
    assert whole.expected == len(week) - awaited
    assert whole.came + whole.on_leave + whole.absent == whole.expected
    for alone, block in zip(by_class(sheet), sheet.blocks, strict=True):
        own = [entry for entry in entries if entry[1] == block.group.id]
        now = MONDAY + timedelta(days=day)
        assert alone == weekly_sheet(activities, groups, pupils, own, now=now)
