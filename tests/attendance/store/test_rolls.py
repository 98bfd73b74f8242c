"""The roll as it is read, and what counts as a change of it."""

from datetime import datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.attendance.store import rolls
from liushou_web.attendance.store.rolls import RollRow
from liushou_web.children.store import collecting
from liushou_web.schema import Activity, Attendance


def test_open_rolls_of_today_show_again_who_may_collect(store):
    make.school()
    child, office = make.child(way=None), make.actor(make.staff(roles=("office",)))
    today, past = make.activity(), make.activity(MONDAY_4PM - timedelta(days=1))
    closed = make.activity(room=make.room("閱讀室"))
    for activity in (today, past, closed):
        make.attendance(activity, child)
    gone = {"came_at": MONDAY_4PM, "went_at": MONDAY_4PM}
    make.attendance(make.activity(room=make.room("美術室")), child, **gone)
    Activity.update(closed_at=MONDAY_4PM).where(Activity.id == closed.id).execute()

    collecting.set_home(child.id, "bus", by=office, at=MONDAY_4PM)

    for table in (Activity, Attendance):
        rows = table.select().order_by(table.id)
        assert [row.version for row in rows] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("pinyin", "sounds"),
    [
        ("wang xiao ming", "wang xiao ming 王"),
        ("ceng/zeng hong", "ceng hong 王"),
        ("", " 王"),
    ],
)
def test_a_row_is_ordered_by_the_first_reading_of_each_character(pinyin, sounds):
    row = RollRow(1, None, "王", 1, 3, 1, pinyin, False, None, None, None, None)

    assert row.sort_name == sounds


class TestCurrent:
    """Which roll the bar at the foot of a phone leads to."""

    @pytest.fixture(autouse=True)
    def house(self, store):
        make.school()

    def at(self, minutes=0, of=None):
        at = MONDAY_4PM + timedelta(minutes=minutes)
        return rolls.current(of=of and of.id, at=at)

    def test_none_where_nothing_is_held_today(self):
        make.activity(MONDAY_4PM + timedelta(days=1))
        make.activity(MONDAY_4PM - timedelta(days=1))

        assert self.at() is None

    @pytest.mark.parametrize("minutes", [-300, -60, 0, 90, 150])
    def test_the_one_of_the_day_until_an_hour_after_its_end(self, minutes):
        activity = make.activity()

        assert self.at(minutes) == activity.id
        assert self.at(151) is None

    def test_neither_a_cancelled_nor_a_closed_one(self):
        off = make.activity(cancelled_at=MONDAY_4PM, cancel_reason="停電")
        over = make.activity(room=make.room("閱讀室"), closed_at=MONDAY_4PM)

        assert self.at() is None
        assert off != over

    def test_ones_own_duty_comes_first_among_those_that_go_on(self):
        person = make.staff()
        other = make.activity()
        mine = make.activity(
            MONDAY_4PM + timedelta(minutes=30), duty=[person], room=make.room("閱讀室")
        )

        assert self.at() == other.id
        assert self.at(of=person) == mine.id

    def test_one_that_goes_on_comes_before_ones_own_later_one(self):
        person = make.staff()
        now = make.activity()
        mine = make.activity(
            MONDAY_4PM + timedelta(hours=3), duty=[person], room=make.room("閱讀室")
        )

        assert self.at(of=person) == now.id
        assert self.at(120, of=person) == mine.id

    def test_after_midnight_the_evening_that_still_takes_departures(self):
        evening = make.activity(
            datetime(2026, 12, 31, 21, 0), ends=datetime(2026, 12, 31, 23, 30)
        )

        assert rolls.current(of=None, at=datetime(2027, 1, 1, 0, 5)) == evening.id
        assert rolls.current(of=None, at=datetime(2027, 1, 1, 0, 31)) is None
