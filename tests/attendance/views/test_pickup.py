"""At the door: the way home on the row, one tap, the quick pick, somebody not listed."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.children.store import collecting
from liushou_web.schema import Activity, Attendance

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


def words(tag):
    return " ".join(tag.get_text(" ").split())


def acts(tag):
    return [(each.name, each["aria-label"]) for each in tag.find_all(["a", "button"])]


def gone():
    row = Attendance.get()
    return row.went_at, row.way_home, row.collected_by


def test_the_row_says_before_the_tap_who_collects(duty, here, child):
    person = make.collector(child, usual=True)

    row = row_of(soup(duty.get(url(here))), here)

    assert words(row.find(class_="way")) == "爺爺 王大山 接 換人"
    assert acts(row) == [
        ("a", "換人 小明"),
        ("button", "撤銷 小明"),
        ("button", "簽退 小明"),
    ]
    assert row.find("input", {"name": "choice"})["value"] == str(person.id)
    assert row.find("a")["href"] == url(here, "pick")


def test_without_a_way_home_the_button_leads_to_the_pick(duty, here):
    row = row_of(soup(duty.get(url(here))), here)

    assert words(row.find(class_="way")) == "接的人：請選擇"
    assert acts(row) == [("button", "撤銷 小明"), ("a", "簽退 小明")]
    assert row.find("a")["href"] == url(here, "pick")


def test_who_has_not_come_has_no_line_more(duty, reading, child):
    row = make.attendance(reading, child)

    assert row_of(soup(duty.get(url(row))), row).find(class_="way") is None


def test_one_tap_signs_out_and_says_with_whom(duty, here, child, at):
    make.collector(child, usual=True)
    at(SOON)

    html = soup(duty.post(url(here, "sign-out"), data={"choice": "1"}, headers=PART))

    assert gone() == (SOON, "collector", "爺爺 王大山")
    assert words(row_of(html, here).find(class_="way")) == "爺爺 王大山 接"
    assert acts(row_of(html, here)) == [("button", "撤銷 小明")]


def test_a_stale_page_lets_nobody_go_with_who_was_ended(duty, here, child):
    person = make.collector(child, usual=True)
    collecting.end(person.id, by=make.actor(), at=MONDAY_4PM)

    answer = duty.post(url(here, "sign-out"), data={"choice": "1"}, headers=PART)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert soup(answer).text.strip() == (
        "「爺爺 王大山」現在不能接小明。請刷新頁面，看名單上誰可以接。"
    )
    assert gone() == (None, "", "")


def test_a_change_of_the_list_reaches_the_open_roll(duty, here, child):
    person = make.collector(child, usual=True)
    collecting.end(person.id, by=make.actor(), at=MONDAY_4PM)

    html = soup(duty.get(f"{url(here)}/changes?since=0", headers=PART))

    assert words(row_of(html, here).find(class_="way")) == "接的人：請選擇"


def test_who_only_reads_sees_the_line_and_no_buttons(head, here, child):
    make.collector(child, usual=True)

    row = row_of(soup(head.get(url(here))), here)

    assert words(row.find(class_="way")) == "爺爺 王大山 接"
    assert acts(row) == []


def test_an_old_departure_of_which_nothing_is_known_says_nothing(duty, here):
    Attendance.update(went_at=SOON).execute()

    assert row_of(soup(duty.get(url(here))), here).find(class_="way") is None


def test_the_pick_offers_each_person_and_way_that_is_open(duty, here, child):
    make.collector(child, guardian=True, phone="13800000001")
    make.collector(child, "以前", ended_at=MONDAY_4PM)
    make.collector(child, "王小蓮", relation="姑姑", usual=True, photo="x.jpg")

    html = soup(duty.get(url(here, "pick")))

    assert html.h1.text == "小明怎麼回家？"
    assert [words(b) for b in html.select("button.choice")] == [
        "姑姑 王小蓮 接 平時",
        "王 爺爺 王大山 接 監護人 138****0001",
        "→ 坐校車",
    ]
    assert [i["value"] for i in html.select("[name=choice]")] == ["3", "1", "bus"]
    assert [i["alt"] for i in html.select("img.face")] == ["王小蓮的照片"]
    assert {f["action"] for f in html.select(".choices form")} == {url(here, "sign-out")}


def test_a_pick_signs_out_and_goes_back_to_the_row(duty, here, child):
    make.collector(child)

    answer = duty.post(url(here, "sign-out"), data={"choice": "1"})

    assert (answer.status_code, answer.location) == (303, f"{url(here)}#row-{child.id}")
    assert gone() == (MONDAY_4PM, "collector", "爺爺 王大山")


def test_somebody_not_listed_is_let_go_with_a_reason(client_for, here, child, at):
    at(MONDAY_4PM)
    me, colleague = make.staff("李老師"), make.staff("陳老師")
    client = client_for(me)
    html = soup(client.get(url(here, "pick")))
    assert html.select_one("#teacher option[selected]")["value"] == str(me.id)

    answer = client.post(url(here, "pick"), data={**OTHER, "teacher": colleague.id})

    row = Attendance.get()
    assert (answer.status_code, answer.location) == (303, f"{url(here)}#row-{child.id}")
    assert gone() == (MONDAY_4PM, "other", "鄰居 李嬸")
    assert (row.release_reason, row.released_by_id, row.went_by_id) == (
        "奶奶住院",
        colleague.id,
        me.id,
    )
    html = soup(client.get(url(here)))
    assert html.find(id="notice").text.strip() == "已簽退，並告訴了留守兒童辦公室。"
    assert words(row_of(html, here).find(class_="way")) == "鄰居 李嬸 接走，不在名單上"


def test_the_office_is_among_those_who_let_go_when_it_stands_in(office, here):
    html = soup(office.get(url(here, "pick")))

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
    answer = duty.post(url(here, "pick"), data={**OTHER, "teacher": "1", **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.find(id=f"{field}-errors").text == reason
    assert html.select_one("details").has_attr("open")
    kept = {**OTHER, **values}
    assert {name: html.find(id=name)["value"] for name in kept} == kept
    assert gone() == (None, "", "")


@pytest.mark.parametrize("teacher", ["99", "x", ""])
def test_a_teacher_who_is_none_is_refused(duty, here, teacher):
    answer = duty.post(url(here, "pick"), data={**OTHER, "teacher": teacher})

    assert answer.status_code == 422
    assert soup(answer).find(id="teacher-errors") is not None
    assert gone() == (None, "", "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"went_at": SOON, "way_home": "bus"},
            "小明已於 16:30 簽退： 坐校車。記錯了，請在簽到表上先點「撤銷」。",
        ),
        ({"came_at": None}, "小明還沒有簽到，不能簽退。"),
    ],
)
def test_where_there_is_nothing_to_pick_it_says_why(duty, here, change, sentence):
    Attendance.update(**change).execute()

    html = soup(duty.get(url(here, "pick")))

    assert html.select_one(".picking .warn").text == sentence
    assert html.select("button.choice, details") == []


def test_a_closed_roll_is_not_picked_from(duty, here):
    Activity.update(closed_at=SOON).execute()

    html = soup(duty.get(url(here, "pick")))

    assert html.select_one(".picking .warn").text == "這張簽到表現在不能點了。"
    answer = duty.post(url(here, "pick"), data={**OTHER, "teacher": "1"})
    assert answer.status_code == 422
    assert gone() == (None, "", "")


def test_a_child_not_on_the_roll_is_missing(duty, reading, child):
    assert duty.get(f"/attendance/{reading.id}/children/{child.id}/pick").status_code == 404


def test_all_out_says_by_name_who_is_left(duty, reading, here):
    make.attendance(reading, make.child("小紅"), came_at=MONDAY_4PM)
    html = soup(duty.get(url(here)))
    assert [b.text for b in html.select(".actions button")] == ["全部簽退（1 人）"]
    assert html.find(class_="undecided").text == "還要一個一個選擇誰來接：小明。"

    html = soup(duty.post(f"{url(here)}/sign-all-out", follow_redirects=True))

    assert html.select_one("#notice .warn").text == (
        "還有 1 人要先選擇誰來接，沒有簽退：小明。"
    )
    assert words(html.find(id="batch")).startswith("剛才全部簽退：1 人。")
    assert html.select(".actions form") == []


def test_present_tells_how_each_goes_home(duty, here, child):
    make.collector(child, usual=True)

    html = soup(duty.get("/present"))

    heads = [th.text for th in html.select("thead th")]
    cells = [cell.text for cell in html.select("tbody tr > *")]
    assert dict(zip(heads, cells, strict=True))["回家"] == "爺爺 王大山 接"
