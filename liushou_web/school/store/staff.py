"""The accounts of the staff: added, changed, retired and brought back; never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import IntegrityError, fn

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import LoginSession, Staff

from ..rules import passwords
from ..rules.settings import ROLL_VIEWS
from ..rules.staff import (
    check_admin_stays,
    check_login,
    check_not_oneself,
    check_roles,
    login_name,
)
from . import logins, trail


class Person(NamedTuple):
    """A line of the list of accounts."""

    id: int
    login: str
    name: str
    roles: frozenset[str]
    must_change: bool
    one_time_until: datetime | None
    retired_at: datetime | None
    seen_at: datetime | None


def everyone() -> list[Person]:
    """All accounts by name, retired ones too, with when each was last seen. One query."""
    seen = fn.max(LoginSession.seen_at)
    rows: Any = (
        Staff.select(
            Staff.id,
            Staff.login,
            Staff.name,
            Staff.roles,
            Staff.must_change,
            Staff.one_time_until,
            Staff.retired_at,
            seen.alias("seen_at"),
        )
        .left_outer_join(LoginSession, on=(LoginSession.staff == Staff.id))
        .group_by(Staff.id)
        .order_by(Staff.name, Staff.id)
        .tuples()
    )
    return [Person(*row) for row in rows]


def active() -> list[Staff]:
    """Everyone who can log in, by name."""
    return list(Staff.select().where(Staff.retired_at.is_null()).order_by(Staff.name))


def one(staff_id: int) -> Staff:
    return Staff.get_by_id(staff_id)


@db.atomic()
def add(
    login: str,
    name: str,
    roles: frozenset[str],
    password_hash: str,
    *,
    by: Actor,
    at: datetime,
    must_change: bool = True,
) -> Staff:
    """A new account; refuses a name to log in by that any account, even a retired one,
    has already. The password is hashed beforehand and is to be changed at once."""
    login = login_name(login)
    check_login(login)
    check_roles(roles)
    try:
        made = Staff.create(
            login=login,
            name=name,
            roles=roles,
            password_hash=password_hash,
            must_change=must_change,
            one_time_until=passwords.lapses_at(at) if must_change else None,
        )
    except IntegrityError:
        sentence = "賬號「{login}」已經有人使用（停用的賬號也算），請換一個。"
        raise Refused(sentence, login=login) from None
    trail.record("staff.add", made, by=by, at=at, detail=f"{login} {_words(roles)}")
    return made


@db.atomic()
def change(
    staff_id: int, *, name: str, roles: frozenset[str], by: Actor, at: datetime
) -> Staff:
    """A new name or other roles; other roles end the person's sessions at once."""
    person = Staff.get_by_id(staff_id)
    if roles != person.roles:
        check_not_oneself(staff_id, by)
        check_roles(roles)
        if "admin" in person.roles - roles:
            check_admin_stays(_others(staff_id))
        detail = f"{_words(person.roles)} → {_words(roles)}"
        trail.record("staff.change_roles", person, by=by, at=at, detail=detail)
        logins.end_all(staff_id, at=at)
    if name != person.name:
        detail = f"{person.name} → {name}"
        trail.record("staff.rename", person, by=by, at=at, detail=detail)
    person.name, person.roles = name, roles
    person.save()
    return person


@db.atomic()
def retire(staff_id: int, *, by: Actor, at: datetime) -> Staff:
    """Nobody retires themselves, and the last administrator stays. A second press
    changes nothing."""
    person = Staff.get_by_id(staff_id)
    check_not_oneself(staff_id, by)
    if person.retired_at:
        return person
    if "admin" in person.roles:
        check_admin_stays(_others(staff_id))
    person.retired_at = at
    person.save()
    logins.end_all(staff_id, at=at)
    trail.record("staff.retire", person, by=by, at=at, detail=person.login)
    return person


@db.atomic()
def bring_back(staff_id: int, *, by: Actor, at: datetime) -> Staff:
    """The account as it was, roles and password included."""
    person = Staff.get_by_id(staff_id)
    if person.retired_at:
        person.retired_at = None
        person.save()
        trail.record("staff.bring_back", person, by=by, at=at, detail=person.login)
    return person


def reset_password(login: str, *, by: Actor, at: datetime) -> str:
    """A one-time password in place of a forgotten one; it is returned here and kept
    nowhere. The person is logged out everywhere and waits for nothing any more."""
    password = passwords.one_time()
    _reset(login, passwords.hash_of(password), by=by, at=at)
    return password


@db.atomic()
def _reset(login: str, password_hash: str, *, by: Actor, at: datetime) -> None:
    person = logins.by_name(login)
    if person is None:
        raise Refused("沒有可用的賬號「{login}」。", login=login)
    if person.id == by.id:
        raise Refused("自己的密碼請在「我的賬號」裏修改。")
    person.password_hash, person.must_change = password_hash, True
    person.one_time_until = passwords.lapses_at(at)
    person.save()
    logins.end_all(person.id, at=at)
    logins.forget_failures(person.login)
    trail.record("staff.reset_password", person, by=by, at=at, detail=person.login)


@db.atomic()
def change_password(person: Staff, password_hash: str, *, by: Actor, at: datetime) -> None:
    """Takes the place of the password that `person` was read with, and ends the person's
    other sessions. Refused if another change came first."""
    changed = (
        Staff.update(password_hash=password_hash, must_change=False, one_time_until=None)
        .where(Staff.id == by.id, Staff.password_hash == person.password_hash)
        .execute()
    )
    if not changed:
        raise Refused("密碼剛剛在別處改過了，請重新登錄。")
    logins.forgive(person.login, address=by.address, at=at)
    logins.end_all(person.id, at=at, but=person.token)
    trail.record("account.password", by=by, at=at)


@db.atomic()
def read_in(script: str, *, by: Actor, at: datetime) -> None:
    """The characters that a person wants to read: 'hant' or 'hans'."""
    Staff.update(script=script).where(Staff.id == by.id).execute()
    trail.record("account.script", by=by, at=at, detail=script)


@db.atomic()
def see_rolls_as(view: str, *, by: Actor, at: datetime) -> None:
    """Rolls as a 'list' or as 'tiles'; refuses anything else."""
    if view not in ROLL_VIEWS:
        raise NotFound
    Staff.update(roll_view=view).where(Staff.id == by.id).execute()
    trail.record("account.roll_view", by=by, at=at, detail=view)


def _others(staff_id: int) -> list[frozenset[str]]:
    return [person.roles for person in active() if person.id != staff_id]


def _words(roles: frozenset[str]) -> str:
    return "、".join(role.label for role in Role if role in roles)
