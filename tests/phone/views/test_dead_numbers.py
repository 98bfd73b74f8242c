"""更新電話 over HTTP: on 今日, a small form for the class teacher, or 號碼沒有錯."""

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import Child, ChildFile, NumberFault

OLD, NEW = "13900000001", "13900000002"


@pytest.fixture
def teacher(app):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def fault(teacher):
    group = make.school_class(3, 1, teacher=teacher)
    child = make.child("小明", school_class=group, mother_name="王芳", mother_phone=OLD)
    call = make.call(child, result="out_of_order")
    found = {"found_at": MONDAY_4PM, "found_by": teacher}
    return NumberFault.create(child=child, contact="mother", number=OLD, call=call, **found)


@pytest.fixture
def client(client_for, at, teacher):
    at(MONDAY_4PM)
    return client_for(teacher)


def waiting(client):
    lines = soup(client.get("/")).select(".pending li")
    words = [" ".join(line.get_text(" ").split()) for line in lines]
    return [line for line in words if line.startswith("電話打不通")]


def test_it_waits_on_today_with_one_button(client, office, duty, fault):
    line = "電話打不通 小明 三年級1班 媽媽 王芳 139****0001 ，11月23日打的時候停用 更新電話"

    assert waiting(client) == [line]
    assert waiting(office) == [line]
    assert waiting(duty) == []


def test_another_teachers_is_not_found(client_for, at, fault):
    at(MONDAY_4PM)
    other = client_for(make.staff("趙老師", roles=("helper",)))

    assert waiting(other) == []
    assert other.get(f"/numbers/{fault.id}").status_code == 404
    assert other.post(f"/numbers/{fault.id}", data={"phone": NEW}).status_code == 404
    assert other.post(f"/numbers/{fault.id}/right").status_code == 404
    assert ChildFile.get().mother_phone == OLD


def test_the_form_shows_no_number_in_full(client, fault):
    answer = client.get(f"/numbers/{fault.id}")

    assert soup(answer).h1.text == "更新小明的家人電話"
    assert OLD not in answer.text


def test_a_new_number_goes_into_the_file_and_off_today(client, fault):
    typed = {"phone": "139 0000 0002", "version": "1"}

    answer = client.post(f"/numbers/{fault.id}", data=typed)

    assert (answer.status_code, answer.location) == (303, "/")
    assert (ChildFile.get().mother_phone, Child.get().version) == (NEW, 2)
    assert waiting(client) == []


@pytest.mark.parametrize(
    ("phone", "reason"),
    [
        ("", "請填寫這一項。"),
        ("12", "電話「12」不像電話號碼，請填 7 到 13 位數字。"),
    ],
)
def test_a_wrong_number_is_told_beside_it(client, fault, phone, reason):
    answer = client.post(f"/numbers/{fault.id}", data={"phone": phone, "version": "1"})

    assert answer.status_code == 422
    assert soup(answer).find(id="phone-errors").text == reason
    assert ChildFile.get().mother_phone == OLD


def test_somebody_else_was_quicker_and_a_second_press_is_a_decision(client, fault):
    Child.update(version=2).execute()

    answer = client.post(f"/numbers/{fault.id}", data={"phone": NEW, "version": "1"})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == (
        "這份檔案剛被別人改過，您的修改還沒有保存。"
    )
    assert (html.find(id="version")["value"], html.find(id="phone")["value"]) == ("2", NEW)
    client.post(f"/numbers/{fault.id}", data={"phone": NEW, "version": "2"})
    assert ChildFile.get().mother_phone == NEW


def test_the_number_is_right(client, fault):
    answer = client.post(f"/numbers/{fault.id}/right")

    assert answer.location == "/"
    assert waiting(client) == []
    assert ChildFile.get().mother_phone == OLD


@pytest.mark.parametrize("who", ["duty", "head", "admin", "counsellor"])
def test_it_is_for_class_teachers_and_the_office(request, fault, who):
    reader = request.getfixturevalue(who)

    assert reader.get(f"/numbers/{fault.id}").status_code == 403
    assert reader.post(f"/numbers/{fault.id}/right").status_code == 403
    assert NumberFault.get().settled_at is None
