"""Asking for the counsellor's time: who gets it, who is told no, and in which words."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, race

from liushou_web.consent import Consent, NotAgreed, fingerprint
from liushou_web.counselling.rules.bookings import BookingKind, BookingState, Wish
from liushou_web.counselling.rules.hours import Extra
from liushou_web.counselling.store import bookings as counselling
from liushou_web.counselling.store import hours
from liushou_web.counselling.store.times import Place, free_times
from liushou_web.db import form_keys
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.activities import ActivityPlan
from liushou_web.schedule.store import activities
from liushou_web.schema import CounsellingBooking, FormKey, School, Trail
from liushou_web.span import Span

NOW = MONDAY_4PM.replace(hour=8)
TWO = MONDAY_4PM.replace(hour=14)
MINUTE = timedelta(minutes=1)
RACES = 200
TAKEN = "這個時間已被佔用。"


@pytest.fixture
def counsellor(store):
    """The counsellor, in on Mondays from two to five."""
    make.school()
    return make.counsellor()


@pytest.fixture
def by(counsellor):
    return make.actor(make.staff("李老師"))


def ask(person, starts=TWO, by=None, at=NOW, **values):
    return counselling.book(Wish(person.id, starts, **values), by=by, at=at)


def refusal(deed, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        deed(*args, **kwargs)
    return str(caught.value)


def starts_of(person, **values):
    days = free_times(person.id, at=NOW, **values)
    return [f"{span.starts:%d %H:%M}" for day in days for span in day.spans]


def test_a_request_is_kept_and_the_trail_tells_only_that_there_is_one(counsellor, by):
    child = make.child()

    made = ask(counsellor, by=by, child_id=child.id, channel="carer", urgent=True)

    row = CounsellingBooking.get()
    assert (row.counsellor_id, row.child_id, row.booked_by_id) == (
        counsellor.id,
        child.id,
        by.id,
    )
    assert (row.starts, row.ends) == (TWO, TWO + 45 * MINUTE)
    assert (row.state, row.channel, row.urgent) == ("waiting", "carer", True)
    assert row.room_id == make.counselling_room().id
    line = Trail.get()
    assert (line.deed, line.subject, line.subject_id, line.detail) == (
        "counselling.book",
        "counselling_booking",
        made.id,
        "",
    )


def test_a_wish_needs_no_time(counsellor, by):
    ask(counsellor, None, by=by, urgent=True)

    row = CounsellingBooking.get()
    assert (row.starts, row.ends, row.room_id, row.state) == (None, None, None, "waiting")


def test_what_the_counsellor_books_is_settled(counsellor):
    made = ask(counsellor, by=make.actor(counsellor))

    assert made.state == BookingState.BOOKED


@pytest.mark.parametrize(
    ("minutes", "free"),
    [
        (0, False),
        (44, False),
        (54, False),  # within the pause
        (55, True),
        (-44, False),
        (-54, False),
        (-55, True),
    ],
)
def test_bookings_keep_the_pause_on_either_side(counsellor, by, minutes, free):
    make.booking(counsellor, TWO + 60 * MINUTE)
    wanted = TWO + (60 + minutes) * MINUTE

    if free:
        assert ask(counsellor, wanted, by=by).starts == wanted
    else:
        assert refusal(ask, counsellor, wanted, by=by) == TAKEN
        assert CounsellingBooking.select().count() == 1
        assert Trail.select().count() == 0


@pytest.mark.parametrize("kind", ["child", "meeting", "maintenance"])
def test_whatever_has_the_time_the_words_and_the_gap_are_the_same(counsellor, by, kind):
    make.booking(counsellor, TWO, kind=kind)

    assert refusal(ask, counsellor, TWO, by=by) == TAKEN
    assert starts_of(counsellor)[:2] == ["23 14:55", "23 15:50"]


def test_an_activity_is_in_the_way_without_a_pause(counsellor, by):
    make.activity(TWO, room=make.counselling_room())  # until half past three

    assert refusal(ask, counsellor, TWO + 85 * MINUTE, by=by) == TAKEN
    assert ask(counsellor, TWO + 90 * MINUTE, by=by).state == "waiting"


def test_so_is_the_counsellors_own_duty_in_another_room(counsellor, by):
    make.activity(TWO, duty=[counsellor])

    assert refusal(ask, counsellor, by=by) == TAKEN


def test_periods_that_differ_clash_by_time(counsellor, by):
    make.booking(counsellor, TWO + 30 * MINUTE)

    assert refusal(ask, counsellor, TWO, by=by) == TAKEN


def test_a_child_is_not_booked_twice_at_once(counsellor, by):
    child, other = make.child(), make.counsellor("馬老師")
    make.counselling_hours(other, room=make.counselling_room("心理輔導二室"))
    make.booking(counsellor, TWO, child=child)

    wish = {"child_id": child.id, "by": by}
    assert refusal(ask, other, TWO + 15 * MINUTE, **wish) == TAKEN
    assert "23 14:00" not in starts_of(other, child_id=child.id)


def test_a_cancelled_booking_is_in_nobodys_way(counsellor, by):
    make.booking(counsellor, TWO, state="cancelled", cancel_reason="mistake")

    assert ask(counsellor, by=by).starts == TWO


@pytest.mark.parametrize(
    ("starts", "words"),
    [
        (TWO - MINUTE, "輔導老師這個時間不開放。請另選時間。"),
        (TWO + 136 * MINUTE, "輔導老師這個時間不開放。請另選時間。"),
        (TWO + timedelta(days=1), "輔導老師這個時間不開放。請另選時間。"),
        (NOW, "這個時間已經過去或太遠。請另選時間。"),
        (TWO + timedelta(weeks=27), "這個時間已經過去或太遠。請另選時間。"),
    ],
)
def test_only_her_hours_can_be_asked_for(counsellor, by, starts, words):
    assert refusal(ask, counsellor, starts, by=by) == words
    assert CounsellingBooking.select().count() == 0


def test_only_a_counsellor_who_works_here_is_booked(counsellor, by):
    with pytest.raises(NotFound):
        ask(make.staff("孫老師"), by=by)


def test_a_child_of_another_class_is_not_found_and_one_who_left_is_refused(counsellor, by):
    child = make.child("小明", left_on=NOW.date())

    with pytest.raises(NotFound):
        counselling.book(
            Wish(counsellor.id, TWO, child.id), by=by, at=NOW, of_teacher=by.id
        )
    assert refusal(ask, counsellor, by=by, child_id=child.id) == "小明已離開，不能預約。"


@pytest.mark.parametrize("opened", [False, True])
def test_a_roll_that_expects_the_child_is_a_warning(counsellor, by, opened):
    child, activity = make.child(), make.activity(TWO, title="閱讀")
    if opened:
        make.attendance(activity, child)
    wish = Wish(counsellor.id, TWO, child.id)

    with pytest.raises(NotAgreed) as caught:
        counselling.book(wish, Consent(""), by=by, at=NOW)

    found = caught.value.shown
    assert [roll.title for roll in found.rolls] == ["閱讀"]
    agreed = Consent(fingerprint(found), accepted=True)
    assert counselling.book(wish, agreed, by=by, at=NOW).child_id == child.id


def test_a_roll_of_another_time_or_without_the_child_is_none(counsellor, by):
    child = make.child()
    make.activity(TWO + 45 * MINUTE), make.activity(TWO - 90 * MINUTE)
    make.activity(TWO, expects="children"), make.activity(TWO, cancelled_at=NOW)
    opened = make.activity(TWO)
    (
        make.attendance(opened, make.child("小紅")),
        make.attendance(opened, child, leave="sick"),
    )

    made = counselling.book(Wish(counsellor.id, TWO, child.id), Consent(""), by=by, at=NOW)

    assert made.child_id == child.id


@pytest.mark.parametrize("part", ["day", "morning", "afternoon"])
def test_a_leave_of_that_half_of_the_day_is_a_warning_too(counsellor, by, part):
    child = make.child()
    make.leave(child, make.staff(), part=part)
    wish, consent = Wish(counsellor.id, TWO, child.id), Consent("")

    if part == "morning":
        assert counselling.book(wish, consent, by=by, at=NOW)
    else:
        with pytest.raises(NotAgreed) as caught:
            counselling.book(wish, consent, by=by, at=NOW)
        assert caught.value.shown.on_leave


def test_an_activity_is_refused_a_room_that_is_booked_in_the_usual_words(counsellor, by):
    room = make.counselling_room()
    make.booking(counsellor, TWO, kind="maintenance")
    plan = ActivityPlan(room.id, Span(TWO - 60 * MINUTE, TWO + MINUTE), "講座", "lecture")

    words = refusal(activities.add, plan, by=by, at=NOW)

    assert words == "該房間在 11-23 13:00–14:01 已被佔用。請改時間或換房間。"
    beside = plan._replace(span=Span(TWO - 60 * MINUTE, TWO))
    assert activities.add(beside, by=by, at=NOW).title == "講座"


def test_of_thirty_at_once_one_wins_and_each_loser_reads_the_same(counsellor, by):
    for n in range(RACES):
        starts, now = (day + n * timedelta(weeks=1) for day in (TWO, NOW))

        outcomes = race(*[lambda s=starts, at=now: ask(counsellor, s, by=by, at=at)] * 30)

        assert outcomes == ["won"] + [TAKEN] * 29
        assert CounsellingBooking.select().count() == n + 1


def test_bookings_and_activities_race_for_the_room_too(counsellor, by):
    room = make.counselling_room()

    def take():
        plan = ActivityPlan(
            room.id, Span(TWO, TWO + 45 * MINUTE), "團體輔導", "group_session"
        )
        activities.add(plan, by=by, at=NOW)

    outcomes = race(*[take, lambda: ask(counsellor, by=by)] * 6)

    assert outcomes.count("won") == 1


def test_the_second_net_refuses_in_the_same_words(counsellor, by, monkeypatch):
    make.booking(counsellor, TWO)
    monkeypatch.setattr(counselling, "check_free", lambda *_, **__: None)

    assert refusal(ask, counsellor, by=by) == TAKEN
    assert Trail.select().count() == 0


def test_a_key_is_spent_only_where_the_booking_exists(counsellor, by):
    make.booking(counsellor, TWO)

    refusal(form_keys.once, "one", lambda: str(ask(counsellor, by=by).id), at=NOW)

    assert FormKey.select().count() == 0


@pytest.mark.parametrize("bookings", [1, 30])
def test_a_booking_asks_as_much_however_many_there_are(counsellor, by, bookings):
    for n in range(bookings):
        make.booking(counsellor, TWO + timedelta(weeks=n + 1))

    with count_queries() as queries:
        ask(counsellor, by=by)

    assert queries.count == 12


@pytest.mark.parametrize("bookings", [1, 8])
def test_the_free_times_ask_as_much_however_many_are_taken(counsellor, bookings):
    for n in range(bookings):
        make.booking(counsellor, TWO + timedelta(hours=n))

    with count_queries() as queries:
        free_times(counsellor.id, at=NOW)

    assert queries.count == 7


def test_a_blocked_time_is_her_own_to_choose(counsellor):
    me, room = make.actor(counsellor), make.counselling_room()
    span = Span(TWO - 120 * MINUTE, TWO - 60 * MINUTE)  # outside the hours

    made = counselling.block(
        BookingKind.MEETING, Place(counsellor.id, room.id), span, by=me, at=NOW
    )

    assert (made.state, made.kind) == ("booked", "meeting")
    assert Trail.get().deed == "counselling.book"
    again = (BookingKind.MAINTENANCE, Place(counsellor.id, room.id), span)
    assert refusal(counselling.block, *again, by=me, at=NOW) == TAKEN


def test_nothing_is_blocked_that_is_over(counsellor):
    span = Span(NOW - 60 * MINUTE, NOW)
    place = Place(counsellor.id, make.counselling_room().id)

    words = refusal(
        counselling.block,
        BookingKind.MEETING,
        place,
        span,
        by=make.actor(counsellor),
        at=NOW,
    )

    assert words == "這個時間已經過去了。請檢查日期和時間。"


def test_hours_follow_the_calendar_and_the_exceptions(counsellor):
    monday = NOW.date()
    make.closed(monday + timedelta(days=7))
    make.counselling_exception(
        counsellor, monday, starts=TWO.time(), ends=TWO.time().replace(15)
    )
    room = make.counselling_room().id
    extra = Extra(
        *[monday + timedelta(days=2)] * 2, *(TWO.time().replace(h) for h in (9, 10)), room
    )
    hours.add_exception(counsellor.id, extra, by=make.actor(counsellor), at=NOW)

    assert starts_of(counsellor) == ["23 15:00", "23 15:55", "25 09:00", *third_week()]


def third_week():
    return ["07 14:00", "07 14:55", "07 15:50"]


def test_the_session_and_the_pause_are_settings(counsellor):
    hours.set_lengths(minutes=60, pause=30, threshold=3, by=make.actor(counsellor), at=NOW)

    assert starts_of(counsellor)[:2] == ["23 14:00", "23 15:30"]
    assert School.get().counselling_minutes == 60
    assert Trail.get().detail == "45 / 10 / 3 → 60 / 30 / 3"
