"""The headmaster's numbers: each child once, what is cancelled not at all."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.today.rules.overview import HouseNow
from liushou_web.today.store import overview

SOON = MONDAY_4PM + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def school(store):
    make.school()


def test_a_child_at_two_activities_is_in_the_building_once():
    child, other = make.child("小明"), make.child("小紅")
    reading = make.activity(room=make.room("閱讀室"))
    before = make.activity(MONDAY_4PM - timedelta(hours=3), room=make.room("活動室"))
    make.attendance(reading, child, came_at=MONDAY_4PM)
    make.attendance(before, child, came_at=before.starts)
    make.attendance(reading, other, came_at=MONDAY_4PM, went_at=SOON)
    make.activity(room=make.room("美術室"), cancelled_at=MONDAY_4PM)

    found = overview.now(SOON)

    assert found == HouseNow(
        2, on=1, present=1, rooms=3, rooms_in_use=1, calls=0, never_taken=0
    )


def test_a_day_without_anything_is_all_noughts():
    assert overview.now(SOON) == HouseNow(0, 0, 0, 0, 0, 0, 0)


def test_calls_that_were_answered_today_and_rolls_nobody_took_are_counted():
    child = make.child("小明")
    make.call(child, MONDAY_4PM)
    make.call(child, MONDAY_4PM - timedelta(hours=1), result="no_answer")
    make.call(child, MONDAY_4PM - timedelta(days=1))
    make.activity(MONDAY_4PM - timedelta(days=2))
    make.activity(MONDAY_4PM - timedelta(days=20))

    found = overview.now(SOON)

    assert (found.calls, found.never_taken) == (1, 1)


def test_a_retired_room_is_no_room():
    room = make.room("舊教室")
    room.retired = True
    room.save()

    assert overview.now(SOON).rooms == 0


def test_last_week_is_the_whole_week_before_and_no_other_day():
    child = make.child("小明")
    for days in (0, 1, 7, 8):  # today, and Sunday, Monday and the Sunday before
        activity = make.activity(MONDAY_4PM - timedelta(days=days))
        make.attendance(activity, child, came_at=activity.starts)

    days = overview.last_week(SOON)

    assert [(day.day.day, day.figures.came) for day in days if day.rolls] == [
        (16, 1),
        (22, 1),
    ]


@pytest.mark.parametrize("children", [1, 3])
def test_it_asks_the_same_however_many_come(children):
    activity, past = make.activity(), make.activity(MONDAY_4PM - timedelta(days=7))
    for n in range(children):
        child = make.child(f"孩子{n}")
        make.attendance(activity, child, came_at=MONDAY_4PM)
        make.attendance(past, child, came_at=past.starts)

    with count_queries() as queries:
        overview.now(SOON)
        overview.last_week(SOON)

    assert queries.count == 11
