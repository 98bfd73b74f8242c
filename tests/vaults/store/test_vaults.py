"""Vaults: setting one up, and to whom words can be sealed."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.refusal import Refused
from liushou_web.schema import Staff, Trail, Vault
from liushou_web.school.rules.throttle import TooMany
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import openings, vaults

LATER = MONDAY_4PM + timedelta(days=1)


def set_up(person, passphrase="a passphrase of hers"):
    new = sealing.new_vault(passphrase)
    by = make.actor(person)
    return vaults.set_up(person.id, new, by=by, at=MONDAY_4PM)


def test_set_up_keeps_the_keys_closed_and_tells_the_trail(store):
    chen = make.staff("陈老师", roles=("counsellor",))
    new = sealing.new_vault("a passphrase of hers")

    vault = vaults.set_up(chen.id, new, by=make.actor(chen), at=MONDAY_4PM)

    kept = Vault.get_by_id(vault.id)
    assert bytes(kept.public_key) == vaults.public_key_of(chen.id) == new.public_key
    private = sealing.unlock(bytes(kept.wrapped), "a passphrase of hers")
    assert sealing.public_of(private) == new.public_key
    told = [(line.deed, line.subject, line.subject_id, line.detail) for line in Trail]
    assert told == [("vaults.set_up", "vault", vault.id, "")]


def test_a_vault_in_use_is_not_replaced(store):
    chen = make.staff(roles=("counsellor",))
    set_up(chen)
    before = vaults.public_key_of(chen.id)

    with pytest.raises(Refused, match="已經設置好了"):
        set_up(chen)

    assert vaults.public_key_of(chen.id) == before
    assert Trail.select().count() == 1


def test_a_vault_that_was_handed_over_takes_no_more_words(store):
    chen = make.staff(roles=("counsellor",))
    set_up(chen)
    empty = {"wrapped": b"", "wrapped_by_code": b"", "handed_over_at": MONDAY_4PM}
    Vault.update(**empty, handed_to=make.staff()).execute()

    assert (vaults.of(chen.id), vaults.public_key_of(chen.id)) == (None, None)
    assert set_up(chen).handed_over_at is None


def test_counsellors_with_a_vault_are_those_of_today(store):
    chen, retired, former = (
        make.staff(name, roles=("counsellor",)) for name in ("陈老师", "周老师", "吴老师")
    )
    make.staff("孙老师", roles=("counsellor",))  # without a vault
    for person in (chen, retired, former):
        set_up(person)
    Staff.update(retired_at=MONDAY_4PM).where(Staff.id == retired.id).execute()
    Staff.update(roles=frozenset({"duty"})).where(Staff.id == former.id).execute()

    assert vaults.counsellors_with_vault() == [vaults.Reader(chen.id, "陈老师")]
    assert vaults.public_key_of(make.staff().id) is None


def test_a_new_passphrase_opens_and_the_old_one_does_not(store):
    chen = make.staff(roles=("counsellor",))
    vault = make.vault(chen)
    wrapped = sealing.wrap(make.key_of(vault), "quite another one")

    vaults.change_passphrase(vault, wrapped, by=make.actor(chen), at=MONDAY_4PM)

    kept = Vault.get_by_id(vault.id)
    assert sealing.public_of(make.key_of(kept, "quite another one")) == bytes(
        kept.public_key
    )
    with pytest.raises(sealing.WrongSecret):
        make.key_of(kept)
    assert openings.of_vault(kept)[0].label == "修改口令"


def test_a_new_code_voids_the_old_one(store):
    chen = make.staff(roles=("counsellor",))
    vault = make.vault(chen)
    code = sealing.new_code()
    wrapped = sealing.wrap(make.key_of(vault), sealing.bare(code))

    vaults.renew_code(vault, wrapped, by=make.actor(chen), at=LATER)

    kept = Vault.get_by_id(vault.id)
    assert kept.code_made_at == LATER
    sealing.unlock_by_code(bytes(kept.wrapped_by_code), code)
    with pytest.raises(sealing.WrongSecret):
        sealing.unlock_by_code(bytes(kept.wrapped_by_code), make.CODE)


def test_of_two_changes_at_once_the_second_is_refused(store):
    chen = make.staff(roles=("counsellor",))
    vault = make.vault(chen)
    first = sealing.wrap(make.key_of(vault), "the first one")
    vaults.change_passphrase(vault, first, by=make.actor(chen), at=MONDAY_4PM)

    with pytest.raises(Refused, match="另一個窗口"):
        vaults.recover(vault, b"second", by=make.actor(chen), at=MONDAY_4PM)

    assert bytes(Vault.get_by_id(vault.id).wrapped) == first
    assert Trail.select().count() == 2


def test_guesses_are_counted_for_each_vault_and_forgiven_when_right(store):
    chen, zhou = make.staff(roles=("counsellor",)), make.staff(roles=("counsellor",))
    hers, his = make.vault(chen), make.vault(zhou)
    for _ in range(5):
        vaults.guess(hers, at=MONDAY_4PM)

    with pytest.raises(TooMany):
        vaults.guess(hers, at=MONDAY_4PM)
    vaults.guess(his, at=MONDAY_4PM)
    vaults.guess_code(hers, at=MONDAY_4PM)
    vaults.record_unlock(hers, by=make.actor(chen), at=MONDAY_4PM)
    vaults.guess(hers, at=MONDAY_4PM)


def test_everyones_vaults_say_whose_owner_still_serves(store):
    chen, gone = make.staff("陈老师", roles=("counsellor",)), make.staff("周老师")
    one, other = make.vault(chen), make.vault(gone)

    assert vaults.everyones() == [
        (other.id, gone.id, "周老师", False),
        (one.id, chen.id, "陈老师", True),
    ]
