"""What comes out of the printer: black on white, no menus, the pages that were promised.

The weekly sheet and the wall timetable at their fullest have tests of their own.
"""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.db import db
from liushou_web.schema import Attendance, Child

from .conftest import PC, printed, sign_in

MENUS = ("王校長", "主菜單", "使用說明", "返回", "頁眉和頁腳", "每班一頁")
SIZES = (14, 13, 15, 12, 14, 15)  # 83
PAPERS = {
    "/reports/week/print": "A4 landscape",
    "/reports/week/print?each=1": "A4",
    "/schedule/wall": "A4 landscape",
    "/help/duty-card": "A4",
    "/help/phone-card": "A4",
    "/present": "A4",
    "/paper/forms": "A4",
}
# Any text that is not black, or background that is not white, of what is printed.
COLOURED = """() => [...document.querySelectorAll('body, body *')].filter(
  one => one.checkVisibility({visibilityProperty: true})
).flatMap(one => {
  const {color, backgroundColor} = getComputedStyle(one)
  const written = [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  const dark = color.match(/\\d+/g).slice(0, 3).every(part => part < 100)
  const white = ['rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)'].includes(backgroundColor)
  return (dark || !written) && white ? [] : [one.tagName + ' ' + one.className + ' ' + color
    + ' on ' + backgroundColor]
})"""


@pytest.fixture
@db.atomic()
def school(at):
    """83 children of six classes, 80 of them here, one late, one ill, one away."""
    make.term()
    teachers = [make.staff(name=name) for name in ("歐陽明月", "王建國")]
    now = make.activity(MONDAY_4PM, duty=teachers, title="作業輔導")
    make.slot(title="閱讀")
    for n, size in enumerate(SIZES):
        group = make.school_class(n + 1, 1)
        for k in range(size):
            make.child(f"孩子{n}之{k}", school_class=group, carer_phone="13477190001")
    for n, child in enumerate(Child.select()):
        late = timedelta(minutes=30 * (n == 80))
        came = {"came_at": now.starts + late} if n < 81 else {"leave": "sick" * (n == 81)}
        make.attendance(now, child, **came)
    at(MONDAY_4PM + timedelta(hours=1))


@pytest.fixture
def desk(open_device, school):
    return sign_in(open_device(**PC), make.staff("王校長", roles=("head",)))


@pytest.mark.parametrize(("path", "size"), PAPERS.items(), ids=lambda part: part[:14])
def test_nothing_but_the_sheet_is_printed_and_in_black(desk, tmp_path, path, size):
    desk.goto(path)
    desk.emulate_media(media="print", color_scheme="dark")

    assert desk.evaluate(COLOURED) == []
    sheet = printed(desk, tmp_path)
    assert sheet.size == size
    assert [word for word in MENUS if word in sheet.text] == []


def test_the_whole_school_and_each_class_of_it(desk, at, tmp_path):
    here = Attendance.came_at.is_null(False)
    leaving = Attendance.update(went_at=at(MONDAY_4PM + timedelta(hours=2)))
    leaving.where(here, Attendance.child != Child.get(name="孩子0之0")).execute()
    desk.goto("/reports/week/print")
    whole = printed(desk, tmp_path)
    desk.goto("/reports/week/print?each=1")
    each = printed(desk, tmp_path)

    assert whole.pages == 1
    assert ["值班教師" in whole.text, "校長" in whole.text] == [True, True]
    assert [text.count("孩子") for text in each.by_page] == list(SIZES)
    legend = {"√": 1, "○": 2, "△": 1, "×": 1, "⊙": 2}
    marks = {mark: whole.text.count(mark) - legend[mark] for mark in legend}
    assert marks == {"√": 79, "○": 1, "△": 1, "×": 1, "⊙": 1}


def test_one_page_each(desk, tmp_path):
    pages = {}
    for path in ("/schedule/wall", "/help/duty-card", "/help/phone-card"):
        desk.goto(path)
        pages[path] = printed(desk, tmp_path).pages

    assert pages == dict.fromkeys(pages, 1)


def test_the_present_list_numbers_all_and_repeats_its_head(desk, tmp_path):
    desk.goto("/present")

    sheet = printed(desk, tmp_path)

    assert sheet.text.count("13477190001") == 81
    assert [text.count("序號姓名") for text in sheet.by_page] == [1] * sheet.pages
    assert "在場81人" in sheet.by_page[0]
