"""A USB scanner at the door: it types, presses Enter, and waits for nobody."""

import make
import pytest
from playwright.sync_api import expect

from liushou_web.schema import Attendance

from .conftest import PC, barriers, sign_in

SLOWLY = 400  # milliseconds that an answer takes


@pytest.fixture
def children():
    make.term()
    reading = make.activity(title="閱讀")
    made = [make.child(name, number=f"G44058{n}") for n, name in enumerate("甲乙丙丁")]
    return reading, [*made, make.child("小紅")]


@pytest.fixture
def roll(open_device, children):
    reading, _ = children
    page = sign_in(open_device(**PC), make.staff("李老師"))
    page.goto(f"/attendance/{reading.id}")
    return page


def scan(page, *codes, enters=1):
    """What a scanner does, as fast as the browser takes it."""
    for code in codes:
        page.keyboard.type(code)
        for _ in range(enters):
            page.keyboard.press("Enter")


def lines(page):
    return page.locator("#scanned li")


def came():
    return {row.child_id for row in Attendance.select() if row.came_at}


def test_one_after_the_other_signs_in_and_the_focus_stays(roll, children):
    _, made = children
    roll.locator("#q").click()

    for n, child in enumerate(made):
        scan(roll, child.number or f"LS-{child.id}")
        expect(lines(roll).first).to_have_text(f"{child.name}：簽到 16:00")
        expect(roll.locator("#q")).to_have_value("")
        expect(roll.locator("#q")).to_be_focused()
        expect(roll.locator("#count")).to_contain_text(f"實到 {n + 1}", use_inner_text=True)
    assert came() == {child.id for child in made}


def test_fast_ones_in_a_row_are_all_signed_in(roll, children):
    _, made = children
    slow = {"url": "**/scan*", "handler": lambda route: later(roll, route)}
    roll.route(**slow)
    roll.locator("#q").click()

    scan(roll, *(child.number or f"LS-{child.id}" for child in made), enters=2)

    expect(lines(roll)).to_have_text([f"{c.name}：簽到 16:00" for c in made[::-1]])
    assert came() == {child.id for child in made}
    expect(roll.locator("#q")).to_have_value("")


def later(page, route):
    page.wait_for_timeout(SLOWLY)
    route.continue_()


def test_an_unknown_code_among_fast_ones_stays_to_be_seen(roll, children):
    _, made = children
    roll.locator("#q").click()

    scan(roll, made[0].number, "G999", *[each.number for each in made[1:4]])

    expect(lines(roll)).to_have_count(5)
    expect(roll.locator("#scanned .bad")).to_have_text(
        "沒有找到號碼「G999」的在冊學生，沒有記錄。請按姓名查找。"
    )
    assert came() == {child.id for child in made[:4]}


def test_a_scan_after_a_tap_finds_its_way_into_the_box(roll, children):
    _, (first, second, *_) = children
    roll.locator(f"#row-{first.id}").get_by_role("button", name="簽到").click()
    undo = roll.locator(f"#row-{first.id}").get_by_role("button", name="撤銷")
    undo.focus()

    scan(roll, second.number)

    expect(lines(roll)).to_have_text(["乙：簽到 16:00"])
    assert came() == {first.id, second.id}


def test_a_child_not_on_the_list_is_added_with_one_tap(roll, children):
    activity = make.activity(expects="children", room=make.room("閱讀室"))
    _, (child, other, *_) = children
    roll.goto(f"/attendance/{activity.id}")
    roll.locator("#q").click()

    scan(roll, child.number, other.number)
    expect(lines(roll)).to_have_count(2)
    assert barriers(roll) == []
    roll.get_by_role("button", name="加入並簽到 甲").click()

    expect(lines(roll).last).to_have_text("甲：在場 16:00")
    expect(roll.locator(f"#walk-ins #row-{child.id}")).to_contain_text("在場 16:00")
    expect(roll.locator("#q")).to_be_focused()
    assert came() == {child.id}


def test_what_was_typed_by_hand_comes_back_and_makes_way_for_a_scan(roll, children):
    _, (child, *_) = children
    roll.locator("#q").click()
    scan(roll, "xh")
    expect(roll.locator("#found strong")).to_have_text(["小紅"])
    expect(roll.locator("#q")).to_have_value("xh")

    scan(roll, child.number)

    expect(lines(roll)).to_have_text(["甲：簽到 16:00"])
    expect(roll.locator("#q")).to_have_value("")


def test_scans_without_an_answer_are_named_and_sent_again(roll, children, console):
    console.expect("ERR_|htmx:(sendError|afterRequest)")
    _, (first, second, *_) = children
    roll.route("**/scan*", lambda route: route.abort())
    roll.locator("#q").click()

    scan(roll, first.number, second.number)

    expect(roll.locator("#waiting")).to_contain_text(first.number)
    assert came() == set()
    roll.unroute("**/scan*")
    expect(lines(roll).first).to_have_text("乙：簽到 16:00", timeout=10_000)
    assert came() == {first.id, second.id}


def test_without_script_a_scan_signs_in_as_well(open_device, children):
    reading, (child, *_) = children
    page = sign_in(open_device(java_script_enabled=False), make.staff("李老師"))
    page.goto(f"/attendance/{reading.id}")
    page.locator("#q").fill(child.number)
    page.locator("#q").press("Enter")

    expect(page.locator("#notice")).to_have_text("甲：簽到 16:00")
    assert came() == {child.id}
