"""What names people log in by, and which changes to an account are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.refusal import Refused

UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]")


def login_name(text: str) -> str:
    """One spelling of each account: width, case, spaces, unseen characters fall away."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", "".join(UNSEEN.sub("", folded).split()))


def check_login(login: str) -> None:
    if not 2 <= len(login) <= 32:
        raise Refused("賬號請用 2 到 32 個字母、數字或漢字。")


def check_roles(roles: frozenset[str]) -> None:
    if not roles or not roles <= set(Role):
        raise Refused("請至少選一個角色。")


def check_not_oneself(staff_id: int, by: Actor) -> None:
    if staff_id == by.id:
        raise Refused("不能修改自己的角色，也不能停用自己的賬號。請另一位系統管理員來改。")


def check_admin_stays(others: Iterable[frozenset[str]]) -> None:
    """`others`: the roles of each active person but the one who is to stop."""
    if not any(Role.ADMIN in roles for roles in others):
        raise Refused("這是最後一位系統管理員，不能停用，也不能去掉這個角色。")
