"""The school's settings, and its beginning: its term, its rooms, who may set it up."""

from __future__ import annotations

import ipaddress
from datetime import date
from typing import NamedTuple

from liushou_web.refusal import Refused

ROOMS = ("活動室", "閱讀室", "親情電話室", "心理輔導室")

SCRIPT_LABELS = {"hant": "繁體", "hans": "简体"}


class Settings(NamedTuple):
    """What the office may set, but for what belongs to one feature's own page."""

    name: str
    home_name: str
    script: str  # of those who have not chosen
    grace_minutes: int
    absences_in_row: int
    sick_alike: int
    closing_grace_minutes: int
    vault_idle_minutes: int
    call_minutes: int


SETTING_LABELS = {
    "name": "學校",
    "home_name": "之家",
    "script": "文字",
    "grace_minutes": "遲到寬限（分鐘）",
    "absences_in_row": "連續缺席（次）",
    "sick_alike": "同班病假（人）",
    "closing_grace_minutes": "關閉寬限（分鐘）",
    "vault_idle_minutes": "筆記鎖上（分鐘）",
    "call_minutes": "每次通話（分鐘）",
}


def changed(old: Settings, new: Settings) -> str:
    """What is not the same, for the trail: '文字：繁體 → 简体'; nothing if nothing."""
    pairs = zip(Settings._fields, old, new, strict=True)
    return "；".join(
        f"{SETTING_LABELS[field]}：{_word(was)} → {_word(now)}"
        for field, was, now in pairs
        if was != now
    )


def _word(value: object) -> str:
    return SCRIPT_LABELS.get(str(value), str(value))


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
