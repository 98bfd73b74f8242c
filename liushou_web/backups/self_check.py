"""The self-check: looks at everything that can go wrong, and changes nothing."""

from __future__ import annotations

import platform
import shutil
from datetime import datetime

from playhouse.schema_diff import diff_models

from liushou_web import network
from liushou_web.db import database_file, migrate
from liushou_web.db.paths import Paths
from liushou_web.schema import TABLES
from liushou_web.version import __version__

from . import daily, second_place
from .archive import newest_line
from .rules import findings as check
from .rules import retention
from .rules.findings import Finding


def findings(paths: Paths, now: datetime, *, port: str = "") -> list[Finding]:
    """A finding for each thing looked at; `port` as an address has it: ':8000'."""
    health = daily.health(paths, now)
    return [
        *_of_database(paths, now),
        check.disk(shutil.disk_usage(paths.folder).free),
        check.backup(health.last, health.failed, now),
        _of_second_place(paths, now),
        check.addresses(network.addresses(), port),
        check.program(__version__, platform.python_version()),
        check.sqlite(database_file.VERSION),
    ]


def _of_database(paths: Paths, now: datetime) -> list[Finding]:
    """Of the database, by a new connection: that of the server may know what it read."""
    try:
        with database_file.existing(paths.database) as opened:
            told = database_file.fault(opened)
            if told != "ok":
                return [check.database(told), check.clock(now, None)]
            broken = database_file.broken_links(opened)
            newest = newest_line(opened)
    except database_file.Damaged as error:
        return [check.database(str(error)), check.clock(now, None)]
    return [
        check.database(told),
        check.links(broken),
        _of_schema(paths),
        check.clock(now, newest),
    ]


def _of_schema(paths: Paths) -> Finding:
    with database_file.as_database(paths.database) as aside:
        pending, unknown = migrate.pending(aside), migrate.unknown(aside)
        differs = bool(diff_models(aside, list(TABLES)))
    return check.schema(differs, pending, unknown)


def _of_second_place(paths: Paths, now: datetime) -> Finding:
    setting, looked = second_place.setting(paths), second_place.last_look(paths)
    if setting is None:
        return check.second_place("", None, None, now)
    reached = retention.backup_named(setting.reached)
    trouble = looked.trouble if looked else None
    return check.second_place(setting.path, reached, trouble, now)
