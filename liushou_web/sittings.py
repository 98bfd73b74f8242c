"""Unlocked vaults: private keys in this process's memory, for minutes, and nowhere else.

A key belongs to one login session; it is gone when that login ends, when the reader locks
or stops reading, and when the server stops. It is never in a cookie, a file, a log, a page.
"""

from __future__ import annotations

import time
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from flask import Flask, g
from flask_login import current_user

from .rules.sealing import Broken, open_sealed

MINUTE = 60.0


class Sitting(NamedTuple):
    """An open vault: whose, the key, and when it was last used."""

    staff_id: int
    key: bytes
    used_at: float


_lock = Lock()
_open: dict[str, Sitting] = {}


def unlock(private_key: bytes) -> None:
    """From now on the person asking reads with this key, on this login alone."""
    with _lock:
        _open[_login()] = Sitting(current_user.id, private_key, time.monotonic())


def lock() -> None:
    """Forgets the key of this login, if there is one."""
    with _lock:
        _open.pop(_login(), None)


def my_key() -> bytes | None:
    """The private key of the person asking; None while their vault is locked.

    Asking counts as using it, so ask on the pages of a reader and on no page that polls.
    """
    with _lock:
        _forget_idle()
        sitting = _open.get(_login())
        if sitting is None or sitting.staff_id != current_user.id:
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


def _forget_idle() -> None:
    idle = g.school.vault_idle_minutes * MINUTE
    now = time.monotonic()
    for login in [name for name, each in _open.items() if now - each.used_at >= idle]:
        del _open[login]


def _login() -> str:
    return sha256(str(current_user.token).encode()).hexdigest()


def init_app(app: Flask) -> None:
    @app.before_request
    def forget_idle() -> None:
        """At any request, of whomever: an idle key does not wait for its reader."""
        if g.get("school"):
            with _lock:
                _forget_idle()
