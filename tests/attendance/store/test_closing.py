"""Closing and correcting: the rows afterwards, refusals without trace, races."""

from datetime import timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.attendance.rules.closing import Check, Closing
from liushou_web.attendance.rules.corrections import RollFacts
from liushou_web.attendance.store import closing, corrections, presence, room_check, taps
from liushou_web.db import db
from liushou_web.refusal import NotAllowed, Refused
from liushou_web.schedule.store import activities
from liushou_web.schema import Activity, Attendance, Correction, RoomCheck, Trail

ENDS = MONDAY_4PM + timedelta(minutes=90)
OVERDUE = ENDS + timedelta(minutes=31)
TUESDAY = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def li(store):
    make.school()
    return make.staff("李老師")


@pytest.fixture
def reading(li):
    """A reading hour of 李老師's at which 小明 came."""
    activity = make.activity(duty=[li])
    taps.sign_in(activity.id, make.child("小明").id, by=make.actor(li), at=MONDAY_4PM)
    return activity


def all_fine(li, **values):
    checks = tuple(Check(item.id, ok=True) for item in room_check.in_use())
    return Closing(checks, li.id, **values)


def close(activity, li, said=None, at=ENDS, by=None):
    said = said or all_fine(li)
    closing.close(activity.id, said, by=make.actor(by or li), at=at)


def sign_out(activity, li, at=ENDS):
    taps.sign_out(activity.id, 1, by=make.actor(li), at=at)


def test_a_new_school_asks_ten_things(store):
    assert len(room_check.in_use()) == 10


def test_closing_keeps_who_locked_and_how_the_room_was(reading, li):
    sign_out(reading, li)
    first, *others = all_fine(li).checks
    said = Closing((first._replace(ok=False, note="鎖壞了"), *others), li.id, "已報修")

    close(reading, li, said)

    record = closing.record_of(reading.id)
    assert (record.closed_at, record.closed_by, record.locked_by, record.note) == (
        ENDS,
        "李老師",
        "李老師",
        "已報修",
    )
    assert [(f.name, f.note) for f in record.wrong] == [("門已關好", "鎖壞了")]
    assert len(record.checks) == 10


def test_a_second_closing_changes_nothing(reading, li):
    sign_out(reading, li)
    close(reading, li)
    before = Trail.select().count()

    close(reading, li, at=OVERDUE)

    assert closing.record_of(reading.id).closed_at == ENDS
    assert Trail.select().count() == before


def test_a_child_not_out_keeps_it_open_without_a_trace(reading, li):
    said = all_fine(li, reasons={1: "家長接走"})

    with pytest.raises(Refused, match="還有 1 名學生沒有簽退"):
        close(reading, li, said)

    assert closing.record_of(reading.id) is None
    assert RoomCheck.select().count() == 0


def test_overdue_it_closes_with_a_reason_and_no_invented_time(reading, li):
    close(reading, li, all_fine(li, reasons={1: "家長接走"}), at=OVERDUE)

    row = Attendance.get()
    assert (row.went_at, row.unsettled_reason) == (None, "家長接走")
    assert presence.present(OVERDUE) == []


def test_on_a_later_day_the_room_is_not_asked(reading, li):
    close(reading, li, Closing(reasons={1: "家長接走"}), at=TUESDAY)

    record = closing.record_of(reading.id)
    assert (record.checks, record.locked_by) == ((), None)


@pytest.mark.parametrize("change", [{"checks": ()}, {"locked_by": None}])
def test_on_the_day_the_room_and_the_lock_are_asked(reading, li, change):
    sign_out(reading, li)

    with pytest.raises(Refused):
        close(reading, li, all_fine(li)._replace(**change))

    assert closing.record_of(reading.id) is None


def test_another_teacher_does_not_close_it(reading, li):
    sign_out(reading, li)

    with pytest.raises(NotAllowed):
        close(reading, li, by=make.staff("別人"))


def test_a_closed_roll_takes_no_tap(reading, li):
    sign_out(reading, li)
    close(reading, li)
    before = Attendance.get().version

    for deed in (taps.sign_in, taps.sign_out, taps.walk_in):
        with pytest.raises(Refused, match="已經關閉"):
            deed(reading.id, 1, by=make.actor(li), at=ENDS)

    assert Attendance.get().version == before


def test_overdue_lists_those_of_a_teacher_until_closed(reading, li):
    make.activity(starts=MONDAY_4PM + timedelta(hours=4))  # not yet over

    assert closing.overdue(at=OVERDUE - timedelta(minutes=1)) == []
    assert [e.id for e in closing.overdue(at=OVERDUE, on_duty=li.id)] == [reading.id]
    assert closing.overdue(at=OVERDUE, on_duty=make.staff().id) == []

    close(reading, li, Closing(reasons={1: "家長接走"}), at=TUESDAY)
    assert closing.overdue(at=TUESDAY) == []


def test_never_taken_reaches_back_fourteen_days(li):
    old = make.activity(starts=MONDAY_4PM - timedelta(days=15))
    missed = make.activity(starts=MONDAY_4PM - timedelta(days=13), duty=[li])

    found = closing.never_taken(at=MONDAY_4PM)

    assert [entry.id for entry in found] == [missed.id]
    assert closing.never_taken(at=MONDAY_4PM, on_duty=make.staff().id) == []
    assert activities.entry(old.id).opened_at is None


def test_what_was_never_taken_is_cancelled_afterwards(li):
    missed = make.activity()

    activities.cancel(missed.id, reason="停電", by=make.actor(li), at=TUESDAY)

    assert closing.never_taken(at=TUESDAY) == []


@pytest.fixture
def closed(reading, li):
    sign_out(reading, li)
    close(reading, li)
    return reading


def test_a_correction_keeps_what_stood_there(closed, li):
    later = MONDAY_4PM + timedelta(minutes=20)

    corrections.correct(
        closed.id, 1, RollFacts(later, ENDS), reason="記早了點", by=make.actor(li), at=ENDS
    )

    (line,) = corrections.of_activity(closed.id)
    assert line == (ENDS, "李老師", 1, "小明", "簽到", "16:00", "16:20", "記早了點")
    assert Attendance.get().came_at == later
    assert corrections.of_activity(closed.id, of_teacher=li.id) == []


def test_a_departure_taken_back_leaves_a_reason(closed, li):
    corrections.correct(
        closed.id, 1, RollFacts(MONDAY_4PM), reason="沒有看到人", by=make.actor(li), at=ENDS
    )

    row = Attendance.get()
    assert (row.went_at, row.unsettled_reason) == (None, "沒有看到人")


def test_a_refused_correction_leaves_no_trace(closed, li):
    with pytest.raises(Refused, match="內容沒有改動"):
        corrections.correct(
            closed.id,
            1,
            RollFacts(MONDAY_4PM, ENDS),
            reason="沒有改動",
            by=make.actor(li),
            at=ENDS,
        )

    assert Correction.select().count() == 0


def test_overdue_asks_the_same_however_many(li):
    counted = []
    for n in range(3):
        make.activity(starts=MONDAY_4PM - timedelta(days=n), opened_at=MONDAY_4PM)
        with count_queries() as queries:
            closing.overdue(at=TUESDAY)
        counted.append(queries.count)

    assert len(set(counted)) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_closing_and_signing_in_at_one_instant_have_one_outcome(app, attempt):
    li = make.staff("李老師")
    reading, child = make.activity(duty=[li], opened_at=MONDAY_4PM), make.child()
    make.attendance(reading, child)
    gate, refused = Barrier(2), []

    def run(deed):
        with db.connection_context():
            gate.wait()
            try:
                deed()
            except Refused as refusal:
                refused.append(str(refusal))

    def sign_in():
        taps.sign_in(reading.id, child.id, by=make.actor(li), at=ENDS)

    racers = [
        Thread(target=run, args=(deed,)) for deed in (sign_in, lambda: close(reading, li))
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    is_closed = Activity.get_by_id(reading.id).closed_at is not None
    assert len(refused) == 1
    assert is_closed is (Attendance.get().came_at is None)


def test_items_are_added_renamed_retired_and_brought_back(li):
    by = make.actor(li)
    made = room_check.add("投影機已關", by=by, at=MONDAY_4PM)
    room_check.ITEMS.rename(made.id, "投影機", by=by, at=MONDAY_4PM)
    assert room_check.in_use()[-1].name == "投影機"

    room_check.ITEMS.retire(made.id, by=by, at=MONDAY_4PM)
    assert len(room_check.in_use()) == 10

    room_check.ITEMS.bring_back(made.id, by=by, at=MONDAY_4PM)
    with pytest.raises(Refused, match="已經有「投影機」"):
        room_check.add("投影機", by=by, at=MONDAY_4PM)
