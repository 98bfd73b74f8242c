"""A login that ends in the middle of a form: the typing survives, for its owner only."""

import json
from io import BytesIO

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import LoginSession, School, Staff
from liushou_web.web import unsaved

TYPED = {
    **{name: str(value) for name, value in make.SETTINGS.items()},
    "name": "董崗小學",
    "home_name": "向陽之家",
    "grace_minutes": "5",
}


@pytest.fixture
def guarded(app, at):
    """The application as it runs: with form tokens."""
    at(MONDAY_4PM)
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def wang(guarded):
    return make.staff(name="王主任", login="wang", roles=("admin",))


def token(answer):
    return soup(answer).find("input", {"name": "csrf_token"})["value"]


def fields_of(answer, action=None):
    """What a press on the page's form would send."""
    form = next(
        form
        for form in soup(answer).find_all("form")
        if form.get("action") != "/logout" and (action is None or form["action"] == action)
    )
    return {tag["name"]: tag.get("value", "") for tag in form.find_all("input")}


def log_in(client, person, page=None, **fields):
    page = page or client.get("/login")
    data = {**fields_of(page), "login": person.login, "password": make.SECRET, **fields}
    return client.post("/login", data=data)


@pytest.fixture
def tab(guarded, wang):
    """A browser in which 王主任 has the settings open."""
    client = guarded.test_client()
    assert log_in(client, wang).status_code == 303
    client.open_page = client.get("/settings")
    return client


def end_sessions():
    LoginSession.update(ended_at=MONDAY_4PM).execute()


def press(tab, page=None, url="/settings", headers=None, **fields):
    data = {**fields_of(page or tab.open_page), **TYPED, **fields}
    return tab.post(url, data=data, headers=headers)


def saved():
    return School.get_by_id(1).name == TYPED["name"]


def test_the_typed_text_survives_the_new_login(tab, wang):
    end_sessions()

    lapsed = press(tab)
    back = log_in(tab, wang, lapsed)
    done = tab.post("/settings", data=fields_of(back, "/settings"))

    assert (lapsed.status_code, soup(lapsed).find("h1").text) == (401, "登錄")
    assert "填寫的內容會還給您" in soup(lapsed).find(class_="warn").text
    assert (back.status_code, soup(back).find("h1").text) == (200, "您剛才填寫的內容還在")
    assert [li.text for li in soup(back).find(class_="typed").find_all("li")] == [
        "董崗小學",
        "向陽之家",
    ]
    assert (done.status_code, done.location) == (303, "/settings")
    assert saved()


def test_nothing_is_saved_until_its_owner_presses_again(tab, wang):
    end_sessions()

    log_in(tab, wang, press(tab))

    assert not saved()


def test_a_mistyped_password_does_not_lose_the_text(tab, wang):
    end_sessions()

    wrong = log_in(tab, wang, press(tab), password="wrong one")
    back = log_in(tab, wang, wrong)

    assert wrong.status_code == 422
    assert soup(back).find("h1").text == "您剛才填寫的內容還在"


def test_turning_the_script_does_not_lose_the_text(tab, wang):
    end_sessions()

    turned = tab.post("/login", data={**fields_of(press(tab)), "show": "hans"})
    back = log_in(tab, wang, turned)

    assert soup(back).find("h1").text == "您刚才填写的内容还在"
    assert soup(back).find(class_="typed").find("li").text == "董崗小學"  # never converted


def test_another_person_is_not_shown_the_text(tab):
    end_sessions()
    zhao = make.staff(name="趙老師", roles=("admin",))

    answer = log_in(tab, zhao, press(tab))

    assert (answer.status_code, answer.location) == (303, "/")
    notice = soup(tab.get("/account")).find(id="notice").text.strip()
    assert notice == "上一位使用者填寫了一半的內容沒有保存，也不會顯示給您。"


def test_a_page_of_one_person_cannot_be_sent_by_another_unseen(tab):
    """王主任's form is still open in another tab when 趙老師 logs in."""
    end_sessions()
    log_in(tab, make.staff(name="趙老師", roles=("admin",)))

    answer = press(tab)

    assert answer.status_code == 400
    assert "趙老師" in soup(answer).find("main").text
    assert not saved()


def test_after_the_same_persons_login_elsewhere_the_open_page_still_works(tab, wang):
    end_sessions()
    log_in(tab, wang)

    answer = press(tab)

    assert (answer.status_code, answer.location) == (303, "/settings")
    assert saved()


def test_htmx_stays_on_the_page_and_the_press_works_after_a_login_in_its_notice(tab, wang):
    end_sessions()

    lapsed = press(tab, headers=PART)
    told = {**fields_of(lapsed), "login": wang.login, "password": make.SECRET}
    back = tab.post(soup(lapsed).form["hx-post"], data=told, headers=PART)
    again = press(tab, headers=PART)

    assert (lapsed.status_code, lapsed.headers["HX-Retarget"]) == (401, "#notice")
    assert "還沒有保存" in soup(lapsed).strong.text
    assert "這一頁和填寫的內容都還在" in soup(lapsed).text
    assert soup(lapsed).form["hx-target"] == "#notice"
    assert back.status_code == 200
    assert json.loads(back.headers["HX-Trigger"])["signed-in"]["token"]
    assert soup(back).text.strip() == "已登錄，可以繼續了。"
    assert (again.status_code, again.headers["HX-Redirect"]) == (204, "/settings")
    assert saved()


def test_the_press_works_after_a_login_in_another_tab(tab, wang):
    end_sessions()

    press(tab, headers=PART)
    log_in(tab, wang)
    again = press(tab, headers=PART)

    assert (again.status_code, again.headers["HX-Redirect"]) == (204, "/settings")
    assert saved()


def test_a_mistyped_password_in_the_notice_asks_there_again(tab, wang):
    end_sessions()
    lapsed = press(tab, headers=PART)
    told = {**fields_of(lapsed), "login": wang.login, "password": "wrong one"}

    wrong = tab.post("/login", data=told, headers=PART)

    html = soup(wrong)
    assert wrong.status_code == 422
    assert [tag.name for tag in html.find_all(recursive=False)] == ["form"]
    assert html.form["hx-target"] == "#notice"
    assert html.find(id="login")["value"] == wang.login
    assert not html.find(id="password").get("value")


def test_another_person_who_logs_in_in_the_notice_leaves_the_page(tab):
    """What lies open is another's: nothing of it is sent on in the new name."""
    end_sessions()
    zhao = make.staff(name="趙老師", roles=("admin",))
    lapsed = press(tab, headers=PART)
    told = {**fields_of(lapsed), "login": zhao.login, "password": make.SECRET}

    answer = tab.post("/login", data=told, headers=PART)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/")
    assert "HX-Trigger" not in answer.headers
    assert press(tab, headers=PART).status_code == 400
    assert not saved()


def test_htmx_that_only_reads_stays_on_the_page_too(tab):
    end_sessions()

    answer = tab.get("/settings", headers=PART)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#notice")


def test_a_page_older_than_its_token_gives_the_text_back(tab, wang):
    answer = press(tab, csrf_token="from another login")
    done = tab.post("/settings", data=fields_of(answer, "/settings"))

    assert answer.status_code == 400
    assert soup(answer).find(class_="warn").text == "頁面已過期，剛才的操作沒有保存。"
    assert (done.status_code, saved()) == (303, True)


def test_an_old_htmx_page_gives_the_text_back_in_the_notice(tab):
    answer = press(tab, csrf_token="from another login", headers=PART)
    done = tab.post("/settings", data=fields_of(answer, "/settings"))

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (400, "#notice")
    assert not soup(answer).find("html")
    assert (done.status_code, saved()) == (303, True)


def test_a_form_without_text_leads_back_to_its_page(tab, guarded):
    end_sessions()

    answer = tab.post(
        "/account/logins/end-others",
        data={"csrf_token": token(tab.open_page)},
        headers={"Referer": "http://localhost/account"},
    )

    assert (answer.status_code, answer.location) == (303, "/login?next=/account")


@pytest.mark.parametrize("referrer", ["", "http://evil.example/account", "not a url"])
def test_a_page_elsewhere_is_no_page_to_go_back_to(tab, referrer):
    end_sessions()

    answer = tab.post("/account/script", headers={"Referer": referrer})

    assert (answer.status_code, answer.location) == (303, "/login")


def test_a_stranger_carries_nothing(guarded):
    """Another site's form must not come back as one's own typing."""
    answer = guarded.test_client().post("/settings", data=TYPED)

    assert (answer.status_code, answer.location) == (303, "/login")


def test_passwords_are_not_carried(tab, wang, guarded):
    end_sessions()
    secrets = {"password": "not this one", "old": "nor this", "again": "nor this"}
    page = press(tab, **secrets, passphrase="nor this", old_password="nor this")

    with guarded.test_request_context():
        kept = unsaved.unsealed(fields_of(page)["typed"])

    assert kept.owner == wang.id
    assert {name for name, _ in kept.fields} == set(TYPED)


def test_files_cannot_be_carried_and_the_page_says_so(tab, wang):
    end_sessions()
    page = tab.post(
        "/settings",
        data={**TYPED, "file": (BytesIO(b"x"), "roster.xlsx")},
        content_type="multipart/form-data",
    )

    back = log_in(tab, wang, page)

    assert "文件帶不過來" in soup(back).find("main").text


@pytest.mark.parametrize("seal", ["", "made up", "W10.aaaa.bbbb"])
def test_what_we_did_not_seal_is_not_opened(tab, wang, seal):
    end_sessions()

    answer = log_in(tab, wang, typed=seal)

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_text_too_long_to_carry_is_said_to_be_so(tab, monkeypatch):
    monkeypatch.setattr(unsaved, "LONGEST_SEALED", 10)
    end_sessions()

    page = press(tab)

    assert "太長" in soup(page).find(class_="bad").text
    assert fields_of(page)["typed"] == ""


def test_the_text_survives_a_one_time_password_as_well(tab, wang):
    end_sessions()
    Staff.update(must_change=True).execute()

    page = log_in(tab, wang, press(tab))
    new = {"old": make.SECRET, "password": "brand new words", "again": "brand new words"}
    back = tab.post("/account/password", data={**fields_of(page), **new})
    tab.post("/settings", data=fields_of(back, "/settings"))

    assert soup(page).find("h1").text == "修改密碼"
    assert soup(back).find("h1").text == "您剛才填寫的內容還在"
    assert saved()


def test_logging_out_makes_the_open_pages_worthless(tab, wang):
    tab.post("/logout", data={"csrf_token": token(tab.open_page)})

    answer = press(tab)

    assert (answer.status_code, answer.location) == (303, "/login")


def test_logging_out_twice_is_no_mistake(tab):
    leave = {"csrf_token": token(tab.open_page)}
    tab.post("/logout", data=leave)

    answer = tab.post("/logout", data=leave)

    assert (answer.status_code, answer.location) == (303, "/")
    assert tab.get("/").location == "/login?next=/"


def test_nobody_is_logged_out_without_a_token(tab):
    answer = tab.post("/logout")

    assert answer.status_code == 400
    assert tab.get("/account").status_code == 200
