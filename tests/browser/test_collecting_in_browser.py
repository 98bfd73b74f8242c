"""Who collects, in a real browser: the list with a photo, the door, the office, paper."""

from datetime import timedelta
from io import BytesIO

import make
import pytest
from kit import MONDAY_4PM
from PIL import Image
from playwright.sync_api import expect

from liushou_web.schema import Attendance

from .conftest import PC, barriers, hurry, printed, sign_in


@pytest.fixture
def child():
    teacher = make.staff("孫老師", roles=("helper",))
    group = make.school_class(3, 1, teacher=teacher)
    return make.child("小明", school_class=group, way=None)


@pytest.fixture
def here(child):
    return make.attendance(make.activity(title="閱讀"), child, came_at=MONDAY_4PM)


@pytest.fixture
def door(page, here):
    """The roll on the duty teacher's phone."""
    sign_in(page, make.staff("李老師")).goto(f"/attendance/{here.activity_id}?mode=out")
    return page


def way(page, child):
    return page.locator(f"#row-{child.id} .state")


def photo():
    out = BytesIO()
    Image.new("RGB", (600, 800), (200, 30, 30)).save(out, "JPEG")
    return {"name": "奶奶.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_added_with_a_photo_on_one_device_it_is_at_the_door_at_once(
    door, open_device, child
):
    door.clock.install()
    door.reload()
    expect(way(door, child)).to_have_text("接的人：請選擇")
    teacher = make.Staff.get(make.Staff.name == "孫老師")
    desk = sign_in(open_device(**PC), teacher)
    desk.goto(f"/children/{child.id}")
    desk.get_by_role("link", name="添加接的人").click()
    desk.get_by_label("姓名").fill("王小蓮")
    desk.get_by_label("與學生關係").fill("姑姑")
    desk.get_by_label("照片").set_input_files(photo())
    desk.get_by_role("button", name="添加").click()
    expect(desk.locator("#collecting .usual")).to_contain_text("姑姑 王小蓮 接")
    assert barriers(desk) == []
    assert desk.locator("#collecting img.face").evaluate("i => i.naturalWidth") == 360

    hurry(door, 5)
    expect(way(door, child)).to_contain_text("姑姑 王小蓮 接", timeout=15_000)
    door.get_by_role("button", name="簽退 小明").click()
    expect(door.locator(f"#row-{child.id} .state")).to_contain_text("已離開")
    expect(way(door, child)).to_contain_text("姑姑 王小蓮 接 已離開")


def test_another_person_is_picked_by_one_tap_more(door, child):
    make.collector(child, usual=True)
    make.collector(child, "王小蓮", relation="姑姑")
    door.reload()

    door.locator(f"#row-{child.id} .who").click()
    expect(door.locator("#sheet .choice").first).to_be_visible()
    assert barriers(door) == []
    assert door.locator(".choice .face").first.bounding_box()["width"] == 64
    door.get_by_role("button", name="姑姑 王小蓮 接").click()

    expect(way(door, child)).to_contain_text("姑姑 王小蓮 接 已離開")


@pytest.mark.parametrize("script", [True, False])
def test_somebody_not_listed_reaches_the_office(open_device, here, child, script):
    page = sign_in(open_device(java_script_enabled=script), make.staff("李老師"))
    page.goto(f"/attendance/{here.activity_id}?mode=out")
    page.get_by_role("link", name="簽退 小明").click()
    page.get_by_role("link", name="不在名單上的人").click()
    page.get_by_label("接的人叫什麼").fill("李嬸")
    page.get_by_label("和孩子是什麼關係").fill("鄰居")
    page.get_by_label("為什麼讓他接").fill("奶奶住院，打電話托她來接")
    assert not script or barriers(page) == []
    page.get_by_role("button", name="登記並簽退").click()
    expect(way(page, child)).to_contain_text("鄰居 李嬸 接走，不在名單上")

    desk = sign_in(open_device(**PC), make.staff("林老師", roles=("office",)))
    told = desk.locator(".pending li", has_text="名單外接走")
    expect(told).to_contain_text("李嬸")
    assert barriers(desk) == []
    desk.get_by_role("button", name="知道了 小明").click()
    expect(told).to_have_count(0)
    desk.goto("/released")
    desk.get_by_role("button", name="恢復 小明").click()
    expect(desk.get_by_role("button", name="知道了 小明")).to_be_visible()


def test_a_row_keeps_within_a_small_phone_however_long_the_names(door, child):
    make.collector(child, "阿依古麗·買買提江" * 3, relation="奶奶的妹妹", usual=True)

    door.reload()

    row = door.locator(f"#row-{child.id}")
    box, button = row.bounding_box(), row.locator(".do button").bounding_box()
    assert box["x"] + box["width"] <= 360
    assert button["x"] + button["width"] <= box["x"] + box["width"]
    assert button["height"] >= 48


def test_the_list_goes_on_paper_with_its_head_and_without_buttons(page, child, tmp_path):
    teacher, office = make.staff("李老師"), make.staff("林老師", roles=("office",))
    for n in range(30):
        gone = MONDAY_4PM + timedelta(minutes=n)
        activity = make.activity(MONDAY_4PM - timedelta(days=n))
        told = {"came_at": MONDAY_4PM, "went_at": gone, "way_home": "other"}
        told |= {"collected_by": "鄰居 李嬸", "release_reason": "奶奶住院，托她來接"}
        make.attendance(activity, child, **told, released_by=teacher)
    seen = {"release_seen_at": MONDAY_4PM, "release_seen_by": office}
    Attendance.update(seen).where(Attendance.id > 20).execute()
    sign_in(page, office).goto("/released")

    paper = printed(page, tmp_path)

    assert (paper.pages, paper.size) == (2, "A4")
    assert ["接的人原因放行" in text for text in paper.by_page] == [True, True]
    assert paper.text.count("小明") == 30
    assert "知道了" not in paper.text
    assert "向陽留守兒童之家，2026-11-2316:00打印" in paper.text
