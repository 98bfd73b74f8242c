"""Leave entered ahead, on the rolls: before they open, as they open, and while open."""

from datetime import date, datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.attendance.rules.leave import Stretch
from liushou_web.attendance.rules.marks import Mark, Tally
from liushou_web.attendance.store import head_counts, leave, rolls, taps
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, Attendance, Leave, Trail

MONDAY = MONDAY_4PM.date()
TUESDAY = MONDAY + timedelta(days=1)
MORNING = datetime(2026, 11, 23, 8, 0)
SOON = MONDAY_4PM + timedelta(minutes=5)


@pytest.fixture
def by(store):
    make.school()
    return make.actor(make.staff("孫老師", roles=("helper",)))


@pytest.fixture
def child(by):
    return make.child("小明")


def enter(child, by, first=MONDAY, last=None, part="day", at=MORNING, **values):
    stretch = Stretch(first, last or first, part)
    told = {"kind": "sick", "note": "發燒", **values}
    return leave.enter(child.id, stretch, by=by, at=at, **told)


def on_roll(activity, child, at=MONDAY_4PM):
    activity = rolls.activity(activity.id)
    rows = rolls.roll_of(activity, at=at)
    row = next(row for row in rows if row.child_id == child.id)
    return row.mark, row.leave, row.leave_note


def test_it_is_kept_and_told(by, child):
    made = enter(child, by, MONDAY, TUESDAY, "morning")

    row = Leave.get()
    assert (row.child_id, row.first_day, row.last_day) == (child.id, MONDAY, TUESDAY)
    assert (row.part, row.kind, row.note) == ("morning", "sick", "發燒")
    assert (row.staff_id, row.entered_at, row.withdrawn_at) == (by.id, MORNING, None)
    line = Trail.get()
    assert (line.deed, line.subject, line.subject_id) == ("leave.enter", "leave", made.id)
    assert line.detail == f"child={child.id}; 2026-11-23–2026-11-24 morning sick"


def test_a_roll_that_is_not_open_shows_it_and_counts_it(by, child):
    activity, other = make.activity(), make.child("小紅")
    enter(child, by)

    roll = rolls.activity(activity.id)
    assert on_roll(activity, child) == (Mark.ON_LEAVE, "sick", "發燒")
    assert on_roll(activity, other) == (Mark.EXPECTED, "", "")
    assert head_counts.head_count(roll) == Tally(2, 0, 1, 1, 0)
    assert head_counts.counts_on(MONDAY) == {activity.id: Tally(2, 0, 1, 1, 0)}


def test_it_is_on_the_roll_as_it_opens(by, child):
    activity, other = make.activity(), make.child("小紅")
    enter(child, by)

    taps.sign_in(activity.id, other.id, by=by, at=MONDAY_4PM)

    row = Attendance.get(Attendance.child == child)
    assert (row.leave, row.leave_note, row.leave_by_id) == ("sick", "發燒", by.id)
    assert on_roll(activity, child) == (Mark.ON_LEAVE, "sick", "發燒")
    assert head_counts.head_count(rolls.activity(activity.id)) == Tally(2, 1, 1, 0, 1)


@pytest.mark.parametrize("part", ["day", "morning", "afternoon"])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("days", [0, 1])
def test_the_rolls_know_the_same_as_the_rule(by, child, part, first, days):
    begins = MONDAY + timedelta(days=first)
    stretch = Stretch(begins, begins + timedelta(days=days), part)
    enter(child, by, stretch.first_day, stretch.last_day, part)
    clocks = ("00:00:00", "11:59:59", "12:00:00", "21:00:00")
    moments = [
        datetime.fromisoformat(f"{MONDAY + timedelta(days=n)} {clock}")
        for n in range(-1, 4)
        for clock in clocks
    ]

    shown = [on_roll(make.activity(each), child, each)[1] == "sick" for each in moments]

    assert shown == [stretch.covers(each) for each in moments]


def test_entered_while_the_roll_is_open_it_is_written_and_others_see_it(by, child):
    activity, other = make.activity(), make.child("小紅")
    taps.sign_in(activity.id, other.id, by=by, at=MONDAY_4PM)
    before = rolls.activity(activity.id).version

    enter(child, by, at=SOON)

    roll = rolls.activity(activity.id)
    changed = rolls.rows_since(roll, before, at=SOON)
    assert roll.version == before + 1
    assert [(row.child_id, row.leave) for row in changed] == [(child.id, "sick")]


def test_who_came_already_stays_here(by, child):
    activity = make.activity()
    taps.sign_in(activity.id, child.id, by=by, at=MONDAY_4PM)
    version = rolls.activity(activity.id).version

    enter(child, by, at=SOON)

    assert on_roll(activity, child, SOON) == (Mark.HERE, "", "")
    assert rolls.activity(activity.id).version == version


def test_a_leave_that_was_tapped_stays_as_tapped(by, child):
    activity, duty = make.activity(), make.actor()
    taps.grant_leave(
        activity.id, child.id, kind="personal", note="", by=duty, at=MONDAY_4PM
    )

    made = enter(child, by, at=SOON)
    assert on_roll(activity, child, SOON) == (Mark.ON_LEAVE, "personal", "")

    leave.withdraw(made.id, by=by, at=SOON)
    assert on_roll(activity, child, SOON) == (Mark.ON_LEAVE, "personal", "")


def test_rolls_that_are_over_or_of_another_child_are_left_alone(by, child):
    over = make.activity(MONDAY_4PM - timedelta(hours=3))
    yesterday = make.activity(MONDAY_4PM - timedelta(days=1))
    now, other = make.activity(), make.child("小紅")
    make.attendance(over, child), make.attendance(yesterday, child)
    make.attendance(now, other)

    enter(child, by, at=SOON)

    assert [row.leave for row in Attendance.select()] == ["", "", ""]
    assert {row.version for row in Activity.select()} == {0}


def test_a_child_who_comes_after_all_is_signed_in_and_undone_is_on_leave_again(by, child):
    activity = make.activity()
    enter(child, by)

    taps.sign_in(activity.id, child.id, by=by, at=MONDAY_4PM)
    assert on_roll(activity, child, SOON) == (Mark.HERE, "", "")

    taps.undo(activity.id, child.id, was="in", by=by, at=SOON)
    assert on_roll(activity, child, SOON) == (Mark.ON_LEAVE, "sick", "發燒")


def test_the_door_may_undo_it_though_nobody_opened_the_roll(by, child):
    activity = make.activity()
    enter(child, by)

    taps.undo(activity.id, child.id, was="leave", by=by, at=MONDAY_4PM)

    assert on_roll(activity, child) == (Mark.EXPECTED, "", "")


def test_all_signed_in_are_all_but_those_on_leave(by, child):
    activity = make.activity()
    make.child("小紅")
    enter(child, by)

    batch = taps.sign_all_in(activity.id, by=by, at=MONDAY_4PM)

    assert batch.size == 1
    assert on_roll(activity, child)[0] == Mark.ON_LEAVE


@pytest.mark.parametrize(
    ("first", "last", "part"),
    [(0, 0, "day"), (1, 1, "morning"), (2, 9, "day"), (0, 9, "afternoon")],
)
def test_what_overlaps_is_refused_in_words(by, child, first, last, part):
    enter(child, by, MONDAY, MONDAY + timedelta(days=2))
    start = MONDAY + timedelta(days=first)

    with pytest.raises(Refused) as refusal:
        enter(child, by, start, MONDAY + timedelta(days=last), part)

    assert str(refusal.value) == (
        "小明在 2026-11-23 至 2026-11-25 已有請假，日期不能重疊。請先撤回那一次。"
    )
    assert Leave.select().count() == 1


def test_two_halves_of_a_day_and_another_child_are_no_overlap(by, child):
    enter(child, by, part="morning")
    enter(child, by, part="afternoon", kind="personal")
    enter(make.child("小紅"), by)

    assert Leave.select().count() == 3


def test_a_child_who_left_and_a_day_past_are_refused(by, child):
    with pytest.raises(Refused, match="已離開"):
        enter(make.child("小紅", left_on=MONDAY), by)
    with pytest.raises(Refused, match="只能從今天開始"):
        enter(child, by, MONDAY - timedelta(days=1), MONDAY)
    assert Leave.select().count() == 0


def test_withdrawn_it_is_off_the_rolls_of_today_and_to_come(by, child):
    activity, tomorrow = make.activity(), make.activity(MONDAY_4PM + timedelta(days=1))
    other = make.child("小紅")
    made = enter(child, by, MONDAY, TUESDAY)
    taps.sign_in(activity.id, other.id, by=by, at=MONDAY_4PM)
    before = rolls.activity(activity.id).version

    leave.withdraw(made.id, by=by, at=SOON)

    assert on_roll(activity, child, SOON) == (Mark.EXPECTED, "", "")
    assert on_roll(tomorrow, child, SOON) == (Mark.EXPECTED, "", "")
    assert Attendance.get(Attendance.child == child).leave_by_id is None
    assert rolls.activity(activity.id).version == before + 1
    assert [line.deed for line in Trail.select().where(Trail.subject == "leave")] == [
        "leave.enter",
        "leave.withdraw",
    ]


def test_withdrawn_on_its_second_day_the_first_stays_as_it_was(by, child):
    monday, tuesday = make.activity(), make.activity(MONDAY_4PM + timedelta(days=1))
    made = enter(child, by, MONDAY, TUESDAY)

    leave.withdraw(made.id, by=by, at=MORNING + timedelta(days=1))

    assert on_roll(monday, child)[1] == "sick"
    assert on_roll(tuesday, child)[1] == ""
    enter(child, by, TUESDAY, kind="personal", at=MORNING + timedelta(days=1))
    assert on_roll(monday, child)[1] == "sick"
    assert on_roll(tuesday, child)[1] == "personal"


def test_withdrawing_twice_is_withdrawing_once_and_the_past_stays(by, child):
    made = enter(child, by)
    leave.withdraw(made.id, by=by, at=MORNING)
    leave.withdraw(made.id, by=by, at=SOON)
    other = enter(child, by)

    assert Leave.get_by_id(made.id).withdrawn_at == MORNING
    with pytest.raises(Refused, match="已經過去"):
        leave.withdraw(other.id, by=by, at=MORNING + timedelta(days=1))


def test_restored_it_is_on_the_open_roll_again(by, child):
    activity = make.activity()
    make.attendance(activity, child)
    made = enter(child, by)
    leave.withdraw(made.id, by=by, at=MONDAY_4PM)

    leave.restore(made.id, by=by, at=SOON)
    leave.restore(made.id, by=by, at=SOON)

    assert on_roll(activity, child, SOON) == (Mark.ON_LEAVE, "sick", "發燒")
    assert [line.deed for line in Trail.select()].count("leave.restore") == 1


def test_not_restored_where_another_took_its_place_or_on_another_day(by, child):
    made = enter(child, by, MONDAY, TUESDAY)
    leave.withdraw(made.id, by=by, at=MORNING)
    with pytest.raises(Refused, match="不是今天撤回的"):
        leave.restore(made.id, by=by, at=MORNING + timedelta(days=1))
    enter(child, by)
    with pytest.raises(Refused, match="不能重疊"):
        leave.restore(made.id, by=by, at=SOON)

    assert Leave.get_by_id(made.id).withdrawn_at == MORNING


def test_the_list_has_what_is_to_come_and_what_was_withdrawn_today(by, child):
    enter(child, by, MONDAY, at=MORNING)
    later = enter(child, by, date(2026, 12, 1))
    gone = enter(make.child("小紅"), by, TUESDAY)
    leave.withdraw(gone.id, by=by, at=SOON)

    def listed(day):
        return [(e.name, e.first_day, bool(e.withdrawn_at)) for e in leave.coming(day)]

    assert listed(MONDAY) == [
        ("小明", MONDAY, False),
        ("小紅", TUESDAY, True),
        ("小明", date(2026, 12, 1), False),
    ]
    assert listed(TUESDAY) == [("小明", date(2026, 12, 1), False)]
    entry = leave.one(later.id)
    assert (entry.class_name, entry.kind_label, entry.part_label, entry.entered_by) == (
        "三年級1班",
        "病假",
        "全天",
        "孫老師",
    )


def test_a_teacher_reaches_only_the_own_classes(by, child):
    mine = make.child("小紅", school_class=make.school_class(4, 1, teacher=by.id))
    made, own = enter(child, by), enter(mine, by, of_teacher=by.id)

    assert [e.id for e in leave.coming(MONDAY, of_teacher=by.id)] == [own.id]
    for deed in (leave.withdraw, leave.restore):
        with pytest.raises(NotFound):
            deed(made.id, by=by, at=SOON, of_teacher=by.id)
    with pytest.raises(NotFound):
        enter(child, by, date(2026, 12, 1), of_teacher=by.id)
    assert Leave.select().where(Leave.withdrawn_at.is_null()).count() == 2
