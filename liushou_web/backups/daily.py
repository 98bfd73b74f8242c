"""Makes the backups that nobody asks for, each day and at the end of each term; and tries
each week whether the newest could be restored."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import NamedTuple

from liushou_web import clock
from liushou_web.actor import PROGRAM
from liushou_web.db import db
from liushou_web.db.disk import in_words
from liushou_web.db.paths import Paths
from liushou_web.refusal import Refused
from liushou_web.schedule.store import calendar
from liushou_web.school.store import school, trail

from . import restoring, second_place
from .making import FAILED, Stopped, all_in, make, nobody_stops
from .rules.retention import Backup, BackupKind, due, is_old, newest, rehearsal_due

EVERY = 600  # seconds between two looks
REHEARSED = "backup.rehearse"

log = logging.getLogger(__name__)
chores: tuple[Callable[[datetime], None], ...] = ()  # of other features, at each look
wake = Event()  # set when there is something for the second place
failed: list[Refused] = []  # why the last automatic backup was not made, or is no good


class Health(NamedTuple):
    """Whether there is reason to worry: the last backup, whether it is old, and why the
    last automatic one failed, if it did."""

    last: Backup | None
    old: bool
    failed: Refused | None


def health(paths: Paths, now: datetime) -> Health:
    last = newest(all_in(paths.backups), now)
    return Health(last, is_old(last, now), failed[0] if failed else None)


class Keeper(Thread):
    """Runs beside the server, and never in its way."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(name="backups", daemon=True)
        self.paths = paths
        self.ending = Event()

    def run(self) -> None:
        while not self.ending.is_set():
            wake.clear()
            try:
                look(self.paths, clock.now(), self)
            except Stopped:
                return
            except Exception:
                log.exception("the backup was not made")
            wake.wait(EVERY)

    def unless_ending(self) -> None:
        if self.ending.is_set():
            raise Stopped

    def end(self) -> None:
        """Gives up what is under way, which then was never begun, and waits for it."""
        self.ending.set()
        wake.set()
        self.join(timeout=10)


def look(paths: Paths, now: datetime, keeper: Keeper | None = None) -> None:
    """Makes what is due, tries it if that is due, then sees to the second place."""
    with db.connection_context():
        if school.school() is None:
            return
        for do in chores:
            do(now)
        kind = due(all_in(paths.backups), calendar.last_days(), now)
        if kind:
            _make(paths, kind, now, keeper.unless_ending if keeper else nobody_stops)
        _rehearse(paths, now)
    second_place.fill(paths, now)


def _make(
    paths: Paths, kind: BackupKind, now: datetime, unless: Callable[[], None]
) -> None:
    try:
        with in_words(FAILED):
            made = make(paths, kind, now, unless=unless)
            trail.record("backup.make", by=PROGRAM, at=now, detail=made.name)
        failed.clear()
    except Refused as refusal:
        failed[:] = [refusal]
        log.error("the backup was not made: %s", refusal)


def _rehearse(paths: Paths, now: datetime) -> None:
    """A backup that has never been restored is not yet a backup."""
    last = newest(all_in(paths.backups), now)
    if last is None or not rehearsal_due(last, trail.last_at(REHEARSED), now):
        return
    try:
        restoring.rehearse(paths, paths.backups / last.name)
        trail.record(REHEARSED, by=PROGRAM, at=now, detail=last.name)
    except Refused as refusal:
        failed[:] = [refusal]
        log.error("the backup cannot be restored: %s", refusal)
