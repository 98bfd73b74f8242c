"""Unlocked vaults: private keys in this process's memory, for minutes, and nowhere else.

A key belongs to one login session; it is gone when that login ends, when the reader locks
or stops reading, and when the server stops. It is never in a cookie, a file, a log, a page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import NamedTuple, TypeVar

from flask import Flask, g
from flask_login import current_user

from .rules.sealing import Broken, NewVault, open_sealed

MINUTE = 60.0
SLIP = 30 * MINUTE  # to print the code and put it into its envelope
GLASS = 15 * MINUTE  # from the code on, however busy


class Sitting(NamedTuple):
    """An open vault: whose, the key, and when it was last used."""

    staff_id: int
    key: bytes
    used_at: float


class Glass(NamedTuple):
    """Somebody else's vault, opened by the code from the envelope."""

    staff_id: int
    key: bytes
    vault_id: int
    until: float

    @property
    def minutes(self) -> int:
        """What is left, rounded up."""
        return max(1, -int((time.monotonic() - self.until) // MINUTE))


class Slip(NamedTuple):
    """New keys whose recovery code was shown, until its owner says that it is on paper."""

    staff_id: int
    keys: NewVault | bytes  # a whole vault, or the key closed by a new code
    last_group: str  # of the code; the code itself is not kept
    until: float


Kept = TypeVar("Kept", Sitting, Glass, Slip)

_lock = Lock()
_open: dict[str, Sitting] = {}
_glass: dict[str, Glass] = {}
_slips: dict[str, Slip] = {}


def unlock(private_key: bytes) -> None:
    """Keeps the key of the person asking, who reads with it on this login alone."""
    with _lock:
        _open[_login()] = Sitting(current_user.id, private_key, time.monotonic())


def lock() -> None:
    """Forgets every key of this login."""
    with _lock:
        _open.pop(_login(), None)
        _glass.pop(_login(), None)
        _slips.pop(_login(), None)


def is_open() -> bool:
    """Whether the vault of the person asking is open; to ask is not to use it."""
    with _lock:
        return _own() is not None


def my_key() -> bytes | None:
    """The private key of the person asking; None while their vault is locked.

    Asking counts as using it, so ask on the pages of a reader and on no page that polls.
    """
    with _lock:
        sitting = _own()
        if sitting is None:
            return None
        _open[_login()] = sitting._replace(used_at=time.monotonic())
        return sitting.key


def read(sealed: bytes) -> str | None:
    """What was sealed for the person asking; None while locked, or if it is not theirs."""
    key = my_key()
    try:
        return open_sealed(sealed, key) if key else None
    except Broken:
        return None


def break_glass(vault_id: int, private_key: bytes) -> None:
    """The person asking reads another's vault, until the time is over."""
    until = time.monotonic() + GLASS
    with _lock:
        _glass[_login()] = Glass(current_user.id, private_key, vault_id, until)


def glass() -> Glass | None:
    """The vault that the person asking broke the glass of, while the time lasts."""
    with _lock:
        _forget_idle()
        found = _glass.get(_login())
        return found if found and found.staff_id == current_user.id else None


def hand_out(keys: NewVault | bytes, last_group: str) -> None:
    """A slip was shown to the person asking; nothing is saved before it is confirmed."""
    until = time.monotonic() + SLIP
    with _lock:
        _slips[_login()] = Slip(current_user.id, keys, last_group, until)


def slip() -> Slip | None:
    """The slip that the person asking has not confirmed yet."""
    with _lock:
        _forget_idle()
        found = _slips.get(_login())
        return found if found and found.staff_id == current_user.id else None


def forget_slip() -> None:
    """The code of the person asking is on paper, or no longer wanted."""
    with _lock:
        _slips.pop(_login(), None)


def _own() -> Sitting | None:
    _forget_idle()
    sitting = _open.get(_login())
    return sitting if sitting and sitting.staff_id == current_user.id else None


def _forget_idle() -> None:
    now, idle = time.monotonic(), g.school.vault_idle_minutes * MINUTE
    _drop(_open, lambda sitting: now - sitting.used_at >= idle)
    _drop(_glass, lambda glass: now >= glass.until)
    _drop(_slips, lambda slip: now >= slip.until)


def _drop(kept: dict[str, Kept], is_over: Callable[[Kept], bool]) -> None:
    for login in [name for name, each in kept.items() if is_over(each)]:
        del kept[login]


def _login() -> str:
    return sha256(str(current_user.token).encode()).hexdigest()


def init_app(app: Flask) -> None:
    @app.before_request
    def forget_idle() -> None:
        """At any request, of whomever: an idle key does not wait for its reader."""
        if g.get("school"):
            with _lock:
                _forget_idle()
