"""A list of names, by the example of the rooms: each write once, and on the trail."""

from dataclasses import replace

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.refusal import Refused
from liushou_web.schema import Room, Trail
from liushou_web.school.store.retirable import RetirableList

NAMES = RetirableList(Room, "rooms", "已經有「{name}」。")


@pytest.fixture
def told(store):
    return {"by": make.actor(), "at": MONDAY_4PM}


def deeds():
    return [(row.deed, row.subject_id, row.detail) for row in Trail.select()]


def test_each_write_is_on_the_trail(told):
    made = NAMES.add("圖書室", counselling=True, **told)
    NAMES.rename(made.id, "書屋", **told)
    NAMES.retire(made.id, **told)
    NAMES.bring_back(made.id, **told)

    assert (made.counselling, NAMES.one(made.id).name) == (True, "書屋")
    assert deeds() == [
        ("rooms.add", made.id, "圖書室"),
        ("rooms.rename", made.id, "圖書室 → 書屋"),
        ("rooms.retire", made.id, "書屋"),
        ("rooms.bring_back", made.id, "書屋"),
    ]


def test_what_is_so_already_is_not_written_again(told):
    room = make.room("圖書室")
    NAMES.rename(room.id, "圖書室", **told)
    NAMES.bring_back(room.id, **told)

    assert deeds() == []

    NAMES.retire(room.id, **told)
    NAMES.retire(room.id, **told)

    assert len(deeds()) == 1


def test_a_taken_name_is_refused_and_leaves_no_trace(told):
    make.room("圖書室")
    other = make.room("活動室")

    for write in (NAMES.add, lambda *name, **by: NAMES.rename(other.id, *name, **by)):
        with pytest.raises(Refused, match="已經有「圖書室」。"):
            write("圖書室", **told)

    assert deeds() == []
    assert [room.name for room in Room.select()] == ["圖書室", "活動室"]


def test_what_is_needed_is_not_retired(told):
    def check(room, at):
        raise Refused("{room} {at}", room=room.name, at=f"{at:%H:%M}")

    room = make.room("圖書室")

    with pytest.raises(Refused, match="圖書室 16:00"):
        replace(NAMES, check_unused=check).retire(room.id, **told)

    assert Room.get().retired is False
