"""The first visit: the wizard answers this computer or the code, and never again."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schedule.store import calendar
from liushou_web.schema import Room, School, Staff, Term
from liushou_web.school.rules import passwords

TYPED = {
    "name": "董崗鎮中心學校",
    "home_name": "向陽留守兒童之家",
    "script": "hant",
    "term_name": "2026年秋季學期",
    "first_day": "2026-09-01",
    "last_day": "2027-01-22",
    "rooms": "活動室\r\n閱讀室",
    "person": "王主任",
    "login": "Wang",
    "password": "correct horse battery",
    "again": "correct horse battery",
    "in_office": "y",
}
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def empty(bare_app, at):
    at(MONDAY_4PM)
    bare_app.config["SETUP_CODE"] = "k7m4-p9tx"
    return bare_app


@pytest.fixture
def here(empty):
    return empty.test_client()


@pytest.fixture
def phone(empty):
    client = empty.test_client()
    client.environ_base.update(ELSEWHERE)
    return client


def set_up(client, **values):
    typed = {name: text for name, text in {**TYPED, **values}.items() if text is not None}
    return client.post("/setup", data=typed)


def test_every_page_leads_to_the_wizard(here):
    for url in ("/", "/login", "/account", "/settings"):
        answer = here.get(url)
        assert (answer.status_code, answer.location) == (303, "/setup")


def test_the_wizard_comes_with_suggestions(here):
    html = soup(here.get("/setup"))

    assert html.find("h1").text == "首次設置"
    assert html.find(id="term_name")["value"] == "2026年秋季學期"
    assert html.find(id="home_name")["value"] == "留守兒童之家"
    assert html.find(id="rooms").text.split() == [
        "活動室",
        "閱讀室",
        "親情電話室",
        "心理輔導室",
    ]
    assert html.find(id="in_office").has_attr("checked")


def test_the_school_is_set_up_and_its_administrator_logged_in(here):
    answer = set_up(here)

    first = Staff.get()
    assert (answer.status_code, answer.location) == (303, "/")
    assert School.get().name == "董崗鎮中心學校"
    assert (first.login, first.roles) == ("wang", {"admin", "office"})
    assert [room.name for room in Room.select()] == ["活動室", "閱讀室"]
    assert soup(here.get("/account")).find("dd").text == "王主任"


def test_the_administrator_may_leave_the_office_to_others(here):
    set_up(here, in_office=None)

    assert Staff.get().roles == {"admin"}


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": " "}, "name", "請填寫這一項。"),
        ({"again": "another"}, "again", "兩次輸入的密碼不一樣。"),
        ({"last_day": "2026-08-01"}, None, "學期的最後一天必須在第一天之後。"),
        ({"password": "woaini1314", "again": "woaini1314"}, None, "這個密碼太常見"),
        (
            {"password": "董崗鎮中心學校1", "again": "董崗鎮中心學校1"},
            None,
            "密碼裏不要包含",
        ),
        ({"login": "w"}, None, "賬號請用 2 到 32 個"),
        ({"rooms": "長" * 31}, None, "房間名稱請不要超過"),
    ],
)
def test_what_was_typed_wrong_is_said_and_nothing_typed_is_lost(
    here, values, field, reason
):
    answer = set_up(here, **values)

    html = soup(answer)
    spot = html.find(id=f"{field}-errors") if field else html.find(class_="bad")
    assert answer.status_code == 422
    assert spot.text.startswith(reason)
    assert html.find(id="person")["value"] == "王主任"
    assert html.find(id="first_day")["value"] == "2026-09-01"
    assert (School.select().count(), Staff.select().count()) == (0, 0)


def test_a_beginning_that_fails_half_way_leaves_nothing(here, monkeypatch):
    here.application.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(calendar, "seed_published_holidays", lambda **_: 1 / 0)

    answer = set_up(here)

    assert answer.status_code == 500
    tables = (School, Staff, Term, Room)
    assert [table.select().count() for table in tables] == [0, 0, 0, 0]


def test_the_page_turns_to_the_other_script_and_keeps_the_typing(here):
    answer = set_up(here, show="hans", person="董老師")

    html = soup(answer)
    assert (answer.status_code, html.find("h1").text) == (200, "首次设置")
    assert html.find(id="person")["value"] == "董老師"
    assert School.select().count() == 0


def test_the_wizard_never_answers_again(here, phone):
    set_up(here)

    for client in (here, phone, here.application.test_client()):
        for url in ("/setup", "/setup/code"):
            assert client.get(url).status_code == 404
            assert client.post(url, data=TYPED).status_code == 404
    assert Staff.select().count() == 1


def test_from_elsewhere_the_code_is_asked_for(phone):
    assert phone.get("/setup").location == "/setup/code"
    assert set_up(phone).location == "/setup/code"
    assert School.select().count() == 0


def test_whoever_types_the_code_sets_up(phone):
    answer = phone.post("/setup/code", data={"code": " k7m4-p9tx "})

    assert (answer.status_code, answer.location) == (303, "/setup")
    assert set_up(phone).location == "/"
    assert Staff.get().login == "wang"


def test_a_wrong_code_opens_nothing(phone):
    answer = phone.post("/setup/code", data={"code": "guess"})

    assert answer.status_code == 422
    assert soup(answer).find(class_="bad").text.startswith("安裝碼不對。")
    assert phone.get("/setup").status_code == 303


def test_wrong_codes_have_to_wait_wherever_they_come_from(empty, phone, at):
    for n in range(5):
        other = empty.test_client()
        other.environ_base["REMOTE_ADDR"] = f"192.168.1.{n}"
        other.post("/setup/code", data={"code": "guess"})

    answer = phone.post("/setup/code", data={"code": "k7m4-p9tx"})

    assert soup(answer).find(class_="bad").text == "嘗試太多次，請等 30 秒再試。"
    at(MONDAY_4PM + timedelta(seconds=30))
    assert phone.post("/setup/code", data={"code": "k7m4-p9tx"}).status_code == 303


@pytest.mark.parametrize("typed", ["", "x"])
def test_without_a_code_only_this_computer_may(empty, phone, typed):
    empty.config["SETUP_CODE"] = ""

    phone.post("/setup/code", data={"code": typed})

    assert phone.get("/setup").location == "/setup/code"


def test_the_code_of_an_earlier_start_is_worth_nothing(empty, phone):
    phone.post("/setup/code", data={"code": "k7m4-p9tx"})
    empty.config["SETUP_CODE"] = "another"

    assert phone.get("/setup").location == "/setup/code"


def test_an_old_page_of_the_wizard_keeps_what_was_typed(here):
    here.application.config["WTF_CSRF_ENABLED"] = True

    answer = set_up(here)

    assert answer.status_code == 422
    assert soup(answer).find(class_="bad").text == "頁面已過期，沒有保存。請再提交一次。"
    assert soup(answer).find(id="person")["value"] == "王主任"


def test_an_installed_school_never_meets_the_wizard(app):
    assert make.staff()
    assert app.test_client().get("/setup").status_code == 404
