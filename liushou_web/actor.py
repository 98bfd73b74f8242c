"""Who does a thing, as every write wants to know it."""

from datetime import timedelta
from typing import NamedTuple


class Actor(NamedTuple):
    """A member of staff at an address. `id` is None for the command line. `waited` is how
    long the network kept the act: it is done at its own time, and the trail tells when it
    came in."""

    id: int | None
    name: str
    roles: frozenset[str]
    address: str = ""
    waited: timedelta = timedelta()


CONSOLE = Actor(None, "命令行", frozenset(), "console")
PROGRAM = Actor(None, "自動", frozenset(), "program")  # nobody asked: the clock did
