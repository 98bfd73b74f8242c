"""Waitress with settings that neither idle nor slow clients of a school can exhaust."""

from __future__ import annotations

import errno
import os
import select
import socket
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from liushou_web.refusal import Refused
from liushou_web.web.headers import CSP

MEBIBYTE = 1024 * 1024
ROLLS = "/attendance/"  # what is asked below this address, children wait for at the door
NEXT_PORTS = 100

SETTINGS: dict[str, Any] = {
    "threads": 3,  # beside the one of the rolls; more only wait for each other
    "connection_limit": 400 if os.name == "nt" else 1000,  # select() stops at 512 there
    "channel_timeout": 20,
    "cleanup_interval": 5,
    "asyncore_use_poll": hasattr(select, "poll"),
    "max_request_body_size": 11 * MEBIBYTE,
    "ident": None,
}

TAKEN = "端口 {port} 已被別的程序佔用。可以改用：--port {free}"
NOT_HERE = "不能在 {host}:{port} 上提供服務（{reason}）。"

TOO_LARGE = "提交的內容太大，沒有保存。文件請不要超過 10 MB。"
NOT_UNDERSTOOD = "這個請求不完整，沒有保存。請返回上一頁再試一次。"


def open_socket(host: str, port: int, *, or_next: bool) -> socket.socket:
    """A socket on this port. If it is taken: on the next free one, or refused by name."""
    try:
        return _bind(host, port)
    except OSError as error:
        taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
        free = _next_free(host, port) if taken else None
        if free is None:
            reason = error.strerror
            raise Refused(NOT_HERE, host=host, port=port, reason=reason) from error
        if or_next:
            return free
        number = free.getsockname()[1]
        free.close()
        raise Refused(TAKEN, port=port, free=number) from error


def _next_free(host: str, port: int) -> socket.socket | None:
    for number in range(port + 1, min(port + 1 + NEXT_PORTS, 65536)):
        with suppress(OSError):
            return _bind(host, number)
    return None


def _bind(host: str, port: int) -> socket.socket:
    """On Windows the port is claimed for us alone; else two programs could share it."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind)
    try:
        alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        made.setsockopt(socket.SOL_SOCKET, alone, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class PlainErrors(ErrorTask):
    """What waitress itself refuses is said in our words and carries our headers."""

    def execute(self) -> None:
        error: Any = self.request.error  # type: ignore[attr-defined]
        words = TOO_LARGE if error.code == 413 else NOT_UNDERSTOOD
        self.status = f"{error.code} {error.reason}"
        self.response_headers = list(HEADERS)
        body = words.encode()
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    error_task_class = PlainErrors


class Lanes:
    """The rolls have a thread of their own, all else has the others: no long print stands
    before a tap. A second thread for the rolls would only take the interpreter from the
    first, for one tap at a time is written anyway."""

    def __init__(self, others: ThreadedTaskDispatcher) -> None:
        self.others = others
        self.rolls = ThreadedTaskDispatcher()
        self.rolls.set_thread_count(1)

    def add_task(self, channel: Any) -> None:
        path = getattr(channel.requests[0], "path", "")  # none where nothing was understood
        lane = self.rolls if path.startswith(ROLLS) else self.others
        lane.add_task(channel)

    def shutdown(self) -> None:
        """Lets what is being answered end, and answers nothing more."""
        for lane in (self.rolls, self.others):
            lane.shutdown()


def server(app: Flask, at: socket.socket) -> Any:
    """A waitress server for the app, listening already, answering once it is `run`."""
    made: Any = create_server(app, sockets=[at], **SETTINGS)
    made.channel_class = Channel
    made.task_dispatcher = Lanes(made.task_dispatcher)
    return made
