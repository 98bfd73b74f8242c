"""Handing over by oneself: preview, a tick, and the old passphrase opens nothing."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.store import notes
from liushou_web.schema import SessionNote, Vault

HERS = "another passphrase"


@pytest.fixture
def chen(app):
    return make.staff("陳老師", roles=("counsellor",))


@pytest.fixture
def vault(chen):
    return make.vault(chen)


@pytest.fixture
def zhou(app):
    return make.staff("周老師", roles=("counsellor",))


@pytest.fixture
def reader(client_for, at, chen, vault):
    at(MONDAY_4PM)
    client = client_for(chen)
    client.post("/notes/unlock", data={"passphrase": make.PASSPHRASE})
    return client


def hand_over(client, person, **more):
    return client.post("/notes/hand-over", data={"to": person.id, "sure": "y", **more})


def test_the_page_tells_how_many_and_to_whom(reader, vault, zhou):
    make.vault(zhou, HERS)
    make.note(vault), make.note(vault)

    page = soup(reader.get("/notes/hand-over")).main

    assert page.find("strong").text == "2"
    assert [tag.text for tag in page.find_all("option")] == ["周老師"]
    assert page.find("button", class_="primary").text == "交接 2 份記錄"


def test_handed_over_only_the_new_passphrase_opens_them(reader, vault, zhou, chen):
    new = make.vault(zhou, HERS)
    note_id = make.note(vault, issue="夜裏睡不著")

    answer = hand_over(reader, zhou)

    assert (answer.status_code, answer.location) == (303, "/notes/vault")
    assert notes.one(note_id, new, make.key_of(new, HERS)).note.issue == "夜裏睡不著"
    assert reader.get("/notes").location == "/notes/vault"


def test_the_page_says_what_happens_to_bookings(reader, chen, zhou):
    make.vault(zhou, HERS)
    make.booking(chen, MONDAY_4PM + timedelta(days=1))
    make.booking(chen, None, state="waiting")
    make.booking(chen, MONDAY_4PM - timedelta(days=1), state="done")

    told = soup(reader.get("/notes/hand-over")).main.find_all("p")[1].text

    assert told == (
        "待定的和還沒有到時間的預約（現在 2 個）也交給接手的老師，原因一起重新密封；"
        "和對方時間衝突的，變成「還沒有時間」，由對方另排。已經談過的仍算在您名下。"
    )


def test_without_the_tick_nothing_happens(reader, vault, zhou):
    make.vault(zhou, HERS)
    note_id = make.note(vault)

    answer = hand_over(reader, zhou, sure="")

    assert (answer.status_code, SessionNote.get_by_id(note_id).vault_id) == (422, vault.id)


def test_without_another_vault_the_page_says_what_to_do(reader, zhou):
    page = soup(reader.get("/notes/hand-over"))

    assert "請接手的老師先登錄" in page.find(class_="empty").text
    assert hand_over(reader, zhou).status_code == 422


def test_locked_it_asks_for_the_passphrase_and_then_hands_over(reader, vault, zhou):
    make.vault(zhou, HERS)
    reader.post("/notes/lock")

    asked = hand_over(reader, zhou)
    sealed = soup(asked).find("input", {"name": "sealed"})["value"]
    before = Vault.get_by_id(vault.id).handed_over_at
    done = reader.post(
        "/notes/hand-over", data={"sealed": sealed, "passphrase": make.PASSPHRASE}
    )

    assert (asked.status_code, before, done.status_code) == (422, None, 303)
    assert Vault.get_by_id(vault.id).handed_over_at == MONDAY_4PM
