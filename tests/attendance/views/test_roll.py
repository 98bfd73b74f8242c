"""The roll over HTTP: the row and the counts, refusals in the notice, and without htmx."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.attendance.store import taps
from liushou_web.schema import Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=3)


@pytest.fixture
def reading(app):
    return make.activity(title="閱讀")


def url(activity, child, deed):
    return f"/attendance/{activity.id}/children/{child.id}/{deed}"


def counts(html):
    return [int(b.text) for b in html.find(id="count").find_all("b")]


def buttons(row):
    return [b.text.strip() for b in row.find_all(["button", "a"])]


def test_the_roll_shows_each_child_with_the_next_act(duty, reading):
    child = make.child(name="小明")

    html = soup(duty.get(f"/attendance/{reading.id}"))

    row = html.find(id=f"row-{child.id}")
    assert row["class"] == ["roll-row", "expected"]
    assert row.find("strong").text == "小明"
    assert buttons(row) == ["請假", "簽到"]
    assert counts(html) == [1, 0, 0, 1, 0]


def test_sign_in_answers_htmx_with_the_row_and_the_counts_only(duty, reading):
    child = make.child(name="小明")

    html = soup(duty.post(url(reading, child, "sign-in"), headers=PART))

    row = html.find("li")
    assert row["id"] == f"row-{child.id}"
    assert " ".join(row.find(class_="state").text.split()) == "在場 16:00 李老師"
    assert buttons(row) == ["換人", "撤銷", "簽退"]
    assert html.find(id="count")["hx-swap-oob"] == "true"
    assert counts(html) == [1, 1, 1, 0, 0]
    assert [tag.name for tag in html.find_all(recursive=False)] == ["li", "p"]


def test_sign_in_without_htmx_goes_back_to_the_row(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "sign-in"))

    assert (answer.status_code, answer.location) == (
        303,
        f"/attendance/{reading.id}#row-{child.id}",
    )


def test_refusal_goes_to_the_notice_and_not_into_the_row(duty, reading):
    child = make.child(name="小紅")

    answer = duty.post(url(reading, child, "sign-out"), headers=PART)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert soup(answer).text.strip() == "小紅還沒有簽到，不能簽退。"


def test_refusal_keeps_the_name_when_its_words_are_simplified(client_for, reading, at):
    at(MONDAY_4PM)
    child = make.child(name="李乾")
    reader = client_for(make.staff(script="hans"))

    answer = reader.post(url(reading, child, "sign-out"), headers=PART)

    assert soup(answer).text.strip() == "李乾还没有签到，不能签退。"


def test_undo_gives_the_row_back_as_it_was(duty, reading):
    child = make.child()
    duty.post(url(reading, child, "sign-in"))

    html = soup(duty.post(url(reading, child, "undo-in"), headers=PART))

    assert buttons(html.find("li")) == ["請假", "簽到"]
    assert counts(html) == [1, 0, 0, 1, 0]


def test_undo_of_a_walk_in_takes_its_row_away(duty, app):
    reading = make.activity(expects="children")
    guest = make.child(name="客人")
    duty.post(url(reading, guest, "walk-in"))

    html = soup(duty.post(url(reading, guest, "undo-in"), headers=PART))

    assert [str(row) for row in html.find_all("li")] == [
        f'<li hx-swap-oob="delete" id="row-{guest.id}"></li>'
    ]
    assert counts(html) == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("deed", ["sign-in", "sign-out", "undo-in", "walk-in"])
def test_a_missing_child_is_one_sentence(duty, reading, deed):
    answer = duty.post(f"/attendance/{reading.id}/children/77/{deed}", headers=PART)

    assert answer.status_code == 404
    assert soup(answer).text.strip() == "找不到這個頁面或記錄，它可能已被移走。"


def test_a_missing_activity_is_one_sentence(duty, app):
    assert (
        soup(duty.get("/attendance/9")).h1.text == "找不到這個頁面或記錄，它可能已被移走。"
    )


def test_leave_is_granted_with_its_kind_and_note(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "leave"), data={"kind": "sick", "note": "發燒"})

    row = Attendance.get()
    assert answer.location == f"/attendance/{reading.id}#row-{child.id}"
    assert (row.leave, row.leave_note) == ("sick", "發燒")


def test_leave_without_a_kind_keeps_the_note(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "leave"), data={"note": "回老家"})

    html = soup(answer)
    assert (answer.status_code, html.find(id="note")["value"]) == (422, "回老家")
    assert html.find(id="kind-errors").text == "請選擇事假或病假。"


def test_leave_of_a_child_who_is_here_is_refused_on_the_form(duty, reading):
    child = make.child(name="小明")
    duty.post(url(reading, child, "sign-in"))

    answer = duty.post(url(reading, child, "leave"), data={"kind": "sick"})

    assert answer.status_code == 422
    assert soup(answer).find(class_="bad").text == "小明已經簽到，不能記請假。"


def test_all_in_can_be_undone_from_the_next_page(duty, reading):
    make.child(name="一"), make.child(name="二")

    page = duty.post(f"/attendance/{reading.id}/sign-all-in", follow_redirects=True)
    assert counts(soup(page)) == [2, 2, 2, 0, 0]

    undo = soup(page).find(id="batch").form["action"]
    page = duty.post(undo, follow_redirects=True)
    assert counts(soup(page)) == [2, 0, 0, 2, 0]


def test_all_out_signs_out_those_here(duty, reading):
    make.child(name="一")
    duty.post(f"/attendance/{reading.id}/sign-all-in")

    page = duty.post(f"/attendance/{reading.id}/sign-all-out", follow_redirects=True)

    assert counts(soup(page)) == [1, 1, 0, 0, 0]


def test_a_poll_of_what_is_shown_already_is_empty(duty, reading):
    answer = duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART)

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_poll_brings_the_rows_tapped_elsewhere(duty, client_for, reading):
    child, other = make.child(name="小明"), make.child(name="小紅")
    client_for(make.staff()).post(url(reading, child, "sign-in"))

    html = soup(duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART))

    assert [row["id"] for row in html.find_all("li")] == [f"row-{child.id}"]
    assert html.find("li")["hx-swap-oob"] == "true"
    assert html.find(id="sync")["data-version"] == "1"
    assert other.id != child.id


def test_a_poll_brings_a_walk_in_without_a_place_on_the_page(duty, client_for, app):
    reading = make.activity(expects="children")
    guest = make.child(name="客人")
    client_for(make.staff()).post(url(reading, guest, "walk-in"))

    html = soup(duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART))

    assert html.find(id="walk-ins")["hx-swap-oob"] == "true"
    assert html.find(id="walk-ins").find("strong").text == "客人"


@pytest.mark.parametrize(
    ("order", "titles"),
    [("waiting", ["未到", "在場"]), ("class", ["一年級1班", "二年級1班"])],
)
def test_the_roll_is_in_turn_or_by_class(duty, reading, order, titles):
    one = make.child(name="一", school_class=make.school_class(1, 1))
    make.child(name="二", school_class=make.school_class(2, 1))
    duty.post(url(reading, one, "sign-in"))

    html = soup(duty.get(f"/attendance/{reading.id}?order={order}"))

    assert [h2.contents[0].strip() for h2 in html.find_all("h2")][:2] == titles


def test_yesterdays_roll_can_be_read_and_not_tapped(duty, reading, at):
    child = make.child()
    duty.post(url(reading, child, "sign-in"))
    at(MONDAY_4PM + timedelta(days=1))
    duty = duty.application.test_client()
    duty.post(
        "/login", data={"login": make.staff(login="li").login, "password": make.SECRET}
    )

    html = soup(duty.get(f"/attendance/{reading.id}"))

    row = html.find(id=f"row-{child.id}")
    assert " ".join(row.find(class_="state").text.split()) == "未簽退 16:00 李老師"
    assert buttons(row) == []


def test_a_class_teacher_sees_the_own_class_and_no_buttons(client_for, reading, at):
    at(MONDAY_4PM)
    teacher = make.staff(roles=("helper",))
    own = make.child("自", school_class=make.school_class(1, 1, teacher=teacher))
    make.child("他", school_class=make.school_class(2, 1))

    html = soup(client_for(teacher).get(f"/attendance/{reading.id}"))

    assert [row["id"] for row in html.find_all("li", class_="roll-row")] == [
        f"row-{own.id}"
    ]
    assert buttons(html.find(id=f"row-{own.id}")) == []
    assert counts(html) == [1, 0, 0, 1, 0]


def test_a_scanned_number_signs_in_and_says_so(duty, reading):
    child = make.child(name="小明", number="202611001")

    html = soup(
        duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"}, headers=PART)
    )

    assert Attendance.get().came_at == MONDAY_4PM
    assert (html.li["class"], html.li.text) == (["good"], "小明：簽到 16:00")
    assert html.find(id="found").text.strip() == ""
    assert html.find(id=f"row-{child.id}")["hx-swap-oob"] == "true"


def test_a_number_scanned_twice_keeps_the_first_arrival(duty, reading, at):
    make.child(number="202611001")
    duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"})
    at(SOON)

    duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"})

    assert Attendance.get().came_at == MONDAY_4PM


def test_a_name_in_the_box_only_lists_and_signs_nobody_in(duty, reading):
    make.child(name="小明")

    html = soup(duty.post(f"/attendance/{reading.id}/scan", data={"q": "xm"}, headers=PART))

    assert [strong.text for strong in html.find(id="found").find_all("strong")] == ["小明"]
    assert Attendance.select().count() == 0


def test_an_unexpected_child_is_found_and_added(duty, app):
    reading = make.activity(expects="children")
    guest = make.child(name="客人", number="77")

    found = soup(duty.get(f"/attendance/{reading.id}/find?q=77", headers=PART))
    assert found.find(class_="tag").text == "不在名單"

    html = soup(duty.post(found.find(id="found").form["action"], headers=PART))
    assert html.find(id="walk-ins").find("li")["id"] == f"row-{guest.id}"
    assert counts(html) == [1, 1, 1, 0, 0]


def test_search_as_you_type_answers_with_the_list_only(duty, reading):
    make.child(name="小明")

    html = soup(duty.get(f"/attendance/{reading.id}/find?q=小", headers=PART))

    assert [tag["id"] for tag in html.find_all(recursive=False)] == ["found"]


def test_present_shows_whom_to_call_and_records_the_look(duty, reading):
    child = make.child(
        name="小明", carer_name="梁桂蘭", carer_relation="外婆", carer_phone="13477190000"
    )
    taps.sign_in(reading.id, child.id, by=make.actor(), at=MONDAY_4PM)

    html = soup(duty.get("/present"))

    cells = [cell.text for cell in html.find("tbody").find_all(["th", "td"])]
    assert cells[1:7] == [
        "小明",
        "三年級1班",
        "活動室",
        "16:00",
        "梁桂蘭（外婆）",
        "13477190000",
    ]
    assert Trail.select().order_by(-Trail.id).get().deed == "attendance.present"


def test_nobody_present_is_said_in_words(duty, app):
    html = soup(duty.get("/present"))

    assert html.h1.text == "在場 0 人"
    assert "現在沒有學生在場" in html.find(class_="empty").text
