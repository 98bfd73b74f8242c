"""The closing ritual on a phone: every page within reach of everybody, and on paper."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import Activity

from .conftest import PC, barriers, printed, sign_in

ENDS = MONDAY_4PM + timedelta(minutes=90)


@pytest.fixture
def li():
    return make.staff("李老師")


@pytest.fixture
def reading(li):
    make.term()
    activity = make.activity(title="閱讀", duty=[li])
    make.attendance(activity, make.child("小明"), came_at=MONDAY_4PM)
    return activity


@pytest.mark.parametrize("script", [True, False])
def test_the_last_child_out_the_room_checked_the_roll_closed(
    open_device, reading, li, at, script
):
    page = sign_in(open_device(java_script_enabled=script), li)
    at(ENDS)
    page.goto(f"/attendance/{reading.id}")

    page.get_by_role("button", name="簽退 小明").click()
    page.get_by_role("link", name="關閉活動").click()
    page.get_by_role("button", name="全部正常").click()
    page.get_by_role("button", name="關閉活動").click()

    expect(page.get_by_role("heading", name="活動已關閉")).to_be_visible()
    expect(page.get_by_role("button", name="撤銷")).to_have_count(0)
    assert Activity.get().locked_by_id == li.id


def test_the_pages_have_no_barriers_and_print(page, open_device, reading, li, at, tmp_path):
    missed = make.activity(title="繪畫", duty=[li], room=make.room("美術室"))
    at(ENDS + timedelta(minutes=40))
    sign_in(page, li)
    assert barriers(page) == []

    page.goto(f"/attendance/{reading.id}/close")
    assert barriers(page) == []
    page.get_by_label("小明：原因").fill("家人接走")
    page.get_by_role("button", name="全部正常").click()
    page.get_by_role("button", name="關閉活動").click()
    page.get_by_role("link", name="更正 小明").click()
    assert barriers(page) == []
    page.get_by_label("簽退時間").fill("17:30")
    page.get_by_label("更正的原因").fill("問過家人了")
    page.get_by_role("button", name="更正").click()
    expect(page.get_by_role("heading", name="更正記錄")).to_be_visible()
    assert barriers(page) == []
    paper = printed(page, tmp_path)
    assert paper.pages == 1
    assert "小明簽退：無→17:30" in paper.text
    assert missed.opened_at is None


def test_the_list_of_the_room_check_has_no_barriers(open_device):
    page = sign_in(open_device(**PC), make.staff("林老師", roles=["office"]))
    page.goto("/settings/room-check")

    assert barriers(page) == []
