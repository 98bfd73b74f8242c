"""The school's settings, and what changed in them, in words."""

from __future__ import annotations

from typing import NamedTuple

from .trail import differences

SCRIPT_LABELS = {"hant": "繁體", "hans": "简体"}
ROLL_VIEWS = ("list", "tiles")  # how a teacher sees a roll


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


def changes(old: Settings, new: Settings) -> str:
    """What is not the same, for the trail: '文字：繁體 → 简体'; nothing if nothing."""
    words = zip(SETTING_LABELS.values(), _in_words(old), _in_words(new), strict=True)
    return differences(words)


def _in_words(settings: Settings) -> Settings:
    return settings._replace(script=SCRIPT_LABELS[settings.script])
