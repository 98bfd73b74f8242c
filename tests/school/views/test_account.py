"""One's own account: the script, the password, the other devices."""

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import LoginSession, Staff
from liushou_web.school.rules import passwords

NEW = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def li(app, at):
    at(MONDAY_4PM)
    return make.staff(name="李明", login="liming", roles=("helper", "duty"))


@pytest.fixture
def client(client_for, li):
    return client_for(li)


def change(client, old=make.SECRET, password=NEW, again=None):
    data = {"old": old, "password": password, "again": again or password}
    return client.post("/account/password", data=data)


def may_log_in(app, password):
    data = {"login": "liming", "password": password}
    return app.test_client().post("/login", data=data).status_code == 303


def test_the_page_says_who_one_is(client):
    html = soup(client.get("/account"))

    assert html.find("h1").text == "我的賬號"
    assert [dd.text.split("（")[0] for dd in html.find("dl").find_all("dd")] == [
        "李明",
        "liming",
        "值班教師、班主任／代管家長",
    ]


def test_the_script_is_switched_and_names_are_not(client, li):
    answer = client.post("/account/script", data={"script": "hans"})

    html = soup(client.get("/account"))
    assert (answer.status_code, answer.location) == (303, "/account")
    assert (html.html["lang"], html.find("h1").text) == ("zh-Hans", "我的账号")
    assert html.find("button", {"value": "hans"})["aria-pressed"] == "true"
    client.post("/account/script", data={"script": "hant"})
    assert soup(client.get("/account")).html["lang"] == "zh-Hant"


@pytest.mark.parametrize("wanted", ["", "latin"])
def test_there_is_no_third_script(client, li, wanted):
    assert client.post("/account/script", data={"script": wanted}).status_code == 404
    assert Staff.get_by_id(li.id).script == ""


def test_the_devices_are_listed_and_the_others_ended(client, client_for, li):
    other = client_for(li)
    client_for(make.staff())

    before = soup(client.get("/account")).find(class_="people").find_all("li")
    answer = client.post("/account/logins/end-others")

    after = soup(client.get("/account"))
    assert [row.find(class_="tag") is not None for row in before] == [False, True]
    assert (answer.status_code, answer.location) == (303, "/account")
    assert len(after.find(class_="people").find_all("li")) == 1
    assert other.get("/account").location == "/login?next=/account"
    assert LoginSession.select().where(LoginSession.ended_at.is_null()).count() == 2


def test_the_password_is_changed(app, client, client_for, li):
    other = client_for(li)

    answer = change(client)

    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert (may_log_in(app, NEW), may_log_in(app, make.SECRET)) == (True, False)


@pytest.mark.parametrize(
    ("typed", "where", "reason"),
    [
        ({"old": "not this one"}, "bad", "現在的密碼不對。"),
        ({"password": "short"}, "bad", "密碼至少要 8 個字符，最好 12 個以上。"),
        ({"password": "woaini1314"}, "bad", "這個密碼太常見，很容易被猜到，請換一個。"),
        ({"password": "LiMing666"}, "bad", "密碼裏不要包含賬號、姓名或學校的名稱。"),
        (
            {"password": "我的董崗鎮中心學校"},
            "bad",
            "密碼裏不要包含賬號、姓名或學校的名稱。",
        ),
        ({"password": make.SECRET}, "bad", "新密碼和現在的一樣，請換一個。"),
        ({"again": "something else"}, "error", "兩次輸入的新密碼不一樣。"),
    ],
)
def test_a_refused_password_changes_nothing(app, client, typed, where, reason):
    answer = change(client, **typed)

    assert answer.status_code == 422
    assert soup(answer).find("main").find(class_=where).text.strip() == reason
    assert may_log_in(app, make.SECRET)


def test_the_old_password_is_not_guessed_here_either(client):
    for _ in range(5):
        change(client, old="wrong one")

    answer = change(client)

    assert soup(answer).find("main").find(class_="bad").text == (
        "嘗試太多次，請等 30 秒再試。"
    )


def test_weak_new_passwords_are_no_failed_tries(client):
    for _ in range(6):
        change(client, password="short")

    assert change(client).status_code == 303


def test_a_one_time_password_is_gone_after_the_change(client, li):
    Staff.update(must_change=True).execute()

    assert client.get("/account").location == "/account/password"
    assert "一次性密碼" in soup(client.get("/account/password")).find(class_="warn").text
    change(client)
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "url", ["/account/script", "/account/logins/end-others", "/account/password"]
)
def test_nobody_is_asked_to_log_in(app, url):
    answer = app.test_client().post(url)

    assert (answer.status_code, answer.location) == (303, "/login")
