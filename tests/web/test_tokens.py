"""The token of a form: good as long as its login, and carried on by the answer."""

import make
import pytest
from kit import MONDAY_4PM, PART, soup


@pytest.fixture
def roll(app, at):
    """The address of a roll on which 小明 is expected, in the application as it runs."""
    at(MONDAY_4PM)
    app.config["WTF_CSRF_ENABLED"] = True
    make.child()
    return f"/attendance/{make.activity().id}"


@pytest.fixture
def li(app, roll):
    return browser_of(app, make.staff(roles=("duty",)))


def browser_of(app, person):
    client = app.test_client()
    data = {"login": person.login, "password": make.SECRET, "csrf_token": token_in(client)}
    assert client.post("/login", data=data).status_code == 303
    return client


def token_in(client, path="/login"):
    return token(client.get(path))


def token(answer):
    return soup(answer).find("input", {"name": "csrf_token"})["value"]


def tap(client, roll, deed, given):
    path = f"{roll}/children/1/{deed}"
    return client.post(path, data={"csrf_token": given}, headers=PART)


def test_the_answer_carries_on_the_token_that_came(li, roll):
    came = token_in(li, roll)

    first = tap(li, roll, "sign-in", came)
    again = tap(li, roll, "undo-in", token(first))

    assert (first.status_code, token(first)) == (200, came)
    assert (again.status_code, token(again)) == (200, came)


@pytest.mark.parametrize("spoilt", ["", "made up", "of another"])
def test_a_token_that_is_none_is_refused_and_not_carried_on(app, li, roll, spoilt):
    if spoilt == "of another":
        other = browser_of(app, make.staff(login="wang", name="王老師", roles=("duty",)))
        spoilt = token_in(other, roll)

    answer = tap(li, roll, "sign-in", spoilt)

    assert answer.status_code == 400
    assert not spoilt or spoilt not in answer.get_data(as_text=True)
    assert token_in(li, roll) != spoilt


def test_a_token_that_was_carried_on_is_checked_each_time(li, roll):
    carried = token(tap(li, roll, "sign-in", token_in(li, roll)))

    answers = [tap(li, roll, "undo-in", f"{carried}x"), tap(li, roll, "undo-in", carried)]

    assert [answer.status_code for answer in answers] == [400, 200]
