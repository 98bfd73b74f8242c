"""Logging in and out: who gets in, to where, and how long the others wait."""

from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as some
from kit import MONDAY_4PM, soup

from liushou_web.schema import LoginFailure, LoginSession, Staff, Trail
from liushou_web.school.auth import local_path
from liushou_web.school.rules import passwords

WRONG = "賬號或密碼不對。"


@pytest.fixture
def li(app, at):
    at(MONDAY_4PM)
    return make.staff(name="李老師", login="liming")


def log_in(client, login="liming", password=make.SECRET, url="/login", **fields):
    return client.post(url, data={"login": login, "password": password, **fields})


def refusal(answer):
    return answer.status_code, soup(answer).find(class_="bad").text.strip()


def test_a_member_of_staff_logs_in(app, li):
    client = app.test_client()

    answer = log_in(client)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "李老師" in soup(client.get("/")).find(class_="me").text


def test_nobody_is_sent_to_the_login_page(app):
    answer = app.test_client().get("/settings?a=b")

    assert (answer.status_code, answer.location) == (303, "/login?next=/settings?a%3Db")


@pytest.mark.parametrize("typed", ["LiMing", " liming ", "li ming", "ｌｉｍｉｎｇ"])
def test_the_name_may_be_typed_in_any_width_and_case(app, li, typed):
    assert log_in(app.test_client(), login=typed).status_code == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [("liming", "wrong one"), ("nobody", make.SECRET), ("gone", make.SECRET)],
)
def test_wrong_is_wrong_in_the_same_words(app, li, login, password):
    make.staff(login="gone", retired_at=MONDAY_4PM)

    answer = log_in(app.test_client(), login, password)

    assert refusal(answer) == (422, WRONG)
    assert soup(answer).find(id="login")["value"] == login
    assert soup(answer).find(id="password")["value"] == ""
    assert LoginSession.select().count() == 0


@pytest.mark.parametrize("login", ["liming", "nobody", "gone"])
def test_a_password_is_compared_once_whoever_asks(app, li, login, monkeypatch):
    make.staff(login="gone", retired_at=MONDAY_4PM)
    compared = []
    monkeypatch.setattr(
        passwords, "check_password_hash", lambda *given: compared.append(given) or False
    )

    log_in(app.test_client(), login)

    assert len(compared) == 1


def test_an_empty_form_is_no_attempt(app, li):
    answer = log_in(app.test_client(), login="", password="")

    assert answer.status_code == 422
    assert soup(answer).find(id="login-errors").text == "請填寫這一項。"
    assert LoginFailure.select().count() == 0


@pytest.mark.parametrize("login", ["liming", "nobody"])
def test_after_five_wrong_ones_the_wait_is_said(app, li, at, login):
    client = app.test_client()
    for _ in range(5):
        log_in(client, login, "wrong one")

    at(MONDAY_4PM + timedelta(seconds=10))
    answer = log_in(client, login)  # even with the right password

    assert refusal(answer) == (429, "嘗試太多次，請等 20 秒再試。")
    at(MONDAY_4PM + timedelta(seconds=30))
    assert log_in(client, login).status_code == (303 if login == "liming" else 422)


def test_another_spelling_does_not_escape_the_wait(app, li):
    for typed in ("liming", "LIMING", " liming", "ｌｉｍｉｎｇ", "li ming"):
        log_in(app.test_client(), typed, "wrong one")

    assert refusal(log_in(app.test_client(), "Liming"))[0] == 429


def test_success_clears_the_count(app, li):
    client = app.test_client()
    for _ in range(4):
        log_in(client, password="wrong one")
    log_in(client)

    for _ in range(4):
        assert log_in(app.test_client(), password="wrong one").status_code == 422


def test_the_trail_knows_of_both(app, li):
    log_in(app.test_client(), password="wrong one")
    log_in(app.test_client())

    lines = [(line.deed, line.staff_id, line.subject_id) for line in Trail.select()]
    assert lines == [("login.failed", None, li.id), ("login.begin", li.id, None)]


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/settings", "/settings"),
        ("/reports/week?n=3", "/reports/week?n=3"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\\b", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_next_is_a_page_of_ours(app, li, wanted, place):
    client = app.test_client()

    answer = client.post(
        "/login",
        query_string={"next": wanted},
        data={"login": "liming", "password": make.SECRET},
    )

    assert (answer.status_code, answer.location) == (303, place)


@given(some.text())
def test_no_address_leads_away(text):
    path = local_path(text)

    assert path.startswith("/")
    assert path[1:2] not in ("/", "\\")


def test_the_login_page_keeps_next(app):
    html = soup(app.test_client().get("/login?next=/settings"))

    assert html.find("main").find("form")["action"] == "/login?next=/settings"


def test_somebody_logged_in_is_sent_on_from_the_login_page(duty):
    answer = duty.get("/login?next=/account")

    assert (answer.status_code, answer.location) == (303, "/account")


def test_each_login_is_a_new_session(app, li):
    client = app.test_client()
    log_in(client)
    log_in(client)

    first, second = LoginSession.select().order_by(LoginSession.id)
    assert first.token_hash != second.token_hash
    assert (first.ended_at, second.ended_at) == (MONDAY_4PM, None)


def test_logout_ends_the_session_and_clears_the_cookie(app, li):
    client = app.test_client()
    log_in(client)
    stolen = client.get_cookie("session").value

    answer = client.post("/logout")

    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get_cookie("session") is None
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/account").location == "/login?next=/account"
    assert LoginSession.select().get().ended_at == MONDAY_4PM


def test_logout_takes_only_posts(duty):
    assert duty.get("/logout").status_code == 405
    assert duty.get("/account").status_code == 200


def test_a_cookie_that_was_tampered_with_is_nobody(app, li):
    client = app.test_client()
    log_in(client)
    client.set_cookie("session", client.get_cookie("session").value + "x")

    assert client.get("/account").location == "/login?next=/account"


def test_retirement_ends_it_at_once(app, li):
    client = app.test_client()
    log_in(client)
    Staff.update(retired_at=MONDAY_4PM).execute()

    assert client.get("/account").location == "/login?next=/account"


def test_a_one_time_password_leads_to_a_new_one(app, li):
    Staff.update(must_change=True).execute()
    client = app.test_client()
    log_in(client)

    assert client.get("/").location == "/account/password"
    assert client.get("/account/password").status_code == 200
    assert client.post("/logout").location == "/login"


def slip_until(moment):
    Staff.update(must_change=True, one_time_until=moment).execute()


def test_a_one_time_password_opens_until_its_last_moment(app, li):
    slip_until(MONDAY_4PM)

    assert log_in(app.test_client()).status_code == 303


def test_a_one_time_password_that_has_lapsed_opens_nothing_and_says_so(app, li):
    slip_until(MONDAY_4PM - timedelta(seconds=1))

    answer = log_in(app.test_client())

    told = soup(answer).main.find(class_="bad").text
    assert told == "這個一次性密碼已經過期。請系統管理員再重置一次密碼。"
    assert (answer.status_code, LoginSession.select().count()) == (409, 0)


def test_the_page_turns_to_the_other_script_and_keeps_the_name(app, li):
    client = app.test_client()

    answer = log_in(client, password="half", show="hans")

    html = soup(answer)
    assert (answer.status_code, html.find("h1").text) == (200, "登录")
    assert html.find(id="login")["value"] == "liming"
    assert soup(client.get("/login")).html["lang"] == "zh-Hans"
    assert (LoginFailure.select().count(), LoginSession.select().count()) == (0, 0)


def test_the_script_of_the_login_page_holds_for_who_has_not_chosen(app, li):
    client = app.test_client()
    client.post("/login", data={"show": "hans"})
    log_in(client)

    assert soup(client.get("/account")).html["lang"] == "zh-Hans"
    Staff.update(script="hant").execute()
    assert soup(client.get("/account")).html["lang"] == "zh-Hant"


def test_the_script_chosen_after_somebody_elses_login_is_kept(app, li):
    client = app.test_client()
    log_in(client, make.staff(name="王老師").login)
    LoginSession.update(ended_at=MONDAY_4PM).execute()
    client.post("/login", data={"show": "hans"})

    log_in(client)

    assert soup(client.get("/account")).html["lang"] == "zh-Hans"


def test_a_name_of_any_length_is_only_a_wrong_name(app, li):
    answer = log_in(app.test_client(), login="x" * 100_000)

    assert answer.status_code == 422
    assert soup(answer).find(id="login-errors").text == "請不要超過 100 個字。"
    assert LoginFailure.select().count() == 0


def test_before_the_wizard_there_is_no_login(bare_app):
    answer = bare_app.test_client().get("/login")

    assert (answer.status_code, answer.location) == (303, "/setup")


def test_a_login_without_its_token_is_refused_and_keeps_the_name(app, li):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = log_in(app.test_client())

    assert refusal(answer) == (422, "頁面已過期，沒有保存。請再提交一次。")
    assert soup(answer).find(id="login")["value"] == "liming"
    assert LoginSession.select().count() == 0
