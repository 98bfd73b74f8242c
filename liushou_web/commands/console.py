"""Speaking to a person at a terminal: Chinese on any console, help, tables that line up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

GAP = "  "


def speak_utf8() -> None:
    """Windows' own encodings lack half of what we say; pythonw has no console at all."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


class Parser(argparse.ArgumentParser):
    """Explains itself in the school's own language."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options, add_help=False)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "參數", "選項"
        self.add_argument("-h", "--help", action="help", help="顯示這個說明")


def port(text: str) -> int:
    """A number that a port can have, of an option; 0 is any that is free."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("端口是 0 到 65535 之間的數字")
    return int(text)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines whose columns stand below each other; a Chinese character is two wide."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)
        )
        yield GAP.join(cells).rstrip()


def width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
