"""Backups by name: what each is called, which are kept, when the next is due."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

DAY = timedelta(days=1)
OLD = timedelta(days=3)  # from here on, the page says so in red
REHEARSED_WITHIN = timedelta(days=7)  # from here on, the program rehearses by itself
DAYS, WEEKS = 7, 8  # of each, the newest backup is kept
OF_EACH_KIND = 5  # of those that somebody, or a risky step, asked for
TERM_WITHIN = timedelta(days=60)  # after a term's end its backup is still made

NAME = re.compile(r"(\d{8}-\d{6})-([a-z-]+)\.zip")


class BackupKind(StrEnum):
    DAILY = "daily"
    MANUAL = "manual"
    TERM = "term"
    UPGRADE = "before-upgrade"
    RESTORE = "before-restore"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    BackupKind.DAILY: "每日",
    BackupKind.MANUAL: "手動",
    BackupKind.TERM: "學期末",
    BackupKind.UPGRADE: "升級前",
    BackupKind.RESTORE: "恢復前",
}


class Backup(NamedTuple):
    """One finished backup, as its file name tells it; nothing private is in a name."""

    at: datetime
    kind: BackupKind

    @property
    def name(self) -> str:
        return f"{self.at:%Y%m%d-%H%M%S}-{self.kind}.zip"


def backup_named(name: str) -> Backup | None:
    """The backup of this file name; None for anything that is not one of ours."""
    found = NAME.fullmatch(name)
    try:
        made = found and Backup(
            datetime.strptime(found[1], "%Y%m%d-%H%M%S"), BackupKind(found[2])
        )
    except ValueError:
        return None
    return made if made and made.name == name else None


def newest(backups: Iterable[Backup], now: datetime) -> Backup | None:
    """The last one made. One from the future was made under a wrong clock: no comfort."""
    return max((each for each in backups if each.at <= now + DAY), default=None)


def to_drop(backups: Collection[Backup], now: datetime) -> set[Backup]:
    """What is no longer kept: 7 days, 8 weeks, every term's end, a few of each other kind.

    Days without a backup do not count, so a long holiday costs none. Those made under a
    clock that was ahead are counted apart: they push no true one out.
    """
    past = {each for each in backups if each.at <= now + DAY}
    return set(backups) - _kept(past) - _kept(set(backups) - past)


def _kept(backups: Collection[Backup]) -> set[Backup]:
    ordered = sorted(backups)
    by_day = {each.at.date(): each for each in ordered}
    by_week = {each.at.isocalendar()[:2]: each for each in ordered}
    daily = {each.at.date(): each for each in ordered if each.kind is BackupKind.DAILY}
    kept = {*list(by_day.values())[-DAYS:], *list(by_week.values())[-WEEKS:]}
    kept.update(list(daily.values())[-DAYS:])  # one by hand takes none of these away
    for kind in BackupKind:
        of_kind = [each for each in ordered if each.kind is kind]
        if kind is BackupKind.TERM:
            kept.update(of_kind)
        elif kind is not BackupKind.DAILY:
            kept.update(of_kind[-OF_EACH_KIND:])
    return kept


def due(
    backups: Collection[Backup], last_days: Iterable[date], now: datetime
) -> BackupKind | None:
    """The kind that is to be made now: a term's end first, then that of the day."""
    terms = [each.at.date() for each in backups if each.kind is BackupKind.TERM]
    for last_day in last_days:
        ended = timedelta(0) < now.date() - last_day <= TERM_WITHIN
        if ended and not any(made > last_day for made in terms):
            return BackupKind.TERM
    last = newest(backups, now)
    return None if last and now - last.at < DAY else BackupKind.DAILY


def rehearsal_due(
    last: Backup | None, rehearsed_at: datetime | None, now: datetime
) -> bool:
    """Whether a restore is to be tried. A rehearsal from the future, made under a wrong
    clock, proves nothing."""
    if last is None:
        return False
    if rehearsed_at is None or rehearsed_at > now + DAY:
        return True
    return now - rehearsed_at >= REHEARSED_WITHIN


def is_old(last: Backup | None, now: datetime) -> bool:
    """Whether it is time to worry: no backup for more than three days, or none at all."""
    return last is None or now - last.at > OLD
