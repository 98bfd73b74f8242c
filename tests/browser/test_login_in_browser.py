"""The door of the house, in a real browser."""

import make
from playwright.sync_api import expect

from .conftest import PC, barriers, printed, sign_in


def test_the_login_page_opens_without_barriers(page):
    page.goto("/login")

    assert page.get_by_role("heading", level=1).inner_text() == "登錄"
    assert barriers(page) == []


def test_a_teacher_logs_in_on_a_phone_and_on_a_pc(page, open_device):
    teacher = make.staff(name="李老師")

    for each in (page, open_device(**PC), open_device(java_script_enabled=False)):
        sign_in(each, teacher)
        if each.get_by_text("更多", exact=True).is_visible():
            each.get_by_text("更多", exact=True).click()
        expect(each.get_by_role("link", name="李老師")).to_be_visible()


def test_a_page_prints_on_one_sheet(page, tmp_path):
    page.goto("/login")

    sheet = printed(page, tmp_path)

    assert (sheet.pages, sheet.size) == (1, "A4")
    assert "密碼" in sheet.text
