"""Rolls that stand open on many devices, and every few seconds ask what is new."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread

from bench_load import Client

EVERY = 10  # seconds
SEEN = re.compile(rb'data-version="(\d+)"')


class OpenRoll:
    """One device with one roll, logged in as somebody who is."""

    def __init__(self, port: int, like: Client, activity: int) -> None:
        self.client = Client(port)
        self.client.cookies = dict(like.cookies)
        self.address = f"/attendance/{activity}/changes"
        self.seen = 0
        self.errors = 0

    def ask(self) -> None:
        path = f"{self.address}?since={self.seen}&mode=in"
        status, content = self.client.ask("GET", path, **{"HX-Request": "true"})
        self.errors += status not in (200, 204)
        if found := SEEN.search(content):
            self.seen = int(found[1])


@contextmanager
def standing_open(rolls: list[OpenRoll]) -> Iterator[None]:
    """Meanwhile each of the rolls asks every ten seconds, all of them evenly spread. Each
    has asked once before, when it was opened."""
    for roll in rolls:
        roll.ask()
    over = Event()
    asking = Thread(target=_in_turn, args=(rolls, over))
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


def _in_turn(rolls: list[OpenRoll], over: Event) -> None:
    due = time.monotonic()
    for roll in cycle(rolls):
        due += EVERY / len(rolls)
        if over.wait(max(0, due - time.monotonic())):
            return
        roll.ask()
