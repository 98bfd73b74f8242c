"""Handing the notes and bookings of one counsellor to another: sealed again, or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import NoteVersion, SessionNote, Vault, VaultOpening
from liushou_web.school.store import trail
from liushou_web.vaults.rules.sealing import open_sealed, seal
from liushou_web.vaults.store import openings
from liushou_web.vaults.store.vaults import one

from . import handed_bookings


def count_of(vault_id: int) -> int:
    """How many notes a hand-over would move."""
    found: int = SessionNote.select().where(SessionNote.vault == vault_id).count()
    return found


@db.atomic()
def hand_over(
    vault: Vault, key: bytes, to: Vault, *, by: Actor, at: datetime, reason: str = ""
) -> int:
    """Every note, its older versions, the reasons of openings and of bookings, sealed for
    `to`, and open bookings given to its owner; how many notes. The old vault keeps neither
    note nor key.

    With a `reason` it is done by another, who holds the code. One note that cannot be
    opened refuses the whole, for it would be lost.
    """
    old, new = one(vault.id), one(to.id)
    if old.id == new.id:
        raise Refused("請選擇另一位輔導教師。")
    deed = "break_hand_over" if reason else "hand_over"
    openings.record(old, deed, by=by, at=at, reason=reason)
    _close(old, new, at)
    moved = _seal_again(key, old, new)
    handed_bookings.seal_again(old, new, key)
    passed = handed_bookings.pass_on(old, new, at=at)
    openings.record(new, deed, by=by, at=at, reason=reason)
    detail = f"{moved} 份，{passed} 次 → vault={new.id}"
    trail.record("handover.hand_over", old, by=by, at=at, detail=detail)
    return moved


def _close(old: Vault, new: Vault, at: datetime) -> None:
    gone = {"wrapped": b"", "wrapped_by_code": b"", "handed_over_at": at}
    Vault.update(**gone, handed_to=new.staff_id).where(Vault.id == old.id).execute()


def _seal_again(key: bytes, old: Vault, new: Vault) -> int:
    notes = SessionNote.select().where(SessionNote.vault == old.id)
    ids = [row.id for row in notes]
    public_key = bytes(new.public_key)
    versions = NoteVersion.select().where(NoteVersion.note.in_(ids))
    told = VaultOpening.vault.in_(openings.lineage(old)) & ~VaultOpening.reason.is_null()
    reasons = VaultOpening.select().where(told)
    for rows, column in ((notes, "sealed"), (versions, "sealed"), (reasons, "reason")):
        for row in rows:
            _replace(row, column, key, public_key)
    SessionNote.update(vault=new.id).where(SessionNote.id.in_(ids)).execute()
    return len(ids)


def _replace(row: Any, column: str, key: bytes, public_key: bytes) -> None:
    table = type(row)
    sealed = seal(open_sealed(bytes(getattr(row, column)), key), public_key)
    table.update(**{column: sealed}).where(table.id == row.id).execute()
