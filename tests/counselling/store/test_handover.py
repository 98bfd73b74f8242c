"""Handing over: every word sealed again for the next counsellor, or nothing at all."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.counselling.rules.bookings import WITHDRAWN, Words, to_seal, unsealed
from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import booking_lists, bookings, handover, notes
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CounsellingBooking, NoteVersion, SessionNote, Trail, Vault
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings, vaults

HERS = "another passphrase"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD, PAST = MONDAY_4PM + DAY, MONDAY_4PM - DAY
WORDS = Words("小鳥", "夜裏睡不著")


@pytest.fixture
def chen(store):
    make.school()
    return make.staff("陈老师", roles=("counsellor",))


@pytest.fixture
def old(chen):
    return make.vault(chen)


@pytest.fixture
def zhou(store):
    return make.staff("周老师", roles=("counsellor",))


@pytest.fixture
def new(zhou):
    return make.vault(zhou, HERS)


def hand_over(old, new, passphrase=make.PASSPHRASE, **more):
    old, new = Vault.get_by_id(old.id), Vault.get_by_id(new.id)
    key, by = make.key_of(old, passphrase), make.actor(make.staff("陈老师"))
    return handover.hand_over(old, key, new, by=by, at=MONDAY_4PM, **more)


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

    assert (moved, handover.notes_in(new.id)) == (3, 3)
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
    hand_over(new, third, passphrase=HERS)

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


def sealed(vault, words=WORDS):
    return sealing.seal(to_seal(words), bytes(vault.public_key))


def again(row):
    return CounsellingBooking.get_by_id(row.id)


def words(row, vault, passphrase):
    key = make.key_of(Vault.get_by_id(vault.id), passphrase)
    return unsealed(sealing.open_sealed(bytes(again(row).sealed), key))


@pytest.mark.parametrize("state", ["waiting", "booked", "done", "missed", "cancelled"])
def test_the_words_of_every_booking_are_the_new_readers(chen, old, new, state):
    why = WITHDRAWN if state == "cancelled" else ""
    told = {"state": state, "cancel_reason": why, "sealed": sealed(old)}
    row = make.booking(chen, PAST, **told)
    hers = make.key_of(old)

    hand_over(old, new)

    assert words(row, new, HERS) == WORDS
    with pytest.raises(sealing.Broken):
        sealing.open_sealed(bytes(again(row).sealed), hers)


@pytest.mark.parametrize(
    ("starts", "state", "goes"),
    [
        (None, "waiting", True),
        (AHEAD, "waiting", True),
        (PAST, "waiting", True),
        (AHEAD, "booked", True),
        (PAST, "booked", False),
        (PAST, "done", False),
        (PAST, "missed", False),
    ],
)
def test_what_is_still_to_come_goes_to_the_next(chen, zhou, old, new, starts, state, goes):
    row = make.booking(chen, starts, state=state)
    assert handover.bookings_with(chen.id, at=MONDAY_4PM) == goes

    hand_over(old, new)

    moved = again(row)
    owner = zhou if goes else chen
    assert (moved.counsellor_id, moved.starts, moved.state) == (owner.id, starts, state)
    assert Trail.select().order_by(Trail.id.desc()).first().detail == (
        f"0 份，{int(goes)} 次 → vault={new.id}"
    )


@pytest.mark.parametrize("state", ["waiting", "booked"])
def test_a_time_that_the_next_has_given_away_is_to_be_found_anew(
    chen, zhou, old, new, state
):
    other = make.counselling_room("第二谈心室")
    make.booking(zhou, AHEAD, room=other)
    row = make.booking(chen, AHEAD, state=state, before="", sealed=sealed(old))

    hand_over(old, new)

    waits = booking_lists.waiting(zhou.id)
    assert [(each.id, each.starts, each.room) for each in waits] == [(row.id, None, None)]


def test_a_withdrawn_request_is_restored_with_the_next(chen, zhou, old, new):
    sun = make.staff("孙老师")
    told = {"state": "cancelled", "cancel_reason": WITHDRAWN, "before": "waiting"}
    row = make.booking(chen, AHEAD, by=sun, sealed=sealed(old), **told)

    hand_over(old, new)
    bookings.restore(row.id, by=make.actor(sun), at=MONDAY_4PM)

    assert [each.id for each in booking_lists.waiting(zhou.id)] == [row.id]
    assert words(row, new, HERS) == WORDS


def test_from_hand_to_hand_the_words_stay_readable(chen, old, new):
    row = make.booking(chen, PAST, state="done", sealed=sealed(old))
    third = make.vault(make.staff(roles=("counsellor",)), "a third passphrase")

    hand_over(old, new)
    hand_over(new, third, passphrase=HERS)

    assert words(row, third, "a third passphrase") == WORDS


def test_what_was_sealed_for_a_later_vault_stays_with_it(chen, old, new):
    hand_over(old, new)
    later = make.vault(chen, "a later passphrase")
    row = make.booking(chen, PAST, state="done", sealed=sealed(later))
    third = make.vault(make.staff(roles=("counsellor",)), "a third passphrase")

    hand_over(new, third, passphrase=HERS)

    assert words(row, later, "a later passphrase") == WORDS


def test_a_damaged_reason_does_not_keep_the_rest_back(chen, old, new):
    make.booking(chen, PAST, state="done", sealed=b"\x01gone")
    row = make.booking(chen, PAST + HOUR, state="done", sealed=sealed(old))

    hand_over(old, new)

    assert words(row, new, HERS) == WORDS


def week_of(person):
    formers = handover.former(person.id)
    days = PAST.date(), AHEAD.date()
    return [each.id for each in booking_lists.between(person.id, *days, formers)]


def test_the_next_reads_what_was_settled_and_nothing_that_came_later(chen, zhou, old, new):
    row = make.booking(chen, PAST, state="done", sealed=sealed(old))
    make.booking(chen, PAST + HOUR, state="done")
    assert week_of(zhou) == []

    hand_over(old, new)
    make.booking(
        chen, PAST + 2 * HOUR, asked_at=MONDAY_4PM + HOUR, state="done", sealed=b"\x01"
    )

    assert [each.name for each in handover.former(zhou.id)] == ["陈老师"]
    assert week_of(zhou) == [row.id]
