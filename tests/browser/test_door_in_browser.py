"""The door as a duty teacher works it: real touches at the speeds of a thumb, in a hurry,
on a bad network, beside a colleague. The register holds what was tapped, no more."""

import time
from collections import Counter
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM
from playwright.sync_api import expect

from liushou_web.attendance.store import taps
from liushou_web.schema import Activity, Attendance, LoginSession, Trail, WayHome

from .conftest import barriers, sign_in

GAPS = (0, 40, 60, 100, 150, 250, 400, 900)  # milliseconds between two taps on one spot
PHONE_360 = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
TABLET_768 = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}
NAMES = "甲乙丙丁戊己庚辛壬癸"


@pytest.fixture
def reading():
    make.term()
    return make.activity(title="閱讀")


def school(count):
    """Children of three classes, each fetched by its grandfather."""
    classes = [make.school_class(3, n + 1) for n in range(3)]
    made = []
    for n in range(count):
        name = f"王{NAMES[n // 10 % 10]}{NAMES[n % 10]}"
        child = make.child(name, way="", school_class=classes[n * 3 // count])
        make.collector(child, "王大山", relation="爺爺", usual=True)
        made.append(child)
    return made


def door(page, person, reading, mode="in", view="list", latency=0):
    sign_in(page, person)
    if view == "tiles":
        person.roll_view = view
        person.save()
    page.goto(f"/attendance/{reading.id}?mode={mode}")
    slow_down(page, latency)
    ready(page)
    return page


def ready(page):
    """A roll that just came takes no tap for a second: see `calm` in roll.js."""
    expect(page.locator("body.calm")).to_have_count(0)


def slow_down(page, latency):
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )


def spot(page, child, label):
    """Where the thumb goes: the middle of the button, as it lies on the screen."""
    button = page.locator(f"#row-{child.id}").get_by_label(f"{label} {child.name}")
    return button.evaluate(
        "b => { b.closest('li').scrollIntoView({block: 'nearest'});"
        " const r = b.getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2] }"
    )


def tap_twice(page, child, label, gap):
    where = spot(page, child, label)
    page.touchscreen.tap(*where)
    page.wait_for_timeout(gap)
    page.touchscreen.tap(*where)


def settled(page):
    while page.evaluate("acts.size"):
        page.wait_for_timeout(50)
    page.wait_for_timeout(100)


def deeds():
    return Counter(
        (line.subject_id, line.deed)
        for line in Trail.select().where(Trail.deed.startswith("attendance."))
    )


def state(children):
    rows = {row.child_id: row for row in Attendance.select()}
    return [
        (rows[c.id].came_at is not None, rows[c.id].went_at is not None) for c in children
    ]


@pytest.mark.parametrize("view", ["list", "tiles"])
@pytest.mark.parametrize("screen", [PHONE_360, TABLET_768], ids=["360", "768"])
@pytest.mark.parametrize("latency", [0, 40, 150])
def test_a_double_tap_does_what_one_tap_does(open_device, reading, screen, latency, view):
    children = school(len(GAPS))
    page = door(open_device(**screen), make.staff("李老師"), reading, "in", view, latency)

    for child, gap in zip(children, GAPS, strict=True):
        tap_twice(page, child, "簽到", gap)
    settled(page)
    assert state(children) == [(True, False)] * len(GAPS)
    if view == "list":
        for child, gap in zip(children, GAPS, strict=True):
            tap_twice(page, child, "撤銷", gap)
        settled(page)
        assert state(children) == [(False, False)] * len(GAPS)
        for child in children:
            page.touchscreen.tap(*spot(page, child, "簽到"))
        settled(page)

    page.goto(f"/attendance/{reading.id}?mode=out")
    ready(page)
    for child, gap in zip(children, GAPS, strict=True):
        tap_twice(page, child, "簽退", gap)
    settled(page)
    assert state(children) == [(True, True)] * len(GAPS)
    if view == "list":
        for child, gap in zip(children, GAPS, strict=True):
            tap_twice(page, child, "撤銷", gap)
        settled(page)
        assert state(children) == [(True, False)] * len(GAPS)
    assert max(deeds().values()) <= 2


def cut_first(page, how):
    """Of each act the first request dies: 'before' it arrives, or 'between' request and
    answer, when the server has saved it. From then on all is well."""
    cut = []

    def handle(route):
        if route.request.method != "POST" or route.request.url in cut:
            return route.continue_()
        cut.append(route.request.url)
        if how == "between":
            route.fetch()
        return route.abort()

    page.route("**/children/**", handle)
    return cut


@pytest.mark.parametrize("how", ["before", "between"])
def test_what_was_tapped_is_saved_though_the_network_is_cut(
    open_device, reading, console, how
):
    console.expect("ERR_")
    children = school(50)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    cut = cut_first(page, how)

    for child in children:
        page.touchscreen.tap(*spot(page, child, "簽到"))
    settled(page)
    assert state(children) == [(True, False)] * 50
    page.goto(f"/attendance/{reading.id}?mode=out")
    ready(page)
    for child in children:
        page.touchscreen.tap(*spot(page, child, "簽退"))
    settled(page)

    assert state(children) == [(True, True)] * 50
    assert len(cut) == 100
    assert set(deeds().values()) == {1}


def test_looks_that_are_cut_take_no_waiting_act_away(open_device, reading, console):
    console.expect("ERR_|htmx:(sendError|afterRequest)")
    children = school(10)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    page.route("**/changes*", lambda route: route.abort() if cut() else route.continue_())
    looks = iter(range(1000))
    cut = lambda: next(looks) % 2  # noqa: E731
    cut_first(page, "before")

    for n in range(200):
        if n % 20 == 0:
            page.touchscreen.tap(*spot(page, children[n // 20], "簽到"))
        page.evaluate(
            "() => { const s = document.getElementById('sync');"
            " return htmx.ajax('GET', s.getAttribute('hx-get'),"
            " {target: '#sync', swap: 'outerHTML'}).catch(() => 0) }"
        )
    settled(page)

    assert state(children) == [(True, False)] * 10


def test_what_waits_is_named_and_leaving_asks(open_device, reading, console):
    console.expect("ERR_")
    (child,) = school(1)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    page.route("**/sign-in*", lambda route: route.abort())

    before = page.locator(f"#row-{child.id}").bounding_box()
    page.touchscreen.tap(*spot(page, child, "簽到"))

    expect(page.locator("#waiting")).to_have_text(
        f"還有 1 項沒有保存，正在自動再送：簽到 {child.name}"
    )
    expect(page.locator(f"#row-{child.id}")).to_contain_text("保存中")
    assert page.locator(f"#row-{child.id}").bounding_box() == before
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("nav.thumb a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.unroute("**/sign-in*")
    expect(page.locator("#notice")).to_have_text(f"已保存：簽到 {child.name}", timeout=9000)
    expect(page.locator("#waiting")).to_be_hidden()
    assert state([child]) == [(True, False)]


def test_taps_go_through_after_the_login_ended(open_device, reading, console):
    console.expect("status of 401|Status Error Code 401")
    *_, one, other = school(5)
    person = make.staff("李老師")
    page = door(open_device(**PHONE_360), person, reading)
    page.locator("#q").fill("沒打完的")
    page.wait_for_timeout(500)
    slow_down(page, 150)
    LoginSession.update(ended_at=MONDAY_4PM).execute()

    for where in [spot(page, child, "簽到") for child in (one, other)]:
        page.touchscreen.tap(*where)
    notice = page.locator("#notice")
    notice.get_by_label("賬號").fill(person.login)
    notice.get_by_label("密碼").fill(make.SECRET)
    notice.get_by_role("button", name="登錄").click()
    expect(notice).to_have_text("已登錄，可以繼續了。")
    settled(page)

    assert state([one, other]) == [(True, False)] * 2
    assert page.locator("#q").input_value() == "沒打完的"


def test_two_devices_on_the_same_rows_record_one_arrival_each(open_device, reading):
    children = school(8)
    first = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    second = door(open_device(**TABLET_768), make.staff("王老師"), reading, latency=150)

    for child, gap in zip(children, GAPS, strict=True):
        first.touchscreen.tap(*spot(first, child, "簽到"))
        first.wait_for_timeout(gap)
        if second.locator(f"#row-{child.id} .do button").count():
            second.touchscreen.tap(*spot(second, child, "簽到"))
    settled(first)
    settled(second)

    assert state(children) == [(True, False)] * 8
    assert set(deeds().values()) == {1}


def test_an_act_on_what_has_moved_on_is_refused_and_says_what_happened(
    open_device, reading, console
):
    (child,) = school(1)
    first = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    second = door(open_device(**PHONE_360), make.staff("王老師"), reading)
    for page in (first, second):
        page.route("**/changes*", lambda route: route.fulfill(status=204))
    first.touchscreen.tap(*spot(first, child, "簽到"))
    settled(first)
    first.touchscreen.tap(*spot(first, child, "撤銷"))
    settled(first)

    second.touchscreen.tap(*spot(second, child, "簽到"))

    expect(second.locator("#notice")).to_contain_text(f"{child.name}的記錄剛才變了（未到）")
    settled(second)
    assert state([child]) == [(False, False)]
    second.touchscreen.tap(*spot(second, child, "簽到"))
    settled(second)
    assert state([child]) == [(True, False)]


def test_a_tap_on_a_roll_that_was_closed_meanwhile_says_so_and_waits_for_nothing(
    open_device, reading
):
    one, other = school(2)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    page.route("**/changes*", lambda route: route.fulfill(status=204))
    page.touchscreen.tap(*spot(page, one, "簽到"))
    settled(page)
    Activity.update(closed_at=MONDAY_4PM).execute()

    page.touchscreen.tap(*spot(page, other, "簽到"))
    settled(page)

    expect(page.locator("#notice .bad")).to_contain_text("關閉")
    expect(page.locator(f"#row-{other.id}")).not_to_contain_text("保存中")
    assert state([one, other]) == [(True, False), (False, False)]


def test_thirty_neighbours_arrive_and_nothing_moves_but_by_the_thumb(open_device, reading):
    children = school(83)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    watch_shifts(page)
    rows = page.locator(".roll-row .do button").evaluate_all(
        "all => all.slice(0, 9).map(b => { const r = b.getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2] })"
    )

    signed = 0
    while signed < 30:
        for where in rows[: 30 - signed]:
            before = page.evaluate("scrollY")
            page.touchscreen.tap(*where)
            page.wait_for_timeout(250)
            assert page.evaluate("scrollY") == before
            signed += 1
        settled(page)
        row = page.locator(".roll-row").first.bounding_box()["height"]
        page.mouse.wheel(0, row * len(rows))
        page.wait_for_timeout(200)
    settled(page)

    assert Attendance.select().where(Attendance.came_at.is_null(False)).count() == 30
    assert page.evaluate("window.shift") == 0
    assert state(children).count((True, False)) == 30


def watch_shifts(page):
    """From now on `window.shift` sums what moves in the page itself, not over it."""
    page.evaluate(
        "() => { window.shift = 0; const main = document.querySelector('main');"
        " new PerformanceObserver(list => list.getEntries().forEach(e => {"
        " if (e.sources.some(s => s.node && main.contains(s.node))) window.shift += e.value"
        " })).observe({type: 'layout-shift', buffered: false}) }"
    )


def whole(page, selector):
    """How many of them lie whole on the first screen, between the head and the bar."""
    return page.evaluate(
        "css => { const top = document.querySelector('.roll-head').getBoundingClientRect()"
        ".bottom, foot = document.querySelector('nav.thumb').getBoundingClientRect().top;"
        " return [...document.querySelectorAll(css)].map(e => e.getBoundingClientRect())"
        ".filter(r => r.top >= top && r.bottom <= foot && r.height >= 48).length }",
        selector,
    )


def test_the_first_screen_of_a_phone_is_for_the_children(open_device, reading):
    children = school(83)
    for child in children:
        make.attendance(reading, child, came_at=MONDAY_4PM)
    Attendance.update(came_at=None).execute()
    person = make.staff("李老師")
    page = door(open_device(**PHONE_360), person, reading)
    assert whole(page, ".roll-row") >= 9
    parts = ["nav.main", ".roll-title", ".roll-count", ".scan-box"]
    heights = [page.locator(part).bounding_box() or {"height": 0} for part in parts]
    assert sum(box["height"] for box in heights) <= 150

    Attendance.update(came_at=MONDAY_4PM).execute()
    page.goto(f"/attendance/{reading.id}?mode=out")
    assert whole(page, ".roll-row") >= 8
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(200)
    expect(page.locator("#count")).to_be_in_viewport()
    expect(page.locator("#q")).to_be_in_viewport()

    page.locator(".roll-order summary").click()
    page.get_by_role("button", name="改為點名格").click()
    expect(page.locator(".tiles")).to_be_visible()
    assert whole(page, ".roll-row") >= 21
    assert barriers(page) == []


PC_1280 = {"viewport": {"width": 1280, "height": 800}, "has_touch": False}


def keys(page, *presses):
    """As a scanner: each key comes eight milliseconds after the last, by its own clock."""
    wire, began = page.context.new_cdp_session(page), time.time()
    for n, press in enumerate(presses):
        for kind in ("keyDown", "keyUp"):
            moment = began + 0.008 * n
            wire.send(
                "Input.dispatchKeyEvent", {"type": kind, "timestamp": moment, **press}
            )


def letter(char):
    code = f"Digit{char}" if char.isdigit() else f"Key{char.upper()}"
    return {"key": char, "code": code, "text": char}


ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


def scan(page, code, ending=ENTER):
    keys(page, *map(letter, code), *([ending] if ending else []))


def scan_into_an_input_method(page, code):
    """The letters go into a composition, and Enter only ends it."""
    wire = page.context.new_cdp_session(page)
    process = {"key": "Process", "code": "", "windowsVirtualKeyCode": 229}
    for end in range(1, len(code) + 1):
        wire.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **process})
        composed = {"text": code[:end], "selectionStart": end, "selectionEnd": end}
        wire.send("Input.imeSetComposition", composed)
    wire.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **process, "code": "Enter"})
    wire.send("Input.insertText", {"text": code})


def scan_into_pinyin(page, code):
    """The first letter is composed and the first digit chooses a character: 'g4' is 個."""
    wire, began = page.context.new_cdp_session(page), time.time()
    for n, char in enumerate(code[:2]):
        press = {**letter(char), "key": "Process", "windowsVirtualKeyCode": 229, "text": ""}
        moment = began + 0.008 * n
        wire.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "timestamp": moment, **press},
        )
    composed = {"text": "g", "selectionStart": 1, "selectionEnd": 1}
    wire.send("Input.imeSetComposition", composed)
    wire.send("Input.insertText", {"text": "個"})
    keys(page, *map(letter, code[2:]), ENTER)


WAYS = {
    "enter": scan,
    "tab": lambda page, code: scan(page, code, TAB),
    "nothing": lambda page, code: (scan(page, code, ""), page.wait_for_timeout(800)),
    "input method": lambda page, code: (
        scan_into_an_input_method(page, code),
        page.wait_for_timeout(800),
    ),
    "pinyin": scan_into_pinyin,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", ["in", "out"])
def test_scans_arrive_however_the_keyboard_is_set(open_device, reading, way, mode):
    children = school(4)
    for n, child in enumerate(children):
        child.number = f"G004405{n}"
        child.save()
        if mode == "out":
            make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    if mode == "in":
        for child in children:
            make.attendance(reading, child)
    page = door(open_device(**PC_1280), make.staff("李老師"), reading, mode)
    page.locator("#q").click()

    for child in children:
        WAYS[way](page, child.number)
    page.wait_for_timeout(500)
    settled(page)

    assert state(children) == [(True, mode == "out")] * 4
    expect(page.locator("#q")).to_have_value("")


def test_a_code_that_is_nobodys_is_named_with_its_zeros(open_device, reading):
    school(2)
    page = door(open_device(**PC_1280), make.staff("李老師"), reading)
    page.locator("#q").click()

    scan(page, "00440599", "")

    expect(page.locator("#scanned .bad")).to_contain_text("「00440599」")


def test_a_scan_presses_no_button_of_the_sheet(open_device, reading):
    one, other = school(2)
    other.number = "G0044051"
    other.save()
    make.attendance(reading, one, came_at=MONDAY_4PM)
    make.attendance(reading, other, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PC_1280), make.staff("李老師"), reading, "out")
    page.locator(f"#row-{one.id} a.who").click()
    page.locator("#sheet .choice").first.focus()

    scan(page, "G0044051")
    settled(page)

    expect(page.locator("#scanned .good")).to_contain_text(other.name)
    assert state([one, other]) == [(True, False), (True, True)]


def test_back_closes_the_sheet_and_the_roll_stands_where_it_was(open_device, reading):
    children = school(83)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    child = children[40]
    where = spot(page, child, "簽到")
    before = page.evaluate("scrollY")
    page.touchscreen.tap(where[0] - 200, where[1])
    expect(page.locator("#sheet h1")).to_have_text(child.name)

    page.go_back()

    expect(page.locator("#sheet")).to_be_hidden()
    assert page.evaluate("scrollY") == before
    ready(page)
    page.touchscreen.tap(where[0] - 200, where[1])
    page.locator("#sheet").get_by_role("link", name="請假…").click()
    page.locator("#sheet").get_by_label("病假").check()
    page.locator("#sheet").get_by_role("button", name="記請假").click()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(f"#row-{child.id}")).to_contain_text("請假 病假")
    assert page.evaluate("scrollY") == before


def test_a_double_tap_on_the_choice_of_who_collects_chooses_nobody(open_device, reading):
    (child,) = school(1)
    make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    WayHome.delete().execute()
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, "out")
    for gap in GAPS:
        link = page.locator(f"#row-{child.id} a.do").bounding_box()
        where = link["x"] + link["width"] / 2, link["y"] + link["height"] / 2
        page.touchscreen.tap(*where)
        page.wait_for_timeout(gap)
        page.touchscreen.tap(*where)
        page.wait_for_timeout(300)
        if page.locator("#sheet").is_visible():
            page.keyboard.press("Escape")
            page.wait_for_timeout(200)

    assert state([child]) == [(True, False)]


def test_enter_twice_signs_in_and_the_focus_stays_to_be_seen(open_device, reading):
    (child,) = school(1)
    page = door(open_device(**PC_1280), make.staff("李老師"), reading)
    page.get_by_label(f"簽到 {child.name}").focus()

    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Enter")
    settled(page)

    assert state([child]) == [(True, False)]
    expect(page.locator(f"#row-{child.id} .done")).to_be_focused()


def test_a_long_press_on_a_tile_opens_the_child_and_records_nothing(open_device, reading):
    (child,) = school(1)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, view="tiles")
    x, y = spot(page, child, "簽到")
    wire = page.context.new_cdp_session(page)
    touch = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    wire.send("Input.dispatchTouchEvent", touch)
    page.wait_for_timeout(900)
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(page.locator("#sheet h1")).to_have_text(child.name)
    page.wait_for_timeout(300)
    assert Attendance.select().where(Attendance.came_at.is_null(False)).count() == 0


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (768, 2), (1280, 3)])
def test_a_wider_screen_shows_more_children_beside_each_other(
    open_device, reading, width, columns
):
    school(12)
    page = open_device(viewport={"width": width, "height": 900})
    page = door(page, make.staff("李老師"), reading)

    lefts = page.locator(".roll-row").evaluate_all(
        "all => all.map(row => Math.round(row.getBoundingClientRect().left))"
    )

    assert len(set(lefts)) == columns


def test_the_headings_count_what_is_below_them_as_it_changes(open_device, reading):
    one, *_ = school(3)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    heading = page.locator(".roll h2").first
    expect(heading).to_contain_text("未到 3 人")

    page.touchscreen.tap(*spot(page, one, "簽到"))

    expect(heading).to_contain_text("未到 2 人")


def tap_where_it_was(page, locator, gap):
    """Twice on one spot, whatever the first tap brings there."""
    box = locator.bounding_box()
    where = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
    page.touchscreen.tap(*where)
    page.wait_for_timeout(gap)
    page.touchscreen.tap(*where)


@pytest.mark.parametrize("gap", GAPS)
def test_a_double_tap_on_who_collects_lets_no_other_child_go(open_device, reading, gap):
    children = school(30)
    for child in children:
        make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, "out")
    page.locator(f"#row-{children[0].id} a.who").click()
    page.wait_for_timeout(1100)

    tap_where_it_was(page, page.locator("#sheet .choice").first, gap)
    settled(page)

    assert state(children) == [(True, True), *[(True, False)] * 29]
    expect(page.locator("#sheet")).to_be_hidden()


@pytest.mark.parametrize("gap", [100, 200, 350, 600])
def test_a_double_tap_on_many_lets_no_other_child_go(open_device, reading, gap):
    children = school(30)
    for child in children:
        make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, "out")
    page.goto(f"/attendance/{reading.id}/sign-out-many")
    page.get_by_label(children[3].name).check()

    tap_where_it_was(page, page.get_by_role("button", name="簽退打了鈎的"), gap)
    expect(page.locator("#batch")).to_contain_text("剛才一起簽退：1 人")
    settled(page)

    gone = [child for child, (_, out) in zip(children, state(children), strict=True) if out]
    assert gone == [children[3]]


@pytest.mark.parametrize("gap", [100, 200, 400])
def test_a_double_tap_on_what_was_found_lets_nobody_else_go(open_device, reading, gap):
    children = school(30)
    for child in children:
        make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, "out")
    page.locator("#q").press_sequentially(children[5].name, delay=120)
    button = page.locator("#found").get_by_label(f"簽退 {children[5].name}")
    expect(button).to_be_visible()

    tap_where_it_was(page, button, gap)
    settled(page)

    gone = [child for child, (_, out) in zip(children, state(children), strict=True) if out]
    assert gone == [children[5]]


def test_on_a_dead_network_no_row_moves_and_what_was_refused_is_told(
    open_device, reading, console
):
    console.expect("ERR_|htmx:(sendError|afterRequest)|status of 409")
    children = school(20)
    one, other, *_ = children
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    watch_shifts(page)
    page.route("**/children/**", lambda route: route.abort())
    for child in (one, other):
        page.touchscreen.tap(*spot(page, child, "簽到"))
    expect(page.locator("#waiting")).to_contain_text("還有 2 項沒有保存", timeout=9000)
    by = make.actor(make.staff("王老師"))
    taps.grant_leave(reading.id, other.id, kind="sick", note="發燒", by=by, at=MONDAY_4PM)
    page.unroute("**/children/**")
    settled(page)

    expect(page.locator("#notice")).to_contain_text(f"已保存：簽到 {one.name}")
    expect(page.locator("#notice")).to_contain_text(f"{other.name}的記錄剛才變了（請假）")
    assert state([one, other]) == [(True, False), (False, False)]
    assert page.evaluate("window.shift") == 0


def test_an_act_that_waited_keeps_the_time_of_its_tap(open_device, reading, console, at):
    console.expect("ERR_")
    (child,) = school(1)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading)
    page.route("**/children/**", lambda route: route.abort())
    page.touchscreen.tap(*spot(page, child, "簽到"))
    page.wait_for_timeout(4000)
    at(MONDAY_4PM + timedelta(seconds=5))
    page.unroute("**/children/**")
    settled(page)

    came = Attendance.get().came_at
    assert MONDAY_4PM - timedelta(seconds=5) < came < MONDAY_4PM + timedelta(seconds=4)


def test_taps_go_through_after_a_logout_in_another_tab(open_device, reading, console):
    console.expect("status of 401|Status Error Code 401")
    *_, child = school(5)
    person = make.staff("李老師")
    page = door(open_device(**PHONE_360), person, reading)
    page.context.clear_cookies()

    page.touchscreen.tap(*spot(page, child, "簽到"))
    notice = page.locator("#notice")
    notice.get_by_label("賬號").fill(person.login)
    notice.get_by_label("密碼").fill(make.SECRET)
    notice.get_by_role("button", name="登錄").click()
    settled(page)

    assert state([child]) == [(True, False)]
    page.touchscreen.tap(*spot(page, child, "撤銷"))
    settled(page)
    assert state([child]) == [(False, False)]


def test_what_was_typed_of_a_stranger_outlives_a_dead_network_and_a_fault(
    open_device, reading, console
):
    console.expect("ERR_|htmx:(sendError|afterRequest)")
    (child,) = school(1)
    make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, "out")
    page.locator(f"#row-{child.id} a.who").click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("link", name="不在名單上的人").click()
    sheet.get_by_label("接的人叫什麼").fill("孫嬸")
    sheet.get_by_label("和孩子是什麼關係").fill("鄰居")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.go_back()
    expect(sheet.get_by_label("接的人叫什麼")).to_have_value("孫嬸")

    sheet.get_by_label("為什麼讓他接").fill("忙      ")
    sheet.get_by_role("button", name="登記並簽退").click()
    expect(sheet.get_by_text("請寫明原因")).to_be_visible()
    expect(sheet.get_by_label("接的人叫什麼")).to_have_value("孫嬸")
    page.route("**/children/**", lambda route: route.abort())
    sheet.get_by_label("為什麼讓他接").fill("奶奶生病，打電話托鄰居來接")
    sheet.get_by_role("button", name="登記並簽退").click()
    page.wait_for_timeout(1500)
    page.unroute("**/children/**")
    settled(page)

    assert Attendance.get().collected_by == "鄰居 孫嬸"


def test_a_code_typed_into_a_form_of_the_sheet_records_nothing(open_device, reading):
    one, other = school(2)
    other.number = "G0044051"
    other.save()
    make.attendance(reading, one, came_at=MONDAY_4PM)
    make.attendance(reading, other, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM).execute()
    page = door(open_device(**PC_1280), make.staff("李老師"), reading, "out")
    page.locator(f"#row-{one.id} a.who").click()
    page.locator("#sheet").get_by_role("link", name="不在名單上的人").click()
    field = page.locator("#sheet").get_by_label("為什麼讓他接")
    field.focus()

    scan(page, "G0044051")
    page.wait_for_timeout(900)
    settled(page)

    expect(field).to_have_value("G0044051")
    assert state([one, other]) == [(True, False)] * 2


@pytest.mark.parametrize("gap", [40, 150, 400])
def test_all_in_tapped_twice_can_still_be_undone(open_device, reading, gap):
    school(3)
    page = door(open_device(**PHONE_360), make.staff("李老師"), reading, latency=150)
    page.on("dialog", lambda dialog: dialog.accept())
    button = page.get_by_role("button", name="全部簽到")
    button.scroll_into_view_if_needed()

    tap_where_it_was(page, button, gap)

    expect(page.locator("#batch")).to_contain_text("剛才全部簽到：3 人")
