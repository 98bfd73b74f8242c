"""Whether what somebody typed means this child: by name in any spelling, or by number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .names import fold

DOUBLE_INITIALS = ("zh", "ch", "sh")
NUMBER_TAIL = 4  # so many last digits of a student number are enough
NOTHING = re.compile(r"(?!)").search


def matches(query: str, *, folded: str, pinyin: str, number: str | None) -> bool:
    """Any part of the name in either script, its pinyin in full, by initials or mixed with
    characters (`syx`, `shanyux`, `單yx`), or the beginning or end of the student number.

    `folded` and `pinyin` are those of `names.search_columns`. Nothing typed means everyone.
    """
    wanted = _wanted(query)
    if not wanted:
        return not query.strip()
    if wanted in folded or (number and _is_number(wanted, number.casefold())):
        return True
    return _may_be_spelt(wanted)(pinyin) is not None and _is_spelt(wanted, folded, pinyin)


@lru_cache(maxsize=64)
def _wanted(query: str) -> str:
    return fold(query)


def _is_number(wanted: str, number: str) -> bool:
    """By its beginning, with or without the G or L of a 學籍號, or by its last digits."""
    begun = number.startswith((wanted, f"g{wanted}", f"l{wanted}"))
    return begun or (len(wanted) >= NUMBER_TAIL and number.endswith(wanted))


@lru_cache(maxsize=64)
def _may_be_spelt(wanted: str) -> Callable[[str], object]:
    """A quick first look: the letters typed are there, in order, begun with a reading."""
    letters = re.findall("[a-z0-9]", wanted)
    if not letters:
        return NOTHING
    first = rf"\b{letters[0]}" if wanted.isascii() else letters[0]
    return re.compile(first + "".join(f"[^{c}]*{c}" for c in letters[1:])).search


def _is_spelt(wanted: str, folded: str, pinyin: str) -> bool:
    """Walks along the name once, keeping every place in `wanted` reached so far; the last
    character may be spelt in part."""
    reached: set[int] = set()
    at = 0
    for readings in pinyin.split():
        piece = readings if folded.startswith(readings, at) else folded[at : at + 1]
        at += len(piece)
        ways = _ways(piece, readings)
        reached.add(0)
        if any(way.startswith(wanted[end:]) for end in reached for way in ways):
            return True
        reached = {
            end + len(way) for end in reached for way in ways if wanted.startswith(way, end)
        }
    return False


@lru_cache(maxsize=8192)
def _ways(piece: str, readings: str) -> frozenset[str]:
    """How a character may be spelt: 單 by itself, `shan`, `sh`, `s`, `dan`, `d` …"""
    full = readings.split("/")
    initials = {reading[:1] for reading in full}
    doubles = {reading[:2] for reading in full if reading[:2] in DOUBLE_INITIALS}
    return frozenset({piece, *full, *initials, *doubles})
