"""Leave in a real browser: a teacher enters it, and the door sees it at once."""

from datetime import timedelta

import make
from kit import MONDAY_4PM
from playwright.sync_api import expect

from .conftest import barriers, hurry, sign_in


def a_class():
    teacher = make.staff("孫老師", roles=("helper",))
    group = make.school_class(3, 1, teacher=teacher)
    return teacher, [
        make.child(name, school_class=group) for name in ("小明", "小紅", "小剛")
    ]


def test_entered_on_one_phone_it_is_on_the_open_roll_of_the_other(page, open_device):
    teacher, (child, other, _) = a_class()
    activity = make.activity(title="閱讀")
    make.attendance(activity, child), make.attendance(activity, other)
    door = sign_in(open_device(), make.staff("李老師"))
    door.clock.install()
    door.goto(f"/attendance/{activity.id}")
    row = door.locator(f"#row-{child.id}")
    expect(row.locator(".state")).to_have_text("未到")

    sign_in(page, teacher).goto("/leave")
    page.get_by_role("link", name="登記請假").click()
    page.get_by_label("姓名或學籍號").fill("xm")
    expect(page.locator("#results li")).to_have_count(1)
    assert barriers(page) == []
    page.get_by_role("link", name="請假 小明").click()
    assert barriers(page) == []
    page.get_by_label("病假").check()
    page.get_by_role("button", name="登記請假").click()
    expect(page.locator(f"main li:has-text('{child.name}')")).to_contain_text("病假")
    assert barriers(page) == []

    hurry(door, 5)
    expect(row.locator(".state")).to_contain_text("請假", timeout=15_000)
    page.get_by_role("button", name="撤回 小明").click()
    expect(page.get_by_role("button", name="恢復 小明")).to_be_visible()
    hurry(door, 5)
    expect(row.locator(".state")).to_have_text("未到", timeout=15_000)


def test_without_script_it_is_entered_too(open_device):
    teacher, (child, *_) = a_class()
    page = sign_in(open_device(java_script_enabled=False), teacher)
    page.goto("/leave/find?q=小明")
    page.get_by_role("link", name="請假 小明").click()
    page.get_by_label("事假").check()
    page.get_by_role("button", name="登記請假").click()

    expect(page.locator("main li")).to_contain_text(child.name)


def test_the_quiet_list_of_today_is_without_barriers_and_put_aside(page):
    teacher, children = a_class()
    for days in (7, 4):
        make.attendance(make.activity(MONDAY_4PM - timedelta(days=days)), children[0])
    for child in children:
        make.leave(child, teacher, kind="sick")
    sign_in(page, teacher)

    expect(page.locator("#cases ~ ul li")).to_have_count(2)
    assert barriers(page) == []
    page.get_by_role("button", name="知道了 小明").click()
    page.get_by_role("button", name="知道了 三年級1班").click()
    expect(page.locator("#cases")).to_have_count(0)
