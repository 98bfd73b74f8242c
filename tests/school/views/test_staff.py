"""Accounts: the administrator keeps them, the head reads the list, everyone the roles."""

import re

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import LoginSession, Staff
from liushou_web.school.rules import passwords
from liushou_web.school.store import staff as store_staff

SLIP = r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def li(app):
    return make.staff(name="李明", login="liming", roles=("duty",))


def add(admin, **values):
    page = admin.get("/staff/add")
    data = {"name": "趙敏", "login": "zhaomin", "roles": ["duty", "helper"], **values}
    data.setdefault("key", soup(page).find(id="key")["value"])
    return admin.post("/staff/add", data=data)


def notice(client):
    return soup(client.get("/staff")).find(id="notice").text.strip()


def refusal(answer):
    return answer.status_code, soup(answer).find("main").find(class_="bad").text.strip()


def names(html, who="active"):
    return [row.find("strong").text for row in html.find(id=who).find_all("li")]


def test_the_list_shows_the_active_and_apart_from_them_the_retired(admin, li):
    make.staff(name="孫老師", retired_at=MONDAY_4PM)

    html = soup(admin.get("/staff"))

    assert names(html) == ["李明", "李老師"]
    assert names(html, who="retired") == ["孫老師"]
    row = html.find(id="active").find("li")
    assert row.text.split() == ["李明", "liming", "值班教師", "從未登錄", "修改"]


def test_the_head_reads_the_list_and_changes_nothing(head, li):
    make.staff(retired_at=MONDAY_4PM)
    html = soup(head.get("/staff"))

    assert html.find("main").find_all(["form", "button"]) == []
    assert html.find("main").find_all("a") == []
    for url in ("/staff/add", f"/staff/{li.id}"):
        assert head.get(url).status_code == 403
    for url in (
        "/staff/add",
        f"/staff/{li.id}/retire",
        f"/staff/{li.id}/reset-password",
    ):
        assert head.post(url).status_code == 403
    assert Staff.get_by_id(li.id).retired_at is None


def test_an_account_is_added_and_its_password_shown_once(app, admin):
    answer = add(admin)

    password = soup(answer).find(class_="slip").text
    assert (answer.status_code, soup(answer).find("h1").text) == (200, "趙敏的一次性密碼")
    assert re.fullmatch(SLIP, password)
    client = app.test_client()
    client.post("/login", data={"login": "zhaomin", "password": password})
    assert client.get("/").location == "/account/password"
    assert password not in admin.get("/staff").text


def test_a_second_press_adds_nobody_and_shows_no_password(admin):
    first = add(admin, key="the same")
    again = add(admin, key="the same")

    person = Staff.get(Staff.login == "zhaomin")
    assert first.status_code == 200
    assert (again.status_code, again.location) == (303, f"/staff/{person.id}")
    assert notice(admin).startswith("這個賬號已經添加過了。")


def test_an_account_that_is_taken_keeps_the_typing(admin, li):
    answer = add(admin, login="LiMing")

    html = soup(answer)
    assert refusal(answer) == (
        422,
        "賬號「liming」已經有人使用（停用的賬號也算），請換一個。",
    )
    assert html.find(id="name")["value"] == "趙敏"
    ticked = [box["value"] for box in html.find_all("input", checked=True)]
    assert ticked == ["duty", "helper"]


@pytest.mark.parametrize("roles", [[], ["king"]])
def test_an_account_has_roles_that_exist(admin, roles):
    assert add(admin, roles=roles).status_code == 422
    assert Staff.select().where(Staff.login == "zhaomin").count() == 0


def test_name_and_roles_are_changed(admin, li, client_for):
    device = client_for(li)

    answer = admin.post(f"/staff/{li.id}", data={"name": "李名", "roles": ["head"]})

    kept = Staff.get_by_id(li.id)
    assert (answer.status_code, answer.location) == (303, "/staff")
    assert notice(admin) == "李名的賬號已保存。"
    assert (kept.name, kept.roles) == ("李名", {"head"})
    assert device.get("/account").location == "/login?next=/account"


def test_ones_own_roles_are_not_on_the_form_and_not_taken_from_it(admin):
    me = Staff.get()
    html = soup(admin.get(f"/staff/{me.id}"))

    admin.post(f"/staff/{me.id}", data={"name": "王主任", "roles": ["head", "admin"]})

    kept = Staff.get_by_id(me.id)
    assert html.find("main").find_all("input", {"type": "checkbox"}) == []
    assert len(html.find("main").find_all("form")) == 1  # no reset, no retiring
    assert (kept.name, kept.roles) == ("王主任", {"admin"})


def test_a_password_is_reset_and_shown_once(app, admin, li, client_for):
    device = client_for(li)

    answer = admin.post(f"/staff/{li.id}/reset-password")

    password = soup(answer).find(class_="slip").text
    assert (answer.status_code, soup(answer).find("h1").text) == (200, "李明的一次性密碼")
    assert device.get("/account").status_code == 303
    client = app.test_client()
    client.post("/login", data={"login": "liming", "password": password})
    assert client.get("/").location == "/account/password"


def test_retired_at_once_and_brought_back(admin, li, client_for):
    device = client_for(li)

    retired = admin.post(f"/staff/{li.id}/retire")
    said = notice(admin)
    gone = names(soup(admin.get("/staff")), who="retired")
    admin.post(f"/staff/{li.id}/bring-back")

    assert (retired.status_code, retired.location) == (303, "/staff")
    assert said == "李明的賬號已停用，登錄已結束。"
    assert gone == ["李明"]
    assert device.get("/account").status_code == 303
    assert names(soup(admin.get("/staff"))) == ["李明", "李老師"]


@pytest.mark.parametrize("deed", ["retire", "reset-password"])
def test_nobody_ends_their_own_account(admin, deed):
    answer = admin.post(f"/staff/{Staff.get().id}/{deed}")

    assert answer.status_code == 409
    assert "自己的" in soup(answer).find("h1").text
    assert LoginSession.select().get().ended_at is None


@pytest.mark.parametrize("deed", ["", "/retire", "/reset-password", "/bring-back"])
def test_an_unknown_account_is_not_found(admin, deed):
    answer = admin.post(f"/staff/999{deed}", data={"name": "x", "roles": ["duty"]})

    assert answer.status_code == 404


def test_a_late_refusal_is_said_on_top_of_the_form(admin, li, monkeypatch):
    monkeypatch.setattr(store_staff, "_others", lambda _: [])
    boss = make.staff(name="另一位", roles=("admin",))

    answer = admin.post(f"/staff/{boss.id}", data={"name": "新名", "roles": ["duty"]})

    assert refusal(answer)[0] == 422
    assert refusal(answer)[1].startswith("這是最後一位系統管理員")
    assert soup(answer).find(id="name")["value"] == "新名"


def test_everyone_reads_the_roles(duty):
    html = soup(duty.get("/roles"))

    assert html.find("h1").text == "角色與權限"
    assert [cell.text for cell in html.find("thead").find_all("th")] == [
        "內容",
        "值班教師",
        "心理輔導教師",
        "班主任／代管家長",
        "留守兒童辦公室",
        "校長",
        "系統管理員",
    ]
    row = next(tr for tr in html.find_all("tr") if tr.find("th").text == "學生名單")
    assert [cell.text for cell in row.find_all("td")] == [
        "—",
        "查看",
        "只看自己班級",
        "查看和修改",
        "查看",
        "—",
    ]


@pytest.mark.parametrize(
    ("url", "section"), [("/staff", "管理"), ("/staff/add", "管理"), ("/roles", "說明")]
)
def test_a_page_is_in_one_section_of_the_menu(admin, url, section):
    html = soup(admin.get(url))

    here = html.find(class_="main").find_all("a", {"aria-current": "true"})
    assert [link.text for link in here] == [section]
