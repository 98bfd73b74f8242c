"""Bookings as they are read: the desk, one's own requests, the blind calendar, counts."""

from datetime import date, time, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.counselling.rules.counts import SMALL, Figure
from liushou_web.counselling.rules.hours import Away, Extra, Weekly
from liushou_web.counselling.store import booking_lists, calendar
from liushou_web.counselling.store import counts as counselling_counts
from liushou_web.counselling.store import hours as counselling_hours
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.activities import ActivityKind
from liushou_web.schedule.store import rooms
from liushou_web.schema import CounsellingException, CounsellingHours, Room, Trail

NOW = MONDAY_4PM.replace(hour=8)
TODAY = NOW.date()
TWO = MONDAY_4PM.replace(hour=14)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@pytest.fixture
def counsellor(store):
    make.school()
    return make.counsellor()


@pytest.fixture
def me(counsellor):
    return make.actor(counsellor)


def test_the_urgent_wait_on_top_then_who_asked_first(counsellor):
    later, earlier = NOW + HOUR, NOW - HOUR
    rows = [
        make.booking(counsellor, TWO, state="waiting", asked_at=earlier),
        make.booking(counsellor, None, state="waiting", asked_at=later, urgent=True),
        make.booking(counsellor, TWO + HOUR, state="waiting", asked_at=later),
    ]
    make.booking(counsellor, TWO + 2 * HOUR)
    make.booking(make.counsellor("馬老師"), None, state="waiting")

    waiting = booking_lists.waiting(counsellor.id)

    assert [item.id for item in waiting] == [rows[n].id for n in (1, 0, 2)]


def test_her_days_tell_all_of_her_own(counsellor):
    child = make.child("小明")
    make.booking(counsellor, TWO, child=child, urgent=True, channel="carer")
    make.booking(counsellor, TWO - timedelta(days=1)), make.booking(counsellor, TWO + WEEK)

    (item,) = booking_lists.between(counsellor.id, TODAY, TODAY)

    assert (item.name, item.class_name, item.room) == ("小明", "三年級1班", "心理輔導室")
    assert (item.label, item.channel_label) == ("個別輔導", "監護人來電提出")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_is_one_query_however_long(counsellor, count):
    for n in range(count):
        make.booking(counsellor, TWO + n * HOUR, child=make.child(f"孩子{n}"))

    with count_queries() as queries:
        items = booking_lists.between(counsellor.id, TODAY, TODAY)

    assert (len(items), queries.count) == (count, 1)


def test_who_asked_sees_their_own_and_nobody_elses(counsellor):
    sun, li = make.staff("孫老師"), make.staff("李老師")
    coming = make.booking(counsellor, TWO, by=sun, state="waiting")
    over = make.booking(counsellor, TWO - WEEK, by=sun, state="done")
    wish = make.booking(counsellor, None, by=sun, state="waiting")
    (
        make.booking(counsellor, TWO + HOUR, by=li),
        make.booking(counsellor, TWO - 20 * WEEK, by=sun, asked_at=NOW - 21 * WEEK),
    )

    items = booking_lists.asked_by(sun.id, at=NOW)

    assert [item.id for item in items] == [wish.id, coming.id, over.id]


def test_another_counsellors_booking_is_not_found(counsellor):
    row = make.booking(make.counsellor("馬老師"), TWO)

    with pytest.raises(NotFound):
        booking_lists.one(row.id, counsellor.id)


def blind(first=TODAY, at=NOW):
    (room,) = calendar.week(first, first + timedelta(days=6), at=at)
    return {
        day: [f"{c.span.starts:%H:%M}–{c.span.ends:%H:%M} {c.free}" for c in cells]
        for day, cells in room.days.items()
        if cells
    }


@pytest.mark.parametrize(
    "values", [{"kind": "meeting"}, {"kind": "maintenance"}, {"urgent": True}]
)
def test_the_calendar_of_all_is_the_same_whatever_a_time_is_for(counsellor, values):
    make.booking(counsellor, TWO, **values)
    make.activity(TWO + 2 * HOUR, room=make.counselling_room())

    assert blind() == {
        TODAY: ["14:00–14:45 False", "14:55–15:40 True", "16:00–17:30 False"]
    }


def test_what_is_past_is_not_free_any_more(counsellor):
    assert blind(at=TWO) == {TODAY: ["14:55–15:40 True", "15:50–16:35 True"]}


def month(n, day=1):
    return MONDAY_4PM.replace(month=n, day=day)


def test_counts_of_the_months(counsellor):
    ming, hong, gang = (make.child(name) for name in ("小明", "小紅", "小剛"))
    for n, child in enumerate((ming, hong, gang, ming), 1):
        make.booking(counsellor, month(9, n), child=child, state="done")
    make.booking(counsellor, month(10), child=ming, state="done")
    make.booking(counsellor, month(10, 2), child=ming, state="missed")
    make.booking(counsellor, month(9, 9), kind="meeting", state="done")
    (
        make.booking(counsellor, month(9, 10), child=ming),
        make.booking(
            counsellor, month(9, 11), child=ming, state="cancelled", cancel_reason="mistake"
        ),
    )

    counts = counselling_counts.counts([date(2026, 9, 1), date(2026, 10, 1)])

    part = counts.individual
    assert part.sessions.cells == [Figure(4), SMALL]
    assert part.children.cells == [Figure(3), SMALL]
    assert part.missed.cells == [Figure(0), SMALL]


def test_children_without_a_name_are_one_within_a_series(counsellor):
    first = make.booking(counsellor, month(9), state="done")
    for n in (2, 3):
        make.booking(counsellor, month(9, n), state="done", series=first.id)
    for n in (4, 5):
        make.booking(counsellor, month(9, n), state="done")

    counts = counselling_counts.counts([date(2026, 9, 1)])

    assert counts.individual.children.cells == [Figure(3)]
    assert counts.individual.sessions.cells == [Figure(5)]


def test_group_sessions_and_lessons_count_rolls_that_were_taken(counsellor):
    lesson = make.activity(month(9), kind="psychology")
    for n in range(4):
        child = make.child(f"孩子{n}")
        make.attendance(lesson, child, came_at=month(9) if n else None)
    make.activity(month(9, 2), kind="psychology")
    make.attendance(
        make.activity(month(9, 3), kind="homework"), make.child("小明"), came_at=NOW
    )

    counts = counselling_counts.counts([date(2026, 9, 1)])

    parts = dict(counts.groups)
    assert parts[ActivityKind.PSYCHOLOGY].sessions.cells == [Figure(1)]
    assert parts[ActivityKind.PSYCHOLOGY].children.cells == [Figure(3)]
    assert parts[ActivityKind.GROUP_SESSION].sessions.cells == [Figure(0)]


def refused(deed, *args, **values):
    with pytest.raises(Refused) as caught:
        deed(*args, **values)
    return str(caught.value)


def test_hours_do_not_overlap_and_are_in_counselling_rooms(counsellor, me):
    room, other = make.counselling_room(), make.room("活動室")
    wanted = {
        Weekly(0, time(16), time(18), room.id): "時間不能重疊",
        Weekly(1, time(14), time(15), other.id): "請選一間心理輔導室",
    }

    for hours, words in wanted.items():
        assert words in refused(counselling_hours.add, counsellor.id, hours, by=me, at=NOW)
    counselling_hours.add(
        counsellor.id, Weekly(0, time(17), time(18), room.id), by=me, at=NOW
    )

    assert CounsellingHours.select().count() == 2
    assert (Trail.get().deed, Trail.get().detail) == (
        "counselling_hours.add",
        "0 17:00–18:00",
    )


def test_hours_and_exceptions_are_removed_by_their_own_counsellor_alone(counsellor, me):
    line, row = CounsellingHours.get(), make.counselling_exception(counsellor, TODAY)
    other = make.counsellor("馬老師")

    for deed, id_ in (
        (counselling_hours.remove, line.id),
        (counselling_hours.remove_exception, row.id),
    ):
        with pytest.raises(NotFound):
            deed(other.id, id_, by=make.actor(other), at=NOW)
        deed(counsellor.id, id_, by=me, at=NOW)

    assert CounsellingException.select().count() == 0
    assert [each.counsellor_id for each in CounsellingHours.select()] == [other.id]


def test_exceptions_are_kept_and_listed_until_they_are_over(counsellor, me):
    room = make.counselling_room()
    days = TODAY, TODAY + timedelta(days=2)
    for exception in (Away(*days), Extra(*days, time(9), time(10), room.id)):
        counselling_hours.add_exception(counsellor.id, exception, by=me, at=NOW)

    listed = counselling_hours.exceptions(counsellor.id, since=days[1])

    assert [(each.kind, each.room) for each in listed] == [
        ("away", None),
        ("extra", "心理輔導室"),
    ]
    assert (
        counselling_hours.exceptions(counsellor.id, since=days[1] + timedelta(days=1)) == []
    )


@pytest.mark.parametrize(
    ("first", "last", "words"), [(-1, -1, "已經過去了"), (2, 1, "不能早於第一天")]
)
def test_exceptions_that_are_refused(counsellor, me, first, last, words):
    away = Away(TODAY + timedelta(days=first), TODAY + timedelta(days=last))

    assert words in refused(
        counselling_hours.add_exception, counsellor.id, away, by=me, at=NOW
    )
    assert CounsellingException.select().count() == 0


def test_hours_in_a_retired_room_or_one_unmarked_hold_no_more(counsellor):
    room = make.counselling_room()
    assert len(counselling_hours.openings(counsellor.id, TODAY, TODAY)) == 1

    Room.update(counselling=False).where(Room.id == room.id).execute()
    assert counselling_hours.openings(counsellor.id, TODAY, TODAY) == []


def test_a_room_is_marked_once_and_keeps_its_mark_while_it_is_booked(counsellor, me):
    room = make.room("談心室")
    for _ in range(2):
        rooms.mark_counselling(room.id, True, by=me, at=NOW)
    assert Room.get_by_id(room.id).counselling
    assert [line.deed for line in Trail.select()] == ["rooms.counselling"]

    make.booking(counsellor, TWO, room=room)
    words = "「談心室」還有未結束的預約，現在不能取消標明。"
    assert refused(rooms.mark_counselling, room.id, False, by=me, at=NOW) == words
    assert "還有 1 次未結束的活動" in refused(rooms.ROOMS.retire, room.id, by=me, at=NOW)
    rooms.mark_counselling(room.id, False, by=me, at=TWO + HOUR)


def test_a_room_named_so_is_marked_from_the_start(me):
    made = [rooms.add(name, by=me, at=NOW) for name in ("心理輔導二室", "圖書室")]

    assert [room.counselling for room in made] == [True, False]
