"""No word of a sealed note is anywhere but on the pages of its own reader."""

import base64
import json
import logging

import canary
import make
import pages
import pytest
from conftest import MONDAY_4PM
from test_access import views

from liushou_web.schema import LoginSession
from liushou_web.store import notes

UNLOCK = {"passphrase": make.PASSPHRASE}


@pytest.fixture
def sing():
    return canary.Canaries()


@pytest.fixture
def filled(app, at):
    at(MONDAY_4PM)
    filled = pages.fill(MONDAY_4PM)
    filled.people["helper"] = make.staff("helper老师", roles=("helper",))
    other = make.staff("吴老师", roles=("counsellor",))
    make.vault(other, "their own passphrase")
    filled.people["other counsellor"] = other
    return filled


@pytest.fixture
def reader(client_for, filled):
    client = client_for(filled.people["counsellor"])
    client.post("/notes/unlock", data=UNLOCK)
    return client


def session_of(sing, key):
    fields = ("who", "place", "issue", "goal", "course", "observation", "agreements")
    told = {name: sing(f"{key}{name}") for name in fields}
    return {"day": "2026-11-23", "way": "face", "risk": "life", "key": key, **told}


def referral_of(sing):
    fields = ("who", "to_whom", "reason", "outcome", "follow_up")
    return {"day": "2026-11-23", "key": "sent", **{name: sing(name) for name in fields}}


def plant_by_saving(sing, client):
    """A note that was changed and is void, and a referral."""
    note = client.post("/notes/new", data=session_of(sing, "first")).location
    client.post(f"{note}/edit", data={**session_of(sing, "second"), "version": 1})
    client.post(f"{note}/void", data={"void": sing("void"), "version": 2})
    sent = client.post("/notes/new?kind=referral", data=referral_of(sing)).location
    return note, sent


def plant_by_failing(sing, client, monkeypatch):
    """Refused, crashed, locked meanwhile, and after the login had ended."""
    wrong = {**session_of(sing, "refused"), "issue": "11010519491231002X"}
    client.post("/notes/new", data=wrong)
    client.post("/notes/new?kind=referral", data={**referral_of(sing), "day": ""})
    with monkeypatch.context() as patch:
        patch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
        patch.setattr(notes, "write", lambda *_, **__: 1 / 0)
        crashed = client.post("/notes/new", data=session_of(sing, "crashed"))
    assert crashed.status_code == 500
    return crashed


def plant_by_lapsing(sing, client, person):
    locked = client.post("/notes/new", data={**session_of(sing, "paused"), "lock": "1"})
    LoginSession.update(ended_at=MONDAY_4PM).execute()
    typed = {**session_of(sing, "lapsed"), "reader": person.id}
    return locked, client.post("/notes/new", data=typed)


def test_its_own_reader_reads_every_word(sing, reader):
    """Or the tests below could not fail."""
    note, sent = plant_by_saving(sing, reader)

    seen = sing.found_in(reader.get(note).data, reader.get(sent).data)

    assert seen == set(sing.words)


@pytest.mark.parametrize(
    "role", ["duty", "office", "head", "admin", "helper", "other counsellor"]
)
def test_nobody_else_sees_a_word_on_any_page(sing, reader, filled, client_for, role):
    plant_by_saving(sing, reader)
    client = client_for(filled.people[role])
    client.post("/notes/unlock", data={"passphrase": "their own passphrase"})

    singing = {
        path: sing.found_in(body)
        for path, body in canary.pages_of(client, filled)
        if sing.found_in(body)
    }

    assert singing == {}


def test_nor_does_any_other_address_answer_with_one(sing, reader, filled, client_for, app):
    plant_by_saving(sing, reader)
    client = client_for(filled.people["admin"])

    answers = [client.open(url, method=method).data for _, method, url in views(app)]

    assert sing.found_in(*answers) == set()


def test_locked_their_own_reader_sees_none_either(sing, reader, filled):
    plant_by_saving(sing, reader)
    reader.post("/notes/lock")

    bodies = [body for _, body in canary.pages_of(reader, filled)]

    assert sing.found_in(*bodies) == set()


def test_no_answer_to_what_failed_gives_one_to_the_next_at_the_pc(
    sing, reader, filled, monkeypatch
):
    crashed = plant_by_failing(sing, reader, monkeypatch)
    lapsed = plant_by_lapsing(sing, reader, filled.people["counsellor"])

    assert sing.found_in(*(answer.data for answer in (crashed, *lapsed))) == set()


def test_trail_log_database_and_backup_hold_none(
    sing, reader, filled, database, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    plant_by_saving(sing, reader)
    plant_by_failing(sing, reader, monkeypatch)
    plant_by_lapsing(sing, reader, filled.people["counsellor"])

    assert sing.found_in(*canary.in_trail()) == set()
    assert sing.found_in(*canary.in_tables()) == set()
    assert sing.found_in(caplog.text) == set()
    assert sing.found_in(*canary.on_disk(database)) == set()


def test_why_the_glass_was_broken_is_nowhere_either(
    sing, reader, filled, client_for, database
):
    head = client_for(filled.people["head"])
    _, url, typed = pages.UNLOCK["head"]
    reason = {**typed, "passphrase_reason": sing("reason") * 2}

    head.post(url, data={"vault_id": filled.ids["vault"], **reason})
    head.post("/break-glass/end")

    bodies = [body for _, body in canary.pages_of(head, filled)]
    assert sing.found_in(*bodies, *canary.in_trail()) == set()
    assert sing.found_in(*canary.on_disk(database)) == set()
    assert sing.found_in(reader.get("/notes/vault/openings").data) == {"reason"}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_canary_is_heard_in_every_disguise(sing, before, tmp_path):
    word = sing("x")
    text = f"{before}{word}{before}"

    assert sing.found_in(text) == {"x"}
    assert sing.found_in(json.dumps([text])) == {"x"}
    assert sing.found_in(base64.b64encode(text.encode())) == {"x"}
    assert sing.found_in(base64.urlsafe_b64encode(text.encode())) == {"x"}
    assert sing.found_in("金絲雀") == set()


def test_a_canary_is_heard_in_an_archive_within_an_archive(sing, tmp_path):
    from zipfile import ZIP_DEFLATED, ZipFile

    for name, inner in (("a", sing("x")), ("b", None)):
        with ZipFile(tmp_path / name, "w", ZIP_DEFLATED) as archive:
            archive.writestr("inner", inner or (tmp_path / "a").read_bytes())

    assert sing.found_in((tmp_path / "b").read_bytes()) == {"x"}
