"""Rooms: added, renamed, retired and brought back."""

from datetime import datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.refusal import Refused
from liushou_web.schedule.store import rooms
from liushou_web.schema import Room, Trail

NOON = datetime(2026, 11, 23, 12)


def names():
    return [(room.name, room.retired) for room in rooms.everything(at=NOON)]


def test_a_room_is_added_with_a_trail_line(store):
    room = rooms.add("圖書室", by=make.actor(), at=NOON)

    assert names() == [("圖書室", False)]
    assert [(row.deed, row.subject_id) for row in Trail.select()] == [
        ("rooms.add", room.id)
    ]


def test_two_rooms_cannot_have_one_name(store):
    make.room("圖書室")
    other = make.room("活動室")

    with pytest.raises(Refused, match="已經有一個房間叫「圖書室」"):
        rooms.add("圖書室", by=make.actor(), at=NOON)
    with pytest.raises(Refused, match="已經有一個房間叫「圖書室」"):
        rooms.ROOMS.rename(other.id, "圖書室", by=make.actor(), at=NOON)

    assert names() == [("圖書室", False), ("活動室", False)]


def test_a_room_is_renamed_and_the_trail_keeps_both_names(store):
    room = make.room("活動室")

    rooms.ROOMS.rename(room.id, "大活動室", by=make.actor(), at=NOON)

    assert Room.get_by_id(room.id).name == "大活動室"
    assert Trail.select().get().detail == "活動室 → 大活動室"


def test_a_room_with_activities_to_come_is_not_retired(store):
    activity = make.activity()

    with pytest.raises(Refused) as refused:
        rooms.ROOMS.retire(activity.room_id, by=make.actor(), at=NOON)

    assert str(refused.value) == (
        "「活動室」還有 1 次未結束的活動，不能停用。請先取消這些活動或換到別的房間。"
    )
    assert names() == [("活動室", False)]


def test_past_and_cancelled_activities_do_not_hold_a_room(store):
    activity = make.activity(MONDAY_4PM - timedelta(days=1))
    make.activity(cancelled_at=NOON, cancel_reason="停電")

    rooms.ROOMS.retire(activity.room_id, by=make.actor(), at=NOON)

    assert names() == [("活動室", True)]


def test_a_retired_room_is_brought_back(store):
    room = make.room()
    rooms.ROOMS.retire(room.id, by=make.actor(), at=NOON)

    rooms.ROOMS.bring_back(room.id, by=make.actor(), at=NOON)

    assert rooms.in_use() == [(room.id, "活動室")]


def test_rooms_count_what_is_to_come(store):
    make.activity(MONDAY_4PM)
    make.activity(MONDAY_4PM + timedelta(days=1))
    make.activity(MONDAY_4PM - timedelta(days=1))
    make.room("圖書室")

    coming = [(room.name, room.coming) for room in rooms.everything(at=NOON)]

    assert coming == [("活動室", 2), ("圖書室", 0)]
