"""Who does a thing, as every write wants to know it."""

from typing import NamedTuple


class Actor(NamedTuple):
    """A member of staff at an address. `id` is None for the command line."""

    id: int | None
    name: str
    roles: frozenset[str]
    address: str = ""


CONSOLE = Actor(None, "命令行", frozenset(), "console")
PROGRAM = Actor(None, "自動", frozenset(), "program")  # nobody asked: the clock did
