"""Asking for a call and booking a time: one wish a day, one booking a child."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM
from peewee import IntegrityError

from liushou_web.db import db
from liushou_web.phone.store import wishes
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CallWish, Trail

MONDAY = MONDAY_4PM.date()
NEXT_MONDAY = MONDAY + timedelta(days=7)
HALF_PAST = MONDAY_4PM + timedelta(minutes=30)


@pytest.fixture
def by(store):
    make.school()
    return {"by": make.actor(), "at": MONDAY_4PM}


@pytest.fixture
def line(by):
    make.phone_hours()
    return make.phone()


def deeds():
    return [(row.deed, row.detail) for row in Trail.select().order_by(Trail.id)]


def test_asked_once_a_day_and_the_first_asking_counts(by, line):
    child = make.child()

    first = wishes.ask(child.id, **by)
    later = {**by, "at": HALF_PAST}
    second = wishes.ask(child.id, **later)

    assert first.id == second.id
    row = CallWish.get()
    assert (row.day, row.asked_at, row.asked_by_id) == (MONDAY, MONDAY_4PM, by["by"].id)
    assert deeds() == [("call_wishes.ask", f"child={child.id}; 2026-11-23")]


def test_after_the_last_hours_of_today_it_is_for_the_next_open_day(by, line):
    late = {**by, "at": MONDAY_4PM.replace(hour=18)}

    assert wishes.ask(make.child().id, **late).day == NEXT_MONDAY


def test_withdrawn_it_holds_no_more_and_asked_again_it_does(by, line):
    child = make.child()
    wish = wishes.ask(child.id, **by)

    for _ in range(2):
        wishes.withdraw(wish.id, **by)
    assert wishes.coming([child.id], MONDAY) == {}
    wishes.ask(child.id, **by)

    assert wishes.coming([child.id], MONDAY)[child.id].day == MONDAY
    assert [deed.split(".")[1] for deed, _ in deeds()] == ["ask", "withdraw", "ask"]


def test_who_left_does_not_wait_and_others_children_are_not_found(by, line):
    gone = make.child("小明", left_on=MONDAY)
    other = make.child("小紅")
    wish = wishes.ask(other.id, **by)

    with pytest.raises(Refused, match="小明已離開，不能排隊。"):
        wishes.ask(gone.id, **by)
    for deed in (wishes.ask, wishes.withdraw):
        subject = other.id if deed is wishes.ask else wish.id
        with pytest.raises(NotFound):
            deed(subject, **by, of_teacher=99)
    with pytest.raises(NotFound):
        wishes.withdraw(99, **by)

    assert len(deeds()) == 1


def test_the_slots_of_the_next_open_days_are_offered(by, line):
    offered = wishes.free(at=MONDAY_4PM + timedelta(minutes=25), child_id=1)

    assert [each.day for each in offered] == [MONDAY + timedelta(weeks=n) for n in range(4)]
    first = [f"{span.starts:%H:%M}" for span in offered[0].slots]
    assert first == ["16:20", "16:30", "16:40", "16:50"]  # 16:20 is not over yet


def test_a_slot_is_booked_for_one_child(by, line):
    child, other = make.child("小明"), make.child("小紅")

    wish = wishes.book(child.id, line.id, HALF_PAST, **by)

    row = CallWish.get_by_id(wish.id)
    assert (row.day, row.phone_id, row.starts, row.ends) == (
        MONDAY, line.id, HALF_PAST.time(), HALF_PAST.replace(minute=40).time(),
    )  # fmt: skip
    assert deeds() == [("call_wishes.book", f"child={child.id}; 2026-11-23 16:30")]
    with pytest.raises(Refused, match="剛被別人約了"):
        wishes.book(other.id, line.id, HALF_PAST, **by)
    assert (CallWish.select().count(), len(deeds())) == (1, 1)


@pytest.mark.parametrize(
    "starts",
    [
        MONDAY_4PM.replace(minute=35),  # between two slots
        MONDAY_4PM.replace(hour=17),  # closed
        MONDAY_4PM - timedelta(days=7),  # past
        MONDAY_4PM + timedelta(days=1),  # no open day
    ],
)
def test_only_what_is_offered_is_booked(by, line, starts):
    with pytest.raises(Refused, match="請另選一個"):
        wishes.book(make.child().id, line.id, starts, **by)


def test_a_child_has_one_booking_the_last(by, line):
    child = make.child()
    wishes.book(child.id, line.id, HALF_PAST, **by)

    wishes.book(child.id, line.id, HALF_PAST + timedelta(days=7), **by)

    booked = CallWish.select().where(CallWish.starts.is_null(False))
    assert [row.day for row in booked] == [NEXT_MONDAY]
    assert wishes.coming([child.id], MONDAY)[child.id].day == NEXT_MONDAY


def test_a_booking_may_be_kept_as_it_is(by, line):
    child = make.child()

    for _ in range(2):
        wishes.book(child.id, line.id, HALF_PAST, **by)

    assert len(deeds()) == 1
    assert wishes.coming([child.id], MONDAY)[child.id].slot == (line.id, HALF_PAST)


def test_a_withdrawn_booking_frees_its_slot(by, line):
    wish = wishes.book(make.child("小明").id, line.id, HALF_PAST, **by)

    wishes.withdraw(wish.id, **by)

    other = wishes.book(make.child("小紅").id, line.id, HALF_PAST, **by)
    assert (other.starts, CallWish.get_by_id(wish.id).starts) == (HALF_PAST.time(), None)


def test_slots_of_another_length_do_not_overlap_what_is_booked(by, line):
    wishes.book(make.child().id, line.id, HALF_PAST, **by)
    db.execute_sql("UPDATE school SET call_minutes = 15")

    offered = wishes.free(at=MONDAY_4PM, child_id=0)

    assert [f"{s.starts:%H:%M}" for s in offered[0].slots] == ["16:00", "16:15", "16:45"]


def test_the_database_itself_gives_a_slot_once(by, line):
    slot = {"phone": line, "starts": HALF_PAST.time(), "ends": datetime.max.time()}
    make.wish(make.child("小明"), **slot)

    with pytest.raises(IntegrityError, match="UNIQUE"):
        make.wish(make.child("小紅"), **slot)


def test_of_many_who_book_one_slot_exactly_one_wins(database):
    with db.connection_context():
        make.school()
        make.phone_hours()
        by, line = {"by": make.actor(), "at": MONDAY_4PM}, make.phone()
        children = [make.child(f"孩子{n}") for n in range(8)]
    gate, outcomes = Barrier(8), []

    def race(child):
        with db.connection_context():
            gate.wait()
            try:
                wishes.book(child.id, line.id, HALF_PAST, **by)
                outcomes.append("won")
            except Refused:
                outcomes.append("refused")

    racers = [Thread(target=race, args=(child,)) for child in children]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["refused"] * 7 + ["won"]
