"""The sealed words of bookings on the counsellor's own pages: read, or why they are not."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, request, url_for
from werkzeug import Response

from liushou_web.school.auth import me
from liushou_web.vaults import keyring
from liushou_web.vaults.store import vaults

from ..rules.bookings import Words, unsealed
from ..store.booking_lists import BookingEntry


class Lock(NamedTuple):
    """Whether the reader has a vault, whether it is open, and where that changes."""

    exists: bool
    is_open: bool
    url: str


def lock() -> Lock:
    if vaults.public_key_of(me().id or 0) is None:
        return Lock(exists=False, is_open=False, url=url_for("vaults.index"))
    here = request.full_path.rstrip("?")
    return Lock(True, keyring.is_open(), url_for("unlocking.hidden", next=here))


def words_of(items: list[BookingEntry]) -> dict[int, Words]:
    """What the open vault reads of the sealed words, by booking; nothing while locked, and
    nothing of what was sealed for another vault."""
    read = {item.id: keyring.read(bytes(item.sealed)) for item in items if item.sealed}
    return {id_: unsealed(text) for id_, text in read.items() if text is not None}


def refresh_when_locked(response: Response) -> Response:
    """A page left open asks again once the vault has locked, and is then without words."""
    if keyring.is_open():
        response.headers["Refresh"] = str(g.school.vault_idle_minutes * 60 + 1)
    return response
