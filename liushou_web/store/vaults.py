"""Vaults: who has one, and to which key others may seal words for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from ..db import db
from ..rules.access import Role
from ..rules.actor import Actor
from ..rules.refusal import Refused
from ..rules.sealing import NewVault
from ..schema import Staff, Vault
from . import trail


class Reader(NamedTuple):
    """A counsellor to whom words can be sealed."""

    id: int
    name: str


def of(staff_id: int) -> Vault | None:
    """The vault in use; None before it is set up, and after it was handed over."""
    return Vault.get_or_none(Vault.staff == staff_id, Vault.handed_over_at.is_null())


def public_key_of(staff_id: int) -> bytes | None:
    """What `sealing.seal` takes to close words for this person; None without a vault."""
    vault = of(staff_id)
    return bytes(vault.public_key) if vault else None


def counsellors_with_vault() -> list[Reader]:
    """Those who are counsellors today, by name."""
    rows: Any = (
        Staff.select()
        .join(Vault, on=Vault.staff == Staff.id)
        .where(Vault.handed_over_at.is_null(), Staff.retired_at.is_null())
        .order_by(Staff.name, Staff.id)
    )
    return [Reader(row.id, row.name) for row in rows if Role.COUNSELLOR in row.roles]


@db.atomic()
def set_up(staff_id: int, new: NewVault, *, by: Actor, at: datetime) -> Vault:
    """Keeps the keys. Refused where a vault is in use: its notes would be lost."""
    if of(staff_id):
        raise Refused("您的密封筆記已經設置好了，不必再設置。")
    Vault.delete().where(Vault.staff == staff_id).execute()
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
