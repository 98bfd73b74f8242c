"""Bookings when a vault is handed over: no request waits for somebody who cannot read it.

What is still to be answered or to come goes to the next counsellor. What is settled stays
with whoever held it; the next reads it in the same week, for the words are hers now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from liushou_web.refusal import Refused
from liushou_web.schema import CounsellingBooking, Staff, Vault
from liushou_web.span import Span
from liushou_web.vaults.rules.sealing import Broken, open_sealed, seal
from liushou_web.vaults.store import openings, vaults

from ..rules.bookings import WITHDRAWN, State
from .bookings import place_of
from .times import check_free

NO_TIME: dict[str, Any] = {"room": None, "starts": None, "ends": None}


def count_of(staff_id: int, *, at: datetime) -> int:
    """How many open bookings a hand-over would move."""
    found: int = CounsellingBooking.select().where(_open_of(staff_id, at)).count()
    return found


def _open_of(staff_id: int, at: datetime) -> Any:
    booking = CounsellingBooking
    to_come = (booking.state == State.BOOKED) & (booking.ends > at)
    return (booking.counsellor == staff_id) & ((booking.state == State.WAITING) | to_come)


def _withdrawn_from(staff_id: int, at: datetime) -> Any:
    """Whoever asked may still restore them."""
    booking = CounsellingBooking
    ahead = booking.starts.is_null() | (booking.starts > at)
    withdrawn = (booking.cancel_reason == WITHDRAWN) & ahead
    return (booking.counsellor == staff_id) & withdrawn


def pass_on(old: Vault, new: Vault, *, at: datetime) -> int:
    """Inside the hand-over: how many open bookings went to the owner of `new`. One whose
    time is taken there goes without it, to be given another."""
    theirs = _open_of(old.staff_id, at)
    rows = list(CounsellingBooking.select().where(theirs))
    for row in rows:
        _pass_on(row, new.staff_id)
    CounsellingBooking.update(counsellor=new.staff_id).where(
        _withdrawn_from(old.staff_id, at)
    ).execute()
    return len(rows)


def _pass_on(row: CounsellingBooking, staff_id: int) -> None:
    columns: dict[str, Any] = {"counsellor": staff_id}
    if not _fits(row, staff_id):
        columns |= {**NO_TIME, "state": State.WAITING, "before": ""}
    CounsellingBooking.update(**columns).where(CounsellingBooking.id == row.id).execute()


def _fits(row: CounsellingBooking, staff_id: int) -> bool:
    place = place_of(row)._replace(counsellor_id=staff_id)
    try:
        if row.starts is not None:
            check_free(place, Span(row.starts, row.ends), but=row.id)
    except Refused:
        return False
    return True


def seal_again(old: Vault, new: Vault, key: bytes) -> None:
    """Inside the hand-over, before `pass_on`: the words of all bookings that `key` opens.
    Those that it does not open are another vault's, or were damaged before."""
    owners = [row.staff_id for row in _vaults(openings.lineage(old))]
    booking, public_key = CounsellingBooking, bytes(new.public_key)
    rows = booking.select(booking.id, booking.sealed).where(
        booking.counsellor.in_(owners), booking.sealed.is_null(False)
    )
    for row in list(rows):
        try:
            sealed = seal(open_sealed(bytes(row.sealed or b""), key), public_key)
        except Broken:
            continue
        booking.update(sealed=sealed).where(booking.id == row.id).execute()


class Former(NamedTuple):
    """A counsellor whose vault came to another from hand to hand, and when."""

    id: int
    name: str
    until: datetime


def former(staff_id: int) -> list[Former]:
    """Those whose words this counsellor reads today."""
    vault = vaults.of(staff_id)
    rows = _vaults(openings.lineage(vault)) if vault else []
    return [
        Former(row.staff_id, row.staff.name, row.handed_over_at)
        for row in rows
        if row.handed_over_at and row.staff_id != staff_id
    ]


def _vaults(ids: Sequence[int]) -> list[Vault]:
    rows = Vault.select(Vault, Staff).join(Staff, on=Vault.staff == Staff.id)
    return list(rows.where(Vault.id.in_(ids)))


def sealed_of(formers: Sequence[Former]) -> Any:
    """The condition of a booking with words that was theirs, and went with their vault."""
    booking = CounsellingBooking
    each = [
        (booking.counsellor == one.id) & (booking.asked_at <= one.until) for one in formers
    ]
    return booking.sealed.is_null(False) & reduce(or_, each)
