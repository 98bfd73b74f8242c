"""Classes: added, given a teacher, removed while empty."""

from datetime import date

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.children.store import classes
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import SchoolClass, Trail


@pytest.fixture
def by(store):
    return {"by": make.actor(make.staff(roles=("office",))), "at": MONDAY_4PM}


def deeds():
    return [(line.deed, line.detail) for line in Trail.select()]


def test_everything_counts_the_active_children(store):
    li = make.staff("李老師", roles=("helper",))
    make.school_class(2, 1)
    first = make.school_class(1, 2, teacher=li)
    make.child(school_class=first)
    make.child(school_class=first)
    make.child(school_class=first, left_on=date(2026, 10, 1))

    lines = [(line.name, line.teacher, line.children) for line in classes.everything()]

    assert lines == [("一年級2班", "李老師", 2), ("二年級1班", "", 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_everything_takes_one_query_however_many(store, count):
    for number in range(1, count + 1):
        make.child(school_class=make.school_class(1, number))

    with count_queries() as queries:
        lines = classes.everything()

    assert (len(lines), queries.count) == (count, 1)


def test_names_are_in_order_and_may_be_one_teachers(store):
    li = make.staff(roles=("helper",))
    two = make.school_class(2, 1)
    one = make.school_class(1, 10, teacher=li)

    assert list(classes.names().items()) == [(one.id, "一年級10班"), (two.id, "二年級1班")]
    assert classes.names(of_teacher=li.id) == {one.id: "一年級10班"}


def test_teachers_are_active_staff_with_that_role(store):
    make.staff("值班", roles=("duty",))
    make.staff("離職", roles=("helper",), retired_at=MONDAY_4PM)
    li = make.staff("李老師", roles=("duty", "helper"))

    assert classes.teachers() == [(li.id, "李老師")]


def test_add_gives_a_class_a_teacher(by):
    li = make.staff(roles=("helper",))

    added = classes.add(3, 2, teacher_id=li.id, **by)

    line = classes.one(added.id)
    assert (line.name, line.teacher_id) == ("三年級2班", li.id)
    assert deeds() == [("classes.add", "三年級2班")]


def test_a_class_is_added_once(by):
    classes.add(3, 2, **by)

    with pytest.raises(Refused, match="三年級2班已經有了。"):
        classes.add(3, 2, **by)

    assert len(deeds()) == 1


@pytest.mark.parametrize(("grade", "number"), [(0, 1), (10, 1), (1, 0), (1, 41)])
def test_a_class_that_no_school_has_is_refused(by, grade, number):
    with pytest.raises(Refused, match="年級請填 1 到 9"):
        classes.add(grade, number, **by)


def test_a_teacher_who_is_gone_is_refused(by):
    with pytest.raises(Refused, match="請重新選擇"):
        classes.add(1, 1, teacher_id=999, **by)


def test_add_grades_leaves_alone_what_is_there(by):
    make.school_class(1, 2)

    assert classes.add_grades(1, 2, 3, **by) == 5
    assert [line.name for line in classes.everything()] == [
        f"{grade}年級{number}班" for grade in "一二" for number in (1, 2, 3)
    ]


def test_ensure_finds_or_adds(by):
    there = make.school_class(1, 1)

    assert classes.ensure(1, 1, **by) == there.id
    assert classes.one(classes.ensure(1, 2, **by)).name == "一年級2班"
    assert deeds() == [("classes.add", "一年級2班")]


def test_change_tells_old_and_new(by):
    li = make.staff("李老師", roles=("helper",))
    line = make.school_class(1, 1)

    classes.change(line.id, 1, 2, teacher_id=li.id, **by)

    assert classes.one(line.id)[1:5] == (1, 2, li.id, "李老師")
    assert deeds() == [
        ("classes.change", "名稱：一年級1班 → 一年級2班；班主任：（空） → 李老師")
    ]


def test_change_of_nothing_leaves_no_trace(by):
    line = make.school_class(1, 1)

    classes.change(line.id, 1, 1, teacher_id=None, **by)

    assert deeds() == []


def test_change_into_another_class_is_refused(by):
    make.school_class(1, 2)
    line = make.school_class(1, 1)

    with pytest.raises(Refused, match="一年級2班已經有了。"):
        classes.change(line.id, 1, 2, teacher_id=None, **by)

    assert classes.one(line.id).number == 1


def test_a_class_with_attendance_keeps_its_name_but_may_change_its_teacher(by):
    li = make.staff(roles=("helper",))
    child = make.child()
    make.attendance(make.activity(), child)

    with pytest.raises(Refused, match="已有考勤或通話記錄"):
        classes.change(child.school_class_id, 4, 1, teacher_id=None, **by)
    classes.change(child.school_class_id, 3, 1, teacher_id=li.id, **by)

    assert classes.one(child.school_class_id)[1:4] == (3, 1, li.id)


def test_an_empty_class_is_removed(by):
    line = make.school_class(1, 1)

    classes.remove(line.id, **by)

    assert SchoolClass.select().count() == 0
    assert deeds() == [("classes.remove", "一年級1班")]


@pytest.mark.parametrize("left_on", [None, date(2026, 10, 1)])
def test_a_class_with_children_is_not_removed(by, left_on):
    child = make.child(left_on=left_on)

    with pytest.raises(Refused, match="不能刪除"):
        classes.remove(child.school_class_id, **by)

    assert (SchoolClass.select().count(), deeds()) == (1, [])


def test_a_class_that_is_not_there_is_not_found(by):
    with pytest.raises(NotFound):
        classes.change(999, 1, 1, teacher_id=None, **by)
    with pytest.raises(NotFound):
        classes.remove(999, **by)
