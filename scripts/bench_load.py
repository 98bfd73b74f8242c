"""Teachers who tap and read: kept connections, real logins, one thread each."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from threading import Barrier, Thread
from typing import NamedTuple
from urllib.parse import urlencode

from bench_school import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
IDLE = 10  # seconds
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Times(NamedTuple):
    """Milliseconds of each answer, and how many were not as they should be."""

    each: tuple[float, ...] = ()
    errors: int = 0

    def __add__(self, other: Times) -> Times:  # type: ignore[override]
        return Times(self.each + other.each, self.errors + other.errors)

    @property
    def p50(self) -> float:
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        return sorted(self.each)[int(len(self.each) * 0.95)]


class Client:
    """One browser: a kept connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.place = ""  # where the last answer leads to
        self.asked_at = 0.0

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple:
        if time.monotonic() - self.asked_at > IDLE:  # the server may have hung up
            self.connection.close()
        self.asked_at = time.monotonic()
        if self.cookies:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.place = answer.headers.get("Location", "")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, content

    def log_in(self, login: str) -> Client:
        fields = {"login": login, "password": PASSWORD, "csrf_token": self._token("/login")}
        status, _ = self.ask("POST", "/login", urlencode(fields).encode(), **FORM)
        if status != 303:
            raise RuntimeError(f"{login} cannot log in: {status}")
        return self

    def _token(self, path: str) -> str:
        return TOKEN.search(self.ask("GET", path)[1].decode())[1]  # type: ignore[index]

    def read(self, path: str) -> bool:
        return bool(self.ask("GET", path)[0] == 200)

    def tap(self, activity: int, child: int) -> bool:
        """A child signed in; done only if the row that comes back says so."""
        if not self.token:
            self.token = self._token(f"/attendance/{activity}")
        path = f"/attendance/{activity}/children/{child}/sign-in"
        body = urlencode({"csrf_token": self.token}).encode()
        status, content = self.ask("POST", path, body, **FORM, **{"HX-Request": "true"})
        return status == 200 and f'id="row-{child}"'.encode() in content

    def book(self, starts: datetime, child: int) -> bool:
        """A session asked for; done only if the list of one's own is the answer."""
        if not self.token:
            self.token = self._token("/counselling/find")
        fields = {"starts": starts.isoformat(), "channel": "child", "key": str(starts)}
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        status, _ = self.ask("POST", f"/counselling/book?child_id={child}", body, **FORM)
        return bool(status == 303)

    def call(self, child: int) -> bool:
        """A call home, begun and ended by one tap each; done only if the desk that comes
        back has it. Line 1 is this client's alone."""
        if not self.token:
            self.token = self._token("/calls")
        body = urlencode({"csrf_token": self.token}).encode()
        self.ask("POST", f"/calls/children/{child}/carer/start/1", body, **FORM)
        call = self.place.rpartition("/")[2]
        end = f"/calls/{call}/end/connected"
        status, content = self.ask("POST", end, body, **FORM, **{"HX-Request": "true"})
        return status == 200 and f'id="call-{call}"'.encode() in content

    def row(self, text: str) -> bool:
        return bool(self.ask("POST", "/row", text.encode())[0] == 200)


Work = Callable[[Client], Iterator[bool]]


def closed_loop(
    clients: list[Client], work: Callable[[Client], bool], rounds: int
) -> Times:
    """Each client asks again as soon as it is answered, `rounds` times."""
    return _together([(client, work, rounds) for client in clients])


def at_once(clients: list[Client], work: Callable[[Client], bool]) -> Times:
    """All ask at the same instant, once."""
    return closed_loop(clients, work, 1)


def in_turns(jobs: list, rounds: int) -> list[Times]:
    """One request of each job after another, `rounds` times; the times of each job."""
    results: list[list[Times]] = [[] for _ in jobs]
    for _ in range(rounds):
        for (client, work), mine in zip(jobs, results, strict=True):
            _one(client, work, 1, Barrier(1), mine)
    return [sum(mine, Times()) for mine in results]


def _together(jobs: list) -> Times:
    results: list[Times] = []
    start = Barrier(len(jobs))
    threads = [Thread(target=_one, args=(*job, start, results)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(results, Times())


def _one(
    client: Client, work: Callable, rounds: int, start: Barrier, results: list
) -> None:
    each, errors = [], 0
    start.wait()
    for _ in range(rounds):
        began = time.perf_counter()
        try:
            errors += not work(client)
        except (OSError, HTTPException):
            errors += 1
            client.connection.close()
        each.append((time.perf_counter() - began) * 1000)
    results.append(Times(tuple(each), errors))
