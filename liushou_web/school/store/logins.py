"""Login sessions and throttling: who is logged in where, and who has to wait."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.inserts import insert_or_change
from liushou_web.db.prepared import Prepared, as_row
from liushou_web.refusal import Refused
from liushou_web.schema import LoginFailure, LoginSession, Staff

from ..rules import throttle
from ..rules.passwords import check_not_lapsed
from ..rules.staff import login_name
from . import trail

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(hours=3)
SEEN_EVERY = timedelta(minutes=5)
SESSIONS_KEPT = timedelta(days=30)
WRONG = "賬號或密碼不對。"


def by_name(login: str) -> Staff | None:
    """The active member of staff who logs in by this name, however it is spelt."""
    return Staff.get_or_none(Staff.login == login_name(login), Staff.retired_at.is_null())


@db.atomic()
def attempt(login: str, *, address: str, at: datetime) -> None:
    """Counts a try before the password is looked at, so that tries at the same moment
    cannot slip past each other; `begin` takes it back. Refuses while a wait lasts."""
    limits = (
        (_account(login), throttle.FREE),
        (_address(address), throttle.ADDRESS_FREE),
    )
    for key, free in limits:
        _refuse_while_waiting(key, free, at)
    LoginFailure.delete().where(LoginFailure.last_at <= at - throttle.FORGOTTEN).execute()
    for key, _ in limits:
        _count(key, at)


@db.atomic()
def attempt_secret(key: str, *, at: datetime) -> None:
    """Counts a try of another secret than a password, as 'vault:7' names one; refuses
    while a wait lasts."""
    _refuse_while_waiting(key, throttle.FREE, at)
    _count(key, at)


@db.atomic()
def forgive_secret(key: str) -> None:
    LoginFailure.delete().where(LoginFailure.key == key).execute()


@db.atomic()
def record_failure(staff: Staff | None, *, address: str, at: datetime) -> None:
    """Tells the trail. What was typed as a name is left out: it may be a password."""
    trail.record("login.failed", staff, by=Actor(None, "", frozenset(), address), at=at)


@db.atomic()
def forgive(login: str, *, address: str, at: datetime) -> None:
    """The password was right: the account's count is cleared, the address's relieved."""
    forget_failures(login)
    row = LoginFailure.get_or_none(LoginFailure.key == _address(address))
    if row:
        row.count = throttle.address_count_after_success(row.count)
        row.save()


@db.atomic()
def forget_failures(login: str) -> None:
    LoginFailure.delete().where(LoginFailure.key == _account(login)).execute()


@db.atomic()
def begin(staff: Staff, *, address: str, at: datetime) -> str:
    """A new session; returns its token, of which only a hash is kept. Refuses if the
    account was retired or its password changed since `staff` was read, and a one-time
    password that has lapsed."""
    now = Staff.get_by_id(staff.id)
    if now.retired_at or now.password_hash != staff.password_hash:
        raise Refused(WRONG)
    check_not_lapsed(now.one_time_until, at)
    forgive(staff.login, address=address, at=at)
    _drop_old(at)
    token = secrets.token_urlsafe(32)
    LoginSession.create(
        token_hash=_hash(token), staff=staff, address=address, began_at=at, seen_at=at
    )
    trail.record("login.begin", by=Actor(now.id, now.name, now.roles, address), at=at)
    return token


def staff_of(token: str, *, at: datetime) -> Staff | None:
    """Whose living session this is; None when ended, idle or too old. One query."""
    found = _of_token.row(_hash(token), *_bounds(at))
    if found is None:
        return None
    session_id, seen_at, *person = found
    if at - seen_at > SEEN_EVERY:
        _touch(session_id, at)
    staff = as_row(Staff, person)
    staff.token = token
    return staff


@Prepared
def _of_token(token: Any, began_after: Any, seen_after: Any, seen_before: Any) -> Any:
    return (
        LoginSession.select(LoginSession.id, LoginSession.seen_at, Staff)
        .join(Staff)
        .where(
            LoginSession.token_hash == token,
            *_living(began_after, seen_after, seen_before),
            Staff.retired_at.is_null(),
        )
    )


class Login(NamedTuple):
    address: str
    began_at: datetime
    seen_at: datetime
    here: bool


def living(staff_id: int, *, token: str, at: datetime) -> list[Login]:
    """Where a person is logged in, the newest first; `here` is the one with the token."""
    rows: Any = (
        LoginSession.select()
        .where(LoginSession.staff == staff_id, *_living(*_bounds(at)))
        .order_by(LoginSession.id.desc())
    )
    here = _hash(token)
    return [
        Login(row.address, row.began_at, row.seen_at, row.token_hash == here)
        for row in rows
    ]


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


def end_of_all(at: datetime) -> Any:
    """The write that logs everybody out everywhere, for a database that is not in use."""
    return LoginSession.update(ended_at=at).where(LoginSession.ended_at.is_null())


@db.atomic()
def end_others(token: str, *, by: Actor, at: datetime) -> None:
    """Logs oneself out on every other device."""
    end_all(by.id or 0, at=at, but=token)
    trail.record("login.end_others", by=by, at=at)


@db.atomic()
def _touch(session_id: int, at: datetime) -> None:
    LoginSession.update(seen_at=at).where(LoginSession.id == session_id).execute()


def _bounds(at: datetime) -> tuple[datetime, datetime, datetime]:
    return at - ABSOLUTE, at - IDLE, at + IDLE


def _living(began_after: Any, seen_after: Any, seen_before: Any) -> tuple[Any, ...]:
    """A clock that was set far back makes no session immortal."""
    return (
        LoginSession.ended_at.is_null(),
        LoginSession.began_at > began_after,
        LoginSession.seen_at > seen_after,
        LoginSession.seen_at < seen_before,
    )


def _drop_old(at: datetime) -> None:
    """Each person's newest stays, however old: it says when they were last seen."""
    newest = LoginSession.select(fn.max(LoginSession.id)).group_by(LoginSession.staff)
    LoginSession.delete().where(
        LoginSession.began_at < at - SESSIONS_KEPT, LoginSession.id.not_in(newest)
    ).execute()


def _refuse_while_waiting(key: str, free: int, at: datetime) -> None:
    row = LoginFailure.get_or_none(LoginFailure.key == key)
    if row is None:
        return
    if wait := throttle.still_to_wait(row.count, row.last_at, at, free=free):
        raise throttle.TooMany(wait)


def _count(key: str, at: datetime) -> None:
    once_more = {LoginFailure.count: LoginFailure.count + 1}
    insert_or_change(
        LoginFailure, [LoginFailure.key], once_more, key=key, count=1, last_at=at
    )


def _account(login: str) -> str:
    """Hashed: people type passwords into the wrong field, and names of any length."""
    return f"account:{_hash(login_name(login))[:32]}"


def _address(address: str) -> str:
    return f"address:{address}"


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
