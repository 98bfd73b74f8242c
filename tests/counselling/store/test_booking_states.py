"""What becomes of a request: each step, its undoing, moving it, follow-ups."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.consent import Consent
from liushou_web.counselling.rules.bookings import BookingKind, BookingState
from liushou_web.counselling.rules.series import Rhythm
from liushou_web.counselling.store import bookings, series
from liushou_web.counselling.store.times import Place
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CounsellingBooking, Trail
from liushou_web.span import Span

NOW = MONDAY_4PM
LATER = MONDAY_4PM + timedelta(days=1)
EARLIER = MONDAY_4PM - timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
TAKEN = "這個時間已被佔用。"


@pytest.fixture
def counsellor(store):
    make.school()
    return make.counsellor()


@pytest.fixture
def me(counsellor):
    return make.actor(counsellor)


@pytest.fixture
def teacher(counsellor):
    return make.staff("孫老師", roles=("helper",))


def state_of(row):
    found = CounsellingBooking.get_by_id(row.id)
    return found.state, found.before, found.cancel_reason


def deeds():
    return [(line.deed, line.detail) for line in Trail.select()]


@pytest.mark.parametrize(
    ("before", "wanted", "starts"),
    [
        ("waiting", BookingState.BOOKED, LATER),
        ("booked", BookingState.DONE, EARLIER),
        ("waiting", BookingState.MISSED, EARLIER),
    ],
)
def test_a_step_is_taken_once_told_blindly_and_undone(
    counsellor, me, before, wanted, starts
):
    row = make.booking(counsellor, starts, state=before)

    for _ in range(2):
        bookings.settle(row.id, wanted, by=me, at=NOW)
    assert state_of(row) == (wanted, before, "")
    assert deeds() == [("counselling.change", "")]

    bookings.undo(row.id, wanted, by=me, at=NOW)
    assert state_of(row) == (before, "", "")
    assert deeds() == [("counselling.change", "")] * 2


@pytest.mark.parametrize("kind", ["child", "meeting", "maintenance"])
def test_the_trail_is_the_same_whatever_it_is_for(counsellor, me, kind):
    row = make.booking(counsellor, EARLIER, kind=kind)

    bookings.settle(row.id, BookingState.DONE, by=me, at=NOW)
    other = make.booking(counsellor, LATER, kind=kind)
    bookings.settle(other.id, BookingState.CANCELLED, reason="mistake", by=me, at=NOW)

    lines = [(line.deed, line.subject, line.detail) for line in Trail.select()]
    assert lines == [("counselling.change", "counselling_booking", "")] * 2


def test_a_refused_step_leaves_no_trace(counsellor, me):
    row = make.booking(counsellor, LATER)

    with pytest.raises(Refused, match="時間還沒有到"):
        bookings.settle(row.id, BookingState.DONE, by=me, at=NOW)

    assert (state_of(row), deeds()) == (("booked", "", ""), [])


def test_another_counsellors_booking_is_not_found(counsellor, me):
    row = make.booking(make.counsellor("馬老師"), LATER, state="waiting")

    for deed in (
        lambda: bookings.settle(row.id, BookingState.BOOKED, by=me, at=NOW),
        lambda: bookings.undo(row.id, "waiting", by=me, at=NOW),
        lambda: bookings.cancel_rest(row.id, reason="mistake", by=me, at=NOW),
        lambda: bookings.withdraw(row.id, by=me, at=NOW),
        lambda: bookings.restore(row.id, by=me, at=NOW),
        lambda: bookings.own(999, me),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_cancelled_time_comes_back_only_while_it_is_free(counsellor, me):
    row = make.booking(counsellor, LATER, state="waiting")
    bookings.settle(row.id, BookingState.CANCELLED, reason="counsellor_away", by=me, at=NOW)
    assert state_of(row) == ("cancelled", "waiting", "counsellor_away")

    other = make.booking(counsellor, LATER)
    with pytest.raises(Refused) as caught:
        bookings.undo(row.id, "cancelled", by=me, at=NOW)
    assert str(caught.value) == TAKEN
    assert state_of(row)[0] == "cancelled"

    other.delete_instance()
    bookings.undo(row.id, "cancelled", by=me, at=NOW)
    assert state_of(row) == ("waiting", "", "")


def test_an_old_page_undoes_nothing_else(counsellor, me):
    row = make.booking(counsellor, EARLIER)
    bookings.settle(row.id, BookingState.DONE, by=me, at=NOW)
    bookings.undo(row.id, "done", by=me, at=NOW)
    bookings.settle(row.id, BookingState.MISSED, by=me, at=NOW)

    with pytest.raises(Refused, match="「未到」"):
        bookings.undo(row.id, "done", by=me, at=NOW)

    assert state_of(row)[0] == "missed"


def test_who_asked_takes_it_back_and_again(counsellor, teacher):
    row, by = make.booking(counsellor, LATER, by=teacher), make.actor(teacher)

    for _ in range(2):
        bookings.withdraw(row.id, by=by, at=NOW)
    assert state_of(row) == ("cancelled", "booked", "withdrawn")

    for _ in range(2):
        bookings.restore(row.id, by=by, at=NOW)
    assert state_of(row) == ("booked", "", "")
    assert len(deeds()) == 2


@pytest.mark.parametrize(
    ("starts", "values", "words"),
    [
        (NOW, {"state": "booked"}, "已經開始，不能撤回"),
        (EARLIER, {"state": "done"}, "已是「完成」，不能撤回"),
    ],
)
def test_what_has_begun_is_not_taken_back(counsellor, teacher, starts, values, words):
    row = make.booking(counsellor, starts, by=teacher, **values)

    with pytest.raises(Refused, match=words):
        bookings.withdraw(row.id, by=make.actor(teacher), at=NOW)


@pytest.mark.parametrize(
    ("starts", "reason", "words"),
    [
        (LATER, "counsellor_away", "輔導老師取消的，不能恢復"),
        (EARLIER, "withdrawn", "已經過去了，不能恢復"),
    ],
)
def test_not_everything_is_restored(counsellor, teacher, starts, reason, words):
    told = {"state": "cancelled", "before": "booked", "cancel_reason": reason}
    row = make.booking(counsellor, starts, by=teacher, **told)

    with pytest.raises(Refused, match=words):
        bookings.restore(row.id, by=make.actor(teacher), at=NOW)


def test_a_withdrawn_time_that_was_given_away_is_not_restored(counsellor, teacher):
    told = {"state": "cancelled", "before": "booked", "cancel_reason": "withdrawn"}
    row = make.booking(counsellor, LATER, by=teacher, **told)
    make.booking(counsellor, LATER, kind="meeting")

    with pytest.raises(Refused, match=TAKEN):
        bookings.restore(row.id, by=make.actor(teacher), at=NOW)


def span(starts, minutes=45):
    return Span(starts, starts + minutes * MINUTE)


def test_a_wish_gets_its_first_time_and_is_settled(counsellor, me, teacher):
    row = make.booking(counsellor, None, by=teacher, state="waiting", child=make.child())
    place = Place(counsellor.id, make.counselling_room().id)

    bookings.move(row.id, place, span(LATER), by=me, at=NOW)

    found = CounsellingBooking.get_by_id(row.id)
    assert (found.starts, found.ends) == (LATER, LATER + 45 * MINUTE)
    assert (found.room_id, found.state) == (place.room_id, "booked")
    assert deeds() == [("counselling.change", "")]


def test_a_move_may_overlap_the_old_time_but_no_other(counsellor, me):
    row, other = (
        make.booking(counsellor, LATER),
        make.booking(counsellor, LATER + 120 * MINUTE),
    )
    place = Place(counsellor.id, make.counselling_room().id)

    bookings.move(row.id, place, span(LATER + 15 * MINUTE), by=me, at=NOW)
    with pytest.raises(Refused, match=TAKEN):
        bookings.move(row.id, place, span(other.starts - 50 * MINUTE), by=me, at=NOW)

    assert CounsellingBooking.get_by_id(row.id).starts == LATER + 15 * MINUTE


@pytest.mark.parametrize(
    ("starts", "state", "words"),
    [
        (LATER, "done", "已經處理完，不能改時間"),
        (NOW - 45 * MINUTE, "booked", "已經過去了"),
        (NOW + 27 * WEEK, "booked", "太遠了"),
    ],
)
def test_moves_that_are_refused(counsellor, me, starts, state, words):
    row = make.booking(counsellor, EARLIER, state=state)
    place = Place(counsellor.id, make.counselling_room().id)

    with pytest.raises(Refused, match=words):
        bookings.move(row.id, place, span(starts), by=me, at=NOW)


def follow(first, me, times=4, weeks=1, **consent):
    rhythm = Rhythm(weeks, times)
    seen = series.plan(first.id, rhythm, by=me).fingerprint
    agreed = Consent(consent.pop("seen", seen), **consent)
    return series.book(first.id, rhythm, agreed, by=me, at=NOW)


def test_follow_ups_are_the_same_again(counsellor, me):
    child = make.child()
    first = make.booking(counsellor, NOW, child=child, channel="carer", sealed=b"closed")

    made = follow(first, me, times=3, weeks=2)

    rows = list(CounsellingBooking.select().order_by(CounsellingBooking.starts))
    assert [row.starts for row in rows] == [NOW + n * WEEK for n in (0, 2, 4, 6)]
    assert {(row.child_id, row.series, row.sealed) for row in rows} == {
        (child.id, first.id, b"closed")
    }
    assert {row.state for row in made} == {"booked"}
    assert deeds() == [("counselling.book", "")] * 3


def test_clashes_closed_days_and_days_away_are_passed_over(counsellor, me):
    first = make.booking(counsellor, NOW)
    make.booking(counsellor, NOW + WEEK + 30 * MINUTE)
    make.activity(NOW + 2 * WEEK, room=make.counselling_room())
    make.closed((NOW + 3 * WEEK).date())
    make.counselling_exception(counsellor, (NOW + 4 * WEEK).date())

    made = follow(first, me, times=6, skip=True)

    assert [row.starts for row in made] == [NOW + 5 * WEEK, NOW + 6 * WEEK]


@pytest.mark.parametrize(
    ("consent", "words"), [({"seen": "old"}, "情況有變"), ({"skip": False}, "有 1 個日期")]
)
def test_without_consent_none_is_booked(counsellor, me, consent, words):
    first = make.booking(counsellor, NOW)
    make.booking(counsellor, NOW + WEEK)

    with pytest.raises(Refused, match=words):
        follow(first, me, **consent)

    assert (CounsellingBooking.select().count(), deeds()) == (2, [])


def test_a_wish_without_a_time_has_no_follow_ups(counsellor, me):
    with pytest.raises(Refused, match="還沒有時間"):
        follow(make.booking(counsellor, None, state="waiting"), me)


def test_the_rest_of_a_series_is_cancelled_from_here_on(counsellor, me):
    first = make.booking(counsellor, EARLIER - WEEK, state="done")
    rows = follow(first, me, times=3)
    make.booking(counsellor, NOW + 5 * WEEK)

    count = bookings.cancel_rest(rows[1].id, reason="not_needed", by=me, at=NOW)

    assert count == 2
    states = [row.state for row in CounsellingBooking.select().order_by("starts")]
    assert states == ["done", "booked", "cancelled", "cancelled", "booked"]


def test_the_rest_of_what_is_no_series_is_itself(counsellor, me):
    row, other = make.booking(counsellor, LATER), make.booking(counsellor, LATER + WEEK)

    assert bookings.cancel_rest(row.id, reason="mistake", by=me, at=NOW) == 1
    assert (state_of(row)[0], state_of(other)[0]) == ("cancelled", "booked")


def test_a_meeting_is_not_missed(counsellor, me):
    row = make.booking(counsellor, EARLIER, kind=BookingKind.MEETING)

    with pytest.raises(Refused, match="沒有「未到」"):
        bookings.settle(row.id, BookingState.MISSED, by=me, at=NOW)
