"""Children of one name, told apart by the end of the student number, else by sex and
birthday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

SHORTEST_END = 4  # characters of a student number
SEXES = {"m": "男", "f": "女"}


class Namesake(NamedTuple):
    """What tells a child from another of its name."""

    child_id: int
    name: str
    number: str | None
    sex: str
    birth_date: date | None


def marks_of(children: Iterable[Namesake]) -> dict[int, str]:
    """The mark beside each name that is borne twice or more, by child id: '…0123',
    '女 2016-03-05'. `children` come name by name."""
    marks: dict[int, str] = {}
    for _, group in groupby(children, key=lambda child: child.name):
        namesakes = list(group)
        if len(namesakes) > 1:
            marks |= {child.child_id: _mark(child, namesakes) for child in namesakes}
    return marks


def _mark(child: Namesake, namesakes: list[Namesake]) -> str:
    if child.number:
        others = [each.number or "" for each in namesakes if each is not child]
        for length in range(SHORTEST_END, len(child.number)):
            end = child.number[-length:]
            if not any(number.endswith(end) for number in others):
                return f"…{end}"
        return child.number
    birthday = f"{child.birth_date:%Y-%m-%d}" if child.birth_date else ""
    return f"{SEXES.get(child.sex, '')} {birthday}".strip() or "無學籍號"
