"""Blank sheets: which are made, which stay, and what a number means for ever."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.attendance.store import paper
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, Child, PaperRow, PaperSheet, Trail

MONDAY, SUNDAY = MONDAY_4PM.date(), MONDAY_4PM.date() + timedelta(days=6)
TUESDAY = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def li(store):
    make.school()
    return make.actor(make.staff("李老師"))


def prepare(by, at=MONDAY_4PM):
    return paper.prepare(MONDAY, SUNDAY, by=by, at=at)


def listed(number):
    return [(row.number, row.name) for row in paper.rows_of([number])]


def test_a_sheet_lists_the_children_in_the_order_of_the_screen(li):
    older = make.school_class(grade=5)
    for name, number, group in (("小剛", "3", older), ("小紅", "2", None)):
        make.child(name, number=number, school_class=group)
    make.child("小明", number="1"), make.child("走了", left_on=MONDAY)
    make.activity(TUESDAY)

    (number,) = prepare(li)

    assert listed(number) == [(1, "小明"), (2, "小紅"), (3, "小剛")]
    sheet = paper.one(number)
    assert (sheet.made_by, sheet.made_at, sheet.newest) == ("李老師", MONDAY_4PM, True)
    assert Trail.get().detail == f"2026-11-23–2026-11-29: No.{number}"


def test_only_what_is_to_come_gets_a_sheet(li):
    make.child()
    gone = make.activity(MONDAY_4PM - timedelta(hours=3))
    make.activity(TUESDAY, cancelled_at=MONDAY_4PM)
    make.activity(MONDAY_4PM + timedelta(days=7))
    now, tomorrow = make.activity(MONDAY_4PM), make.activity(TUESDAY)

    made = prepare(li)

    assert [paper.one(n).activity_id for n in made] == [now.id, tomorrow.id]
    assert paper.unprepared(MONDAY, SUNDAY, at=MONDAY_4PM) == 0
    assert paper.of_activity(gone.id) == []


def test_a_roll_that_is_open_lists_who_is_on_it(li):
    make.attendance(make.activity(MONDAY_4PM), make.child("小明"), walk_in=True)
    make.child("不在")

    assert [listed(number) for number in prepare(li)] == [[(1, "小明")]]


def test_prepared_again_with_nothing_changed_there_is_no_new_sheet(li):
    make.child(), make.activity(TUESDAY)
    prepare(li)

    assert prepare(li) == []
    assert (PaperSheet.select().count(), Trail.select().count()) == (1, 1)


@pytest.mark.parametrize("change", ["came", "left", "moved"])
def test_other_children_get_a_new_number_and_the_old_one_stays(li, change):
    child, _other = make.child("小明"), make.child("小紅")
    make.activity(TUESDAY)
    (first,) = prepare(li)
    if change == "came":
        make.child("小新")
    else:
        group = make.school_class(grade=6)
        new = {"left_on": MONDAY} if change == "left" else {"school_class": group}
        Child.update(new).where(Child.id == child.id).execute()

    (second,) = prepare(li)

    assert listed(first) == [(1, "小紅"), (2, "小明")]
    newest = [(sheet.number, sheet.newest) for sheet in paper.latest(at=MONDAY_4PM)]
    assert newest == [(second, True), (first, False)]
    to_print = paper.to_print(MONDAY, SUNDAY, at=MONDAY_4PM)
    assert [sheet.number for sheet in to_print] == [second]


def test_a_child_keeps_the_class_that_was_printed(li):
    child = make.child("小明")
    make.activity(TUESDAY)
    (number,) = prepare(li)

    Child.update(school_class=make.school_class(grade=6)).execute()

    (row,) = paper.rows_of([number])
    assert (row.class_name, row.child_id) == ("三年級1班", child.id)


def test_leave_entered_ahead_is_on_the_sheet_until_withdrawn(li):
    person = make.staff()
    ill, well = make.child("小明"), make.child("小紅")
    days = {"first": TUESDAY.date(), "kind": "sick"}
    leave = make.leave(ill, person, **days)
    make.leave(well, person, **days, withdrawn_at=MONDAY_4PM)
    make.activity(TUESDAY)
    (number,) = prepare(li)

    assert [row.leave for row in paper.rows_of([number])] == ["", "sick"]
    leave.delete_instance()
    assert [row.leave for row in paper.rows_of([number])] == ["", ""]


def test_a_week_without_activities_to_come_is_refused(li):
    make.activity(MONDAY_4PM - timedelta(hours=3))

    with pytest.raises(Refused, match="沒有還要舉行的活動"):
        prepare(li)

    assert Trail.select().count() == 0


def test_nobody_expected_by_name_is_a_sheet_of_blank_rows(li):
    make.activity(TUESDAY)

    (number,) = prepare(li)

    assert (listed(number), prepare(li)) == ([], [])


def test_a_number_is_never_given_again(li):
    make.child()
    make.activity(TUESDAY)
    (first,) = prepare(li)
    Activity.delete().execute()
    make.activity(TUESDAY)

    (second,) = prepare(li)

    assert second == first + 1
    assert PaperRow.select().where(PaperRow.sheet == first).count() == 1
    with pytest.raises(NotFound):
        paper.one(first)


def test_lists_and_prints_ask_the_same_however_many(li):
    counted = []
    for n in range(3):
        make.child(f"孩子{n}"), make.activity(TUESDAY + timedelta(hours=2 * n))
        prepare(li)
        with count_queries() as queries:
            sheets = paper.latest(at=MONDAY_4PM)
            paper.to_print(MONDAY, SUNDAY, at=MONDAY_4PM)
            paper.rows_of(sheet.number for sheet in sheets)
        counted.append(queries.count)

    assert len(set(counted)) == 1
