"""Unlocked vaults: one login's, for minutes, in memory."""

import make
import pytest
from flask import g
from flask_login import login_user
from kit import MONDAY_4PM

from liushou_web.schema import School, Staff
from liushou_web.school.store import logins
from liushou_web.vaults import keyring
from liushou_web.vaults.rules import sealing


@pytest.fixture
def asking(app):
    """`asking(person, token)`: the rest of the test is a request of theirs."""
    contexts = []

    def begin(person, token):
        context = app.test_request_context()
        context.push()
        contexts.append(context)
        g.school = School.get_by_id(1)
        person = Staff.get_by_id(person.id)
        person.token = token
        login_user(person)
        return person

    yield begin
    for context in reversed(contexts):
        context.pop()


def token_of(person):
    return logins.begin(person, address="192.168.1.20", at=MONDAY_4PM)


def test_a_key_stays_for_the_idle_minutes_after_its_last_use(asking, seconds):
    chen = make.staff()
    asking(chen, token_of(chen))

    keyring.unlock(b"key")
    seconds(299)
    used = keyring.my_key()
    seconds(299)

    assert (used, keyring.my_key()) == (b"key", b"key")
    seconds(300)
    assert keyring.my_key() is None


def test_the_idle_minutes_are_the_schools(asking, seconds):
    chen = make.staff()
    asking(chen, token_of(chen))
    keyring.unlock(b"key")

    g.school.vault_idle_minutes = 1
    seconds(60)

    assert keyring.my_key() is None


def test_a_key_belongs_to_one_login(asking, seconds):
    chen, zhou = make.staff(), make.staff()
    here, there = token_of(chen), token_of(chen)
    asking(chen, here)
    keyring.unlock(b"key")

    asking(chen, there)
    assert keyring.my_key() is None
    asking(zhou, here)
    assert keyring.my_key() is None
    asking(chen, here)
    assert keyring.my_key() == b"key"


def test_locked_the_key_is_forgotten(asking, seconds):
    chen = make.staff()
    asking(chen, token_of(chen))
    keyring.unlock(b"locked key")

    keyring.lock()

    assert keyring.my_key() is None
    assert b"locked key" not in [each.key for each in keyring._open.values()]


def test_an_idle_key_is_forgotten_at_anybodys_request(app, asking, seconds):
    chen = make.staff()
    asking(chen, token_of(chen))
    keyring.unlock(b"idle key")

    seconds(300)
    app.test_client().get("/login")

    assert b"idle key" not in [each.key for each in keyring._open.values()]


def test_read_opens_what_was_sealed_for_the_reader_and_nothing_else(asking, seconds):
    chen = make.staff()
    asking(chen, token_of(chen))
    new, other = sealing.new_vault("x"), sealing.new_vault("x")
    hers = sealing.seal("夜裏睡不著", new.public_key)
    foreign = sealing.seal("別人的", other.public_key)

    locked = keyring.read(hers)
    keyring.unlock(sealing.unlock(new.wrapped, "x"))

    assert (locked, keyring.read(hers), keyring.read(foreign)) == (
        None,
        "夜裏睡不著",
        None,
    )


def test_logging_out_locks(client_for, at, seconds):
    at(MONDAY_4PM)
    chen = make.staff()
    client = client_for(chen)
    with client.session_transaction() as session:
        login = keyring.sha256(session["_user_id"].encode()).hexdigest()
    keyring._open[login] = keyring.Sitting(chen.id, b"key", 1000.0)

    client.post("/logout")

    assert login not in keyring._open


def test_a_broken_glass_and_a_slip_belong_to_one_login_and_person(asking, seconds):
    head, other = make.staff(), make.staff()
    token = token_of(head)
    asking(head, token)
    keyring.break_glass(7, b"key")
    keyring.hand_out(b"wrapped", "ABCD")
    here = keyring.glass().vault_id, keyring.slip().last_group

    asking(other, token)
    someone_else = keyring.glass(), keyring.slip()
    asking(head, token_of(head))
    elsewhere = keyring.glass(), keyring.slip()

    assert (here, someone_else, elsewhere) == ((7, "ABCD"), (None, None), (None, None))
