"""The weekly sheet on a phone, on a PC and out of the printer."""

import re
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from .conftest import PC, barriers, printed, sign_in

SIGNS = "值班教師"


@pytest.fixture
def week(at):
    """`week(14, 20)`: two classes of so many children, at three activities."""

    def fill(*sizes, activities=3, title="作業輔導"):
        make.term()
        times = [
            MONDAY_4PM + timedelta(days=n % 7, hours=n // 7) for n in range(activities)
        ]
        held = [make.activity(starts=start, title=title) for start in times]
        for n, size in enumerate(sizes):
            group = make.school_class(n // 2 + 1, n % 2 + 1)
            for k in range(size):
                child = make.child(name=f"孩子{n}之{k}", school_class=group)
                for activity in held[: activities - k % 2]:
                    make.attendance(activity, child, came_at=activity.starts)
        at(MONDAY_4PM + timedelta(days=6))

    return fill


@pytest.fixture
def head():
    return make.staff(name="王校長", roles=("head",))


def children(text):
    return re.findall(r"孩子\d+之\d+", text)


TOWNSHIP = [14, 13, 15, 12, 14, 15]  # 83 children
PIXELS = 96 / 25.4  # in a millimetre
# All text of a page in boxes; of each what it says, and how it stands to its cell and page.
BOXES = """() => [...document.querySelectorAll(".week-page")].map(page => {
  const outer = page.getBoundingClientRect(), walker = document.createTreeWalker(page, 4);
  const boxes = [];
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (!walker.currentNode.data.trim() || walker.currentNode.parentElement.closest(".sr"))
      continue;
    const cell = walker.currentNode.parentElement.closest("th, td, p, li, h1, h2");
    const around = cell.getBoundingClientRect();
    for (const box of range.getClientRects())
      boxes.push({text: walker.currentNode.data.trim(), x: box.left - outer.left,
        y: box.top - outer.top, right: box.right - outer.left,
        bottom: box.bottom - outer.top, size: parseFloat(getComputedStyle(cell).fontSize),
        cut: Math.max(around.left - box.left, box.right - around.right)});
  }
  const rows = [...page.querySelectorAll(".strips tbody tr")].map(
    row => row.getBoundingClientRect().height);
  return {boxes, width: outer.width, height: outer.height, row: Math.min(...rows)};
})"""


def paper(page):
    """Every sheet as it lies on the paper, text by text."""
    page.set_viewport_size({"width": 1300, "height": 1200})
    page.emulate_media(media="print")
    return page.evaluate(BOXES)


def meeting(boxes):
    """The texts that lie over one another by more than a line of a cell is wide."""
    found = []
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            across = min(one["right"], other["right"]) - max(one["x"], other["x"])
            down = min(one["bottom"], other["bottom"]) - max(one["y"], other["y"])
            if across > 1 and down > 4:
                found.append((one["text"], other["text"]))
    return found


def check_paper(sheets):
    for sheet in sheets:
        boxes = sheet["boxes"]
        assert meeting(boxes) == []
        assert [box["text"] for box in boxes if box["cut"] > 1] == []
        assert min(box["size"] for box in boxes) >= 8 / 72 * 96 - 0.01
        assert max(box["right"] for box in boxes) <= sheet["width"]
        assert max(box["bottom"] for box in boxes) <= sheet["height"]
        assert sheet["row"] >= 4.4 * PIXELS - 0.1
        assert sheet["height"] <= 297 * PIXELS


def test_the_headmaster_signs_one_page(page, head, week, tmp_path):
    week(*TOWNSHIP, activities=4)
    sign_in(page, head).goto("/reports/week/print")

    check_paper(paper(page))
    sheet = printed(page, tmp_path)

    assert (sheet.size, sheet.pages) == ("A4", 1)
    assert len(children(sheet.text)) == len(set(children(sheet.text))) == 83
    for word in (SIGNS, "第13周", "打印時間2026-11-2916:00", "遲到", "缺席", "本週"):
        assert word in sheet.text


def test_a_large_school_names_each_page(page, head, week, tmp_path):
    week(*[40] * 7, activities=4)
    sign_in(page, head).goto("/reports/week/print")

    check_paper(paper(page))
    sheet = printed(page, tmp_path)

    assert (sheet.size, sheet.pages) == ("A4", 3)
    assert ["第13周" in text and f"第{n}頁，共3頁" in text for n, text in enumerate(
        sheet.by_page, 1)] == [True] * 3  # fmt: skip
    assert [text.count(SIGNS) for text in sheet.by_page] == [0, 0, 1]
    assert len(set(children(sheet.text))) == 280
    assert "（續）" in sheet.text


@pytest.mark.parametrize("size", [1, 12, 21, 30, 45, 60])
def test_each_class_has_one_page_with_its_own_signatures(page, head, week, tmp_path, size):
    week(size, 3)
    sign_in(page, head).goto("/reports/week/print")
    page.get_by_role("link", name="每班一頁").click()
    page.get_by_role("link", name="連成一張").wait_for()
    page.wait_for_load_state()

    check_paper(paper(page))
    sheet = printed(page, tmp_path)

    assert [len(children(text)) for text in sheet.by_page] == [size, 3]
    assert [text.count(SIGNS) for text in sheet.by_page] == [1, 1]


@pytest.mark.parametrize("activities", [15, 17, 34])
def test_many_activities_stand_whole(page, head, week, tmp_path, activities):
    week(5, 4, activities=activities, title="法制／安全講座與消防演練")
    sign_in(page, head).goto("/reports/week/print")

    sheets = paper(page)
    check_paper(sheets)

    assert printed(page, tmp_path).pages == len(sheets) == (2 if activities > 30 else 1)


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
