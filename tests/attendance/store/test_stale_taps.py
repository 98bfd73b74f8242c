"""Acts of a page that showed a row as it is no more: done ones answer done and leave no
trace; any other is refused with what happened."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.attendance.store import taps
from liushou_web.children.rules.collecting import Release
from liushou_web.children.store import collecting
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Activity, Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=3)
LATER = MONDAY_4PM + timedelta(minutes=30)
SEEN_AWAITED = 0  # the version of a row that nobody has tapped on


class Door:
    """One teacher's taps on 小明's row of one roll; `seen` is what their page showed."""

    def __init__(self, activity, child):
        self.row, self.by = (activity.id, child.id), make.actor()

    def sign_in(self, seen=None, at=MONDAY_4PM):
        return taps.sign_in(*self.row, by=self.by, at=at, seen=seen)

    def sign_out(self, seen=None, at=SOON, choice="bus"):
        taps.sign_out(*self.row, by=self.by, at=at, seen=seen, choice=choice)

    def undo(self, was, seen=None, at=LATER):
        taps.undo(*self.row, was=was, by=self.by, at=at, seen=seen)

    def grant_leave(self, seen=None, at=MONDAY_4PM, kind="sick"):
        taps.grant_leave(*self.row, kind=kind, note="", by=self.by, at=at, seen=seen)

    def release(self, seen=None, at=SOON, reason="奶奶住院"):
        told = Release("李嬸", "鄰居", reason, self.by.id)
        taps.release(*self.row, told, teachers={self.by.id}, by=self.by, at=at, seen=seen)


@pytest.fixture
def activity(store):
    make.school()
    return make.activity()


@pytest.fixture
def child(activity):
    return make.child("小明")


@pytest.fixture
def door(activity, child):
    return Door(activity, child)


@pytest.fixture
def colleague(activity, child):
    return Door(activity, child)


def version():
    return Attendance.get().version


def facts():
    row = Attendance.get()
    told = row.came_at, row.went_at, row.leave, row.way_home, row.collected_by
    return *told, row.version, Trail.select().count()


def refuses(words, act, *args, **told):
    before = facts()
    with pytest.raises(Refused, match=words):
        act(*args, **told)
    assert facts() == before


def is_done(act, *args, **told):
    before = facts()
    act(*args, **told)
    assert facts() == before


NOT_TAKEN = "這一下沒有記。請看清楚再點"


def test_a_sign_in_after_the_arrival_was_undone_elsewhere_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    colleague.undo("in", version())

    refuses(f"小明的記錄剛才變了（未到），{NOT_TAKEN}", door.sign_in, SEEN_AWAITED)


def test_a_sign_in_after_leave_was_noted_elsewhere_is_refused(door, colleague):
    colleague.grant_leave(SEEN_AWAITED)

    refuses(f"小明的記錄剛才變了（請假），{NOT_TAKEN}", door.sign_in, SEEN_AWAITED)


def test_a_sign_in_says_nothing_of_an_undoing_where_only_the_list_of_who_collects_changed(
    door, child
):
    door.grant_leave()
    door.undo("leave")
    seen = version()
    collecting.set_home(child.id, "", by=door.by, at=SOON)
    assert version() > seen

    refuses(f"小明的記錄剛才變了（未到），{NOT_TAKEN}", door.sign_in, seen)


def test_a_sign_in_that_is_done_answers_done_and_keeps_the_first_time(door, colleague):
    assert colleague.sign_in(SEEN_AWAITED) is True

    is_done(door.sign_in, SEEN_AWAITED, at=SOON)
    assert door.sign_in(SEEN_AWAITED, at=SOON) is False


def test_a_sign_in_sent_again_after_its_departure_says_when_the_child_went(door):
    door.sign_in(SEEN_AWAITED)
    door.sign_out(version())

    refuses("小明已於 16:03 簽退", door.sign_in, SEEN_AWAITED, at=LATER)


def test_a_sign_out_after_the_departure_was_undone_elsewhere_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    door.sign_out(seen)
    colleague.undo("out", version())

    refuses(f"小明的記錄剛才變了（16:00 簽到，在場），{NOT_TAKEN}", door.sign_out, seen)


def test_a_sign_out_after_the_arrival_was_undone_elsewhere_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    colleague.undo("in", seen)

    refuses("小明還沒有簽到，不能簽退", door.sign_out, seen)


def test_a_sign_out_that_is_done_answers_done_and_another_one_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    colleague.sign_out(seen)

    is_done(door.sign_out, seen, at=LATER)
    is_done(door.sign_out, seen, at=LATER, choice="")
    refuses("小明已於 16:03 簽退", door.release, seen, at=LATER)


def test_a_release_of_who_moved_on_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    colleague.sign_out(seen)
    colleague.undo("out", version())

    refuses(f"小明的記錄剛才變了（16:00 簽到，在場），{NOT_TAKEN}", door.release, seen)


def test_a_release_that_is_done_answers_done(door):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    door.release(seen)

    is_done(door.release, seen, at=LATER)
    refuses("小明已於 16:03 簽退", door.release, seen, at=LATER, reason="別的原因")


def test_an_undoing_of_an_arrival_that_is_another_one_by_now_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    colleague.undo("in", seen)
    colleague.sign_in(version(), at=SOON)

    refuses(f"小明的記錄剛才變了（16:03 簽到，在場），{NOT_TAKEN}", door.undo, "in", seen)


def test_an_undoing_of_an_arrival_spares_the_departure_noted_elsewhere(door, colleague):
    door.sign_in(SEEN_AWAITED)
    seen = version()
    colleague.sign_out(seen)

    refuses("小明已經簽退，請先撤銷簽退", door.undo, "in", seen)


def test_an_undoing_of_a_departure_that_is_another_one_by_now_is_refused(door, colleague):
    door.sign_in(SEEN_AWAITED)
    door.sign_out(version())
    seen = version()
    colleague.undo("out", seen)
    colleague.sign_out(version(), at=LATER)

    refuses(f"小明的記錄剛才變了（16:30 簽退），{NOT_TAKEN}", door.undo, "out", seen)


def test_an_undoing_of_a_leave_that_is_another_one_by_now_is_refused(door, colleague):
    door.grant_leave(SEEN_AWAITED)
    seen = version()
    colleague.grant_leave(seen, kind="personal")

    refuses(f"小明的記錄剛才變了（請假），{NOT_TAKEN}", door.undo, "leave", seen)


@pytest.mark.parametrize("was", ["in", "out", "leave"])
def test_an_undoing_that_is_done_answers_done(door, was):
    if was == "leave":
        door.grant_leave(SEEN_AWAITED)
    else:
        door.sign_in(SEEN_AWAITED)
    if was == "out":
        door.sign_out(version())
    seen = version()
    door.undo(was, seen)

    is_done(door.undo, was, seen)


def test_a_leave_over_one_noted_elsewhere_is_refused(door, colleague):
    colleague.grant_leave(SEEN_AWAITED, kind="personal")

    refuses(f"小明的記錄剛才變了（請假），{NOT_TAKEN}", door.grant_leave, SEEN_AWAITED)


def test_a_leave_of_who_came_meanwhile_is_refused(door, colleague):
    colleague.sign_in(SEEN_AWAITED)

    refuses("小明已經簽到，不能記請假", door.grant_leave, SEEN_AWAITED)


def test_a_leave_that_is_done_answers_done(door, colleague):
    colleague.grant_leave(SEEN_AWAITED)

    is_done(door.grant_leave, SEEN_AWAITED, at=SOON)


def test_what_nobody_saw_is_not_asked_for(door, colleague):
    """A scanned card comes from no page with a row."""
    colleague.sign_in(SEEN_AWAITED)
    colleague.undo("in", version())

    assert door.sign_in(None) is True


@pytest.fixture
def guest(activity):
    """小明 is not expected, and walked in."""
    Activity.update(expects="children").execute()
    child = make.child("小明")
    taps.walk_in(activity.id, child.id, by=make.actor(), at=MONDAY_4PM)
    return Door(activity, child)


def test_a_walk_in_that_is_off_the_roll_again_is_done_the_second_time(guest):
    seen = version()
    guest.undo("in", seen)
    lines = Trail.select().count()

    guest.undo("in", seen)

    assert (Attendance.select().count(), Trail.select().count()) == (0, lines)


@pytest.mark.parametrize("was", ["out", "leave"])
def test_of_a_walk_in_that_is_off_the_roll_nothing_else_is_undone(guest, was):
    seen = version()
    guest.undo("in", seen)

    with pytest.raises(NotFound):
        guest.undo(was, seen)


def test_a_child_of_no_register_is_missing_and_not_done(activity, door):
    door.row = (activity.id, 999)

    with pytest.raises(NotFound):
        door.undo("in", SEEN_AWAITED)


def test_a_walk_in_on_a_row_that_moved_on_is_refused(guest, activity):
    seen = version()
    guest.undo("in", seen)
    child_id, told = guest.row[1], {"by": guest.by, "at": SOON}
    taps.walk_in(activity.id, child_id, **told)
    Attendance.update(walk_in=False).execute()
    guest.undo("in", version())

    with pytest.raises(Refused, match=NOT_TAKEN):
        taps.walk_in(activity.id, child_id, seen=seen, **told)
