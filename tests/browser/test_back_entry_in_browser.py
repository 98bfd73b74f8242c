"""A power cut: the pack on paper, and a full sheet back in the computer in a minute."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.attendance.store import paper
from liushou_web.db import db
from liushou_web.schema import Activity, Attendance

from .conftest import PC, barriers, printed, sign_in

MORNING = MONDAY_4PM.replace(hour=8)
TUESDAY = MONDAY_4PM + timedelta(days=1)
ENDS = MONDAY_4PM + timedelta(minutes=90)
MONDAY = MONDAY_4PM.date()
GROUPS = ("1552", "1558", "1601", "1603", "1604", "1606", "1609", "1612")  # five each


@pytest.fixture
def li():
    return make.staff("李老師")


@pytest.fixture
def prepare(li):
    """A reading hour of so many children, printed in the morning."""

    @db.atomic()
    def of(children):
        make.term()
        for n in range(1, children + 1):
            group = make.school_class(1 + n // 20)
            make.child(f"孩子{n}", number=f"{n:03}", school_class=group)
        reading = make.activity(title="閱讀", duty=[li])
        paper.prepare(MONDAY, MONDAY, by=make.actor(li), at=MORNING)
        return reading

    return of


class Keyboard:
    """Presses keys one by one, and counts them."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def types(self, text):
        for key in [*text, "Enter"]:
            self.page.keyboard.press(key)
            self.count += 1


def test_a_full_sheet_of_40_takes_no_more_than_six_keys_a_child(
    open_device, prepare, li, at
):
    reading = prepare(40)
    at(TUESDAY)
    page = sign_in(open_device(**PC), li)
    page.goto("/")
    page.get_by_role("link", name="按紙本補錄").click()
    page.get_by_label("1 孩子1 到", exact=True).focus()

    keys = Keyboard(page)
    for time in GROUPS:
        for text in [time, *["="] * 4]:
            keys.types(text)
    for text in ["1730", *["="] * 39]:
        keys.types(text)
    expect(page.get_by_text("已填 40 / 40 行")).to_be_visible()
    page.keyboard.press("Enter")  # on the button, which comes last

    expect(page.get_by_text("已補錄 40 行。")).to_be_visible()
    rows = Attendance.select().order_by(Attendance.child)
    assert [f"{row.came_at:%H%M}" for row in rows] == [t for t in GROUPS for _ in range(5)]
    assert {(row.went_at, row.paper_by_id) for row in rows} == {(ENDS, li.id)}
    assert (keys.count + 1) / 40 <= 6
    expect(page.get_by_role("link", name="核對無誤，關閉活動")).to_be_visible()
    assert reading.opened_at is None


def test_the_keys_go_down_up_and_across(open_device, prepare, li, at):
    reading = prepare(3)
    at(TUESDAY)
    page = sign_in(open_device(**PC), li)
    page.goto(f"/paper/activities/{reading.id}")
    first, focused = page.get_by_label("1 孩子1 到", exact=True), page.locator(":focus")

    first.fill("1605")
    places = []
    for key in ("ArrowDown", "Enter", "ArrowUp", "Tab", "Tab", "Tab"):
        page.keyboard.press(key)
        places.append(focused.get_attribute("name"))

    assert places == ["came_2", "came_3", "came_2", "went_2", "taker_2", "came_3"]
    assert Activity.get().opened_at is None


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_it_is_looked_through_and_saved(open_device, prepare, li, at, script):
    reading = prepare(2)
    make.child("外人", number="999")
    at(TUESDAY)
    page = sign_in(open_device(java_script_enabled=script), li)
    page.goto("/paper")
    page.get_by_label("單號（在紙的右上角）").fill("1")
    page.get_by_role("button", name="打開").click()

    page.get_by_label("1 孩子1 到", exact=True).fill("405")
    page.get_by_label("3 名單外").fill("999")
    page.get_by_label("3 到", exact=True).fill("=")
    page.get_by_role("button", name="核對").click()
    expect(page.get_by_label("3 到", exact=True)).to_have_value("16:05")
    assert Activity.get().opened_at is None
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("已補錄 2 行。")).to_be_visible()
    assert [row.walk_in for row in Attendance.select()] == [False, False, True]
    assert reading.closed_at is None


def test_enter_without_a_script_saves_nothing(open_device, prepare, li, at):
    reading = prepare(2)
    at(TUESDAY)
    page = sign_in(open_device(java_script_enabled=False), li)
    page.goto(f"/paper/activities/{reading.id}")

    page.get_by_label("1 孩子1 到", exact=True).fill("1605")
    page.keyboard.press("Enter")

    expect(page.get_by_text("看得懂，還沒有保存")).to_be_visible()
    assert Activity.get().opened_at is None


def test_a_refused_grid_has_no_barriers(page, prepare, li, at):
    reading = prepare(2)
    at(TUESDAY)
    sign_in(page, li)
    page.goto(f"/paper/activities/{reading.id}")

    page.get_by_label("1 孩子1 到", exact=True).fill("走了")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("看不懂「走了」")).to_be_visible()
    assert barriers(page) == []


def pack(page, folder):
    page.goto(f"/paper/weeks/{MONDAY}")
    return printed(page, folder)


def test_40_names_are_two_pages_of_rows_to_write_in(open_device, prepare, li, at, tmp_path):
    at(MORNING)
    prepare(40)

    paper = pack(sign_in(open_device(**PC), li), tmp_path)

    one, two, log, incident = paper.by_page
    assert (paper.pages, paper.size) == (4, "A4")
    assert (one.count("孩子") + two.count("孩子"), "單號1" in one) == (40, True)
    assert ("46" in two, "值班教師簽名" in two) == (True, True)
    assert ("親情電話使用記錄表" in log, "突發事件登記表" in incident) == (True, True)


@pytest.mark.parametrize("children", [1, 28, 40])
def test_no_row_of_a_blank_sheet_is_lower_than_seven_millimetres(
    open_device, prepare, li, at, children
):
    at(MORNING)
    prepare(children)
    page = sign_in(open_device(**PC), li)
    page.goto("/paper/weeks/2026-11-23")
    page.emulate_media(media="print")

    heights = page.evaluate(
        "[...document.querySelectorAll('.paper-sheet')[0].querySelectorAll('tbody tr')]"
        ".map(row => row.getBoundingClientRect().height / 96 * 25.4)"
    )

    assert 6.99 < min(heights) <= max(heights) < 8.3


def test_a_longer_sheet_repeats_its_head_and_its_number(
    open_device, prepare, li, at, tmp_path
):
    at(MORNING)
    prepare(83)

    paper = pack(sign_in(open_device(**PC), li), tmp_path)

    sheets = paper.by_page[:-2]
    assert paper.pages == 5
    assert [text.count("閱讀簽到表") for text in sheets] == [1, 1, 1]
    assert [text.count("可以接的人（畫圈）") for text in sheets] == [1, 1, 1]
    assert [text.count("單號1") for text in sheets] == [2, 2, 2]  # head and foot
    assert sum(text.count("孩子") for text in sheets) == 83
