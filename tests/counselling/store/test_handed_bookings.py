"""Bookings go with the vault: nobody's request waits where it cannot be read."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.counselling.rules.bookings import WITHDRAWN, Words, opened, to_seal
from liushou_web.counselling.store import booking_lists, bookings, handed_bookings, handover
from liushou_web.schema import CounsellingBooking, Trail, Vault
from liushou_web.vaults.rules import sealing

HERS = "another passphrase"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD, PAST = MONDAY_4PM + DAY, MONDAY_4PM - DAY
WORDS = Words("小鳥", "夜裏睡不著")


@pytest.fixture
def chen(store):
    make.school()
    return make.staff("陈老师", roles=("counsellor",))


@pytest.fixture
def zhou(store):
    return make.staff("周老师", roles=("counsellor",))


@pytest.fixture
def old(chen):
    return make.vault(chen)


@pytest.fixture
def new(zhou):
    return make.vault(zhou, HERS)


def sealed(vault, words=WORDS):
    return sealing.seal(to_seal(words), bytes(vault.public_key))


def hand_over(old, new, passphrase=make.PASSPHRASE):
    old, new = Vault.get_by_id(old.id), Vault.get_by_id(new.id)
    key, by = make.key_of(old, passphrase), make.actor(make.staff("陈老师"))
    return handover.hand_over(old, key, new, by=by, at=MONDAY_4PM)


def again(row):
    return CounsellingBooking.get_by_id(row.id)


def words(row, vault, passphrase):
    key = make.key_of(Vault.get_by_id(vault.id), passphrase)
    return opened(sealing.open_sealed(bytes(again(row).sealed), key))


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
    assert handed_bookings.count_of(chen.id, at=MONDAY_4PM) == goes

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
    hand_over(new, third, HERS)

    assert words(row, third, "a third passphrase") == WORDS


def test_what_was_sealed_for_a_later_vault_stays_with_it(chen, old, new):
    hand_over(old, new)
    later = make.vault(chen, "a later passphrase")
    row = make.booking(chen, PAST, state="done", sealed=sealed(later))
    third = make.vault(make.staff(roles=("counsellor",)), "a third passphrase")

    hand_over(new, third, HERS)

    assert words(row, later, "a later passphrase") == WORDS


def test_a_damaged_reason_does_not_keep_the_rest_back(chen, old, new):
    make.booking(chen, PAST, state="done", sealed=b"\x01gone")
    row = make.booking(chen, PAST + HOUR, state="done", sealed=sealed(old))

    hand_over(old, new)

    assert words(row, new, HERS) == WORDS


def week_of(person):
    formers = handed_bookings.former(person.id)
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

    assert [each.name for each in handed_bookings.former(zhou.id)] == ["陈老师"]
    assert week_of(zhou) == [row.id]
