"""Vaults: who has one, to which key words are sealed, and how they are opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Staff, Vault
from liushou_web.school.store import logins, trail

from ..rules.openings import check_reason
from ..rules.sealing import NewVault
from . import openings


class Reader(NamedTuple):
    """A counsellor to whom words can be sealed."""

    id: int
    name: str


def of(staff_id: int) -> Vault | None:
    """The vault in use; None before it is set up, and after it was handed over."""
    found = _in_use.row(staff_id)
    return as_row(Vault, found) if found else None


@Prepared
def _in_use(staff_id: Any) -> Any:
    return Vault.select().where(Vault.staff == staff_id, Vault.handed_over_at.is_null())


def newest(staff_id: int) -> Vault | None:
    """The vault in use, or the last that was handed over: its owner is told of both."""
    found: Vault | None = (
        Vault.select().where(Vault.staff == staff_id).order_by(Vault.id.desc()).first()
    )
    return found


def one(vault_id: int) -> Vault:
    """A vault in use; `NotFound` after it was handed over."""
    vault = Vault.get_or_none(Vault.id == vault_id, Vault.handed_over_at.is_null())
    if vault is None:
        raise NotFound
    return vault


def public_key_of(staff_id: int) -> bytes | None:
    """What `sealing.seal` takes to close words for this person; None without a vault."""
    vault = of(staff_id)
    return bytes(vault.public_key) if vault else None


def counsellors_with_vault() -> list[Reader]:
    """The counsellors of today who have a vault, by name."""
    return [
        Reader(row.id, row.name)
        for row in _owners()
        if row.retired_at is None and Role.COUNSELLOR in row.roles
    ]


class Owned(NamedTuple):
    """A vault in use, and whether its owner still is a counsellor here."""

    vault_id: int
    staff_id: int
    name: str
    serves: bool


def everyones() -> list[Owned]:
    """All that are in use, of those who left as well: for whoever holds the envelopes."""
    return [
        Owned(
            row.vault.id,
            row.id,
            row.name,
            row.retired_at is None and Role.COUNSELLOR in row.roles,
        )
        for row in _owners()
    ]


def _owners() -> Any:
    return (
        Staff.select(Staff, Vault.id)
        .join(Vault, on=Vault.staff == Staff.id, attr="vault")
        .where(Vault.handed_over_at.is_null())
        .order_by(Staff.name, Staff.id)
    )


@db.atomic()
def set_up(staff_id: int, new: NewVault, *, by: Actor, at: datetime) -> Vault:
    """Keeps the keys. Refused where a vault is in use: its notes would be lost."""
    if of(staff_id):
        raise Refused("您的密封筆記已經設置好了，不必再設置。")
    made = Vault.create(
        staff=staff_id,
        public_key=new.public_key,
        wrapped=new.wrapped,
        wrapped_by_code=new.wrapped_by_code,
        made_at=at,
        code_made_at=at,
    )
    trail.record("vaults.set_up", made, by=by, at=at)
    return made


@db.atomic()
def record_unlock(vault: Vault, *, by: Actor, at: datetime) -> None:
    """The passphrase was right: recorded, and no guess is held against its owner."""
    logins.forgive_secret(_guesses(vault))
    openings.record(vault, "unlock", by=by, at=at)


def guess(vault: Vault, *, at: datetime) -> None:
    """Counts a try before the secret is looked at; refuses while a wait lasts."""
    logins.attempt_secret(_guesses(vault), at=at)


def guess_code(vault: Vault, *, at: datetime) -> None:
    logins.attempt_secret(f"{_guesses(vault)}:code", at=at)


@db.atomic()
def code_was_right(vault: Vault) -> None:
    logins.forgive_secret(f"{_guesses(vault)}:code")


def _guesses(vault: Vault) -> str:
    return f"vault:{vault.id}"


@db.atomic()
def change_passphrase(vault: Vault, wrapped: bytes, *, by: Actor, at: datetime) -> None:
    """The key closed by a new passphrase; the old one opens nothing any more."""
    _replace(vault, wrapped=wrapped)
    logins.forgive_secret(_guesses(vault))
    openings.record(vault, "passphrase", by=by, at=at)
    trail.record("vaults.passphrase", vault, by=by, at=at)


@db.atomic()
def recover(vault: Vault, wrapped: bytes, *, by: Actor, at: datetime) -> None:
    """The key closed by a new passphrase, of someone who forgot the old one and was given
    the envelope."""
    _replace(vault, wrapped=wrapped)
    logins.forgive_secret(_guesses(vault))
    code_was_right(vault)
    openings.record(vault, "recover", by=by, at=at)
    trail.record("vaults.recover", vault, by=by, at=at)


@db.atomic()
def renew_code(vault: Vault, wrapped_by_code: bytes, *, by: Actor, at: datetime) -> None:
    """The key closed by a new code: the slip in the envelope has to be the new one."""
    _replace(vault, wrapped_by_code=wrapped_by_code, code_made_at=at)
    openings.record(vault, "code", by=by, at=at)
    trail.record("vaults.code", vault, by=by, at=at)


@db.atomic()
def break_glass(vault: Vault, *, reason: str, by: Actor, at: datetime) -> None:
    """The code in the envelope was right: another's vault is open, in danger to life.

    Recorded where nobody can take it out, and told to the owner; the trail says that it
    was done, not why. Refuses a reason of a few words.
    """
    check_reason(reason)
    code_was_right(vault)
    openings.record(vault, "break_glass", by=by, at=at, reason=reason)
    trail.record("glass.break", vault, by=by, at=at)


@db.atomic()
def record_wrong_code(vault: Vault, *, by: Actor, at: datetime) -> None:
    """Somebody tried to break the glass with a wrong code: told to the owner."""
    openings.record(vault, "break_wrong", by=by, at=at)
    trail.record("glass.wrong", vault, by=by, at=at)


@db.atomic()
def hand_over(
    vault: Vault, key: bytes, to: Vault, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """The keys of `vault` are gone for good, and why it was opened is told to the owner of
    `to`, who gets what is in it (`counselling/store/handover.py`). Both are told; with a
    `reason` it is done by another."""
    deed = "break_hand_over" if reason else "hand_over"
    openings.record(vault, deed, by=by, at=at, reason=reason)
    gone = {"wrapped": b"", "wrapped_by_code": b"", "handed_over_at": at}
    Vault.update(**gone, handed_to=to.staff_id).where(Vault.id == vault.id).execute()
    openings.seal_again(vault, key, to)
    openings.record(to, deed, by=by, at=at, reason=reason)


def _replace(vault: Vault, **values: Any) -> None:
    """Refused where the keys are no longer those that the caller opened."""
    same = Vault.update(**values).where(
        Vault.id == vault.id,
        Vault.wrapped == vault.wrapped,
        Vault.wrapped_by_code == vault.wrapped_by_code,
        Vault.handed_over_at.is_null(),
    )
    if not same.execute():
        raise Refused("口令或恢復碼剛在另一個窗口改過，這次沒有保存。請重新打開這一頁。")
