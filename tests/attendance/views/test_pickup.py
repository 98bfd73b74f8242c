"""At the door: the way home on the row, one tap, the page of a child, whom to call,
somebody not listed."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.children.store import collecting
from liushou_web.schema import Activity, Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=30)
OTHER = {"name": "李嬸", "relation": "鄰居", "reason": "奶奶住院"}


@pytest.fixture
def reading(app):
    return make.activity(title="閱讀")


@pytest.fixture
def child(app):
    return make.child("小明", way=None)


@pytest.fixture
def here(reading, child):
    return make.attendance(reading, child, came_at=MONDAY_4PM)


def url(row, deed=""):
    roll = f"/attendance/{row.activity_id}"
    return f"{roll}/children/{row.child_id}/{deed}" if deed else roll


def row_of(html, row):
    return html.find(id=f"row-{row.child_id}")


def at_the_door(client, row):
    """The row as the roll shows it at home time."""
    return row_of(soup(client.get(f"{url(row)}?mode=out")), row)


def state(tag):
    return words(tag.find(class_="state"))


def words(tag):
    return " ".join(tag.get_text(" ").split())


def acts(tag):
    return [(b.name, b["aria-label"]) for b in tag.select("button, a.button")]


def gone():
    row = Attendance.get()
    return row.went_at, row.way_home, row.collected_by


def test_the_row_says_before_the_tap_who_collects(duty, here, child):
    person = make.collector(child, usual=True)

    row = at_the_door(duty, here)

    assert state(row) == "爺爺 王大山 接"
    assert acts(row) == [("button", "簽退 小明")]
    assert row.find("input", {"name": "choice"})["value"] == str(person.id)
    assert row.find("a", class_="who")["href"] == url(here, "pick?mode=out")


def test_without_a_way_home_the_button_leads_to_the_choice(duty, here):
    row = at_the_door(duty, here)

    assert state(row) == "接的人：請選擇"
    assert acts(row) == [("a", "簽退 小明，先選誰來接")]
    assert row.find("a", class_="do")["href"] == url(here, "pick?mode=out")


def test_of_who_has_not_come_the_row_says_no_way_home(duty, reading, child):
    row = make.attendance(reading, child)

    shown = at_the_door(duty, row)

    assert (state(shown), acts(shown)) == ("未到", [])


def test_at_the_beginning_nothing_on_the_row_signs_out(duty, here, child):
    make.collector(child, usual=True)

    row = row_of(soup(duty.get(f"{url(here)}?mode=in")), here)

    assert acts(row) == [("button", "撤銷 小明")]
    assert [each["action"] for each in row.find_all("form")] == [
        url(here, "undo-in?mode=in&seen=0")
    ]


def test_one_tap_signs_out_and_says_with_whom(duty, here, child, at):
    make.collector(child, usual=True)
    at(SOON)
    tap = at_the_door(duty, here).find("form")

    html = soup(duty.post(tap["action"], data={"choice": "1"}, headers=PART))

    assert gone() == (SOON, "collector", "爺爺 王大山")
    assert state(row_of(html, here)) == "爺爺 王大山 接 已離開 16:00–16:30"
    assert acts(row_of(html, here)) == [("button", "撤銷 小明")]


def test_a_stale_page_lets_nobody_go_with_who_was_ended(duty, here, child):
    person = make.collector(child, usual=True)
    tap = at_the_door(duty, here).find("form")
    collecting.end(person.id, by=make.actor(), at=MONDAY_4PM)

    answer = duty.post(tap["action"], data={"choice": "1"}, headers=PART)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert soup(answer).find("p", class_="bad").text == (
        "「爺爺 王大山」現在不能接小明。請刷新頁面，看名單上誰可以接。"
    )
    assert state(row_of(soup(answer), here)) == "接的人：請選擇"
    assert gone() == (None, "", "")


def test_a_stale_page_lets_nobody_go_though_the_way_is_still_open(duty, here, child):
    make.collector(child, usual=True)
    tap = at_the_door(duty, here).find("form")
    collecting.set_home(child.id, "bus", by=make.actor(), at=MONDAY_4PM)

    answer = duty.post(tap["action"], data={"choice": "1"}, headers=PART)

    assert answer.status_code == 409
    assert soup(answer).find("p", class_="bad").text == (
        "小明的記錄剛才變了（16:00 簽到，在場），這一下沒有記。請看清楚再點。"
    )
    assert state(row_of(soup(answer), here)) == "坐校車"
    assert gone() == (None, "", "")


def test_a_change_of_the_list_reaches_the_open_roll(duty, here, child):
    person = make.collector(child, usual=True)
    collecting.end(person.id, by=make.actor(), at=MONDAY_4PM)

    html = soup(duty.get(f"{url(here)}/changes?since=0&mode=out", headers=PART))

    assert state(row_of(html, here)) == "接的人：請選擇"


def test_who_only_reads_sees_the_line_and_no_buttons(head, here, child):
    make.collector(child, usual=True)

    row = row_of(soup(head.get(url(here))), here)

    assert words(row.find(class_="way")) == "爺爺 王大山 接"
    assert acts(row) == []


def test_an_old_departure_of_which_nothing_is_known_says_nothing(duty, here):
    Attendance.update(went_at=SOON).execute()

    assert state(at_the_door(duty, here)) == "已離開 16:00–16:30"


def test_the_page_of_a_child_offers_each_person_and_way_that_is_open(duty, here, child):
    make.collector(child, guardian=True, phone="13800000001")
    make.collector(child, "以前", ended_at=MONDAY_4PM)
    make.collector(child, "王小蓮", relation="姑姑", usual=True, photo="x.jpg")

    html = soup(duty.get(url(here, "pick?mode=out")))

    assert (html.h1.text, html.h2.text) == ("小明", "怎麼回家？")
    assert [words(b) for b in html.select("button.choice")] == [
        "姑姑 王小蓮 接 平時",
        "王 爺爺 王大山 接 監護人 138****0001",
        "→ 坐校車",
    ]
    assert [i["value"] for i in html.select("[name=choice]")] == ["3", "1", "bus"]
    assert [i["alt"] for i in html.select("img.face")] == ["王小蓮的照片"]
    assert {f["action"] for f in html.select(".choices form")} == {
        url(here, "sign-out?mode=out&seen=0")
    }
    assert html.select_one(".choices a")["href"].startswith(url(here, "unlisted?mode=out"))


def test_inside_the_roll_the_page_of_a_child_comes_alone(duty, here):
    html = soup(duty.get(url(here, "pick?mode=out"), headers=PART))

    assert [tag.name for tag in html.find_all(recursive=False)] == ["div"]
    assert html.h1.text == "小明"


def offered(html):
    """What the page of a child can do with it, by name and address."""
    acts = html.select(".picking form.act:not(.choices form), .picking > p > a")
    return {words(each): each.get("action") or each["href"] for each in acts}


@pytest.mark.parametrize(
    ("change", "shown", "deeds"),
    [
        ({}, "√ 在場 16:00", {"撤銷簽到"}),
        ({"came_at": None}, "… 未到", {"簽到", "請假…"}),
        ({"came_at": None, "leave": "sick"}, "△ 請假 病假", {"簽到", "撤銷請假"}),
        (
            {"went_at": SOON, "way_home": "bus"},
            "→ 已離開 16:00–16:30 坐校車",
            {"撤銷簽退", "又回來了"},
        ),
    ],
)
def test_the_page_of_a_child_says_its_state_and_what_can_be_done(
    duty, here, change, shown, deeds
):
    Attendance.update(version=0, **change).execute()

    html = soup(duty.get(url(here, "pick?mode=out")))

    assert words(html.find(class_="state")) == shown
    assert set(offered(html)) == deeds | {"監護人電話", "返回簽到表"}
    assert offered(html)["返回簽到表"] == f"{url(here)}?mode=out#row-{here.child_id}"
    assert bool(html.select(".choice")) is (change == {})


def test_nothing_is_sent_to_the_page_of_a_child(duty, here):
    assert duty.post(url(here, "pick"), data=OTHER).status_code == 405


def test_a_choice_signs_out_and_goes_back_to_the_row(duty, here, child):
    make.collector(child)
    page = soup(duty.get(url(here, "pick?mode=out")))
    tap = page.select_one(".choices form")["action"]

    answer = duty.post(tap, data={"choice": "1"})

    back = f"{url(here)}?mode=out#row-{child.id}"
    assert (answer.status_code, answer.location) == (303, back)
    assert gone() == (MONDAY_4PM, "collector", "爺爺 王大山")


FAMILY = {
    "carer_name": "梁桂蘭",
    "carer_relation": "外婆",
    "carer_phone": "13477190000",
    "father_phone": "13477190001",
}


def test_the_numbers_of_the_family_are_shown_to_be_tapped_and_the_look_is_recorded(
    client_for, reading, at
):
    at(MONDAY_4PM)
    child, person = make.child("小紅", **FAMILY), make.staff("王老師")
    row = make.attendance(reading, child, came_at=MONDAY_4PM)
    client = client_for(person)

    assert "1347719000" not in client.get(url(row, "pick?mode=out")).text
    for page in ("phones?mode=out", "unlisted?mode=out"):
        html = soup(client.get(url(row, page)))

        called = [(words(li.span), li.a["href"]) for li in html.select(".phones li")]
        assert called == [
            ("外婆 梁桂蘭", "tel:13477190000"),
            ("父親", "tel:13477190001"),
        ]
        line = Trail.select().order_by(-Trail.id).get()
        assert (line.deed, line.subject, line.subject_id, line.staff_id) == (
            "children.phones",
            "child",
            child.id,
            person.id,
        )
    assert Trail.select().where(Trail.deed == "children.phones").count() == 2


def test_without_any_number_it_says_whom_to_ask(duty, here):
    html = soup(duty.get(url(here, "phones?mode=out")))

    assert html.select(".phones") == []
    assert html.find(class_="hint").text == "檔案裏沒有電話。請問辦公室。"


def test_somebody_not_listed_is_let_go_with_a_reason(client_for, here, child, at):
    at(MONDAY_4PM)
    me, colleague = make.staff("李老師"), make.staff("陳老師")
    client = client_for(me)
    html = soup(client.get(url(here, "unlisted?mode=out")))
    assert html.select_one("#teacher option[selected]")["value"] == str(me.id)

    where = html.select_one("main form")["action"]
    answer = client.post(where, data={**OTHER, "teacher": colleague.id})

    row = Attendance.get()
    back = f"{url(here)}?mode=out#row-{child.id}"
    assert (answer.status_code, answer.location) == (303, back)
    assert gone() == (MONDAY_4PM, "other", "鄰居 李嬸")
    assert (row.release_reason, row.released_by_id, row.went_by_id) == (
        "奶奶住院",
        colleague.id,
        me.id,
    )
    html = soup(client.get(f"{url(here)}?mode=out"))
    assert html.find(id="notice").text.strip() == "已簽退，並告訴了留守兒童辦公室。"
    assert state(row_of(html, here)) == "鄰居 李嬸 接走，不在名單上 已離開 16:00–16:00"


@pytest.mark.parametrize(
    ("form", "typed"),
    [("unlisted", {**OTHER, "teacher": "1"}), ("leave", {"kind": "sick"})],
)
def test_a_form_filled_over_a_row_that_moved_on_is_refused_once(
    client_for, here, at, form, typed
):
    at(MONDAY_4PM)
    make.staff("李老師", id=1)
    client = client_for(make.staff("王老師"))
    if form == "leave":
        Attendance.update(came_at=None).execute()
    where = soup(client.get(url(here, f"{form}?mode=in"))).select_one("main form")["action"]
    Attendance.update(version=7).execute()

    answer = client.post(where, data=typed)

    html = soup(answer)
    assert answer.status_code == 422
    assert "小明的記錄剛才變了" in html.select_one("p.bad").text
    assert gone() == (None, "", "")
    seen_now = html.select_one("main form")["action"]
    assert client.post(seen_now, data=typed).status_code == 303


def test_inside_the_roll_the_form_of_somebody_not_listed_stays_in_its_sheet(duty, here):
    html = soup(duty.get(url(here, "unlisted?mode=out"), headers=PART))
    assert html.form["class"] == ["act"]
    assert html.form["data-row"].startswith("row-")

    answer = duty.post(html.form["action"], data={**OTHER, "name": ""}, headers=PART)

    again = soup(answer)
    assert answer.status_code == 422
    assert again.find(id="name-errors").text == "請填寫這一項。"
    assert again.form["data-row"] == html.form["data-row"]


def test_the_office_is_among_those_who_let_go_when_it_stands_in(office, here):
    html = soup(office.get(url(here, "unlisted")))

    assert html.select_one("#teacher option[selected]").text == "李老師"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": ""}, "name", "請填寫這一項。"),
        ({"relation": ""}, "relation", "請填寫這一項。"),
        ({"reason": "病了"}, "reason", "請寫明原因，至少 4 個字。"),
        ({"reason": ""}, "reason", "請填寫這一項。"),
    ],
)
def test_a_wrong_field_is_told_and_the_rest_is_kept(duty, here, values, field, reason):
    answer = duty.post(url(here, "unlisted"), data={**OTHER, "teacher": "1", **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.find(id=f"{field}-errors").text == reason
    kept = {**OTHER, **values}
    assert {name: html.find(id=name)["value"] for name in kept} == kept
    assert gone() == (None, "", "")


@pytest.mark.parametrize("teacher", ["99", "x", ""])
def test_a_teacher_who_is_none_is_refused(duty, here, teacher):
    answer = duty.post(url(here, "unlisted"), data={**OTHER, "teacher": teacher})

    assert answer.status_code == 422
    assert soup(answer).find(id="teacher-errors") is not None
    assert gone() == (None, "", "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"went_at": SOON, "way_home": "bus"},
            "小明已於 16:30 簽退。記錯了，請在簽到表上先撤銷。",
        ),
        ({"came_at": None}, "小明還沒有簽到，不能簽退。"),
    ],
)
def test_where_nobody_can_be_let_go_it_says_why(duty, here, change, sentence):
    Attendance.update(**change).execute()

    html = soup(duty.get(url(here, "unlisted")))

    assert html.select_one(".picking .warn").text == sentence
    assert html.select(".picking form") == []


def test_nobody_is_let_go_from_a_closed_roll(duty, here):
    Activity.update(closed_at=SOON).execute()

    for page in ("pick", "unlisted"):
        html = soup(duty.get(url(here, page)))
        assert html.select_one(".picking .warn").text == "這張簽到表現在不能點了。"
        assert html.select(".picking form") == []
    answer = duty.post(url(here, "unlisted"), data={**OTHER, "teacher": "1"})
    assert answer.status_code == 422
    assert gone() == (None, "", "")


@pytest.mark.parametrize("deed", ["pick", "phones", "unlisted"])
def test_a_child_not_on_the_roll_is_missing(duty, here, deed):
    other = make.child("小紅")

    assert duty.get(f"{url(here)}/children/{other.id}/{deed}").status_code == 404
    assert Trail.select().where(Trail.deed == "children.phones").count() == 0


def many(html):
    """The ticks of the page 多人一起簽退: value, child's name, whether it is ticked."""
    return [
        (tick["value"], tick.find_parent("label").b.text, tick.has_attr("checked"))
        for tick in html.select("[name=child]")
    ]


@pytest.fixture
def three(reading, here):
    """小明, of whom nothing is known; 小紅 takes the bus; somebody fetches 小剛."""
    bus, fetched = make.child("小紅"), make.child("小剛")
    make.collector(fetched, usual=True)
    for child in (bus, fetched):
        make.attendance(reading, child, came_at=MONDAY_4PM, version=4)
    make.attendance(reading, make.child("未到"))
    return bus, fetched


def test_only_who_goes_without_anybody_is_ticked_beforehand(duty, here, three):
    bus, fetched = three
    roll = soup(duty.get(f"{url(here)}?mode=out"))
    assert roll.select_one(".actions a")["href"] == f"{url(here)}/sign-out-many"

    html = soup(duty.get(f"{url(here)}/sign-out-many"))

    assert many(html) == [
        (f"{bus.id}:4", "小紅", True),
        (f"{fetched.id}:4", "小剛", False),
    ]
    assert [words(legend) for legend in html.find_all("legend")] == [
        "不用人接（1 人）",
        "有人來接（1 人）",
    ]
    assert html.find(class_="undecided").text == "還要一個一個選擇誰來接：小明。"
    assert html.select(f'[value^="{here.child_id}:"]') == []


def test_the_ticked_are_signed_out_and_can_be_brought_back(duty, here, three):
    bus, _fetched = three

    html = soup(
        duty.post(
            f"{url(here)}/sign-out-many",
            data={"child": [f"{bus.id}:4"]},
            follow_redirects=True,
        )
    )

    rows = Attendance.select().order_by(Attendance.id)
    assert [row.went_at for row in rows] == [None, MONDAY_4PM, None, None]
    assert html.select("#notice .warn") == []
    assert words(html.find(id="batch")) == "剛才一起簽退：1 人。 撤銷"
    duty.post(html.find(id="batch").form["action"])
    assert [row.went_at for row in rows.clone()] == [None] * 4


def test_those_who_stay_are_told_by_name(duty, here, three):
    bus, fetched = three
    ticked = [f"{here.child_id}:0", f"{bus.id}:4", f"{fetched.id}:3", "x", "²:1", "1:"]

    answer = duty.post(f"{url(here)}/sign-out-many", data={"child": ticked})

    assert answer.location.startswith(f"{url(here)}?")
    html = soup(duty.get(answer.location))
    assert html.select_one("#notice .warn").text == (
        "還有 2 人沒有簽退，請一個一個看：小剛、小明。"
    )
    assert words(html.find(id="batch")).startswith("剛才一起簽退：1 人。")
    assert html.select_one(".roll-mode [aria-current]").text == "簽退"


def test_there_is_no_button_that_signs_out_everybody(duty, here, three):
    for mode in ("in", "out"):
        html = soup(duty.get(f"{url(here)}?mode={mode}"))
        assert [form["action"] for form in html.select(".actions form")] == (
            [f"{url(here)}/sign-all-in"] if mode == "in" else []
        )
    assert duty.post(f"{url(here)}/sign-all-out").status_code == 404


def test_with_nobody_here_there_is_nothing_to_tick(duty, reading, child):
    make.attendance(reading, child)
    url = f"/attendance/{reading.id}"

    html = soup(duty.get(f"{url}/sign-out-many"))

    assert (html.find(class_="empty").text, many(html)) == ("沒有在場的學生。", [])
    assert soup(duty.get(f"{url}?mode=out")).select(".roll + .actions a") == []


def test_present_tells_how_each_goes_home(duty, here, child):
    make.collector(child, usual=True)

    html = soup(duty.get("/present"))

    heads = [th.text for th in html.select("thead th")]
    cells = [cell.text for cell in html.select("tbody tr > *")]
    assert dict(zip(heads, cells, strict=True))["回家"] == "爺爺 王大山 接"
