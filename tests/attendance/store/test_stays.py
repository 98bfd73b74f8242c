"""Stays that go on at another activity, or are broken off: nobody is on two rolls."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.attendance.store import (
    head_counts,
    presence,
    rolls,
    stays,
    taps,
    unlisted,
)
from liushou_web.children.rules.collecting import Release
from liushou_web.refusal import Refused
from liushou_web.schema import Attendance, Outing

SOON = MONDAY_4PM + timedelta(minutes=30)
LATER = MONDAY_4PM + timedelta(minutes=60)


@pytest.fixture
def reading(store):
    make.school()
    return make.activity(title="閱讀")


@pytest.fixture
def chess(reading):
    return make.activity(title="象棋", room=make.room("棋室"), starts=LATER)


@pytest.fixture
def child(reading, chess):
    child = make.child(name="小明")
    taps.sign_in(reading.id, child.id, by=make.actor(), at=MONDAY_4PM)
    return child


def row(activity, child, at=LATER):
    return rolls.roll_row(rolls.activity(activity.id), child.id, at=at)


def test_signed_in_elsewhere_the_stay_here_ends_without_a_way_home(reading, chess, child):
    taps.sign_in(chess.id, child.id, by=make.actor(), at=LATER)

    here = row(reading, child)
    assert (here.went_at, here.way_home, here.home.person) == (LATER, "", "→ 象棋")
    assert row(chess, child).came_at == LATER
    assert head_counts.head_count(rolls.activity(reading.id)).present == 0
    assert [each.room for each in presence.present(LATER)] == ["棋室"]


def test_the_arrival_undone_the_first_stay_goes_on(reading, chess, child):
    by = make.actor()
    taps.sign_in(chess.id, child.id, by=by, at=LATER)

    taps.undo(chess.id, child.id, was="in", by=by, at=LATER)

    here = row(reading, child)
    assert (here.came_at, here.went_at, here.moved_to) == (MONDAY_4PM, None, None)


def test_a_departure_to_another_activity_is_undone_there(reading, chess, child):
    by = make.actor()
    taps.move_on(reading.id, child.id, to=chess.id, by=by, at=LATER)

    with pytest.raises(Refused, match="小明已經轉到「象棋」"):
        taps.undo(reading.id, child.id, was="out", by=by, at=LATER)


def test_moving_on_twice_is_done_once(reading, chess, child):
    by, seen = make.actor(), row(reading, child).version
    taps.move_on(reading.id, child.id, to=chess.id, by=by, at=LATER, seen=seen)
    before = [(r.version, r.came_at, r.went_at) for r in Attendance.select()]

    taps.move_on(reading.id, child.id, to=chess.id, by=by, at=LATER, seen=seen)

    assert [(r.version, r.came_at, r.went_at) for r in Attendance.select()] == before


def test_who_has_gone_home_cannot_move_on(reading, chess, child):
    by = make.actor()
    taps.sign_out(reading.id, child.id, by=by, at=SOON)

    with pytest.raises(Refused, match="小明"):
        taps.move_on(reading.id, child.id, to=chess.id, by=by, at=LATER)
    assert row(chess, child) is None


def test_many_move_on_and_those_whose_rows_moved_are_named(reading, chess, child):
    other = make.child(name="小紅")
    by = make.actor()
    taps.walk_in(reading.id, other.id, by=by, at=MONDAY_4PM)
    seen = {child.id: row(reading, child).version, other.id: 1}

    moved = taps.move_many(reading.id, seen, to=chess.id, by=by, at=LATER)

    assert moved == (1, {other.id: "小紅"})
    assert row(chess, child).came_at == LATER


def test_a_forgotten_stay_of_hours_ago_gets_no_invented_end(reading, child):
    late = make.activity(
        title="晚讀", room=make.room("晚讀室"), starts=MONDAY_4PM + timedelta(hours=4)
    )

    taps.sign_in(late.id, child.id, by=make.actor(), at=late.starts)

    assert row(reading, child).went_at is None


def test_all_in_spares_those_who_are_at_another_activity(reading, chess, child):
    make.child(name="小紅")

    batch = taps.sign_all_in(chess.id, by=make.actor(), at=LATER)

    assert (batch.size, batch.left) == (1, {child.id: "小明"})
    assert row(reading, child).went_at is None


def test_who_comes_back_counts_once_by_the_first_arrival(reading, child):
    by = make.actor()
    taps.sign_out(reading.id, child.id, by=by, at=SOON)

    taps.come_back(reading.id, child.id, by=by, at=LATER)

    here = row(reading, child)
    assert (here.came_at, here.went_at, here.way_home) == (MONDAY_4PM, None, "")
    kept = [(o.went_at, o.way_home, o.back_at) for o in Outing.select()]
    assert kept == [(SOON, "bus", LATER)]
    count = head_counts.head_count(rolls.activity(reading.id))
    assert (count.came, count.present) == (1, 1)
    taps.come_back(reading.id, child.id, by=by, at=LATER)
    assert Outing.select().count() == 1


def test_a_return_undone_leaves_the_departure_as_it_was(reading, child):
    by = make.actor()
    taps.sign_out(reading.id, child.id, by=by, at=SOON)
    before = row(reading, child)
    taps.come_back(reading.id, child.id, by=by, at=LATER)

    taps.undo_return(reading.id, child.id, by=by, at=LATER)

    after = row(reading, child)
    assert (after.went_at, after.way_home, after.went_by) == (
        before.went_at,
        before.way_home,
        before.went_by,
    )
    assert stays.outings(reading.id, child.id) == []


def test_an_arrival_before_a_return_is_not_undone(reading, child):
    by = make.actor()
    taps.sign_out(reading.id, child.id, by=by, at=SOON)
    taps.come_back(reading.id, child.id, by=by, at=LATER)

    with pytest.raises(Refused, match="小明出去過又回來"):
        taps.undo(reading.id, child.id, was="in", by=by, at=LATER)


def test_who_went_over_and_came_back_is_here_and_not_there(reading, chess, child):
    by = make.actor()
    taps.move_on(reading.id, child.id, to=chess.id, by=by, at=LATER)

    taps.come_back(reading.id, child.id, by=by, at=LATER)

    assert row(reading, child).went_at is None
    assert row(chess, child).went_at == LATER
    assert row(chess, child).moved_to == "閱讀"


def test_the_office_still_sees_with_whom_a_child_went_that_came_back(reading, child):
    by = make.actor()
    neighbour = Release("孫嬸", "鄰居", "奶奶生病，打過電話", by.id)
    taps.release(reading.id, child.id, neighbour, teachers=[by.id], by=by, at=SOON)

    taps.come_back(reading.id, child.id, by=by, at=LATER)

    assert unlisted.waiting() == []
    (line,) = unlisted.seen(limit=9)
    assert (line.id, line.child, line.person) == (0, "小明", "鄰居 孫嬸")


def test_all_in_spares_those_who_went_home_today(reading, chess, child):
    make.child(name="小紅")
    taps.sign_out(reading.id, child.id, by=make.actor(), at=SOON)

    batch = taps.sign_all_in(chess.id, by=make.actor(), at=LATER)

    assert (batch.size, batch.left) == (1, {child.id: "小明"})


def test_a_roll_tells_where_a_child_is_that_it_awaits(reading, chess, child):
    assert stays.nearby(chess.id, at=LATER) == {child.id: "閱讀"}
    assert stays.nearby(chess.id, at=LATER, child_id=child.id) == {child.id: "閱讀"}
    assert stays.nearby(chess.id, at=LATER, child_id=child.id + 1) == {}
    taps.sign_out(reading.id, child.id, by=make.actor(), at=LATER)
    assert stays.nearby(chess.id, at=LATER) == {}


def test_of_many_that_move_on_one_who_left_there_before_stays_and_is_named(
    reading, chess, child
):
    other = make.child(name="小紅")
    by = make.actor()
    taps.walk_in(chess.id, other.id, by=by, at=SOON)
    taps.sign_out(chess.id, other.id, by=by, at=SOON)
    taps.walk_in(reading.id, other.id, by=by, at=SOON)
    seen = {each.id: row(reading, each).version for each in (child, other)}

    moved = taps.move_many(reading.id, seen, to=chess.id, by=by, at=LATER)

    assert moved == (1, {other.id: "小紅"})
    assert row(reading, other).went_at is None
