"""Who opened a vault or read a note in it: added to, told to its owner, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.schema import Staff, Vault, VaultOpening

from ..rules.openings import BY_OTHERS, HANDED, LABELS
from ..rules.sealing import open_sealed, seal

MOST_SHOWN = 300


class Opening(NamedTuple):
    id: int
    at: datetime
    who: str
    address: str
    deed: str
    note_id: int | None
    reason: bytes | None  # sealed for the owner

    @property
    def label(self) -> str:
        return LABELS[self.deed]

    @property
    def by_others(self) -> bool:
        return self.deed in BY_OTHERS


@db.atomic()
def record(
    vault: Vault,
    deed: str,
    *,
    by: Actor,
    at: datetime,
    note_id: int | None = None,
    reason: str = "",
) -> None:
    """Adds an opening. The reason may name a child, so it is sealed like the notes."""
    VaultOpening.create(
        vault=vault.id,
        note=note_id,
        staff=by.id,
        at=at,
        address=by.address,
        deed=deed,
        reason=seal(reason, bytes(vault.public_key)) if reason else None,
    )


def of_vault(vault: Vault, *, limit: int = MOST_SHOWN) -> list[Opening]:
    """The newest first, with those of the vaults that were handed over to this one."""
    its_own = (VaultOpening.vault == vault.id) | VaultOpening.deed.not_in(HANDED)
    rows = _openings().where(VaultOpening.vault.in_(lineage(vault)), its_own).limit(limit)
    return [Opening(*row) for row in rows.tuples()]


def unseen_of_others(vault: Vault) -> list[Opening]:
    """What others did with this vault since its owner last said that they knew."""
    rows = _openings().where(
        VaultOpening.vault == vault.id,
        VaultOpening.id > vault.seen_opening,
        VaultOpening.deed.in_(BY_OTHERS),
    )
    return [Opening(*row) for row in rows.tuples()]


@db.atomic()
def mark_seen(vault: Vault, opening_id: int) -> None:
    """The owner knows of all up to this one; they stay in the list for ever."""
    Vault.update(seen_opening=opening_id).where(
        Vault.id == vault.id, Vault.seen_opening < opening_id
    ).execute()


def seal_again(vault: Vault, key: bytes, to: Vault) -> None:
    """The reasons of all openings that came to `vault`, for whoever opens `to`; inside a
    hand-over."""
    rows = VaultOpening.select().where(
        VaultOpening.vault.in_(lineage(vault)), VaultOpening.reason.is_null(False)
    )
    for row in list(rows):
        sealed = seal(open_sealed(bytes(row.reason or b""), key), bytes(to.public_key))
        VaultOpening.update(reason=sealed).where(VaultOpening.id == row.id).execute()


def lineage(vault: Vault) -> list[int]:
    """The vault, and every other whose notes came to it from hand to hand."""
    found, owners = {vault.id}, {vault.staff_id}
    while more := _handed_to(owners, found):
        found |= {each.id for each in more}
        owners = {each.staff_id for each in more}
    return sorted(found)


def _handed_to(owners: set[int], but: set[int]) -> Sequence[Vault]:
    return list(
        Vault.select().where(Vault.handed_to.in_(list(owners)), Vault.id.not_in(list(but)))
    )


def _openings() -> Any:
    return (
        VaultOpening.select(
            VaultOpening.id,
            VaultOpening.at,
            Staff.name,
            VaultOpening.address,
            VaultOpening.deed,
            VaultOpening.note,
            VaultOpening.reason,
        )
        .join(Staff)
        .order_by(VaultOpening.id.desc())
    )
