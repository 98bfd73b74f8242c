"""The program on a disk that takes its time: python bench_slow.py SECONDS serve …

Each COMMIT waits so long, with the write lock held, as an old disk makes it wait that
flushes for every line it is given.
"""

import sys
import time

from liushou_web.__main__ import main
from liushou_web.db import db


def slow_down(seconds):
    commit = db.commit

    def flushed():
        time.sleep(seconds)
        commit()

    db.commit = flushed


if __name__ == "__main__":
    slow_down(float(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
