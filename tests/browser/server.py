"""The program as it is, but for its clock, which shows what a file says.

Run as: python server.py CLOCK_FILE serve --data DIR --port 0 --no-browser
"""

import sys
from datetime import datetime
from pathlib import Path

from liushou_web import clock
from liushou_web.__main__ import main

CLOCK = Path(sys.argv[1])

clock.now = lambda: datetime.fromisoformat(CLOCK.read_text("ascii"))
sys.exit(main(sys.argv[2:]))
