"""Calls: one tap to begin, one to end; what is forgotten is told, and never invented."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM
from peewee import IntegrityError

from liushou_web.db import db
from liushou_web.phone.store import calls, dead_numbers
from liushou_web.refusal import NotAllowed, NotFound, Refused
from liushou_web.schema import Call, NumberFault, Trail

LATER = MONDAY_4PM + timedelta(minutes=8)
TUESDAY = MONDAY_4PM + timedelta(days=1)
FAMILY = {"mother_name": "王芳", "mother_phone": "13900000001", "father_name": "李勇"}


@pytest.fixture
def by(store):
    make.school()
    return make.actor(make.staff("李老師"))


@pytest.fixture
def child(by):
    return make.child("小明", **FAMILY)


@pytest.fixture
def line(by):
    return make.phone()


def start(child, line, by, key="mother", at=MONDAY_4PM):
    return calls.start(child.id, key, line.id, by=by, at=at)


def deeds():
    return [(row.deed, row.detail) for row in Trail.select().order_by(Trail.id)]


def test_start_keeps_whom_and_when_and_no_number(by, child, line):
    call_id = start(child, line, by)

    row = Call.get_by_id(call_id)
    assert (row.child_id, row.phone_id, row.way) == (child.id, line.id, "phone")
    assert (row.contact, row.callee, row.relation) == ("mother", "王芳", "")
    assert (row.started_at, row.started_by_id) == (MONDAY_4PM, by.id)
    assert (row.ended_at, row.result, row.feeling) == (None, "", "")
    assert row.school_class_id == child.school_class_id
    assert "13900000001" not in str(row.__data__)
    assert deeds() == [("calls.start", f"child={child.id}; 電話一; 媽媽")]


def test_a_second_tap_on_start_answers_like_the_first(by, child, line):
    first = start(child, line, by)
    second = start(child, line, by, at=LATER)

    assert second == first
    assert (Call.select().count(), len(deeds())) == (1, 1)


def test_one_line_holds_one_call(by, child, line):
    start(child, line, by)

    with pytest.raises(Refused) as refusal:
        start(make.child("小紅", **FAMILY), line, by)

    assert str(refusal.value) == "這條線正在通話。"
    assert (Call.select().count(), len(deeds())) == (1, 1)


def test_one_child_is_in_one_call(by, child, line):
    start(child, line, by)

    with pytest.raises(Refused, match="正在另一條線上通話"):
        start(child, make.phone("視頻電腦", "video"), by)

    assert Call.select().count() == 1


def test_a_call_that_nobody_ended_yesterday_is_settled_first(by, child, line):
    start(child, line, by)

    with pytest.raises(Refused, match="上次的通話還沒有結束，請先補記"):
        start(make.child("小紅", **FAMILY), line, by, at=TUESDAY)


@pytest.mark.parametrize("second", [{"child": 1}, {"phone": 1}])
def test_the_database_itself_holds_one_call_a_line_and_a_child(by, child, line, second):
    other = {"child": make.child("小紅"), "phone": make.phone("電話二")}
    make.call(child, result="", phone=line)
    same = {"child": child, "phone": line}
    columns = {**other, **{key: same[key] for key in second}}

    with pytest.raises(IntegrityError, match="UNIQUE"):
        make.call(columns.pop("child"), result="", **columns)


@pytest.mark.parametrize(
    ("child_is", "line_is", "key", "reason"),
    [
        ("left", "", "mother", "小明已離開，不能打電話。"),
        ("", "retired", "mother", "「電話一」已停用。"),
        ("", "", "father", "檔案裏沒有這位家人的電話號碼，不能用電話打。"),
    ],
)
def test_start_is_refused_and_leaves_no_trace(by, line, child_is, line_is, key, reason):
    left = {"left_on": MONDAY_4PM.date()} if child_is else {}
    child = make.child("小明", **FAMILY, **left)
    line.retired = bool(line_is)
    line.save()

    with pytest.raises(Refused) as refusal:
        start(child, line, by, key)

    assert str(refusal.value) == reason
    assert (Call.select().count(), deeds()) == (0, [])


def test_a_video_call_needs_no_number_but_somebody(by, child):
    video = make.phone("視頻電腦", "video")

    assert Call.get_by_id(start(child, video, by, "father")).way == "video"
    with pytest.raises(NotFound):
        start(make.child("小紅"), video, by, "carer")


def test_the_tap_of_the_result_is_the_end(by, child, line):
    call_id = start(child, line, by)

    calls.end(call_id, "connected", by=by, at=LATER)

    (entry,) = [calls.one(call_id)]
    assert (entry.result, entry.ended_at, entry.minutes) == ("connected", LATER, 8)
    assert (entry.started_by, entry.ended_by, entry.end_told_at) == (
        "李老師",
        "李老師",
        None,
    )
    assert deeds()[-1] == ("calls.end", f"child={child.id}; connected")
    assert calls.open_calls() == []


def test_the_same_tap_again_changes_nothing_and_another_is_refused(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "busy", by=by, at=LATER)

    calls.end(call_id, "busy", by=by, at=LATER + timedelta(minutes=1))
    with pytest.raises(Refused, match="這次通話已記為「忙」"):
        calls.end(call_id, "connected", by=by, at=LATER)

    row = Call.get()
    assert (row.result, row.ended_at, len(deeds())) == ("busy", LATER, 2)


def test_after_the_end_the_line_is_free(by, child, line):
    calls.end(start(child, line, by), "connected", by=by, at=LATER)

    start(make.child("小紅", **FAMILY), line, by, at=LATER)

    assert [call.name for call in calls.open_calls()] == ["小紅"]


def test_a_forgotten_call_is_not_ended_by_a_tap(by, child, line):
    call_id = start(child, line, by)

    with pytest.raises(Refused, match="現在不是它的結束時間"):
        calls.end(call_id, "connected", by=by, at=TUESDAY)

    assert Call.get().result == ""
    assert [entry.id for entry in calls.forgotten(TUESDAY)] == [call_id]
    assert calls.forgotten(LATER) == []


def test_told_later_it_is_marked_so_and_the_line_is_free(by, child, line):
    call_id = start(child, line, by)

    calls.tell(call_id, "connected", LATER, by=by, at=TUESDAY)

    row = Call.get()
    assert (row.result, row.ended_at, row.end_told_at) == ("connected", LATER, TUESDAY)
    assert (calls.open_calls(), calls.forgotten(TUESDAY)) == ([], [])
    assert deeds()[-1] == ("calls.tell", f"child={child.id}; — — → 接通 16:08")


def test_an_end_that_nobody_remembers_stays_empty(by, child, line):
    call_id = start(child, line, by)

    calls.tell(call_id, "unknown", None, by=by, at=TUESDAY)

    entry = calls.one(call_id)
    assert (entry.result_label, entry.ended_at, entry.minutes) == ("不清楚", None, None)


def test_a_wrong_result_is_put_right_with_what_stood_there(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "connected", by=by, at=LATER)

    calls.tell(call_id, "no_answer", LATER, by=by, at=LATER)
    calls.tell(call_id, "no_answer", LATER, by=by, at=LATER)

    assert Call.get().result == "no_answer"
    detail = f"child={child.id}; 接通 16:08 → 未接 16:08"
    assert [row for row in deeds() if row[0] == "calls.tell"] == [("calls.tell", detail)]


def test_a_duty_teacher_corrects_today_and_the_office_any_day(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "connected", by=by, at=LATER)
    office = make.actor(make.staff("林老師", roles=("office",)))

    with pytest.raises(NotAllowed):
        calls.tell(call_id, "busy", LATER, by=by, at=TUESDAY)
    calls.tell(call_id, "busy", LATER, by=office, at=TUESDAY)

    assert Call.get().result == "busy"


def test_tell_refuses_an_impossible_end(by, child, line):
    call_id = start(child, line, by)

    with pytest.raises(Refused, match="不能早於開始時間"):
        calls.tell(
            call_id, "connected", MONDAY_4PM - timedelta(minutes=1), by=by, at=TUESDAY
        )

    assert (Call.get().result, len(deeds())) == ("", 1)


def test_the_last_face_counts_and_only_on_the_day(by, child, line):
    call_id = start(child, line, by)
    with pytest.raises(Refused, match="通話結束以後"):
        calls.feel(call_id, "sad", by=by, at=LATER)
    calls.end(call_id, "connected", by=by, at=LATER)

    for face in ("sad", "happy", "happy"):
        calls.feel(call_id, face, by=by, at=LATER)
    with pytest.raises(Refused, match="過了當天"):
        calls.feel(call_id, "calm", by=by, at=TUESDAY)

    assert Call.get().feeling == "happy"
    assert [deed for deed, _ in deeds()].count("calls.feel") == 2


def test_a_start_is_taken_back_as_if_it_had_never_been(by, child, line):
    call_id = start(child, line, by)

    calls.undo_start(call_id, by=by, at=LATER - timedelta(minutes=5))

    assert Call.select().count() == 0
    assert deeds()[-1] == ("calls.undo_start", f"child={child.id}")


def test_a_start_is_not_taken_back_late_nor_after_the_end(by, child, line):
    call_id = start(child, line, by)
    with pytest.raises(Refused, match="過了 5 分鐘"):
        calls.undo_start(call_id, by=by, at=LATER)
    calls.end(call_id, "busy", by=by, at=LATER)

    with pytest.raises(Refused, match="已經結束"):
        calls.undo_start(call_id, by=by, at=LATER)

    assert Call.select().count() == 1


def test_an_end_is_taken_back_and_twice_is_once(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "connected", by=by, at=LATER)
    calls.feel(call_id, "sad", by=by, at=LATER)

    for _ in range(2):
        calls.undo_end(call_id, by=by, at=LATER)

    row = Call.get()
    assert (row.result, row.ended_at, row.ended_by_id, row.feeling) == ("", None, None, "")
    assert [deed for deed, _ in deeds()].count("calls.undo_end") == 1


def test_an_end_is_not_taken_back_once_the_line_is_taken_or_time_is_over(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "connected", by=by, at=LATER)
    start(make.child("小紅", **FAMILY), line, by, at=LATER)

    with pytest.raises(Refused, match="這條線正在通話。"):
        calls.undo_end(call_id, by=by, at=LATER)
    with pytest.raises(Refused, match="過了 5 分鐘"):
        calls.undo_end(call_id, by=by, at=LATER + timedelta(minutes=6))

    assert Call.get_by_id(call_id).result == "connected"


@pytest.mark.parametrize(
    "deed",
    [
        lambda **who: calls.end(9, "busy", **who),
        lambda **who: calls.feel(9, "sad", **who),
        lambda **who: calls.undo_start(9, **who),
        lambda **who: calls.undo_end(9, **who),
        lambda **who: calls.tell(9, "busy", None, **who),
        lambda **who: calls.start(9, "mother", 1, **who),
        lambda **who: calls.reveal(9, "mother", **who),
        lambda **_who: calls.one(9),
    ],
)
def test_what_is_not_there_is_not_found(by, deed):
    with pytest.raises(NotFound):
        deed(by=by, at=MONDAY_4PM)


def test_each_look_at_a_number_is_on_the_trail(by, child):
    file, contact = calls.reveal(child.id, "mother", by=by, at=MONDAY_4PM)

    assert (file.id, contact.phone) == (child.id, "13900000001")
    assert deeds() == [("calls.reveal", "媽媽")]


def test_a_call_that_was_answered_fulfils_its_month(by, child):
    other, silent = make.child("小紅"), make.child("小剛")
    make.call(child, datetime(2026, 11, 30, 23, 59))
    make.call(other, datetime(2026, 12, 1, 0, 0))
    make.call(silent, datetime(2026, 11, 5), result="no_answer")
    everyone = [child.id, other.id, silent.id]
    first, last = datetime(2026, 11, 1).date(), datetime(2026, 11, 30).date()

    assert calls.connected_in(everyone, first, last) == {child.id}
    assert calls.connected_in([other.id], first, last) == set()


def test_a_dead_number_opens_a_fault_and_other_ends_do_not(by, child, line):
    for result in ("no_answer", "busy", "connected", "out_of_order"):
        calls.end(start(child, line, by), result, by=by, at=LATER)

    (fault,) = dead_numbers.waiting()
    assert (fault.name, fault.contact, fault.number) == ("小明", "mother", "13900000001")
    assert (fault.found_by, fault.found_at) == ("李老師", LATER)


def test_a_second_dead_call_is_the_same_fault(by, child, line):
    for minute in (0, 10):
        at = MONDAY_4PM + timedelta(minutes=minute)
        calls.end(start(child, line, by, at=at), "out_of_order", by=by, at=at)

    assert [fault.found_at for fault in dead_numbers.waiting()] == [MONDAY_4PM]


@pytest.mark.parametrize(
    "back",
    [
        lambda call, **who: calls.undo_end(call, **who),
        lambda call, **who: calls.tell(call, "busy", LATER, **who),
    ],
    ids=["undone", "corrected"],
)
def test_a_dead_number_that_was_none_after_all_is_no_fault(by, child, line, back):
    call_id = start(child, line, by)
    calls.end(call_id, "out_of_order", by=by, at=LATER)

    back(call_id, by=by, at=LATER)

    assert NumberFault.select().count() == 0


def test_a_call_that_never_was_takes_a_settled_fault_with_it(by, child, line):
    call_id = start(child, line, by)
    calls.end(call_id, "out_of_order", by=by, at=MONDAY_4PM)
    dead_numbers.call_right(dead_numbers.waiting()[0].id, by=by, at=MONDAY_4PM)
    calls.undo_end(call_id, by=by, at=MONDAY_4PM)

    calls.undo_start(call_id, by=by, at=MONDAY_4PM)

    assert (Call.select().count(), NumberFault.select().count()) == (0, 0)


def race(deed, count=8):
    gate, outcomes = Barrier(count), []

    def run(n):
        with db.connection_context():
            gate.wait()
            try:
                outcomes.append(("won", deed(n)))
            except Refused as refusal:
                outcomes.append(("lost", str(refusal)))

    racers = [Thread(target=run, args=(n,)) for n in range(count)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return outcomes


def test_of_many_who_start_on_one_line_exactly_one_wins(database):
    with db.connection_context():
        make.school()
        by, line = make.actor(), make.phone()
        waiting = [make.child(f"孩子{n}", **FAMILY) for n in range(8)]

    outcomes = race(lambda n: start(waiting[n], line, by))

    assert [said for kind, said in outcomes if kind == "lost"] == ["這條線正在通話。"] * 7
    with db.connection_context():
        assert Call.select().count() == 1


def test_of_many_who_start_one_child_on_many_lines_exactly_one_wins(database):
    with db.connection_context():
        make.school()
        by, child = make.actor(), make.child("小明", **FAMILY)
        lines = [make.phone(f"電話{n}") for n in range(8)]

    outcomes = race(lambda n: start(child, lines[n], by))

    assert [kind for kind, _ in outcomes].count("won") == 1
    with db.connection_context():
        assert Call.select().count() == 1


def test_many_who_tap_the_same_start_are_answered_with_one_call(database):
    with db.connection_context():
        make.school()
        by, child, line = make.actor(), make.child("小明", **FAMILY), make.phone()

    outcomes = race(lambda _: start(child, line, by))

    assert {outcome[0] for outcome in outcomes} == {"won"}
    assert len({call_id for _, call_id in outcomes}) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"way": "pigeon"},
        {"contact": "aunt"},
        {"result": "maybe"},
        {"feeling": "angry"},
        {"ended_at": MONDAY_4PM - timedelta(seconds=1)},
        {"result": "", "ended_at": LATER},
        {"result": "", "feeling": "sad"},
        {"result": "connected", "ended_at": None},
    ],
)
def test_the_table_takes_nothing_that_cannot_be(by, child, values):
    with pytest.raises(IntegrityError, match="CHECK"):
        make.call(child, **values)
