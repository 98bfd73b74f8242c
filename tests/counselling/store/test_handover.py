"""Handing over: every word sealed again for the next counsellor, or nothing at all."""

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import handover, notes
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import NoteVersion, SessionNote, Trail, Vault
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings, vaults

HERS = "another passphrase"


@pytest.fixture
def chen(store):
    return make.staff("陈老师", roles=("counsellor",))


@pytest.fixture
def old(chen):
    return make.vault(chen)


@pytest.fixture
def new(store):
    return make.vault(make.staff("周老师", roles=("counsellor",)), HERS)


def hand_over(old, new, **more):
    by = make.actor(make.staff("陈老师"))
    return handover.hand_over(old, make.key_of(old), new, by=by, at=MONDAY_4PM, **more)


def state():
    return [
        [tuple(row) for row in table.select().tuples()]
        for table in (Vault, SessionNote, NoteVersion, Trail)
    ]


def test_every_note_and_its_past_is_read_with_the_new_key_alone(chen, old, new):
    ids = [make.note(old, issue=str(n)) for n in range(3)]
    by = make.actor(chen)
    notes.change(ids[0], old, Note(issue="改"), version=1, by=by, at=MONDAY_4PM)
    old_key, new_key = make.key_of(old), make.key_of(new, HERS)

    moved = hand_over(old, new)

    assert (moved, handover.count_of(new.id)) == (3, 3)
    assert {e.note.issue for e in notes.all_of(new, new_key)} == {"改", "1", "2"}
    assert notes.before(ids[0], new, new_key)[0].note.issue == "0"
    assert [e.note for e in notes.all_of(new, old_key)] == [None] * 3


def test_the_old_vault_keeps_nothing(chen, old, new):
    make.note(old)

    hand_over(old, new)

    row = Vault.get_by_id(old.id)
    assert (bytes(row.wrapped), bytes(row.wrapped_by_code)) == (b"", b"")
    assert row.handed_to_id == new.staff_id
    assert (vaults.of(chen.id), vaults.public_key_of(chen.id)) == (None, None)
    with pytest.raises(NotFound):
        hand_over(Vault.get_by_id(old.id), new) if row.wrapped else vaults.one(old.id)


def test_both_owners_are_told(old, new):
    hand_over(old, new, reason="陈老师調走了，由周老师接手")

    for vault in (old, new):
        told = [each.label for each in openings.unseen_of_others(vault)]
        assert told == ["用恢復碼交接"]
    assert [each.label for each in openings.of_vault(new)] == ["用恢復碼交接"]


def test_what_was_recorded_before_goes_along_with_its_reasons(old, new):
    by = make.actor(make.staff("校长"))
    reason = "孩子說今晚不想活了，要找到她"
    openings.record(old, "break_glass", by=by, at=MONDAY_4PM, reason=reason)

    hand_over(old, new)

    last = openings.of_vault(new)[-1]
    assert (last.label, last.who) == ("緊急打開", "校长")
    assert sealing.open_sealed(bytes(last.reason), make.key_of(new, HERS)) == reason


def test_from_hand_to_hand_the_record_stays(old, new):
    third = make.vault(make.staff(roles=("counsellor",)), HERS)
    by = make.actor(make.staff("校长"))
    openings.record(old, "break_glass", by=by, at=MONDAY_4PM, reason="孩子說今晚不想活了")

    hand_over(old, new)
    new = Vault.get_by_id(new.id)
    key = make.key_of(new, HERS)
    handover.hand_over(new, key, third, by=by, at=MONDAY_4PM)

    assert openings.of_vault(third)[-1].label == "緊急打開"


def test_one_note_that_cannot_be_opened_refuses_the_whole(old, new):
    make.note(old)
    make.note(old)
    SessionNote.update(sealed=b"\x01gone").where(SessionNote.id == 2).execute()
    before = state()

    with pytest.raises(sealing.Broken):
        hand_over(old, new)

    assert state() == before


def test_it_is_not_handed_to_oneself(old):
    before = state()

    with pytest.raises(Refused, match="另一位"):
        hand_over(old, old)

    assert state() == before


def test_afterwards_a_new_vault_can_be_set_up(chen, old, new):
    hand_over(old, new)

    again = make.vault(chen)

    assert (vaults.of(chen.id).id, vaults.newest(chen.id).id) == (again.id, again.id)
    assert again.id != old.id
