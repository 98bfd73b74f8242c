"""The school's beginning, whole or not at all."""

from datetime import date
from threading import Barrier, Thread

import pytest
from kit import MONDAY_4PM

from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CalendarDay, Room, School, Staff, Term, Trail
from liushou_web.school.store import school
from liushou_web.setup.store import setup

BEGINNING = setup.Beginning(
    name="董崗鎮中心學校",
    home_name="向陽留守兒童之家",
    script="hans",
    term_name="2026年秋季學期",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 1, 22),
    rooms=("活動室", "閱讀室"),
    login="Wang",
    person="王主任",
    password_hash="hash",
    roles=frozenset({"admin", "office"}),
)


def begin(**values):
    return setup.set_up(BEGINNING._replace(**values), address="127.0.0.1", at=MONDAY_4PM)


def test_there_is_no_school_before_the_wizard(store):
    assert school.school() is None


def test_the_beginning_is_made_whole(store):
    first = begin()

    made, term = school.school(), Term.select().get()
    assert (made.name, made.home_name, made.script, made.grace_minutes) == (
        "董崗鎮中心學校",
        "向陽留守兒童之家",
        "hans",
        10,
    )
    assert (first.login, first.name, first.must_change) == ("wang", "王主任", False)
    assert Staff.get_by_id(first.id).roles == {"admin", "office"}
    assert (term.name, term.first_day, term.last_day) == BEGINNING[3:6]
    assert [room.name for room in Room.select()] == ["活動室", "閱讀室"]


def test_the_published_holidays_are_in_the_calendar(store):
    begin()

    day = CalendarDay.get(CalendarDay.day == date(2026, 10, 1))
    assert (day.kind, "國慶" in day.name) == ("closed", True)


def test_the_beginning_is_told_in_the_administrators_name(store):
    first = begin()

    deeds = [(t.deed, t.staff_id, t.address) for t in Trail.select().order_by(Trail.id)]
    assert deeds[:3] == [
        ("staff.add", None, "127.0.0.1"),
        ("school.set_up", first.id, "127.0.0.1"),
        ("calendar.add_term", first.id, "127.0.0.1"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": date(2026, 8, 1)},
        {"login": "w"},
        {"roles": frozenset()},
        {"rooms": ("活動室", "活動室")},
    ],
)
def test_a_refused_beginning_leaves_nothing(store, wrong):
    with pytest.raises(Refused):
        begin(**wrong)

    tables = (School, Staff, Term, Room, CalendarDay, Trail)
    assert [table.select().count() for table in tables] == [0] * 6


def test_a_school_begins_once(store):
    begin()

    with pytest.raises(NotFound):
        begin(login="other", name="別的學校")
    assert (Staff.select().count(), school.school().name) == (1, "董崗鎮中心學校")


def test_of_many_beginnings_one_wins(store):
    gate, outcomes = Barrier(5), []

    def run(n):
        with db.connection_context():
            gate.wait()
            try:
                outcomes.append(begin(login=f"wang{n}") and "done")
            except NotFound:
                outcomes.append("refused")

    racers = [Thread(target=run, args=(n,)) for n in range(5)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["done"] + ["refused"] * 4
    assert (Staff.select().count(), Term.select().count()) == (1, 1)
