"""Lines and hours: adding, renaming, retiring, what is refused."""

from datetime import time, timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.phone.rules.hours import Hours
from liushou_web.phone.store import phones
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import PhoneHours, Trail

FOUR, FIVE = time(16), time(17)


@pytest.fixture
def by(store):
    return {"by": make.actor(make.staff("林老師", roles=("office",))), "at": MONDAY_4PM}


@pytest.fixture
def room(store):
    return make.room("親情電話室")


def deeds():
    return [(row.deed, row.detail) for row in Trail.select().order_by(Trail.id)]


def test_a_line_is_added_and_told(by, room):
    phones.add("電話一", "phone", room.id, **by)
    phones.add("視頻電腦", "video", room.id, **by)

    lines = [(each.name, each.way_label, each.room) for each in phones.in_use()]
    assert lines == [("電話一", "電話", "親情電話室"), ("視頻電腦", "視頻", "親情電話室")]
    assert deeds() == [("phones.add", "電話一"), ("phones.add", "視頻電腦")]


def test_two_lines_have_two_names(by, room):
    made = phones.add("電話一", "phone", room.id, **by)
    phones.add("電話二", "phone", room.id, **by)
    phones.PHONES.retire(made.id, **by)

    with pytest.raises(Refused, match="已經有一部電話叫「電話一」"):
        phones.add("電話一", "phone", room.id, **by)
    with pytest.raises(Refused, match="已經有一部電話叫「電話二」"):
        phones.PHONES.rename(made.id, "電話二", **by)
    with pytest.raises(Refused, match="這個房間已不在"):
        phones.add("電話三", "phone", 999, **by)


def test_a_line_is_renamed_once(by, room):
    made = phones.add("電話一", "phone", room.id, **by)

    for _ in range(2):
        phones.PHONES.rename(made.id, "大廳電話", **by)

    assert phones.line(made.id).name == "大廳電話"
    assert deeds()[1:] == [("phones.rename", "電話一 → 大廳電話")]


def test_a_line_is_retired_and_comes_back(by, room):
    made = phones.add("電話一", "phone", room.id, **by)

    for _ in range(2):
        phones.PHONES.retire(made.id, **by)
    assert (phones.in_use(), phones.line(made.id).retired) == ([], True)
    phones.PHONES.bring_back(made.id, **by)

    assert [each.name for each in phones.in_use()] == ["電話一"]
    assert [deed for deed, _ in deeds()[1:]] == ["phones.retire", "phones.bring_back"]


def test_nobody_retires_a_line_in_the_middle_of_a_call(by):
    line = make.phone()
    make.call(make.child(), result="", phone=line)

    with pytest.raises(Refused, match="還有一次通話沒有結束"):
        phones.PHONES.retire(line.id, **by)

    assert (phones.line(line.id).retired, deeds()) == (False, [])


def test_no_such_line(store):
    with pytest.raises(NotFound):
        phones.line(9)


def test_hours_are_opened_on_several_days_at_once(by, room):
    phones.open_hours(room.id, [3, 1], FOUR, FIVE, **by)

    opening = [(each.weekday, each.starts, each.room) for each in phones.all_hours()]
    assert opening == [(1, FOUR, "親情電話室"), (3, FOUR, "親情電話室")]
    assert deeds()[0] == ("phones.open_hours", "2: 16:00–17:00")


def test_one_day_that_overlaps_refuses_them_all(by, room):
    phones.open_hours(room.id, [3], FOUR, FIVE, **by)

    with pytest.raises(Refused, match="時間不能重疊"):
        phones.open_hours(room.id, [1, 3], time(16, 30), time(17, 30), **by)

    assert (PhoneHours.select().count(), len(deeds())) == (1, 1)


def test_hours_are_closed_once(by, room):
    made = make.phone_hours()

    for _ in range(2):
        phones.close_hours(made.id, **by)

    assert phones.all_hours() == []
    assert deeds() == [("phones.close_hours", "1: 16:00–17:00")]


def test_the_plan_knows_the_days_that_are_not_as_usual(store):
    room = make.phone_hours().room_id
    make.closed(MONDAY_4PM.date() + timedelta(days=7))

    plan = phones.plan(MONDAY_4PM.date())

    assert plan.hours == [Hours(room, 0, FOUR, FIVE)]
    assert list(plan.special) == [MONDAY_4PM.date() + timedelta(days=7)]
