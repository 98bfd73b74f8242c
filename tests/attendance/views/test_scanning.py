"""What a scanner types into the box above a roll, and what comes of it in words."""

from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import Attendance

NUMBER = "G440582201505121234"
SOON = MONDAY_4PM + timedelta(minutes=30)


@pytest.fixture
def reading(app):
    return make.activity()


@pytest.fixture
def child(reading):
    return make.child("小明", number=NUMBER)


def scan(client, activity, typed, mode="in"):
    url = f"/attendance/{activity.id}/scan?mode={mode}"
    return soup(client.post(url, data={"q": typed}, headers=PART))


def line(html):
    """The one line that a scan is answered with: how it is shown, and its words."""
    words = html.li.span or html.li
    return html.li["class"][0], " ".join(words.text.split())


def here():
    return [row.child_id for row in Attendance.select() if row.came_at]


@pytest.mark.parametrize(
    "typed",
    [NUMBER, NUMBER.lower(), f"{NUMBER} ", "Ｇ４４０５８２２０１５０５１２１２３４"],
)
def test_a_number_signs_in_however_the_keyboard_is_set(duty, reading, child, typed):
    assert line(scan(duty, reading, typed)) == ("good", "小明：簽到 16:00")
    assert here() == [child.id]


def test_a_child_without_number_signs_in_by_its_card(duty, reading):
    child = make.child("小紅")

    assert line(scan(duty, reading, f"ls-{child.id}")) == ("good", "小紅：簽到 16:00")
    assert here() == [child.id]


def test_a_second_scan_changes_nothing_and_says_so(duty, reading, child, at):
    scan(duty, reading, NUMBER)
    before = Attendance.get().version
    at(MONDAY_4PM + timedelta(minutes=3))

    assert line(scan(duty, reading, NUMBER)) == (
        "good",
        "小明：16:00 已經簽到，沒有重複記錄。",
    )
    row = Attendance.get()
    assert (row.came_at, row.version) == (MONDAY_4PM, before)


def test_who_went_already_is_refused_in_a_line(duty, reading, child):
    make.attendance(reading, child, came_at=MONDAY_4PM, went_at=MONDAY_4PM)

    assert line(scan(duty, reading, NUMBER)) == (
        "bad",
        "小明已於 16:00 簽退。如果記錯了，請先撤銷。",
    )


def test_an_unknown_code_is_told_and_signs_nobody_in(duty, reading, child):
    assert line(scan(duty, reading, "G999")) == (
        "bad",
        "沒有找到號碼「G999」的在冊學生，沒有記錄。請按姓名查找。",
    )
    assert here() == []


def test_the_card_of_who_left_signs_nobody_in(duty, reading):
    make.child("已走", number="88", left_on=date(2026, 10, 1), left_reason="moved")

    assert line(scan(duty, reading, "88"))[0] == "bad"
    assert here() == []


def test_a_part_of_a_number_lists_and_signs_nobody_in(duty, reading, child):
    html = scan(duty, reading, "1234")

    assert line(html) == ("warn", "「1234」不是完整的號碼，沒有記錄。請在下面選學生。")
    assert html.find(id="found").strong.text == "小明"
    assert html.find(id="found")["data-query"] == "1234"
    assert here() == []


@pytest.mark.parametrize("opened", [False, True])
def test_a_child_not_on_the_list_is_offered_and_added(duty, child, opened):
    activity = make.activity(expects="children", room=make.room("閱讀室"))
    if opened:
        make.attendance(activity, make.child("小紅"))

    html = scan(duty, activity, NUMBER)
    assert line(html) == ("warn", "小明 三年級1班：不在這次的名單上，還沒有簽到。")
    assert (html.li.button.text, here()) == ("加入並簽到", [])

    place = html.li["id"]
    added = soup(duty.post(html.li.form["action"], headers=PART))
    told = added.find(id=place)
    assert (told["class"], told.text) == (["good"], "小明：在場 16:00")
    assert added.find(id="walk-ins").li["id"] == f"row-{child.id}"
    assert here() == [child.id]


def test_two_children_that_a_code_may_mean_are_listed(duty, reading):
    child = make.child("小紅")
    make.child("小剛", number=f"LS-{child.id}")

    html = scan(duty, reading, f"LS-{child.id}")

    assert [name.text for name in html.find(id="found").find_all("strong")] == [
        "小紅",
        "小剛",
    ]
    assert here() == []


def test_without_htmx_a_scan_leads_back_to_the_roll_and_says_so(duty, reading, child):
    url = f"/attendance/{reading.id}"

    first = duty.post(f"{url}/scan", data={"q": NUMBER})
    html = soup(duty.get(url))

    back = f"{url}?mode=in&order=waiting"
    assert (first.status_code, first.location) == (303, back)
    assert html.find(id="notice").text.strip() == "小明：簽到 16:00"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("G999", "沒有找到號碼「G999」的在冊學生，沒有記錄。請按姓名查找。"), ("xm", "")],
)
def test_without_htmx_what_is_no_card_leads_to_the_search(
    duty, reading, child, typed, words
):
    answer = duty.post(f"/attendance/{reading.id}/scan", data={"q": typed})

    assert answer.location == f"/attendance/{reading.id}/find?q={typed}"
    assert soup(duty.get(answer.location)).find(id="notice").text.strip() == words


@pytest.fixture
def come(reading, child):
    """小明 came, and is usually fetched by its grandfather."""
    make.collector(child, usual=True)
    return make.attendance(reading, child, came_at=MONDAY_4PM)


def gone():
    row = Attendance.get()
    return row.went_at, row.way_home, row.collected_by


def test_at_home_time_a_scan_signs_out_and_says_who_collects(duty, reading, come, at):
    at(SOON)

    html = scan(duty, reading, NUMBER, "out")

    assert line(html) == ("good", "小明：簽退 16:30 爺爺 王大山 接")
    assert html.find(id=f"row-{come.child_id}")["hx-swap-oob"] == "true"
    assert gone() == (SOON, "collector", "爺爺 王大山")


def test_a_second_scan_at_home_time_changes_nothing_and_says_so(duty, reading, come, at):
    at(SOON)
    scan(duty, reading, NUMBER, "out")
    before = Attendance.get().version
    at(SOON + timedelta(minutes=3))

    assert line(scan(duty, reading, NUMBER, "out")) == (
        "good",
        "小明：16:30 已經簽退，沒有重複記錄。",
    )
    assert (gone()[0], Attendance.get().version) == (SOON, before)


def test_where_somebody_has_to_choose_the_choice_is_one_tap_away(duty, reading):
    child = make.child("小明", number=NUMBER, way=None)
    make.attendance(reading, child, came_at=MONDAY_4PM)

    html = scan(duty, reading, NUMBER, "out")

    assert line(html) == ("warn", "小明 三年級1班：要先選擇誰來接，還沒有簽退。")
    pick = f"/attendance/{reading.id}/children/{child.id}/pick"
    assert html.li.a["href"] == f"{pick}?mode=out"
    plain = duty.post(f"/attendance/{reading.id}/scan?mode=out", data={"q": NUMBER})
    assert plain.location == pick
    assert gone() == (None, "", "")


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (True, "小明還沒有簽到，不能簽退。"),
        (False, "小明不在這次的名單上，沒有簽退。"),
    ],
)
def test_at_home_time_who_has_not_come_is_told_and_not_signed_in(
    duty, reading, child, listed, words
):
    make.attendance(reading, child if listed else make.child("小紅"))

    assert line(scan(duty, reading, NUMBER, "out")) == ("bad", words)
    assert here() == []


def test_a_person_who_may_not_collect_today_does_not_by_a_scan(duty, reading, child):
    make.collector(child, usual=True, ended_at=MONDAY_4PM)
    make.attendance(reading, child, came_at=MONDAY_4PM)

    assert line(scan(duty, reading, NUMBER, "out"))[0] == "warn"
    assert gone() == (None, "", "")


def find(client, activity, query, mode):
    url = f"/attendance/{activity.id}/find?q={query}&mode={mode}"
    return soup(client.get(url, headers=PART)).find(id="found")


def test_at_home_time_the_search_signs_out_with_who_collects_in_sight(
    duty, reading, come, at
):
    at(SOON)

    found = find(duty, reading, "xm", "out")
    assert [words.text for words in found.find_all(class_="state")] == [
        "在場 16:00",
        "爺爺 王大山 接",
    ]
    assert [b["aria-label"] for b in found.select("button, a.button")] == [
        "換人 小明",
        "簽退 小明",
    ]
    choice = {"choice": found.find("input", {"name": "choice"})["value"]}
    told = soup(duty.post(found.form["action"], data=choice, headers=PART))

    assert told.find(id=f"found-{come.child_id}").text == "小明：已離開 16:30"
    assert gone() == (SOON, "collector", "爺爺 王大山")


def test_at_home_time_the_search_leads_to_the_choice_where_there_is_one(duty, reading):
    make.attendance(reading, make.child("小明", way=None), came_at=MONDAY_4PM)

    found = find(duty, reading, "xm", "out")

    assert [a.text for a in found.select("a.button")] == ["簽退…"]
    assert found.find("form") is None


@pytest.mark.parametrize(
    ("mode", "facts"),
    [("in", {"came_at": MONDAY_4PM}), ("out", {}), ("out", {"leave": "sick"})],
)
def test_the_search_offers_no_act_of_the_other_mode(duty, reading, child, mode, facts):
    make.attendance(reading, child, **facts)

    assert find(duty, reading, "xm", mode).select("form, a") == []


def test_what_the_search_offers_carries_what_it_saw(duty, reading, child):
    make.attendance(reading, child, version=6)

    action = find(duty, reading, "xm", "in").form["action"]

    assert action == (
        f"/attendance/{reading.id}/children/{child.id}/walk-in"
        f"?mode=in&seen=6&place=found-{child.id}"
    )


def test_leading_zeros_are_part_of_a_number(duty, reading):
    one, other = make.child("甲", number="00717"), make.child("乙", number="717")

    assert line(scan(duty, reading, "00717")) == ("good", "甲：簽到 16:00")
    assert here() == [one.id]
    assert line(scan(duty, reading, "717")) == ("good", "乙：簽到 16:00")
    assert here() == [one.id, other.id]


def test_a_scan_at_an_activity_that_is_not_there_is_not_found(duty):
    assert (
        duty.post("/attendance/99/scan", data={"q": "1"}, headers=PART).status_code == 404
    )
