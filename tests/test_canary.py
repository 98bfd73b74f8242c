"""No word of a sealed note, nor of a booking, is anywhere but on its reader's own pages."""

import base64
import json
import logging

import canary
import make
import pages
import pytest
from kit import MONDAY_4PM, soup, views

from liushou_web.counselling.store import bookings, notes
from liushou_web.schema import CounsellingBooking, LoginSession
from liushou_web.web import unsaved

DESK = "/counselling/desk"
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


@pytest.fixture
def teacher(client_for, filled):
    """Of a class, who asks for a child of it and for one without a name."""
    return client_for(filled.people["duty"])


def booking_of(sing, key):
    told = {"starts": "later", "channel": "class_teacher", "urgent": "y", "key": key}
    return {**told, "alias": sing(f"{key}別名"), "reason": sing(f"{key}原因")}


def block_of(sing):
    day = {"day": "2026-11-27", "begins": "08:00", "ends": "09:00", "kind": "meeting"}
    room = make.counselling_room("谈心室").id
    return {**day, "room_id": room, "key": "block", "reason": sing("meeting")}


def plant_by_booking(sing, reader, teacher, filled):
    """Through the forms: by a class teacher twice, by the counsellor for herself; one is
    cancelled, with words where a choice belongs."""
    child = filled.ids["child"]
    for key, whom in (("named", f"?child_id={child}"), ("nameless", "")):
        answer = teacher.post(f"/counselling/book{whom}", data=booking_of(sing, key))
        assert answer.location == "/counselling"
    assert reader.post(f"{DESK}/block", data=block_of(sing)).status_code == 303
    last = CounsellingBooking.select().order_by(CounsellingBooking.id.desc()).first()
    for reason in (sing("cancel"), "mistake"):
        told = {"reason": reason, "note": sing(f"cancel{reason[-3:]}")}
        reader.post(f"{DESK}/{last.id}/cancel", data=told)


def plant_by_failing_to_book(sing, teacher, filled, monkeypatch):
    """Crashed, and after the teacher's login had ended; what was answered."""
    with monkeypatch.context() as patch:
        patch.setitem(teacher.application.config, "PROPAGATE_EXCEPTIONS", False)
        patch.setattr(bookings, "book", lambda *_, **__: 1 / 0)
        crashed = teacher.post("/counselling/book", data=booking_of(sing, "crashed"))
    hers = LoginSession.staff == filled.people["duty"]
    LoginSession.update(ended_at=MONDAY_4PM).where(hers).execute()
    lapsed = teacher.post("/counselling/book", data=booking_of(sing, "lapsed"))
    assert (crashed.status_code, lapsed.status_code) == (500, 401)
    return crashed, lapsed


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
    late = {**session_of(sing, "lapsed"), "reader": person.id}
    return locked, client.post("/notes/new", data=late)


def test_its_own_reader_reads_every_word(sing, reader):
    """Or the tests below could not fail."""
    note, sent = plant_by_saving(sing, reader)

    seen = sing.found_in(reader.get(note).data, reader.get(sent).data)

    assert seen == set(sing.words)


def test_so_the_counsellor_reads_the_words_of_her_bookings(sing, reader, teacher, filled):
    plant_by_booking(sing, reader, teacher, filled)

    seen = sing.found_in(reader.get(DESK).data)

    assert {name for name in sing.words if "cancel" not in name} - seen == {"named別名"}


@pytest.mark.parametrize(
    "role", ["duty", "office", "head", "admin", "helper", "other counsellor"]
)
def test_nobody_else_sees_a_word_on_any_page(
    sing, reader, teacher, filled, client_for, role
):
    plant_by_saving(sing, reader)
    plant_by_booking(sing, reader, teacher, filled)
    client = client_for(filled.people[role])
    client.post("/notes/unlock", data={"passphrase": "their own passphrase"})

    singing = {
        path: sing.found_in(body)
        for path, body in canary.pages_of(client, filled)
        if sing.found_in(body)
    }

    assert singing == {}


def test_nor_does_any_other_address_answer_with_one(
    sing, reader, teacher, filled, client_for, app
):
    plant_by_saving(sing, reader)
    plant_by_booking(sing, reader, teacher, filled)
    client = client_for(filled.people["admin"])

    answers = [client.open(url, method=method).data for _, method, url in views(app)]

    assert sing.found_in(*answers) == set()


def test_locked_their_own_reader_sees_none_either(sing, reader, teacher, filled):
    plant_by_saving(sing, reader)
    plant_by_booking(sing, reader, teacher, filled)
    reader.post("/notes/lock")

    bodies = [body for _, body in canary.pages_of(reader, filled)]

    assert sing.found_in(*bodies) == set()


def test_no_answer_to_what_failed_gives_one_to_the_next_at_the_pc(
    sing, reader, filled, monkeypatch
):
    crashed = plant_by_failing(sing, reader, monkeypatch)
    lapsed = plant_by_lapsing(sing, reader, filled.people["counsellor"])

    assert sing.found_in(*(answer.data for answer in (crashed, *lapsed))) == set()


def test_who_asked_sees_when_and_in_which_state_alone(sing, reader, teacher, filled):
    plant_by_booking(sing, reader, teacher, filled)

    page = teacher.get("/counselling").text

    assert page.count("等輔導老師安排") == 3  # one is of `pages.school`
    assert sing.found_in(page) == set()


def test_a_booking_that_failed_gives_none_to_the_next_at_the_pc(
    sing, teacher, filled, monkeypatch
):
    answers = plant_by_failing_to_book(sing, teacher, filled, monkeypatch)

    kept = soup(answers[-1]).find("input", {"name": "typed"})["value"]
    other = {"login": filled.people["head"].login, "password": make.SECRET}
    told = teacher.post("/login", data={**other, "typed": kept}, follow_redirects=True)

    assert sing.found_in(*(answer.data for answer in (*answers, told))) == set()


def test_trail_log_database_and_backup_hold_none(
    sing, reader, teacher, filled, database, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    plant_by_saving(sing, reader)
    plant_by_booking(sing, reader, teacher, filled)
    plant_by_failing(sing, reader, monkeypatch)
    plant_by_failing_to_book(sing, teacher, filled, monkeypatch)
    plant_by_lapsing(sing, reader, filled.people["counsellor"])

    assert sing.found_in(*canary.in_trail()) == set()
    assert sing.found_in(*canary.in_tables()) == set()
    assert sing.found_in(caplog.text) == set()
    assert sing.found_in(*canary.on_disk(database)) == set()


def test_why_the_glass_was_broken_is_nowhere_either(
    sing, reader, filled, client_for, database
):
    head = client_for(filled.people["head"])
    _, url, secrets = pages.UNLOCK["head"]
    reason = {**secrets, "passphrase_reason": sing("reason") * 2}

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


def test_a_canary_is_heard_in_what_is_carried_over_a_login(sing, bare_app):
    fields = (("reason", sing("x") * 20),)

    with bare_app.test_request_context():
        carried = unsaved.sealed(unsaved.Typed(1, "/counselling/book", fields, False))

    assert sing.found_in(f'<input name="typed" value="{carried}">') == {"x"}
