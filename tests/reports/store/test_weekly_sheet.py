from datetime import date, timedelta
from itertools import product

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.attendance.rules.marks import Mark, mark
from liushou_web.reports.rules.figures import Figures
from liushou_web.reports.rules.weekly_sheet import (
    ChildTimes,
    Gap,
    SheetChild,
    SheetClass,
    left_out,
)
from liushou_web.reports.store import weekly_sheet

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
SUNDAY_NIGHT = MONDAY_4PM + timedelta(days=6, hours=7)


def minutes(count, start=MONDAY_4PM):
    return start + timedelta(minutes=count)


def week(now=SUNDAY_NIGHT, **whose):
    return weekly_sheet.week(MONDAY, SUNDAY, weekly_sheet.classes(**whose), now=now)


def marks(found):
    return {line.pupil.name: line.marks for line in found.sheet.lines}


def test_the_week_runs_from_monday_to_sunday_midnight(store):
    child = make.child()
    for start in (
        MONDAY_4PM - timedelta(hours=16),  # 00:00 on Monday
        MONDAY_4PM + timedelta(days=6, hours=7),  # 23:00 on Sunday
        MONDAY_4PM - timedelta(hours=17),  # the Sunday before
        MONDAY_4PM + timedelta(days=6, hours=8),  # the Monday after
    ):
        make.attendance(make.activity(starts=start), child)

    assert [one.id for one in week().held] == [1, 2]
    assert len(week().sheet.columns) == 2


@pytest.mark.parametrize("grace", [0, 10])
def test_the_database_and_the_rule_agree_on_every_mark(store, grace):
    reading = make.activity(grace_minutes=grace)
    other = make.activity(starts=minutes(3), grace_minutes=120)
    arrivals = [None, -30, 0, grace, grace + 1 / 60, 95]
    expected = {}
    for n, (came, stayed, leave) in enumerate(
        product(arrivals, (None, 0, 40), ("", "personal", "sick"))
    ):
        came_at = None if came is None else minutes(came)
        went_at = None if None in (came, stayed) else minutes(came + stayed)
        if came_at and leave:  # the schema does not allow it
            continue
        times = {"came_at": came_at, "went_at": went_at, "leave": leave}
        for activity in (reading, other):
            child = make.child(name=f"孩子{activity.id}-{n}")
            make.attendance(activity, child, **times)
            expected[child.name] = (activity, came_at, went_at, leave)

    for now in (minutes(50), minutes(90), SUNDAY_NIGHT):
        found = week(now=now)
        place = {held.id: n for n, held in enumerate(found.sheet.columns)}
        meetings = {held.id: held.meeting for held in found.held}
        assert {
            name: row[place[expected[name][0].id]] for name, row in marks(found).items()
        } == {
            name: mark(meetings[activity.id], came_at, went_at, leave, now)
            for name, (activity, came_at, went_at, leave) in expected.items()
        }


def test_a_roll_that_nobody_took_counts_nobody_absent(store):
    child = make.child()
    make.attendance(make.activity(), child, came_at=MONDAY_4PM)
    make.activity(starts=minutes(60 * 24))
    cancelled = make.activity(starts=minutes(60 * 48), cancelled_at=MONDAY_4PM)
    make.attendance(cancelled, child)

    found = week()

    assert found.sheet.total == Figures(1, 1, 0, 0, 0, 1)
    assert [gap for _, gap in left_out(found.held, found.sheet, now=SUNDAY_NIGHT)] == [
        Gap.NOT_TAKEN,
        Gap.CANCELLED,
    ]


def test_a_child_that_changed_class_stands_where_it_was(store):
    old, new = make.school_class(3, 1), make.school_class(3, 2)
    child = make.child(school_class=new)
    make.attendance(make.activity(), child, school_class=old, came_at=MONDAY_4PM)
    make.attendance(make.activity(starts=minutes(60 * 24)), child, came_at=None)

    blocks = week().sheet.blocks

    assert [(block.group, block.lines[0].marks) for block in blocks] == [
        (SheetClass(old.id, 3, 1), (Mark.NOT_OUT, None)),
        (SheetClass(new.id, 3, 2), (None, Mark.ABSENT)),
    ]


def test_a_child_that_left_the_school_stays_on_the_sheet(store):
    gone = make.child(name="小剛", left_on=date(2026, 11, 25), number=None)
    make.attendance(make.activity(), gone, came_at=MONDAY_4PM)

    assert [line.pupil for line in week().sheet.lines] == [SheetChild(gone.id, "", "小剛")]


def test_a_class_teacher_reads_only_their_own_class(store):
    teacher = make.staff(roles=("helper",))
    mine = make.school_class(3, 1, teacher=teacher)
    reading = make.activity()
    make.attendance(reading, make.child(name="小明", school_class=mine))
    make.attendance(reading, make.child(name="小紅", school_class=make.school_class(3, 2)))

    assert marks(week(of_teacher=teacher.id)) == {"小明": (Mark.ABSENT,)}
    assert weekly_sheet.classes(of_teacher=teacher.id) == [SheetClass(mine.id, 3, 1)]
    assert week(of_teacher=make.staff().id).sheet.blocks == []


def test_times_tell_what_is_behind_each_mark(store):
    reading, child, ill = make.activity(), make.child(), make.child(name="小紅")
    make.attendance(reading, child, came_at=MONDAY_4PM, went_at=minutes(80))
    make.attendance(reading, ill, leave="sick", leave_note="發燒")

    assert weekly_sheet.times(week().sheet) == {
        (reading.id, child.id): ChildTimes(MONDAY_4PM, minutes(80), "", ""),
        (reading.id, ill.id): ChildTimes(None, None, "sick", "發燒"),
    }


@pytest.mark.parametrize("size", [1, 3])
def test_the_sheet_takes_three_queries_however_large(store, size):
    for n in range(size):
        reading = make.activity(starts=minutes(60 * 24 * n))
        for grade in range(1, size + 1):
            child = make.child(school_class=make.school_class(grade, n + 1))
            make.attendance(reading, child)
    groups = weekly_sheet.classes()

    with count_queries() as queries:
        found = weekly_sheet.week(MONDAY, SUNDAY, groups, now=SUNDAY_NIGHT)

    assert queries.count == 3
    assert found.sheet.children == size * size


def test_a_week_with_no_roll_is_read_too(store):
    make.activity()

    assert week().sheet.blocks == []
    assert weekly_sheet.times(week().sheet) == {}
