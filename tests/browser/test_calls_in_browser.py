"""The family phone in a real browser: from the queue to the face, and on paper."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import Call, Child, SchoolClass

from .conftest import PC, barriers, hurry, printed, sign_in
from .test_paper_in_browser import COLOURED

FAMILY = {"mother_name": "王芳", "mother_phone": "13900000001", "parents_free": "週日休息"}


@pytest.fixture
def child(house):
    make.phone(), make.phone("視頻電腦", "video"), make.phone_hours()
    child = make.child("小明", **FAMILY)
    make.wish(child)
    return child


@pytest.fixture
def duty():
    return make.staff("李老師")


def test_from_the_queue_to_the_face_on_a_phone(page, at, child, duty):
    sign_in(page, duty).goto("/calls")
    assert barriers(page) == []
    page.get_by_role("link", name="打電話 小明").click()
    page.get_by_role("link", name="媽媽 王芳").click()
    expect(page.locator(".dial-number")).to_have_text("13900000001")
    assert barriers(page) == []
    page.get_by_role("button", name="開始 · 電話一").click()
    expect(page.locator(".dial-number")).to_have_text("13900000001")
    assert barriers(page) == []
    at(MONDAY_4PM + timedelta(minutes=7))

    page.get_by_role("button", name="接通 小明").click()
    page.get_by_role("button", name="難過").click()

    expect(page.get_by_role("button", name="難過")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#fresh ~ ul")).to_contain_text("接通 7 分鐘")
    call = Call.get()
    assert (call.result, call.feeling) == ("connected", "sad")
    assert barriers(page) == []


def test_a_tap_on_the_desk_changes_it_in_place_and_posts_once(page, child, duty):
    call = make.call(child, result="", phone=make.phone())
    sign_in(page, duty).goto("/calls")
    posts = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)

    page.evaluate(
        f"b = document.getElementById('end-{call.id}-busy'); b.click(); b.click()"
    )

    expect(page.locator("#fresh ~ ul")).to_contain_text("忙")
    expect(page.get_by_role("link", name="打電話 小明")).to_be_visible()
    assert len(posts) == 1
    page.get_by_role("button", name="撤銷 小明").click()
    expect(page.locator(f"#end-{call.id}-busy")).to_be_visible()


def test_another_device_sees_the_call_without_being_touched(page, open_device, child, duty):
    wall = sign_in(open_device(**PC), duty)
    wall.clock.install()
    wall.goto("/calls")
    expect(wall.locator(".phone-line .results")).to_have_count(0)

    sign_in(page, duty).goto(f"/calls/children/{child.id}/mother")
    page.get_by_role("button", name="開始 · 電話一").click()
    expect(page.locator(".dial-number")).to_have_text("13900000001")
    hurry(wall, 20)

    expect(wall.locator(".phone-line .results")).to_have_count(1, timeout=30_000)


def test_all_of_it_works_without_script(open_device, child, duty):
    page = sign_in(open_device(java_script_enabled=False), duty)
    page.goto("/calls")
    page.get_by_role("link", name="打電話 小明").click()
    page.get_by_role("link", name="媽媽 王芳").click()
    page.get_by_role("button", name="開始 · 電話一").click()
    page.get_by_role("link", name="返回").click()
    page.get_by_role("button", name="停用 小明").click()
    page.get_by_role("button", name="平靜").click()

    call = Call.get()
    assert (call.result, call.feeling) == ("out_of_order", "calm")
    expect(page.get_by_role("button", name="撤銷 小明")).to_be_visible()


def test_the_class_teacher_renews_the_number(page, child, duty):
    teacher = make.staff("孫老師", roles=("helper",))
    SchoolClass.update(teacher=teacher).execute()
    boss = sign_in(page, duty)
    boss.goto(f"/calls/children/{child.id}/mother")
    boss.get_by_role("button", name="開始 · 電話一").click()
    boss.get_by_role("button", name="停用 小明").click()
    boss.get_by_text("更多", exact=True).click()
    boss.locator("nav.thumb").get_by_role("button", name="退出").click()

    sign_in(page, teacher).get_by_role("link", name="更新電話 小明").click()
    assert barriers(page) == []
    page.get_by_label("新號碼").fill("13900000002")
    page.get_by_role("button", name="保存").click()

    expect(page.locator("#notice")).to_contain_text("小明的家人電話已更新。")
    expect(page.locator("#dead-numbers")).to_have_count(0)


def test_the_register_on_paper_repeats_its_head_and_is_signed(open_device, child, tmp_path):
    for n in range(50):
        child = make.child(f"孩子{n}")
        make.call(child, MONDAY_4PM + timedelta(minutes=n), minutes=5)
    desk = sign_in(open_device(**PC), make.staff("林老師", roles=("office",)))
    desk.goto("/calls/register/print?by=month")
    desk.emulate_media(media="print", color_scheme="dark")

    assert desk.evaluate(COLOURED) == []
    sheet = printed(desk, tmp_path)

    assert (sheet.size, sheet.pages) == ("A4 landscape", 3)
    assert [text.count("學生簽名") for text in sheet.by_page] == [1, 1, 1]
    signed = ["之家負責人" in text for text in sheet.by_page]
    assert signed == [False, False, True]
    assert "合計：打了50次，接通50次，共250分鐘。" in sheet.by_page[-1]
    assert "孩子49" in sheet.by_page[-1]  # the signatures have company


def test_the_list_of_the_uncalled_on_paper(open_device, child, tmp_path):
    desk = sign_in(open_device(**PC), make.staff("林老師", roles=("office",)))
    desk.goto("/calls/missing/print")
    desk.emulate_media(media="print", color_scheme="dark")

    assert desk.evaluate(COLOURED) == []
    sheet = printed(desk, tmp_path)

    assert (sheet.size, sheet.pages, Child.select().count()) == ("A4", 1, 1)
    assert sheet.text.count("小明") == 2  # never tried, and longer than seven days
