"""The weekly sheet on a phone, on a PC and out of the printer."""

import re
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from .conftest import PC, barriers, printed, sign_in

HEADS = "序號姓名"
SIGNS = "值班教師"


@pytest.fixture
def week(at):
    """`week(14, 20)`: two classes of so many children, at three activities."""

    def fill(*sizes):
        make.term()
        days = [MONDAY_4PM + timedelta(days=n) for n in range(3)]
        activities = [make.activity(starts=day) for day in days]
        for n, size in enumerate(sizes):
            group = make.school_class(n // 2 + 1, n % 2 + 1)
            for k in range(size):
                child = make.child(name=f"孩子{n}之{k}", school_class=group)
                for activity in activities[: 3 - k % 2]:
                    make.attendance(activity, child, came_at=activity.starts)
        at(MONDAY_4PM + timedelta(days=6))

    return fill


@pytest.fixture
def head():
    return make.staff(name="王校長", roles=("head",))


def children(text):
    return re.findall(r"孩子\d+之\d+", text)


def test_the_whole_school_is_one_sheet_with_its_head_on_every_page(
    page, head, week, tmp_path
):
    week(14, 13, 15, 12, 14, 15)
    sign_in(page, head).goto("/reports/week/print")

    sheet = printed(page, tmp_path)

    assert (sheet.size, sheet.pages) == ("A4 landscape", 3)
    assert [HEADS in text and "第13周" in text for text in sheet.by_page] == [True] * 3
    assert [text.count(SIGNS) for text in sheet.by_page] == [0, 0, 1]
    assert len(children(sheet.text)) == len(set(children(sheet.text))) == 83
    assert "2026-11-2916:00" in sheet.by_page[0]


def test_each_class_has_one_page_with_its_own_signatures(page, head, week, tmp_path):
    sizes = [1, 12, 13, 20, 21, 22, 30]
    week(*sizes)
    sign_in(page, head).goto("/reports/week/print")
    page.get_by_role("link", name="每班一頁").click()
    page.get_by_role("link", name="連成一張").wait_for()
    page.wait_for_load_state()

    sheet = printed(page, tmp_path)

    assert [len(children(text)) for text in sheet.by_page] == sizes
    assert [text.count(SIGNS) for text in sheet.by_page] == [1] * len(sizes)


@pytest.mark.parametrize("size", [31, 36, 38, 40])
def test_signatures_never_stand_alone_on_a_page(page, head, week, tmp_path, size):
    week(size)
    sign_in(page, head).goto("/reports/week/print")

    *_, last = printed(page, tmp_path).by_page

    assert [word in last for word in (HEADS, "應到（人）", "出勤率", SIGNS)] == [True] * 4


def test_many_activities_still_fit_the_width(page, head, week, tmp_path):
    week(5)
    child = make.child(name="小明")
    for n in range(17):
        start = MONDAY_4PM + timedelta(days=n % 7, hours=n // 7 + 1)
        make.attendance(
            make.activity(starts=start, title="法制／安全講座與消防演練"), child
        )
    sign_in(page, head).goto("/reports/week/print")

    page.set_viewport_size({"width": 1047, "height": 700})  # 277 mm
    page.emulate_media(media="print")
    overflow = page.evaluate(
        "document.querySelector('.marks').scrollWidth"
        " - document.querySelector('main').clientWidth"
    )

    assert printed(page, tmp_path)[:2] == (1, "A4 landscape")
    assert overflow <= 0


@pytest.mark.parametrize("screen", [{}, PC], ids=["phone", "pc"])
def test_the_sheet_bars_nobody(open_device, head, week, screen):
    week(3, 2)
    device = sign_in(open_device(**screen), head)

    for address in ("/reports/week", "/reports/week?week=2", "/reports/week/print?each=1"):
        device.goto(address)

        assert barriers(device) == []


def test_a_phone_scrolls_the_table_and_never_the_page(page, head, week):
    week(3)
    sign_in(page, head).goto("/reports/week")

    widths = page.evaluate(
        "(e => [e.scrollWidth, e.clientWidth])(document.documentElement)"
    )

    assert widths[0] == widths[1]
