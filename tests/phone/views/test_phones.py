"""電話和開放時間 over HTTP: the office sets them up, nobody else."""

import make
import pytest
from kit import soup

from liushou_web.schema import Phone, PhoneHours


def text(part):
    return " ".join(part.get_text(" ").split())


@pytest.fixture
def room(app):
    return make.room("親情電話室")


def test_from_no_room_to_the_first_open_hours(office):
    assert soup(office.get("/phones")).select_one(".empty a")["href"] == "/rooms"

    room = make.room()
    assert soup(office.get("/phones")).select_one(".empty a")["href"] == "/phones/new"

    make.phone(room=room)
    assert soup(office.get("/phones")).select_one(".empty a")["href"] == "/phones/hours/new"


def test_a_phone_is_added_once_however_often_it_is_pressed(office, room):
    typed = {"name": "電話一", "way": "phone", "room_id": room.id, "key": "one"}

    for _ in range(2):
        assert office.post("/phones/new", data=typed).location == "/phones"

    (line,) = Phone.select()
    assert (line.name, line.way, line.room_id) == ("電話一", "phone", room.id)
    html = soup(office.get("/phones"))
    assert html.find(id="notice").p.text == "已添加「電話一」。"
    assert text(html.select_one("main li span")) == "電話一 電話 · 親情電話室"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": ""}, "name", "請填寫這一項。"),
        ({"name": "長" * 21}, "name", "請不要超過 20 個字。"),
        ({"way": "pigeon"}, "way", "請選擇電話或視頻。"),
    ],
)
def test_a_wrong_field_is_told_beside_it(office, room, values, field, reason):
    typed = {"name": "電話一", "way": "phone", "room_id": room.id, "key": "one", **values}

    answer = office.post("/phones/new", data=typed)

    assert answer.status_code == 422
    assert soup(answer).find(id=f"{field}-errors").text == reason
    assert Phone.select().count() == 0


def test_a_name_that_is_taken_is_told_on_top(office, room):
    make.phone("電話一"), make.phone("電話二")
    typed = {"name": "電話一", "way": "phone", "room_id": room.id, "key": "one"}

    added = office.post("/phones/new", data=typed)
    second = Phone.get(name="電話二").id
    renamed = office.post(f"/phones/{second}/rename", data={"name": "電話一"})

    sentence = "已經有一部電話叫「電話一」。請換一個名稱。"
    for answer in (added, renamed):
        assert answer.status_code == 422
        assert soup(answer).select_one("form [role=alert]").text == sentence
    assert Phone.select().count() == 2


def test_a_phone_is_renamed_retired_and_back(office, room):
    line = make.phone()

    office.post(f"/phones/{line.id}/rename", data={"name": "大廳電話"})
    office.post(f"/phones/{line.id}/retire")
    row = Phone.get()
    assert (row.name, row.retired) == ("大廳電話", True)
    office.post(f"/phones/{line.id}/bring-back")

    assert Phone.get().retired is False


def test_hours_are_added_for_several_days_and_deleted(office, room):
    typed = {"room_id": room.id, "weekdays": ["1", "3"], "starts": "16:20", "ends": "18:00"}
    make.phone()

    answer = office.post("/phones/hours/new", data={**typed, "key": "one"})

    assert answer.location == "/phones"
    shown = [
        text(li.span)
        for li in soup(office.get("/phones")).select("main ul")[1].select("li")
    ]
    assert shown == ["星期二 16:20–18:00 親情電話室", "星期四 16:20–18:00 親情電話室"]
    office.post(f"/phones/hours/{PhoneHours.get().id}/close")
    assert PhoneHours.select().count() == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ends": "16:20"}, "結束時間必須晚於開始時間。"),
        ({"weekdays": ["0"]}, "這個房間這一天 16:00–17:00 已經開放，時間不能重疊。"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_the_typing_kept(office, room, values, reason):
    make.phone_hours()
    typed = {"room_id": room.id, "weekdays": ["1"], "starts": "16:20", "ends": "18:00"}

    answer = office.post("/phones/hours/new", data={**typed, "key": "one", **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == reason
    assert html.find(id="starts")["value"] == "16:20"
    assert PhoneHours.select().count() == 1


def test_days_are_boxes_to_tick_and_the_room_is_that_of_the_phones(office):
    make.room("活動室")
    line = make.phone(room=make.room("親情電話室"))

    html = soup(office.get("/phones/hours/new"))

    boxes = [text(box) for box in html.select("label.check:has([type=checkbox])")]
    assert boxes == [f"星期{day}" for day in "一二三四五六日"]
    assert html.select_one("#room_id [selected]")["value"] == str(line.room_id)


def test_a_form_without_days_says_so(office, room):
    typed = {"room_id": room.id, "starts": "16:20", "ends": "18:00", "key": "one"}

    answer = office.post("/phones/hours/new", data=typed)

    assert answer.status_code == 422
    assert "請填寫這一項。" in [error.text for error in soup(answer).select(".error")]


@pytest.mark.parametrize("who", ["duty", "helper", "head", "admin", "counsellor"])
def test_only_the_office_sets_phones_up(request, who, room):
    client = request.getfixturevalue(who)

    assert client.get("/phones").status_code == 403
    assert client.post("/phones/new", data={"name": "x"}).status_code == 403


def test_no_such_phone(office):
    assert office.get("/phones/9/rename").status_code == 404
    assert office.post("/phones/9/retire").status_code == 404
