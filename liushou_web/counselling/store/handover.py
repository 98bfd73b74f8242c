"""Handing over to the next counsellor: every sealed word sealed again, or nothing at all.

What is still to be answered or to come goes to the next counsellor, so that no request
waits for somebody who cannot read it. What is settled stays with whoever held it; the next
reads it in the same week, for the words are hers now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import CounsellingBooking, SessionNote, Staff, Vault
from liushou_web.school.store import trail
from liushou_web.span import Span
from liushou_web.vaults.rules.sealing import Broken, open_sealed, seal
from liushou_web.vaults.store import openings, sealed_notes, vaults

from ..rules.bookings import WITHDRAWN, BookingState
from .bookings import place_of
from .times import check_free

NO_TIME: dict[str, Any] = {"room": None, "starts": None, "ends": None}


def notes_in(vault_id: int) -> int:
    """How many notes a hand-over of this vault would move."""
    found: int = SessionNote.select().where(SessionNote.vault == vault_id).count()
    return found


def bookings_with(staff_id: int, *, at: datetime) -> int:
    """How many open bookings a hand-over of this counsellor would move."""
    found: int = CounsellingBooking.select().where(_open_of(staff_id, at)).count()
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
    old, new = vaults.one(vault.id), vaults.one(to.id)
    if old.id == new.id:
        raise Refused("請選擇另一位輔導教師。")
    vaults.hand_over(old, key, new, by=by, at=at, reason=reason)
    moved = sealed_notes.move(old, key, new)
    _seal_bookings(old, key, new)
    passed = _pass_on(old.staff_id, new.staff_id, at)
    detail = f"{moved} 份，{passed} 次 → vault={new.id}"
    trail.record("handover.hand_over", old, by=by, at=at, detail=detail)
    return moved


def _seal_bookings(old: Vault, key: bytes, new: Vault) -> None:
    """The words of all bookings that `key` opens, before any is passed on. Those that it
    does not open are another vault's, or were damaged before."""
    owners = [row.staff_id for row in _vaults(openings.lineage(old))]
    booking = CounsellingBooking
    rows = booking.select(booking.id, booking.sealed).where(
        booking.counsellor.in_(owners), booking.sealed.is_null(False)
    )
    for row in list(rows):
        try:
            words = open_sealed(bytes(row.sealed or b""), key)
        except Broken:
            continue
        sealed = seal(words, bytes(new.public_key))
        booking.update(sealed=sealed).where(booking.id == row.id).execute()


def _pass_on(gives: int, takes: int, at: datetime) -> int:
    """How many open bookings went from one counsellor to the other. One whose time is
    taken there goes without it, to be given another."""
    rows = list(CounsellingBooking.select().where(_open_of(gives, at)))
    for row in rows:
        columns: dict[str, Any] = {"counsellor": takes}
        if not _fits(row, takes):
            columns |= {**NO_TIME, "state": BookingState.WAITING, "before": ""}
        booking = CounsellingBooking.update(**columns)
        booking.where(CounsellingBooking.id == row.id).execute()
    restorable = _withdrawn_from(gives, at)
    CounsellingBooking.update(counsellor=takes).where(restorable).execute()
    return len(rows)


def _open_of(staff_id: int, at: datetime) -> Any:
    booking = CounsellingBooking
    to_come = (booking.state == BookingState.BOOKED) & (booking.ends > at)
    return (booking.counsellor == staff_id) & (
        (booking.state == BookingState.WAITING) | to_come
    )


def _withdrawn_from(staff_id: int, at: datetime) -> Any:
    """Whoever asked may still restore them."""
    booking = CounsellingBooking
    ahead = booking.starts.is_null() | (booking.starts > at)
    withdrawn = (booking.cancel_reason == WITHDRAWN) & ahead
    return (booking.counsellor == staff_id) & withdrawn


def _fits(row: CounsellingBooking, staff_id: int) -> bool:
    place = place_of(row)._replace(counsellor_id=staff_id)
    try:
        if row.starts is not None:
            check_free(place, Span(row.starts, row.ends), but=row.id)
    except Refused:
        return False
    return True


class Former(NamedTuple):
    """A counsellor whose vault came to another from hand to hand, and when."""

    id: int
    name: str
    until: datetime


def former(staff_id: int) -> list[Former]:
    """The counsellors whose words this one reads today."""
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
