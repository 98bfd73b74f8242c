"""Photos of those who collect: files of ours in the data folder, known by random names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from liushou_web.db import disk
from liushou_web.db.paths import paths
from liushou_web.refusal import NotFound

from ..store import collectors

FORGOTTEN_AFTER = 60 * 60  # seconds, after which a file that no row names is nobody's
NOT_SAVED = "照片沒有保存（{reason}）。請檢查磁盤後再試一次。"


def folder() -> Path:
    return paths().files / "collectors"


@contextmanager
def keep(portrait: bytes) -> Iterator[str]:
    """The name of a new file with the portrait, or '' without one; away again if what
    follows fails."""
    if not portrait:
        yield ""
        return
    name = _put(portrait)
    try:
        yield name
    except BaseException:
        forget(name)
        raise


def _put(portrait: bytes) -> str:
    name = f"{secrets.token_hex(16)}.jpg"
    part = folder() / f"{name}.part"
    with disk.in_words(NOT_SAVED):
        folder().mkdir(parents=True, exist_ok=True)
        part.write_bytes(portrait)
        disk.put(part, folder() / name)
    _sweep(folder() / name)
    return name


def _sweep(newest: Path) -> None:
    """Away with what a kill, or a button pressed twice, left behind."""
    named, now = collectors.photos(), newest.stat().st_mtime
    for file in folder().iterdir():
        with suppress(OSError):
            if file.name not in named and now - file.stat().st_mtime > FORGOTTEN_AFTER:
                file.unlink()


def forget(name: str) -> None:
    """Removes a photo that no row names any more; '' is none."""
    with suppress(OSError):
        if name:
            (folder() / name).unlink()


def read(name: str) -> bytes:
    """Raises `NotFound` where there is none, or its file is gone."""
    try:
        return (folder() / (name or "none")).read_bytes()
    except OSError:
        raise NotFound from None
