"""What the program notes for whoever looks after it: no names, no typed words."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MEGABYTE = 1_000_000
FILES_KEPT = 9


def begin(folder: Path) -> None:
    """Sends all log lines to a file that is exchanged for a new one when it is full."""
    folder.mkdir(exist_ok=True)
    file = RotatingFileHandler(
        folder / "liushou.log", maxBytes=MEGABYTE, backupCount=FILES_KEPT, encoding="utf-8"
    )
    file.setFormatter(logging.Formatter(LINE))
    root = logging.getLogger()
    root.addHandler(file)
    root.setLevel(logging.INFO)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is no fault
