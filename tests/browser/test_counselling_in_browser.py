"""The counselling room in a real browser: two phones and one time; counts on paper."""

from datetime import timedelta

import make
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import CounsellingBooking
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import vaults

from .conftest import PC, barriers, printed, sign_in

NOW = MONDAY_4PM.replace(hour=8)


def a_class(counsellor):
    teacher = make.staff("孫老師", roles=("helper",))
    child = make.child("小明", school_class=make.school_class(3, 1, teacher=teacher))
    vault = sealing.new_vault("a long passphrase")
    vaults.set_up(counsellor.id, vault, by=make.actor(counsellor), at=NOW)
    return teacher, child


def test_two_phones_want_one_time_and_the_second_keeps_its_typing(page, open_device, at):
    at(NOW)
    counsellor = make.counsellor()
    teacher, _ = a_class(counsellor)
    sign_in(page, teacher).goto("/counselling")
    page.get_by_role("link", name="預約心理輔導").click()
    page.get_by_label("姓名或學籍號").fill("xm")
    page.get_by_role("link", name="預約 小明").click()
    assert barriers(page) == []
    page.get_by_label("11月23日 14:00").check()
    page.get_by_label("監護人來電提出").check()
    page.get_by_label("原因").fill("夜裏睡不著")

    other = sign_in(open_device(), make.staff("李老師"))
    other.goto("/counselling/book")
    other.get_by_label("11月23日 14:00").check()
    other.get_by_label("孩子自己提出").check()
    other.get_by_role("button", name="提交預約").click()
    expect(other.locator("main li b")).to_have_text("11月23日 週一 14:00–14:45")

    page.get_by_role("button", name="提交預約").click()
    expect(page.locator("form .bad")).to_have_text("這個時間已被佔用。")
    expect(page.get_by_label("原因")).to_have_value("夜裏睡不著")
    assert barriers(page) == []
    page.get_by_label("11月23日 14:55").check()
    page.get_by_role("button", name="提交預約").click()
    expect(page.locator("main li .tag")).to_have_text("待定")
    assert CounsellingBooking.select().count() == 2


def test_the_counsellor_answers_on_her_phone_without_script(open_device, at):
    at(NOW)
    counsellor = make.counsellor()
    teacher, child = a_class(counsellor)
    make.booking(counsellor, NOW.replace(hour=14), by=teacher, child=child, state="waiting")
    page = sign_in(open_device(java_script_enabled=False), counsellor)
    page.get_by_role("button", name="確認 小明").click()

    expect(page.locator("#notice")).to_contain_text("已確認。")
    row = page.locator(".bookings li")
    expect(row.locator(".tag")).to_have_text("已定")
    row.get_by_role("button", name="撤銷").click()
    expect(page.locator("[aria-labelledby=waiting] .tag")).to_have_text("待定")


def test_follow_ups_from_the_preview_to_the_booking(page, at):
    at(NOW)
    counsellor = make.counsellor()
    first = make.booking(counsellor, NOW.replace(hour=14), child=make.child("小明"))
    make.booking(counsellor, NOW.replace(hour=14) + timedelta(weeks=1), kind="meeting")
    sign_in(page, counsellor).goto(f"/counselling/desk/{first.id}/follow")
    page.get_by_label("再約幾次").fill("3")
    page.get_by_role("button", name="核對日期").click()
    expect(page.locator(".dates li")).to_have_count(3)
    assert barriers(page) == []
    page.get_by_label("跳過衝突的日期").check()
    page.get_by_role("button", name="預約 2 次").click()

    expect(page.locator("#notice")).to_contain_text("已預約 2 次。")


def test_everyone_elses_week_shows_a_taken_time_that_leads_nowhere(open_device):
    make.booking(make.counsellor(), MONDAY_4PM, kind="meeting")
    page = sign_in(open_device(**PC), make.staff(roles=("office",)))
    page.goto("/schedule")

    taken = page.locator(".week-grid .taken")
    assert taken.inner_text().split() == ["16:00–16:45", "已佔用"]
    assert taken.locator("a").count() == 0
    assert barriers(page) == []


def test_the_counts_of_a_school_year_are_one_page_of_paper(open_device, tmp_path):
    counsellor, children = make.counsellor(), [make.child(f"孩子{n}") for n in range(3)]
    for n in range(90):
        starts = MONDAY_4PM - timedelta(days=100 + 4 * n)
        make.booking(counsellor, starts, child=children[n % 3], state="done")
    page = sign_in(open_device(**PC), make.staff(roles=("head",)))
    page.goto("/counselling/counts?year=2025")
    expect(page.locator("tbody tr")).to_have_count(13)

    paper = printed(page, tmp_path)

    assert (paper.pages, paper.size) == (1, "A4")
    assert "個別輔導" in paper.text
    assert "退出" not in paper.text
