"""A sheet is signed, corrected and signed again; the first still prints as it was."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.schema import Activity, Attendance, Child, SchoolClass
from liushou_web.school.store import trail

from .conftest import PC, barriers, printed, sign_in

FRIDAY = MONDAY_4PM + timedelta(days=4)


@pytest.fixture
def head():
    return make.staff(name="王校長", roles=("head",))


@pytest.fixture
def week(at):
    """`week(30)`: a class of so many children, none of whom came on Monday."""

    def fill(size):
        make.term()
        reading = make.activity(title="閱讀")
        for n in range(size):
            make.attendance(reading, make.child(f"孩子{n}", number=f"{n:02}"))
        Activity.update(closed_at=reading.ends).execute()
        at(FRIDAY)

    return fill


def correct(names):
    """The children were there after all: an office clerk says so, an hour later."""
    by = make.actor(make.staff(name="林老師", roles=("office",)))
    for name in names:
        row = Attendance.get(Attendance.child == Child.get(Child.name == name))
        Attendance.update(leave="sick").where(Attendance.id == row.id).execute()
        trail.record("attendance.leave", row, by=by, at=FRIDAY + timedelta(hours=1))


def test_version_one_prints_the_same_after_corrections(page, head, week, at, tmp_path):
    week(30)
    sign_in(page, head).goto("/reports/week")
    page.get_by_role("link", name="定稿").click()
    page.get_by_role("button", name="定稿為第1版").click()
    page.get_by_role("link", name="打印第1版").click()
    page.get_by_text("定稿人 王校長").wait_for()
    first = printed(page, tmp_path)

    correct(["孩子3"])
    Child.update(name="張三").where(Child.name == "孩子5").execute()
    SchoolClass.update(grade=4).execute()
    at(FRIDAY + timedelta(hours=2))
    page.goto("/reports/week")
    page.get_by_text("定稿後有改動").wait_for()
    page.get_by_role("link", name="做第2版").click()
    page.get_by_role("button", name="定稿為第2版").click()
    page.get_by_role("link", name="打印第1版").click()
    page.get_by_text("定稿人 王校長").wait_for()

    assert printed(page, tmp_path) == first
    assert first.pages == 1
    assert ("第13周考勤表" in first.text, "第1版" in first.text) == (True, True)
    assert "定稿人王校長" in first.text
    assert ("孩子5" in first.text, "張三" in first.text) == (True, False)


def test_the_slip_of_corrections_is_one_page_with_its_signatures(
    page, head, week, at, tmp_path
):
    week(4)
    sign_in(page, head).goto("/reports/week/finalise")
    page.get_by_role("button", name="定稿為第1版").click()
    page.get_by_role("link", name="打印第1版").wait_for()
    correct(["孩子1", "孩子2"])
    at(FRIDAY + timedelta(hours=2))
    page.goto("/reports/week")
    page.get_by_role("link", name="更正單").click()
    page.get_by_role("heading", name="周考勤表更正單").wait_for()

    slip = printed(page, tmp_path)

    assert (slip.size, slip.pages) == ("A4", 1)
    assert slip.text.count("×缺席") == slip.text.count("△請假") == 2
    assert slip.text.count("林老師") == 2
    assert "尚未定稿" in slip.text
    assert "更正人" in slip.text


@pytest.mark.parametrize("size", [24, 29, 34, 40])
def test_signatures_never_stand_alone_under_a_slip(page, head, week, at, tmp_path, size):
    week(size)
    sign_in(page, head).goto("/reports/week/finalise")
    page.get_by_role("button", name="定稿為第1版").click()
    page.get_by_role("link", name="打印第1版").wait_for()
    correct(f"孩子{n}" for n in range(size))
    at(FRIDAY + timedelta(hours=2))
    page.goto("/reports/frozen/1/slip")

    *_, last = printed(page, tmp_path).by_page

    assert ["更正人" in last, "△請假" in last, "原記錄" in last] == [True] * 3


@pytest.mark.parametrize("screen", [{}, PC], ids=["phone", "pc"])
def test_signing_bars_nobody(open_device, head, week, at, screen):
    week(3)
    make.activity(starts=FRIDAY + timedelta(hours=1), title="電影")
    device = sign_in(open_device(**screen), head)
    device.goto("/reports/week/finalise")
    asked = barriers(device)
    device.get_by_label("我知道了，仍要定稿").check()
    device.get_by_role("button", name="定稿為第1版").click()
    device.get_by_role("link", name="打印第1版").wait_for()
    correct(["孩子1"])
    at(FRIDAY + timedelta(hours=1, minutes=1))

    found = asked
    for address in ("/reports/week", "/reports/frozen/1", "/reports/frozen/1/slip"):
        device.goto(address)
        found += barriers(device)

    assert found == []


def test_without_script_a_sheet_is_signed_too(open_device, head, week):
    week(1)
    device = sign_in(open_device(java_script_enabled=False), head)
    device.goto("/reports/week/finalise")

    device.get_by_role("button", name="定稿為第1版").click()

    assert device.get_by_text("第1版已定稿。").is_visible()
