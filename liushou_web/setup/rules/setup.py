"""The first day: what the term is called, its rooms, and who may set the program up."""

from __future__ import annotations

import ipaddress
from datetime import date

from liushou_web.refusal import Refused

ROOMS = ("活動室", "閱讀室", "親情電話室", "心理輔導室")


def term_name(day: date) -> str:
    """'2026年秋季學期' from August to January, else '2027年春季學期'."""
    if day.month >= 8:
        return f"{day.year}年秋季學期"
    return f"{day.year - 1}年秋季學期" if day.month == 1 else f"{day.year}年春季學期"


def check_term(first_day: date, last_day: date) -> None:
    if last_day <= first_day:
        raise Refused("學期的最後一天必須在第一天之後。")
    if (last_day - first_day).days > 300:
        raise Refused("一個學期不會超過 300 天，請檢查第一天和最後一天。")


def room_names(lines: str) -> tuple[str, ...]:
    """One room per line; empty lines and repeated names fall away."""
    tidy = (line.strip() for line in lines.splitlines())
    names = tuple(dict.fromkeys(name for name in tidy if name))
    if any(len(name) > 30 for name in names):
        raise Refused("房間名稱請不要超過 30 個字，一行寫一個。")
    return names


def is_this_computer(address: str | None) -> bool:
    """Whether a request comes from the machine that the program runs on."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
