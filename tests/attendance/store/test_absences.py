"""Repeated absence and repeated sickness: who is told of, to whom, and until when."""

from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.attendance.store import absences
from liushou_web.schema import CaseSeen, School

AFTER = MONDAY_4PM + timedelta(hours=3)


@pytest.fixture
def by(store):
    make.school()
    return make.actor(make.staff("孫老師", roles=("helper",)))


@pytest.fixture
def child(by):
    return make.child("小明")


def activities(*days_ago, **values):
    return [make.activity(MONDAY_4PM - timedelta(days=n), **values) for n in days_ago]


def found(by, at=AFTER, of_teacher=None):
    return absences.cases(of_teacher=of_teacher, reader=by.id, at=at)


def absent(by, at=AFTER, of_teacher=None):
    news = found(by, at, of_teacher)
    return [(case.name, len(case.days)) for case in news.absent] if news else []


def sick(by, at=AFTER, of_teacher=None):
    news = found(by, at, of_teacher)
    return (
        [(case.class_name, tuple(case.names.values())) for case in news.sick]
        if news
        else []
    )


def test_there_is_nothing_to_tell_of_where_nothing_happened(by, child):
    assert found(by) is None


def test_two_in_a_row_are_told_with_their_days(by, child):
    for activity in activities(7, 4):
        make.attendance(activity, child)
    make.attendance(activities(9)[0], child, came_at=MONDAY_4PM - timedelta(days=9))

    (case,) = found(by).absent

    assert (case.subject_id, case.name, case.class_name) == (child.id, "小明", "三年級1班")
    assert case.days == (date(2026, 11, 16), date(2026, 11, 19))
    assert case.newest == MONDAY_4PM + timedelta(days=-4, minutes=90)


def test_one_absence_or_one_before_it_came_again_are_not(by, child):
    first, second, third = activities(7, 4, 2)
    make.attendance(first, child)
    make.attendance(second, child, came_at=second.starts)
    make.attendance(third, child)

    assert absent(by) == []


def test_a_leave_between_neither_counts_nor_breaks_the_row(by, child):
    first, second, third = activities(7, 4, 2)
    make.attendance(first, child)
    make.attendance(second, child, leave="personal")
    make.attendance(third, child)

    assert absent(by) == [("小明", 2)]


def test_an_activity_counts_when_it_is_over_unless_it_was_cancelled_or_is_long_ago(
    by, child
):
    for activity in activities(4, 0):
        make.attendance(activity, child)
    make.attendance(activities(2, cancelled_at=MONDAY_4PM)[0], child)
    make.attendance(activities(31)[0], child)

    assert absent(by, at=MONDAY_4PM + timedelta(minutes=89)) == []
    assert absent(by, at=MONDAY_4PM + timedelta(minutes=90)) == [("小明", 2)]


def test_how_many_is_a_setting(by, child):
    for activity in activities(7, 4):
        make.attendance(activity, child)
    School.update(absences_in_row=3).execute()
    assert absent(by) == []

    make.attendance(activities(2)[0], child)
    assert absent(by) == [("小明", 3)]


def test_a_child_who_left_is_not_told_of(by):
    gone = make.child("小紅", left_on=MONDAY_4PM.date())
    for activity in activities(7, 4):
        make.attendance(activity, gone, leave="")

    assert absent(by) == []


def test_three_of_a_class_sick_within_a_week_are_told(by):
    them = [make.child(name) for name in ("小明", "小紅", "小剛")]
    make.attendance(activities(6)[0], them[0], leave="sick")
    make.leave(them[1], by.id, kind="sick")
    today = activities(0)[0]
    make.attendance(today, them[2], leave="sick")
    make.attendance(activities(1)[0], them[2], leave="sick")

    assert sick(by) == [("三年級1班", ("小明", "小剛", "小紅"))]


def test_other_classes_other_leave_and_other_weeks_do_not_add_up(by):
    one, two, three, four = (make.child(name) for name in "甲乙丙丁")
    other = make.child("戊", school_class=make.school_class(4))
    today = MONDAY_4PM.date()
    make.leave(one, by.id, kind="sick")
    make.attendance(activities(0)[0], one, leave="sick")
    make.leave(two, by.id, kind="sick", last=today + timedelta(days=3))
    make.leave(three, by.id, kind="personal")
    make.leave(other, by.id, kind="sick")
    make.attendance(activities(7)[0], four, leave="sick")
    tomorrow = today + timedelta(days=1)
    make.leave(four, by.id, tomorrow, kind="sick")
    make.leave(three, by.id, tomorrow, kind="sick", withdrawn_at=AFTER)

    assert sick(by) == []
    assert sick(by, AFTER + timedelta(days=1)) == [("三年級1班", ("甲", "乙", "丁"))]


def test_how_many_are_alike_is_a_setting(by):
    for name in ("小明", "小紅"):
        make.leave(make.child(name), by.id, kind="sick")
    assert sick(by) == []

    School.update(sick_alike=2).execute()
    assert sick(by) == [("三年級1班", ("小明", "小紅"))]


def test_a_teacher_is_told_of_the_own_classes_only(by, child):
    mine = make.child("小紅", school_class=make.school_class(4, 1, teacher=by.id))
    for activity in activities(7, 4):
        make.attendance(activity, child)
        make.attendance(activity, mine)
    School.update(sick_alike=2).execute()
    for n in "甲乙":
        make.leave(make.child(n), by.id, kind="sick")

    assert absent(by, of_teacher=by.id) == [("小紅", 2)]
    assert sick(by, of_teacher=by.id) == []


def test_put_aside_it_is_gone_for_this_reader_until_the_next_absence(by, child):
    other = make.actor()
    for activity in activities(7, 4):
        make.attendance(activity, child)

    absences.put_aside("absent", child.id, by=by, at=MONDAY_4PM)
    absences.put_aside("absent", child.id, by=by, at=MONDAY_4PM)
    assert absent(by) == []
    assert absent(other) == [("小明", 2)]
    assert CaseSeen.select().count() == 1

    make.attendance(activities(0)[0], child)
    assert absent(by) == [("小明", 3)]


def test_put_aside_a_sick_class_comes_back_with_another_child(by):
    for name in ("小明", "小紅", "小剛"):
        make.leave(make.child(name), by.id, kind="sick", last=date(2026, 11, 30))
    absences.put_aside("sick", make.school_class().id, by=by, at=MONDAY_4PM)
    assert sick(by) == []
    assert sick(by, AFTER + timedelta(days=3)) == []

    make.leave(make.child("小亮"), by.id, kind="sick", entered_at=AFTER)
    assert sick(by) == [("三年級1班", ("小明", "小紅", "小剛", "小亮"))]


def test_the_number_of_queries_does_not_grow(by):
    def queries():
        with count_queries() as counter:
            found(by)
        return counter.count

    before = queries()
    for name in "甲乙丙丁":
        child = make.child(name)
        make.leave(child, by.id, kind="sick")
        for activity in activities(7, 4):
            make.attendance(activity, child)

    assert queries() == before
