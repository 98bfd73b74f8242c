"""A login that ends: what was typed survives it, and no child's file stays behind."""

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import Child, ChildFile, LoginSession
from liushou_web.serve.announce import addresses

from .conftest import sign_in


@pytest.fixture
def office():
    return make.staff("王主任", roles=("office",))


def end_sessions():
    LoginSession.update(ended_at=MONDAY_4PM).execute()


def log_in_again(page, person):
    page.locator("#login").fill(person.login)
    page.locator("#password").fill(make.SECRET)
    page.get_by_role("button", name="登錄", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_long_note_survives_the_end_of_the_login(open_device, office, script, console):
    console.expect("401")
    child = make.child("小明", address="董崗村一組")
    page = sign_in(open_device(java_script_enabled=script), office)
    page.goto(f"/children/{child.id}/edit")
    note = "奶奶眼睛不好，晚上七點以後打電話。\n<b>不是標籤</b>"
    page.get_by_label("備註").fill(note)

    end_sessions()
    page.locator("main form").get_by_role("button", name="保存").click()
    log_in_again(page, office)
    expect(page.get_by_role("heading", level=1)).to_have_text("您剛才填寫的內容還在")
    page.get_by_role("button", name="再次提交").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("小明")
    assert ChildFile.get().note.replace("\r\n", "\n") == note


def test_a_form_pressed_twice_after_the_login_creates_once(page, office, console):
    console.expect("401")
    make.school_class()
    sign_in(page, office).goto("/children/new")
    page.locator("#name").fill("單雨萱")

    end_sessions()
    page.locator("main form").get_by_role("button", name="保存", exact=True).click()
    log_in_again(page, office)
    page.get_by_role("button", name="再次提交").evaluate("b => { b.click(); b.click() }")

    expect(page.get_by_role("heading", level=1)).to_contain_text("單雨萱")
    assert [child.name for child in Child.select()] == ["單雨萱"]


def test_after_logging_out_the_back_button_shows_no_child(page, live, office):
    """By this PC's address on the network, where a browser keeps pages that it does not
    keep of its own machine."""
    host = next(iter(addresses()), "127.0.0.1")
    home = live.url.replace("127.0.0.1", host)
    child = make.child("小明", carer_phone="13477190001", address="董崗村一組")
    page.goto(home)
    log_in_again(page, office)
    page.goto(f"{home}/children/{child.id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("小明")
    page.get_by_text("更多").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登錄")

    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("登錄")
        assert "小明" not in page.content()
