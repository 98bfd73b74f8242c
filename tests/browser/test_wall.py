"""The schedule, in a real browser: the wall on one page, the week on a phone, planning."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.schema import Activity, SlotDuty

from .conftest import PC, barriers, printed, sign_in

FILLED = [(1, 1, 2, 12), (4, 1, 5, 4), (4, 2, 5, 4), (8, 2, 6, 0)]


def fill(rooms, openings, days):
    teachers = [make.staff(name="歐陽明月"), make.staff(name="王建國")]
    for n in range(rooms):
        room = make.room(f"第{n + 1}圖書閱覽室")
        for weekday in range(days):
            for hour in range(openings):
                starts = MONDAY_4PM.time().replace(hour=12 + 2 * hour)
                slot = make.slot(
                    room=room,
                    weekday=weekday,
                    starts=starts,
                    ends=starts.replace(minute=45),
                    title="作業輔導與閱讀",
                )
                for teacher in teachers:
                    SlotDuty.create(slot=slot, staff=teacher)
    for n in range(12):
        make.activity(MONDAY_4PM + timedelta(days=n), room=room, title="消防演練")


@pytest.mark.parametrize("amount", FILLED)
def test_the_wall_timetable_is_one_landscape_page(open_device, tmp_path, amount):
    rooms, openings, days, single = amount  # openings a day, single ones there is room for
    fill(rooms, openings, days)
    page = sign_in(open_device(**PC), make.staff(roles=("head",)))
    page.goto("/schedule/wall")

    sheet = printed(page, tmp_path)

    assert (sheet.pages, sheet.size) == (1, "A4 landscape")
    assert sheet.text.count("12:00–12:45") == rooms * days
    assert sheet.text.count("14:00–14:45") == rooms * days * (openings - 1)
    assert sheet.text.count("消防演練") >= single


def test_the_week_is_a_list_on_a_phone_and_a_grid_on_a_pc(page, open_device):
    make.term()
    make.activity(title="閱讀")
    person = make.staff(roles=("duty",))

    for device, shown, hidden in (
        (page, ".week-list", ".week-grid"),
        (open_device(**PC), ".week-grid", ".week-list"),
    ):
        sign_in(device, person).goto("/schedule")
        assert device.locator(shown).get_by_text("閱讀").is_visible()
        assert device.locator(hidden).is_hidden()
        assert not device.evaluate(
            "(e => e.scrollWidth > e.clientWidth)(document.documentElement)"
        )


@pytest.mark.parametrize("script", [True, False])
def test_an_opening_is_planned_on_a_phone(open_device, script):
    make.term()
    make.room()
    make.child("單雨萱")
    make.staff(name="李老師")
    page = open_device(java_script_enabled=script)
    sign_in(page, make.staff(roles=("office",)))

    page.goto("/slots/new")
    page.get_by_label("開始時間").fill("16:30")
    page.get_by_label("結束時間").fill("18:00")
    page.get_by_label("李老師").check()
    page.get_by_label("指定學生").check()
    page.get_by_role("searchbox").fill("syx")
    if not script:
        page.get_by_role("button", name="查找").click()
    page.get_by_label("單雨萱").check()
    page.get_by_role("button", name="下一步：看日期").click()
    page.get_by_label("我知道了，仍要保存").check()
    page.get_by_role("button", name="保存 9 次").click()

    assert page.get_by_role("heading", level=1).inner_text() == "作業輔導"
    assert Activity.select().where(Activity.expects == "children").count() == 9


def test_enter_in_the_search_looks_before_it_goes_on(open_device):
    make.term()
    make.room()
    make.child("單雨萱")
    page = open_device(java_script_enabled=False)
    sign_in(page, make.staff(roles=("office",)))

    page.goto("/slots/new")
    page.get_by_label("指定學生").check()
    page.get_by_role("searchbox").fill("syx")
    page.get_by_role("searchbox").press("Enter")

    page.get_by_label("單雨萱").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "新的固定開放"


def test_the_form_and_its_preview_have_no_barriers(page):
    make.term()
    make.room()
    make.child("單雨萱")
    sign_in(page, make.staff(roles=("office",))).goto("/slots/new")

    page.get_by_label("開始時間").fill("16:30")
    page.get_by_label("結束時間").fill("18:00")
    page.get_by_label("指定學生").check()
    page.get_by_role("searchbox").fill("syx")
    page.get_by_label("單雨萱").check()
    assert barriers(page) == []

    page.get_by_role("button", name="下一步：看日期").click()
    page.get_by_role("heading", name="核對日期").wait_for()
    assert barriers(page) == []
