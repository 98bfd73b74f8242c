"""Taps on a roll: the row afterwards; refusals leave no trace; races have one outcome."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import DoesNotExist

from liushou_web.attendance.rules.marks import Mark, Tally
from liushou_web.attendance.store import head_counts, presence, rolls, taps
from liushou_web.children.rules.collecting import Release
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, ActivityChild, ActivityClass, Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=3)
TUESDAY = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def reading(store):
    """A reading hour at which all children are expected; nobody has tapped yet."""
    make.school()
    return make.activity(title="閱讀")


def rows_of(activity):
    return list(Attendance.select().where(Attendance.activity == activity))


def test_the_first_tap_writes_a_row_for_each_child_expected(reading):
    here, left = make.child(name="小明"), make.child(name="轉走", left_on=MONDAY_4PM.date())
    there = make.child(name="小紅")

    taps.sign_in(reading.id, here.id, by=make.actor(), at=MONDAY_4PM)

    assert [row.child_id for row in rows_of(reading)] == [here.id, there.id]
    assert left.id not in {row.child_id for row in rows_of(reading)}


def test_a_child_that_joins_later_does_not_change_an_opened_roll(reading):
    make.child(name="小明")
    taps.sign_in(reading.id, 1, by=make.actor(), at=MONDAY_4PM)

    make.child(name="新同學")

    assert [row.name for row in rolls.roll_of(again(reading), at=SOON)] == ["小明"]


def again(activity):
    return rolls.activity(activity.id)


def test_before_the_first_tap_the_roll_is_what_the_register_says(reading):
    make.child(name="小明")
    make.child(name="小紅")

    roll = rolls.roll_of(again(reading), at=MONDAY_4PM)

    assert [(row.name, row.mark) for row in roll] == [
        ("小紅", Mark.EXPECTED),
        ("小明", Mark.EXPECTED),
    ]
    assert rows_of(reading) == []


def test_only_chosen_classes_or_children_are_expected(store):
    make.school()
    one, two = make.school_class(1, 1), make.school_class(1, 2)
    anna, bert = make.child("安", school_class=one), make.child("貝", school_class=two)
    of_class = make.activity(expects="classes")
    of_child = make.activity(expects="children")
    ActivityClass.create(activity=of_class, school_class=two)
    ActivityChild.create(activity=of_child, child=anna)

    assert [row.child_id for row in rolls.roll_of(of_class, at=SOON)] == [bert.id]
    assert [row.child_id for row in rolls.roll_of(of_child, at=SOON)] == [anna.id]


def test_sign_in_keeps_the_first_arrival(reading):
    child, teacher = make.child(), make.actor()

    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_in(reading.id, child.id, by=make.actor(), at=SOON)

    kept = rows_of(reading)[0]
    assert (kept.came_at, kept.came_by_id) == (MONDAY_4PM, teacher.id)


def test_sign_in_after_sign_out_is_refused_and_leaves_no_trace(reading):
    child, teacher = make.child(name="小明"), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(reading.id, child.id, by=teacher, at=SOON)
    before = (rows_of(reading)[0].version, again(reading).version, Trail.select().count())

    with pytest.raises(Refused, match="小明已於 16:03 簽退"):
        taps.sign_in(reading.id, child.id, by=teacher, at=SOON)

    after = (rows_of(reading)[0].version, again(reading).version, Trail.select().count())
    assert after == before


def test_sign_out_before_sign_in_is_refused(reading):
    child = make.child(name="小紅")

    with pytest.raises(Refused, match="小紅還沒有簽到"):
        taps.sign_out(reading.id, child.id, by=make.actor(), at=MONDAY_4PM)

    assert rows_of(reading) == []


def test_a_clock_set_back_makes_no_negative_stay(reading):
    child, teacher = make.child(), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=SOON)

    taps.sign_out(reading.id, child.id, by=teacher, at=MONDAY_4PM)

    assert rows_of(reading)[0].went_at == SOON


ENDS = MONDAY_4PM + timedelta(minutes=90)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (MONDAY_4PM - HOUR - SECOND, "活動開始前一小時才能點名"),
        (ENDS + HOUR + SECOND, "活動結束已超過一小時"),
        (MONDAY_4PM - timedelta(days=1), "活動開始前一小時才能點名"),
        (TUESDAY, "活動結束已超過一小時"),
    ],
)
def test_no_act_takes_a_time_that_would_be_invented(reading, moment, words):
    child, told = make.child(), {"by": make.actor(), "at": moment}
    release = Release("李嬸", "鄰居", "奶奶住院", told["by"].id)

    for act in (
        lambda: taps.sign_in(reading.id, child.id, **told),
        lambda: taps.sign_out(reading.id, child.id, **told),
        lambda: taps.release(
            reading.id, child.id, release, teachers={told["by"].id}, **told
        ),
        lambda: taps.grant_leave(reading.id, child.id, kind="sick", note="", **told),
        lambda: taps.undo(reading.id, child.id, was="in", **told),
        lambda: taps.walk_in(reading.id, child.id, **told),
        lambda: taps.sign_all_in(reading.id, **told),
        lambda: taps.sign_out_many(reading.id, {child.id: 0}, **told),
        lambda: taps.undo_all(reading.id, 1, was="in", **told),
    ):
        with pytest.raises(Refused, match=words):
            act()

    assert (rows_of(reading), Trail.select().count()) == ([], 0)


@pytest.mark.parametrize("came", [MONDAY_4PM - HOUR, ENDS + HOUR])
def test_the_hour_before_and_the_hour_after_are_inclusive(reading, came):
    child = make.child()

    assert taps.sign_in(reading.id, child.id, by=make.actor(), at=came)

    assert rows_of(reading)[0].came_at == came


def test_on_new_years_eve_who_is_collected_after_midnight_is_on_the_fire_list_till_then(
    store,
):
    make.school()
    evening = datetime(2026, 12, 31, 21, 0)
    past_midnight = datetime(2027, 1, 1, 0, 5)
    party = make.activity(evening, ends=datetime(2026, 12, 31, 23, 30))
    one, other = make.child("一"), make.child("二")
    teacher = make.actor()
    for child in (one, other):
        taps.sign_in(party.id, child.id, by=teacher, at=evening)

    def alarm(at):
        return {child.name for child in presence.present(at)}

    assert alarm(past_midnight) == {"一", "二"}
    taps.sign_out(party.id, one.id, by=teacher, at=past_midnight)

    assert rows_of(party)[0].went_at == past_midnight
    assert alarm(past_midnight) == {"二"}
    with pytest.raises(Refused, match="活動結束已超過一小時"):
        taps.sign_out(party.id, other.id, by=teacher, at=datetime(2027, 1, 1, 0, 31))
    assert alarm(datetime(2027, 1, 1, 0, 31)) == {"二"}
    assert alarm(datetime(2027, 1, 1, 3, 59)) == {"二"}
    assert alarm(datetime(2027, 1, 1, 4, 0)) == set()


def test_once_its_roll_is_closed_an_evening_leaves_the_fire_list(store):
    make.school()
    evening, past_midnight = datetime(2026, 12, 31, 21, 0), datetime(2027, 1, 1, 0, 5)
    party = make.activity(evening, ends=datetime(2026, 12, 31, 23, 30))
    make.attendance(party, make.child("一"), came_at=evening)
    Activity.update(closed_at=past_midnight).execute()

    assert presence.present(past_midnight) == []


def test_a_cancelled_activity_takes_no_tap(reading):
    child = make.child()
    Activity.update(cancelled_at=MONDAY_4PM).execute()

    with pytest.raises(Refused, match="已取消"):
        taps.sign_in(reading.id, child.id, by=make.actor(), at=MONDAY_4PM)


def test_a_child_not_on_the_roll_is_missing(reading):
    make.child()

    with pytest.raises(NotFound):
        taps.sign_in(reading.id, 999, by=make.actor(), at=MONDAY_4PM)


def test_every_tap_leaves_a_line_with_who_and_where(reading):
    child, teacher = make.child(), make.actor(address="10.0.0.7")

    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)

    line = Trail.get()
    assert (line.deed, line.staff_id, line.address, line.at) == (
        "attendance.sign_in",
        teacher.id,
        "10.0.0.7",
        MONDAY_4PM,
    )


def test_undo_takes_back_the_departure_then_the_arrival(reading):
    child, teacher = make.child(), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(reading.id, child.id, by=teacher, at=SOON)

    taps.undo(reading.id, child.id, was="out", by=teacher, at=SOON)
    taps.undo(reading.id, child.id, was="in", by=teacher, at=SOON)

    row = rows_of(reading)[0]
    assert (row.came_at, row.came_by_id, row.went_at, row.went_by_id) == (None,) * 4
    assert "came_at=2026-11-23 16:00:00" in Trail.select().order_by(-Trail.id).get().detail


def test_a_stale_undo_of_the_arrival_spares_the_departure(reading):
    child, teacher = make.child(name="小明"), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(reading.id, child.id, by=teacher, at=SOON)

    with pytest.raises(Refused, match="請先撤銷簽退"):
        taps.undo(reading.id, child.id, was="in", by=teacher, at=SOON)


def test_undo_pressed_twice_changes_nothing_more(reading):
    child, teacher = make.child(), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.undo(reading.id, child.id, was="in", by=teacher, at=SOON)
    lines = Trail.select().count()

    taps.undo(reading.id, child.id, was="in", by=teacher, at=SOON)

    assert Trail.select().count() == lines


def test_leave_is_kept_until_the_child_comes_after_all(reading):
    child, teacher = make.child(), make.actor()
    taps.grant_leave(
        reading.id, child.id, kind="sick", note="發燒", by=teacher, at=MONDAY_4PM
    )
    assert rolls.roll_of(again(reading), at=SOON)[0].mark is Mark.ON_LEAVE

    taps.sign_in(reading.id, child.id, by=teacher, at=SOON)

    assert rolls.roll_of(again(reading), at=SOON)[0].mark is Mark.HERE


def test_leave_of_a_child_who_is_here_is_refused(reading):
    child, teacher = make.child(name="小明"), make.actor()
    taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)

    with pytest.raises(Refused, match="小明已經簽到"):
        taps.grant_leave(reading.id, child.id, kind="sick", note="", by=teacher, at=SOON)


def test_a_walk_in_is_added_once_and_undone_away(store):
    make.school()
    activity, teacher = make.activity(expects="children"), make.actor()
    guest = make.child(name="客人")

    taps.walk_in(activity.id, guest.id, by=teacher, at=MONDAY_4PM)
    taps.walk_in(activity.id, guest.id, by=teacher, at=SOON)
    assert [(r.walk_in, r.came_at) for r in rows_of(activity)] == [(True, MONDAY_4PM)]

    taps.undo(activity.id, guest.id, was="in", by=teacher, at=SOON)
    assert rows_of(activity) == []


def test_a_child_who_left_school_cannot_walk_in(reading):
    gone = make.child(left_on=MONDAY_4PM.date())

    with pytest.raises(DoesNotExist):
        taps.walk_in(reading.id, gone.id, by=make.actor(), at=MONDAY_4PM)


def test_all_in_spares_who_came_and_who_is_on_leave(reading):
    early, ill, open_one = (make.child(name=name) for name in "早病開")
    teacher = make.actor()
    taps.sign_in(reading.id, early.id, by=make.actor(), at=MONDAY_4PM)
    taps.grant_leave(reading.id, ill.id, kind="sick", note="", by=teacher, at=MONDAY_4PM)

    batch = taps.sign_all_in(reading.id, by=teacher, at=SOON)

    assert batch.size == 1
    assert [row.came_at for row in rows_of(reading)] == [MONDAY_4PM, None, SOON]


def test_undoing_all_in_spares_what_changed_since(reading):
    stays, goes = make.child(name="留"), make.child(name="走")
    teacher = make.actor()
    batch = taps.sign_all_in(reading.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(reading.id, goes.id, by=teacher, at=SOON)

    undone = taps.undo_all(reading.id, batch.version, was="in", by=teacher, at=SOON)

    assert undone == 1
    assert {row.child_id: row.came_at for row in rows_of(reading)} == {
        stays.id: None,
        goes.id: MONDAY_4PM,
    }


def test_nobody_undoes_anothers_batch(reading):
    make.child()
    batch = taps.sign_all_in(reading.id, by=make.actor(), at=MONDAY_4PM)

    undone = taps.undo_all(reading.id, batch.version, was="in", by=make.actor(), at=SOON)

    assert undone == 0
    assert rows_of(reading)[0].came_at == MONDAY_4PM


def test_many_out_and_its_undoing(reading):
    here, absent = make.child(name="在"), make.child(name="缺")
    teacher = make.actor()
    taps.sign_in(reading.id, here.id, by=teacher, at=MONDAY_4PM)
    seen = {here.id: rows_of(reading)[0].version, absent.id: 0}

    batch = taps.sign_out_many(reading.id, seen, by=teacher, at=SOON)
    assert [row.went_at for row in rows_of(reading)] == [SOON, None]

    taps.undo_all(reading.id, batch.version, was="out", by=teacher, at=SOON)
    assert [row.went_at for row in rows_of(reading)] == [None, None]


def test_the_head_count_says_who_is_where(reading):
    came, went, ill, _awaited = (make.child(name=name) for name in "來去病等")
    teacher = make.actor()
    for child in (came, went):
        taps.sign_in(reading.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(reading.id, went.id, by=teacher, at=SOON)
    taps.grant_leave(reading.id, ill.id, kind="sick", note="", by=teacher, at=SOON)

    expected = Tally(expected=4, came=2, on_leave=1, absent=1, present=1)
    assert head_counts.head_count(again(reading)) == expected
    assert head_counts.counts_on(MONDAY_4PM.date()) == {reading.id: expected}


def test_counts_of_a_class_teacher_are_of_the_own_class(reading):
    teacher = make.staff(roles=("helper",))
    own, other = make.school_class(1, 1, teacher=teacher), make.school_class(2, 1)
    make.child("自", school_class=own)
    make.child("他", school_class=other)

    assert head_counts.head_count(reading, of_teacher=teacher.id).expected == 1
    assert (
        head_counts.counts_on(MONDAY_4PM.date(), of_teacher=teacher.id)[reading.id].expected
        == 1
    )


def test_changes_since_a_version_are_just_the_rows_that_changed(reading):
    one, two = make.child(name="一"), make.child(name="二")
    teacher = make.actor()
    taps.sign_in(reading.id, one.id, by=teacher, at=MONDAY_4PM)
    seen = again(reading).version

    taps.sign_in(reading.id, two.id, by=teacher, at=SOON)

    changed = rolls.rows_since(again(reading), seen, at=SOON)
    assert [row.name for row in changed] == ["二"]


def test_yesterdays_forgotten_sign_out_stays_and_does_not_leak(store):
    make.school()
    child, teacher = make.child(), make.actor()
    yesterday, today = make.activity(), make.activity(starts=TUESDAY)
    taps.sign_in(yesterday.id, child.id, by=teacher, at=MONDAY_4PM)

    assert rolls.roll_of(again(yesterday), at=TUESDAY)[0].mark is Mark.NOT_OUT
    assert rolls.roll_of(again(today), at=TUESDAY)[0].mark is Mark.EXPECTED
    assert presence.present(TUESDAY) == []


def test_present_is_who_came_and_has_not_gone_each_once(store):
    make.school()
    here, gone = make.child(name="在", carer_phone="13800000001"), make.child(name="走")
    teacher = make.actor()
    first = make.activity()
    second = make.activity(starts=MONDAY_4PM + timedelta(hours=1), room=make.room("閱讀室"))
    for child in (here, gone):
        taps.sign_in(first.id, child.id, by=teacher, at=MONDAY_4PM)
    taps.sign_out(first.id, gone.id, by=teacher, at=SOON)
    taps.sign_in(second.id, here.id, by=teacher, at=SOON)

    listed = presence.present(SOON)

    assert [(c.name, c.came_at, c.room, c.carer_phone) for c in listed] == [
        ("在", SOON, "閱讀室", "13800000001")
    ]


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.parametrize("opened", [False, True])
def test_a_roll_takes_one_query_however_long(reading, children, opened):
    for n in range(children):
        make.child(name=f"孩子{n}")
    if opened:
        taps.sign_in(reading.id, 1, by=make.actor(), at=MONDAY_4PM)
    activity = again(reading)

    with count_queries() as queries:
        roll = rolls.roll_of(activity, at=SOON)

    assert len(roll) == children
    assert queries.count == 1


def test_thirty_taps_on_one_child_make_one_arrival(app):
    activity, child = make.activity(), make.child()
    teachers = [make.actor() for _ in range(8)]
    gate, failures = Barrier(8), []

    def tap(teacher, minute):
        with db.connection_context():
            gate.wait()
            for _ in range(4):
                try:
                    taps.sign_in(
                        activity.id,
                        child.id,
                        by=teacher,
                        at=MONDAY_4PM + timedelta(minutes=minute),
                    )
                except Exception as failure:
                    failures.append(failure)

    racers = [Thread(target=tap, args=(teacher, n)) for n, teacher in enumerate(teachers)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    row = rows_of(activity)[0]
    signed = Trail.select().where(Trail.deed == "attendance.sign_in")
    assert failures == []
    assert signed.count() == 1
    assert (row.came_by_id, row.came_at) == (signed.get().staff_id, signed.get().at)
