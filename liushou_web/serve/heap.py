"""One heap for all threads: the C library keeps one for each, and what one thread lets go
of the others do not get, though the interpreter lets only one of them run at a time."""

from __future__ import annotations

import sys

M_ARENA_MAX = -8  # of glibc's malloc.h


def share() -> bool:
    """From now on, for threads that are still to begin; False where the system's library
    cannot be told so."""
    if sys.platform != "linux":
        return False
    import ctypes

    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(tell and tell(M_ARENA_MAX, 1))
