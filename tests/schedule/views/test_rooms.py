"""The rooms page: who sees it, who changes it."""

import make
import pytest
from kit import soup

from liushou_web.schema import Room

FORM = {"key": "k1", "name": "圖書室"}


def test_the_office_adds_a_room(office):
    answer = office.post("/rooms", data=FORM)

    assert (answer.status_code, answer.location) == (303, "/rooms")
    html = soup(office.get("/rooms"))
    assert [h.text for h in html.select(".card h2")] == ["圖書室", "添加房間"]
    assert html.select_one("#notice p").text == "已添加房間「圖書室」。"


def test_a_second_press_adds_no_second_room(office):
    office.post("/rooms", data=FORM)

    again = office.post("/rooms", data=FORM)

    assert (again.status_code, Room.select().count()) == (303, 1)


def test_a_name_that_is_taken_comes_back_with_the_typing(office):
    make.room("圖書室")

    answer = office.post("/rooms", data=FORM)

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form .bad").text == (
        "已經有一個房間叫「圖書室」。請換一個名稱。"
    )
    assert html.find("input", {"name": "name"})["value"] == "圖書室"


def test_an_empty_name_is_asked_for(office):
    answer = office.post("/rooms", data={"key": "k", "name": "  "})

    assert (answer.status_code, soup(answer).select_one(".error").text) == (
        422,
        "請填寫這一項。",
    )


def test_a_room_is_renamed(office):
    room = make.room("活動室")

    answer = office.post(f"/rooms/{room.id}/rename", data={"name": "大活動室"})

    assert (answer.status_code, Room.get().name) == (303, "大活動室")


def test_a_room_is_not_renamed_to_another(office):
    room = make.room("活動室")
    make.room("圖書室")

    answer = office.post(f"/rooms/{room.id}/rename", data={"name": "圖書室"})

    assert (answer.status_code, Room.get_by_id(room.id).name) == (422, "活動室")


def test_a_room_with_activities_to_come_is_kept_in_words(office):
    activity = make.activity()

    answer = office.post(f"/rooms/{activity.room_id}/retire")

    assert answer.status_code == 409
    assert soup(answer).h1.text.startswith("「活動室」還有 1 次未結束的活動")


def test_a_room_is_retired_and_brought_back(office):
    room = make.room()

    office.post(f"/rooms/{room.id}/retire")
    assert soup(office.get("/rooms")).select_one("h2 .tag").text == "已停用"

    office.post(f"/rooms/{room.id}/bring-back")
    assert soup(office.get("/rooms")).select_one("h2 .tag") is None


def test_a_duty_teacher_sees_rooms_and_no_buttons(duty):
    make.room()

    html = soup(duty.get("/rooms"))

    assert html.h2.text == "活動室"
    assert html.main.find_all(["form", "button"]) == []


def test_without_rooms_the_page_says_what_to_do(office):
    assert soup(office.get("/rooms")).select_one(".empty").text == (
        "還沒有房間。先在下面添加一個，例如「活動室」，然後就能安排開放時間。"
    )


DEEDS = ["", "/1/rename", "/1/retire", "/1/bring-back"]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", ["duty", "counsellor", "helper", "head", "admin"])
def test_only_the_office_changes_rooms(client_for, role, deed):
    make.room()

    answer = client_for(make.staff(roles=(role,))).post(f"/rooms{deed}", data=FORM)

    assert (answer.status_code, soup(answer).h1.text) == (403, "您的角色不能使用這個頁面。")
    assert [(room.name, room.retired) for room in Room.select()] == [("活動室", False)]


def test_rooms_are_behind_the_login(app):
    answer = app.test_client().get("/rooms")

    assert (answer.status_code, answer.location) == (303, "/login?next=/rooms")


@pytest.mark.parametrize("deed", ["rename", "retire", "bring-back"])
def test_a_room_that_is_not_there(office, deed):
    assert office.post(f"/rooms/99/{deed}", data=FORM).status_code == 404
