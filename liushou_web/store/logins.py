"""Login sessions and throttling: who is logged in where, and who has to wait."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from ..db import db
from ..schema import LoginSession, Staff

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(hours=3)
SEEN_EVERY = timedelta(minutes=5)


@db.atomic()
def begin(staff: Staff, *, address: str, at: datetime) -> str:
    """A new session; returns its token, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    LoginSession.create(
        token_hash=_hash(token), staff=staff, address=address, began_at=at, seen_at=at
    )
    return token


def staff_of(token: str, *, at: datetime) -> Staff | None:
    """Whose living session this is; None when ended, idle or too old. One query."""
    row = (
        LoginSession.select(LoginSession, Staff)
        .join(Staff)
        .where(
            LoginSession.token_hash == _hash(token),
            LoginSession.ended_at.is_null(),
            LoginSession.began_at > at - ABSOLUTE,
            LoginSession.seen_at > at - IDLE,
            Staff.retired_at.is_null(),
        )
        .first()
    )
    if row is None:
        return None
    if at - row.seen_at > SEEN_EVERY:
        _touch(row, at)
    staff: Staff = row.staff
    staff.token = token
    return staff


def last_owner(token: str) -> int | None:
    """The staff id of a session, living or ended: whose typing a lapsed page holds."""
    row = LoginSession.get_or_none(LoginSession.token_hash == _hash(token))
    return row.staff_id if row else None


@db.atomic()
def end(token: str, *, at: datetime) -> None:
    LoginSession.update(ended_at=at).where(
        LoginSession.token_hash == _hash(token), LoginSession.ended_at.is_null()
    ).execute()


@db.atomic()
def end_all(staff_id: int, *, at: datetime, but: str = "") -> None:
    """Logs a person out everywhere, except on the device with the token `but`."""
    LoginSession.update(ended_at=at).where(
        LoginSession.staff == staff_id,
        LoginSession.ended_at.is_null(),
        LoginSession.token_hash != _hash(but),
    ).execute()


@db.atomic()
def _touch(row: LoginSession, at: datetime) -> None:
    LoginSession.update(seen_at=at).where(LoginSession.id == row.id).execute()


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
