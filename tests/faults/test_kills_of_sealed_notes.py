"""Killed in the middle of a change to a vault: all of it, or none, and nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import make
import pytest
from kit import MONDAY_4PM

import liushou_web
from liushou_web.counselling.store import notes
from liushou_web.schema import CounsellingBooking, NoteVersion, SessionNote, Vault
from liushou_web.vaults.rules import sealing

ROOT = Path(liushou_web.__file__).parent.parent
NOTES = 2
HERS, NEW = make.PASSPHRASE, "another passphrase"

BEGIN = """
import os, sys
from datetime import datetime
from liushou_web.actor import Actor
from liushou_web.counselling.store import handover
from liushou_web.db import db
from liushou_web.school.store import trail
from liushou_web.schema import Vault
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings, vaults

sealing.COST = sealing.Cost(1, 1)
db.init(sys.argv[1])
db.connect()
calls, deadly = 0, int(sys.argv[2])

def dying(deed):
    def step(*values, **named):
        global calls
        calls += 1
        if calls == deadly:
            os.kill(os.getpid(), 9)
        return deed(*values, **named)
    return step

db.execute_sql = dying(db.execute_sql)
by, at = Actor(1, "", frozenset()), datetime(2026, 11, 23, 17)
old = vaults.of(1)
key = sealing.unlock(bytes(old.wrapped), "a passphrase of hers") if old else None
"""
HAND_OVER = BEGIN + "handover.hand_over(old, key, vaults.of(2), by=by, at=at)"
PASSPHRASE = BEGIN + (
    "wrapped = sealing.wrap(key, 'another passphrase')\n"
    "vaults.change_passphrase(old, wrapped, by=by, at=at)"
)
SET_UP = BEGIN + "vaults.set_up(3, sealing.new_vault('another passphrase'), by=by, at=at)"


def run(script, database, deadly):
    """Whether it came to its end; it dies at its `deadly`th statement."""
    told = subprocess.run(
        [sys.executable, "-c", script, str(database), str(deadly)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    assert told.returncode in (0, -9), told.stderr
    return told.returncode == 0


def every_death(script, database, fresh):
    """Runs on a fresh copy and dies one statement later each time, until it survives."""
    for deadly in range(1, 200):
        with closing(sqlite3.connect(database)) as file:
            fresh.backup(file)
        survived = run(script, database, deadly)
        yield survived
        if survived:
            assert deadly > 4
            return


@pytest.fixture
def fresh(store, database):
    """Two vaults with notes and bookings in the first, as a database in memory."""
    make.school()
    chen = make.staff(roles=("counsellor",))
    for person, passphrase in ((chen, HERS), (make.staff(roles=("counsellor",)), NEW)):
        make.vault(person, passphrase)
    make.staff(roles=("counsellor",))
    vault = Vault.get_by_id(1)
    for n in range(NOTES):
        note_id = make.note(vault, issue=str(n))
        words = notes.one(note_id, vault, make.key_of(vault)).note
        by, at = make.actor(chen), MONDAY_4PM
        notes.change(note_id, vault, words, version=1, by=by, at=at)
    for n in range(NOTES):
        sealed = sealing.seal(f"[{n}]", bytes(vault.public_key))
        make.booking(chen, MONDAY_4PM + timedelta(days=n), sealed=sealed)
    kept = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(database)) as file:
        file.backup(kept)
    yield kept
    kept.close()


def opens(row, key):
    try:
        return bool(sealing.open_sealed(bytes(row.sealed), key))
    except sealing.Broken:
        return False


def test_a_killed_hand_over_moved_everything_or_nothing(fresh, database):
    hers, new = make.key_of(Vault.get_by_id(1)), make.key_of(Vault.get_by_id(2), NEW)

    for survived in every_death(HAND_OVER, database, fresh):
        old = Vault.get_by_id(1)
        bookings = list(CounsellingBooking.select())
        rows = [*SessionNote.select(), *NoteVersion.select(), *bookings]
        of_new = [opens(row, new) for row in rows]
        assert [opens(row, hers) for row in rows] == [not each for each in of_new]
        assert set(of_new) == {survived}
        assert {row.counsellor_id == 2 for row in bookings[1:]} == {survived}
        assert (old.handed_over_at is not None, bytes(old.wrapped) == b"") == (
            survived,
            survived,
        )


def test_a_killed_change_of_the_passphrase_leaves_one_that_opens(fresh, database):
    for survived in every_death(PASSPHRASE, database, fresh):
        vault = Vault.get_by_id(1)
        key = make.key_of(vault, NEW if survived else HERS)
        assert sealing.public_of(key) == bytes(vault.public_key)


def test_a_killed_set_up_leaves_a_whole_vault_or_none(fresh, database):
    for survived in every_death(SET_UP, database, fresh):
        made = list(Vault.select().where(Vault.staff == 3))
        assert [make.key_of(vault, NEW) != b"" for vault in made] == [True] * survived
