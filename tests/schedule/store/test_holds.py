"""What holds a time, and how little is told of a booking."""

from datetime import date, datetime, timedelta

import make

from liushou_web.schedule.rules.holds import Hold
from liushou_web.schedule.store import holds
from liushou_web.span import Span

TODAY = date(2026, 11, 23)
TWO = datetime(2026, 11, 23, 14)


def test_occupied_times_on_the_timetable_have_nothing_but_room_and_time(store):
    counsellor, room = make.counsellor(), make.counselling_room()
    make.booking(counsellor, TWO, child=make.child())
    make.booking(counsellor, TWO + timedelta(minutes=45), kind="meeting")

    (held,) = holds.occupied_times(TODAY, TODAY)

    ends = TWO + timedelta(minutes=90)
    assert held == Hold(Span(TWO, ends), room_id=room.id, room="心理輔導室")


def test_a_room_is_held_by_activities_and_bookings_that_are_not_cancelled(store):
    counsellor, room = make.counsellor(), make.counselling_room()
    activity = make.activity(TWO, room=room, title="團體輔導")
    make.activity(TWO + timedelta(hours=3), room=room, cancelled_at=TWO)
    booking = make.booking(counsellor, TWO + timedelta(hours=2))
    make.booking(counsellor, TWO, state="cancelled", cancel_reason="mistake")
    make.booking(counsellor, None, state="waiting")
    make.activity(TWO, room=make.room("閱讀室"))

    found = holds.in_rooms((room.id,), TODAY, TODAY)

    assert found == [
        Hold(Span(TWO, activity.ends), "團體輔導", room.id, room.name),
        Hold(Span(booking.starts, booking.ends), room_id=room.id, room=room.name),
    ]
    assert holds.in_rooms((room.id,), TODAY, TODAY, but=(activity.id,)) == found[1:]


def test_whoever_is_on_duty_or_booked_is_taken_and_of_a_booking_no_room_is_told(store):
    counsellor, other = make.counsellor(), make.staff()
    activity = make.activity(TWO, duty=(counsellor, other))
    booking = make.booking(counsellor, TWO + timedelta(hours=2))

    duty, booked = holds.of_staff((counsellor.id,), TODAY, TODAY)

    assert (duty.title, duty.room, duty.staff) == ("作業輔導", "活動室", "何老師")
    assert booked == Hold(
        Span(booking.starts, booking.ends), staff_id=counsellor.id, staff="何老師"
    )
    assert holds.of_staff((other.id,), TODAY, TODAY, but=(activity.id,)) == []
    assert (
        holds.of_staff((counsellor.id,), TODAY + timedelta(1), TODAY + timedelta(1)) == []
    )
