"""A newcomer's first day: wizard, roster, two openings, thirty children, the week."""

import re
from datetime import timedelta

import make
import pages
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import Attendance, Child, School, Slot, Staff

from .conftest import PC, barriers, printed

TUESDAY_3PM = MONDAY_4PM + timedelta(hours=23)
OPEN, SHUT = TUESDAY_3PM.replace(hour=16, minute=30), TUESDAY_3PM.replace(hour=18)


@pytest.fixture
def house(store, at):
    """An empty installation, on Tuesday at three in the afternoon."""
    at(TUESDAY_3PM)


@pytest.fixture
def pc(open_device):
    return open_device(**PC)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def set_up(page):
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("首次設置")
    assert barriers(page) == []
    page.locator("#name").fill("董崗鎮中心學校")
    page.locator("#first_day").fill("2026-09-01")
    page.locator("#last_day").fill("2027-01-22")
    page.locator("#person").fill("周主任")
    page.locator("#login").fill("zhou")
    page.locator("#password").fill(make.SECRET)
    page.locator("#again").fill(make.SECRET)
    press(page, "完成設置")
    expect(page.get_by_text("設置完成。")).to_be_visible()


def import_roster(page):
    page.get_by_role("link", name="導入").first.click()
    page.locator("input[type=file]").set_input_files(pages.ROSTER)
    press(page, "讀取名冊")
    press(page, "下一步：預覽")
    expect(page.locator(".tally li")).to_have_text(
        ["83 新學生", "0 有改動", "0 沒有變化", "0 要您決定", "0 行有錯"],
        use_inner_text=True,
    )
    assert Child.select().count() == 0
    press(page, "確認導入 83 名")
    page.get_by_role("link", name="看學生名單").click()
    expect(page.get_by_text("共 83 名學生")).to_be_visible()


def add_teacher(page, name, login):
    """Answers with the one-time password that the new account begins with."""
    page.goto("/staff/add")
    page.locator("#name").fill(name)
    page.locator("#login").fill(login)
    page.get_by_label("值班教師").check()
    press(page, "添加賬號")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}的一次性密碼")
    return page.locator(".slip").inner_text()


def plan(page, weekday, *teachers):
    page.goto("/slots/new")
    page.locator("#weekday").select_option(label=weekday)
    page.locator("#starts").fill("16:30")
    page.locator("#ends").fill("18:00")
    for name in teachers:
        page.get_by_label(name).check()
    press(page, "下一步：看日期")
    page.get_by_role("button", name=re.compile(r"保存 \d+ 次")).click()
    expect(page.get_by_text("已保存「作業輔導」。")).to_be_visible()


def first_login(page, login, slip):
    page.goto("/login")
    page.locator("#login").fill(login)
    page.locator("#password").fill(slip)
    press(page, "登錄")
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密碼")
    page.goto("/")  # no way around it
    page.locator("#old").fill(slip)
    page.locator("#password").fill(make.SECRET)
    page.locator("#again").fill(make.SECRET)
    press(page, "保存新密碼")
    page.goto("/")


def tap_next(page, label, times):
    """Presses the first button of this name that is left, again and again."""
    for _ in range(times):
        button = page.locator(".roll-row").get_by_role("button", name=label).first
        row = button.locator("xpath=ancestor::li")
        child = row.get_attribute("id")
        button.click()
        expect(page.locator(f"#{child}").get_by_role("button", name="撤銷")).to_be_visible()
        expect(page.locator(f"#{child} button[aria-label^={label}]")).to_have_count(0)


def test_from_an_empty_installation_to_the_printed_week(page, pc, at, tmp_path):
    set_up(pc)
    import_roster(pc)
    slip = add_teacher(pc, "李老師", "li")
    add_teacher(pc, "陳老師", "chen")
    plan(pc, "星期二", "李老師", "陳老師")
    plan(pc, "星期四", "李老師", "陳老師")
    assert (Slot.select().count(), Staff.select().count()) == (2, 3)

    at(OPEN)
    first_login(page, "li", slip)
    page.locator("main").get_by_role("link", name="簽到", exact=True).click()
    expect(page.locator("#count")).to_contain_text("應到 83", use_inner_text=True)
    tap_next(page, "簽到", 30)
    expect(page.locator("#count")).to_contain_text("實到 30", use_inner_text=True)
    at(SHUT)
    page.get_by_role("link", name="簽退", exact=True).click()
    tap_next(page, "簽退", 30)
    expect(page.locator("#count")).to_contain_text("在場 0", use_inner_text=True)
    times = Attendance.select().where(Attendance.came_at.is_null(False))
    assert {(one.came_at, one.went_at) for one in times} == {(OPEN, SHUT)}
    assert times.count() == 30

    at(SHUT + timedelta(hours=1))
    pc.goto("/reports/week")  # four hours later, which asks to log in again
    pc.locator("#login").fill("zhou")
    pc.locator("#password").fill(make.SECRET)
    press(pc, "登錄")
    pc.get_by_role("link", name="打印", exact=True).click()
    pc.wait_for_url("**/reports/week/print**")
    sheet = printed(pc, tmp_path)
    names = [child.name for child in Child.select()]
    assert (sheet.size, School.get().name) == ("A4", "董崗鎮中心學校")
    parts = [part for name in names for part in re.split("[ ·]", name)]  # long ones wrap
    assert [part for part in parts if part not in sheet.text] == []
    assert (sheet.text.count("√"), sheet.text.count("×")) == (31, 54)  # 1 in the legend
    assert ["÷" in text for text in sheet.by_page] == [
        *[False] * (sheet.pages - 1),
        True,
    ]
