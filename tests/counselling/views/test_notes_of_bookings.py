"""From a session that was held to its note: one link, on the counsellor's own desk."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.rules.bookings import Words, to_seal
from liushou_web.counselling.store import notes
from liushou_web.vaults.rules import sealing

DESK = "/counselling/desk"
EARLIER = MONDAY_4PM - timedelta(hours=2)
DONE = {"state": "done", "before": "booked"}


@pytest.fixture
def counsellor(app):
    return make.counsellor()


@pytest.fixture
def vault(counsellor):
    return make.vault(counsellor)


@pytest.fixture
def client(client_for, at, counsellor, vault):
    at(MONDAY_4PM)
    client = client_for(counsellor)
    client.post("/notes/unlock", data={"passphrase": make.PASSPHRASE})
    return client


def new(row):
    return f"/notes/new?booking={row.id}"


def links(answer):
    return [a["href"] for a in soup(answer).select("main a") if a.text == "寫記錄"]


def filled_in(answer):
    """What the form says, without what is empty."""
    form = soup(answer).select_one("form.note-form")
    names = ("who", "day", "starts", "ends", "place")
    said = {name: form.find("input", {"name": name}).get("value") for name in names}
    way = form.select_one("[name=way][checked]")["value"]
    return {name: value for name, value in {**said, "way": way}.items() if value}


TIME = {"day": "2026-11-23", "starts": "14:00", "ends": "14:45", "place": "心理輔導室"}


def test_a_session_that_was_held_has_the_link(client, counsellor):
    row = make.booking(counsellor, EARLIER, child=make.child("小明"), **DONE)
    make.booking(counsellor, EARLIER - timedelta(hours=2), kind="meeting", **DONE)
    for n, state in enumerate(("booked", "missed", "waiting"), 3):
        make.booking(counsellor, EARLIER - timedelta(hours=n), state=state)

    assert links(client.get(DESK)) == [new(row)]


def test_the_note_knows_the_child_the_day_the_time_and_the_way(client, counsellor, vault):
    child = make.child("小明")
    row = make.booking(counsellor, EARLIER, child=child, **DONE)

    filled = filled_in(client.get(new(row)))
    typed = {**filled, "issue": "夜裏睡不著", "risk": "none", "key": "k"}
    answer = client.post(new(row), data=typed)

    assert filled == {**TIME, "who": "小明 三年級1班", "way": "face"}
    assert answer.status_code == 303
    (entry,) = notes.all_of(vault, make.key_of(vault))
    assert (entry.note.child_id, f"{entry.note.ends:%H:%M}") == (child.id, "14:45")


def test_of_a_child_without_a_name_it_knows_the_alias(client, counsellor, vault):
    sealed = sealing.seal(to_seal(Words("小鳥", "哭")), bytes(vault.public_key))
    row = make.booking(counsellor, EARLIER, sealed=sealed, **DONE)

    assert filled_in(client.get(new(row))) == {**TIME, "who": "小鳥", "way": "face"}


@pytest.mark.parametrize("sealed", [None, b"\x01closed"])
def test_without_either_the_name_is_left_open(client, counsellor, sealed):
    row = make.booking(counsellor, EARLIER, sealed=sealed, **DONE)

    assert filled_in(client.get(new(row))) == {**TIME, "way": "face"}


def test_locked_it_asks_for_the_passphrase_and_goes_on_to_the_note(client, counsellor):
    row = make.booking(counsellor, EARLIER, child=make.child("小明"), **DONE)
    client.post("/notes/lock")

    asked = soup(client.get(new(row))).find("input", {"name": "next"})["value"]
    typed = {"passphrase": make.PASSPHRASE, "next": asked}

    assert client.post("/notes/unlock", data=typed).location == new(row)


@pytest.mark.parametrize(
    "told",
    [{"state": "booked"}, {"state": "missed"}, {**DONE, "kind": "meeting"}],
)
def test_of_anything_else_there_is_no_such_note(client, counsellor, told):
    row = make.booking(counsellor, EARLIER, **told)

    assert client.get(new(row)).status_code == 404


def test_nor_of_another_counsellors_session(client):
    row = make.booking(make.counsellor("馬老師"), EARLIER, **DONE)

    assert client.get(new(row)).status_code == 404
    assert client.get("/notes/new?booking=99").status_code == 404


def test_whoever_asked_for_it_sees_no_such_link(client_for, at, counsellor):
    at(MONDAY_4PM)
    sun = make.staff("孫老師")
    row = make.booking(counsellor, EARLIER, by=sun, child=make.child("小明"), **DONE)
    client = client_for(sun)

    pages = [client.get(path).text for path in ("/counselling", "/counselling/calendar")]

    assert [text for text in pages if "booking=" in text or "寫記錄" in text] == []
    assert client.get(new(row)).status_code == 403
