"""Runs the program on this PC for the whole school, until it is told to stop."""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType
from typing import NamedTuple

from flask import Flask

from liushou_web import create_app
from liushou_web.backups import daily
from liushou_web.db import db, log_slow_queries
from liushou_web.school.store import school

from . import announce, heap, listening, logs
from .announce import Account
from .data_folder import DataFolder

DEFAULT_PORT = 8000
SWITCH = 0.0005  # seconds after which a thread lets another have the interpreter

log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """Where to listen; `port` is None for the usual one or the next that is free."""

    host: str = "0.0.0.0"  # noqa: S104 - the school's own network is to reach it
    port: int | None = None
    browser: bool = True


def serve(folder: DataFolder, wish: Wish, *, demo: tuple[Account, ...] = ()) -> None:
    """Serves a folder that is ready, until SIGTERM or Ctrl-C; then closes the database.

    `demo` are the logins of an invented school, to be shown to everybody; none in a
    real one.
    """
    signal.signal(signal.SIGTERM, _stop)
    heap.share()
    door = _door(wish)
    logs.begin(folder.logs)
    log_slow_queries()
    app = _app(folder, demo)
    server = listening.server(app, door)
    own, others = announce.urls(wish.host, server.effective_port)
    announce.tell(own, others, setup_code=app.config["SETUP_CODE"], demo=demo)
    if wish.browser:
        announce.open_browser(own)
    log.info("serving on %s with Python %s", own, sys.version.split()[0])
    sys.setswitchinterval(SWITCH)
    gc.freeze()  # what was loaded at the start is not looked through at each sweep
    keeper = daily.Keeper(folder.paths)
    keeper.start()
    server.run()
    keeper.end()
    _close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _door(wish: Wish) -> socket.socket:
    wanted = DEFAULT_PORT if wish.port is None else wish.port
    door = listening.open_socket(wish.host, wanted, or_next=wish.port is None)
    port = door.getsockname()[1]
    if wish.port is None and port != wanted:
        print(f"  端口 {wanted} 已被別的程序佔用，改用 {port}。")
    return door


def _app(folder: DataFolder, demo: tuple[Account, ...]) -> Flask:
    return create_app(
        {
            "SECRET_KEY": folder.secret_key(),
            "DATABASE": str(folder.database),
            "SETUP_CODE": _setup_code(),
            "DEMO": demo,
        }
    )


def _setup_code() -> str:
    """For the wizard of an empty installation: only who sees this console knows it."""
    with db.connection_context():
        return "" if school.school() else f"{secrets.randbelow(10**8):08d}"


def _close() -> None:
    with db.connection_context():
        db.take_in_journal()
    log.info("stopped")
    with suppress(OSError):  # the console may be gone by now
        print("  已關閉。")
