"""A duty handed over between two phones, and the counts on one sheet of paper."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schedule.store import activities, swaps

from .conftest import PC, barriers, printed, sign_in

TOMORROW = MONDAY_4PM + timedelta(days=1)


@pytest.mark.parametrize("script", [True, False])
def test_one_asks_and_the_other_accepts(open_device, script):
    li, wang = make.staff("李老師"), make.staff("王老師")
    activity = make.activity(TOMORROW, title="閱讀", duty=[li])
    asker = sign_in(open_device(java_script_enabled=script), li)
    colleague = sign_in(open_device(java_script_enabled=script), wang)

    asker.goto("/schedule/mine")
    asker.get_by_role("link", name="請人代班").click()
    asker.get_by_label("王老師").check()
    asker.get_by_label("附言").fill("去縣裏開會")
    asker.get_by_role("button", name="發出請求").click()
    expect(asker.get_by_text("已請王老師代班，等待答覆。")).to_be_visible()
    colleague.goto("/")
    expect(colleague.locator(".pending")).to_contain_text("去縣裏開會")
    colleague.get_by_role("button", name="接受").click()

    expect(colleague.locator(".duties .event")).to_contain_text("閱讀")
    asker.reload()
    expect(asker.locator(".duties .event")).to_have_count(0)
    expect(asker.locator(".found .tag")).to_have_text("已接受")
    assert activities.entry(activity.id).duty == ("王老師",)


def test_the_pages_of_a_swap_have_no_barriers(page, open_device):
    li, wang = make.staff("李老師"), make.staff("王老師")
    activity = make.activity(TOMORROW, title="閱讀", duty=[li])
    make.activity(TOMORROW + timedelta(days=1), duty=[li])
    sign_in(page, li).goto(f"/activities/{activity.id}/swap")
    assert barriers(page) == []
    page.get_by_role("button", name="發出請求").click()
    expect(page.locator("form .error, form :invalid")).not_to_have_count(0)
    page.get_by_label("王老師").check()
    page.get_by_role("button", name="發出請求").click()
    colleague = sign_in(open_device(), wang)

    for device, path in (
        (page, "/schedule/mine"),
        (page, f"/activities/{activity.id}"),
        (colleague, "/"),
        (colleague, "/schedule/mine"),
        (colleague, f"/activities/{activity.id}"),
    ):
        device.goto(path)
        assert barriers(device) == []
        assert device.evaluate("document.documentElement.scrollWidth <= 360")


def test_what_is_to_be_done_has_its_buttons_at_the_right_edge(open_device):
    asks, answers = make.staff("李老師"), make.staff("王老師")
    swaps.ask(
        make.activity(TOMORROW, duty=[asks]).id,
        answers.id,
        words="開會",
        by=make.actor(asks),
        at=MONDAY_4PM,
    )
    page = sign_in(open_device(**PC), answers)

    item = page.locator(".pending li").bounding_box()
    button = page.get_by_role("button", name="接受").bounding_box()

    beside = item["x"] + item["width"] - button["x"] - button["width"]
    assert 0 < beside < 30


def test_a_time_is_not_broken_over_two_lines_on_a_phone(page):
    li = make.staff("李老師")
    for n in range(1, 30):
        make.activity(MONDAY_4PM + timedelta(days=n), title="課外閱讀", duty=[li])
    make.staff("王老師")
    sign_in(page, li).goto("/schedule/mine")

    heights = "all => all.map(e => e.getClientRects().length)"

    assert set(page.locator(".duties .when").evaluate_all(heights)) == {1}


def test_the_counts_are_one_sheet_of_paper(open_device, tmp_path):
    make.term()
    for n in range(12):
        make.activity(MONDAY_4PM - timedelta(days=n), duty=[make.staff(f"第{n}位老師")])
    page = sign_in(open_device(**PC), make.staff(roles=("office",)))
    page.goto("/schedule/duty-counts")

    sheet = printed(page, tmp_path)

    assert (sheet.pages, sheet.size) == (1, "A4")
    assert sheet.text.count("位老師") == 12
    assert "2026年秋季學期" in sheet.text
