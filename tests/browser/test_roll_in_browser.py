"""The roll in a real browser: taps, bad networks, two devices, no script, the alarm."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.schema import Attendance

from .conftest import PC, barriers, hurry, printed, sign_in

NO_NETWORK = "ERR_|htmx:(sendError|afterRequest)"
SOON = MONDAY_4PM + timedelta(minutes=3)


@pytest.fixture
def reading():
    make.term()
    return make.activity(title="閱讀", duty=[make.staff("趙老師"), make.staff("孫老師")])


@pytest.fixture
def child(reading):
    make.child("小紅", number="202611002", carer_phone="13477190000")
    return make.child("小明", number="202611001", carer_phone="13477190001")


@pytest.fixture
def roll(page, reading, child):
    sign_in(page, make.staff("李老師")).goto(f"/attendance/{reading.id}")
    return page


@pytest.fixture
def looking(roll):
    """The roll, whose looks for changes come when the test lets time pass."""
    roll.clock.install()
    roll.reload()
    return roll


def row(page, child):
    return page.locator(f"#row-{child.id}")


def tap(page, child, label):
    row(page, child).get_by_role("button", name=label).click()


def turn(page, mode):
    page.get_by_label("簽到還是簽退").get_by_role("link", name=mode).click()
    page.wait_for_load_state()


def test_a_tap_changes_the_row_and_the_counts_and_nothing_else(roll, child):
    roll.evaluate("window.same = document.querySelector('#q').value = 'typing'")

    tap(roll, child, "簽到")

    expect(row(roll, child)).to_contain_text("在場 16:00 李老師")
    expect(roll.locator("#count")).to_contain_text("實到 1", use_inner_text=True)
    assert (
        roll.evaluate("[window.same, document.querySelector('#q').value]") == ["typing"] * 2
    )


def test_in_out_and_undo(roll, child):
    tap(roll, child, "簽到")
    expect(row(roll, child)).to_contain_text("在場 16:00")
    turn(roll, "簽退")
    tap(roll, child, "簽退")
    expect(row(roll, child)).to_contain_text("坐校車 已離開 16:00–16:00")

    tap(roll, child, "撤銷")
    expect(row(roll, child).get_by_role("button", name="簽退")).to_be_visible()
    turn(roll, "簽到")
    tap(roll, child, "撤銷")
    expect(row(roll, child)).to_contain_text("未到")


def test_a_double_tap_posts_once(roll, child):
    posts = []
    roll.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)

    roll.evaluate(
        "css => { const b = document.querySelector(css); b.click(); b.click() }",
        f"#row-{child.id} .primary",
    )

    expect(row(roll, child).get_by_role("button", name="撤銷")).to_be_visible()
    assert len(posts) == 1


def test_an_answer_finds_its_row_though_a_look_has_replaced_it(roll, child):
    def replaced_meanwhile(route):
        roll.evaluate(
            "css => { const li = document.querySelector(css);"
            " li.replaceWith(li.cloneNode(true)) }",
            f"#row-{child.id}",
        )
        route.continue_()

    roll.route("**/sign-in*", replaced_meanwhile)
    roll.route("**/changes*", lambda route: route.fulfill(status=204))

    tap(roll, child, "簽到")

    expect(row(roll, child)).to_contain_text("在場 16:00 李老師")


def test_a_dead_network_is_never_a_false_done(roll, child, console):
    console.expect(NO_NETWORK)
    roll.route("**/sign-in*", lambda route: route.abort())

    tap(roll, child, "簽到")

    expect(roll.locator("#waiting")).to_have_text(
        "還有 1 項沒有保存，正在自動再送：簽到 小明"
    )
    expect(row(roll, child)).to_contain_text("未到")
    expect(row(roll, child)).to_contain_text("保存中")
    roll.unroute("**/sign-in*")
    expect(row(roll, child)).to_contain_text("在場", timeout=10_000)
    expect(roll.locator("#waiting")).to_be_hidden()


def test_a_tap_whose_answer_was_lost_is_sent_again_and_saved_once(roll, child, console):
    console.expect(NO_NETWORK)
    sent = []

    def first_unanswered(route):
        sent.append(route.request.url)
        if len(sent) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    roll.route("**/sign-in*", first_unanswered)
    tap(roll, child, "簽到")

    expect(roll.locator("#notice")).to_have_text("已保存：簽到 小明", timeout=10_000)
    expect(row(roll, child)).to_contain_text("在場 16:00")
    assert (len(sent), len(set(sent))) == (2, 1)
    assert Attendance.select().where(Attendance.came_at.is_null(False)).count() == 1


def test_a_poll_without_network_says_the_page_may_be_old(looking, console):
    console.expect(NO_NETWORK)
    looking.route("**/changes*", lambda route: route.abort())
    hurry(looking, 5)
    expect(looking.locator("#notice")).to_contain_text("可能不是最新的", timeout=10_000)

    looking.unroute("**/changes*")
    hurry(looking, 5)
    expect(looking.locator("#notice")).to_have_text("", timeout=10_000)


def test_a_second_device_sees_the_tap_and_keeps_its_place(
    roll, child, reading, open_device
):
    other = sign_in(open_device(**PC), make.staff("王老師"))
    other.clock.install()
    other.goto(f"/attendance/{reading.id}")
    other.locator("#q").fill("王")

    tap(roll, child, "簽到")
    expect(row(roll, child)).to_contain_text("在場")
    hurry(other, 5)

    expect(row(other, child)).to_contain_text("在場 16:00 李老師", timeout=10_000)
    assert other.locator("#q").input_value() == "王"


def test_a_stale_page_cannot_undo_what_another_device_did(
    roll, child, reading, open_device, at
):
    other = sign_in(open_device(**PC), make.staff("王老師"))
    other.goto(f"/attendance/{reading.id}")
    other.route("**/changes*", lambda route: route.fulfill(status=204))
    tap(roll, child, "簽到")
    expect(row(roll, child)).to_contain_text("在場")
    at(SOON)

    tap(other, child, "簽到")

    expect(row(other, child)).to_contain_text("在場 16:00")
    assert Attendance.get(Attendance.child == child).came_at == MONDAY_4PM


def test_back_after_a_tap_shows_the_truth(roll, child):
    tap(roll, child, "簽到")
    expect(row(roll, child)).to_contain_text("在場")
    roll.goto("/help")

    roll.go_back()

    expect(row(roll, child)).to_contain_text("在場 16:00")


def test_a_scanner_signs_in_one_child_after_another(roll, child):
    for number in ("202611001", "202611002"):
        roll.locator("#q").click()
        roll.keyboard.type(number)
        roll.keyboard.press("Enter")
        expect(roll.locator("#q")).to_have_value("")
        expect(roll.locator("#q")).to_be_focused()

    expect(roll.locator("#count")).to_contain_text("實到 2", use_inner_text=True)
    assert [r.came_at for r in Attendance.select()] == [MONDAY_4PM] * 2


def test_typing_finds_children_as_one_types(roll):
    roll.locator("#q").press_sequentially("xm")

    expect(roll.locator("#found strong")).to_have_text(["小明"])


def test_all_in_asks_once_and_can_be_undone(roll):
    roll.once("dialog", lambda dialog: dialog.accept())
    roll.get_by_role("button", name="全部簽到").click()
    expect(roll.locator("#batch")).to_contain_text("剛才全部簽到：2 人。")

    roll.locator("#batch button").click()

    expect(roll.locator("#count")).to_contain_text("實到 0", use_inner_text=True)


def test_all_in_that_is_not_confirmed_does_nothing(roll):
    roll.once("dialog", lambda dialog: dialog.dismiss())

    roll.get_by_role("button", name="全部簽到").click()

    assert Attendance.select().count() == 0


def test_without_script_everything_works(open_device, reading, child):
    page = sign_in(open_device(java_script_enabled=False), make.staff("李老師"))
    page.goto(f"/attendance/{reading.id}")

    tap(page, child, "簽到")
    expect(row(page, child)).to_contain_text("在場 16:00")
    turn(page, "簽退")
    tap(page, child, "簽退")
    tap(page, child, "撤銷")
    expect(row(page, child)).to_contain_text("坐校車")
    turn(page, "簽到")
    expect(row(page, child)).to_contain_text("在場 16:00")

    page.locator("#q").fill("小紅")
    page.locator("#q").press("Enter")
    page.get_by_role("button", name="簽到 小紅").click()
    expect(page.locator("#count")).to_contain_text("實到 2", use_inner_text=True)


def test_the_roll_is_worked_by_keyboard_alone(roll, child):
    button = row(roll, child).get_by_role("button", name="簽到")
    button.focus()
    assert button.evaluate("b => getComputedStyle(b).outlineStyle") == "solid"

    roll.keyboard.press("Enter")

    expect(row(roll, child)).to_contain_text("在場 16:00")


def test_a_lapsed_session_asks_in_the_notice_and_not_into_the_row(roll, child, console):
    console.expect("401")
    roll.context.clear_cookies()

    tap(roll, child, "簽到")

    expect(roll.locator("#notice form")).to_contain_text("還沒有保存")
    expect(row(roll, child)).to_contain_text("未到")
    expect(row(roll, child)).to_contain_text("保存中")


@pytest.mark.parametrize("script", ["hant", "hans"])
def test_roll_and_alarm_list_have_no_barriers(page, reading, child, script):
    sign_in(page, make.staff("李老師", script=script)).goto(f"/attendance/{reading.id}")
    tap(page, child, "簽到" if script == "hant" else "签到")

    for path in ("/", f"/attendance/{reading.id}", "/present"):
        page.goto(path)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= 360")


def test_every_button_of_the_roll_is_big_enough_for_cold_fingers(roll):
    """But for 查找, which on a phone is the keyboard's own search key."""
    tapped = "main button:visible:not(.scan-box button), main a.button:visible"
    sizes = roll.locator(tapped).evaluate_all(
        "all => all.map(e => Math.min(e.offsetWidth, e.offsetHeight))"
    )

    assert sizes
    assert min(sizes) >= 48


def test_the_alarm_list_prints_with_the_numbers_to_call(roll, child, tmp_path):
    tap(roll, child, "簽到")
    expect(row(roll, child)).to_contain_text("在場")
    roll.goto("/present")

    sheet = printed(roll, tmp_path)

    assert (sheet.pages, sheet.size) == (1, "A4")
    assert "小明" in sheet.text
    assert "13477190001" in sheet.text
    assert "退出" not in sheet.text
