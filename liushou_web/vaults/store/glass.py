"""Breaking the glass: another's vault, by the code in the envelope, in danger to life."""

from __future__ import annotations

from datetime import datetime

from liushou_web.actor import Actor
from liushou_web.counselling.rules.notes import check_reason
from liushou_web.db import db
from liushou_web.schema import Vault
from liushou_web.school.store import trail

from . import openings, vaults


@db.atomic()
def broken(vault: Vault, *, reason: str, by: Actor, at: datetime) -> None:
    """The code was right. Recorded where nobody can take it out, and told to the owner;
    the trail says that it was done, not why. Refuses a reason of a few words."""
    check_reason(reason)
    vaults.code_was_right(vault)
    openings.record(vault, "break_glass", by=by, at=at, reason=reason)
    trail.record("glass.break", vault, by=by, at=at)


@db.atomic()
def wrong(vault: Vault, *, by: Actor, at: datetime) -> None:
    """It was not: the owner is told that somebody tried."""
    openings.record(vault, "break_wrong", by=by, at=at)
    trail.record("glass.wrong", vault, by=by, at=at)
