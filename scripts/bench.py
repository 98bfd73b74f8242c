"""Measures the real server beside its bare limits: python3 scripts/bench.py [--quick]

Each figure stands beside what the same machine does at best in the same minute, and their
ratio: milliseconds differ from PC to PC, ratios hardly. `--json FILE` keeps them.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words, not by a SyntaxError
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])

import argparse
import json
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import bench_school
import boot
from bench_load import Client, Times, at_once, closed_loop, in_turns
from bench_rolls import OpenRoll, standing_open

TEN_YEARS = 20  # terms
CHILDREN = 2000  # of a large school
OPEN_ROLLS, FLUSH = 300, 0.01  # devices; seconds that a slow disk takes
GOALS = {
    "tap_1": 2.5,
    "tap_30": 3,
    "tap_burst_30": 3,
    "booking": 5,
    "call_tap": 4,  # two taps, and the desk that comes back
    "roll_83": 5,
    "week_500": 2.5,
    "tap_ten_years": 1.1,
    "call_ten_years": 1.1,
    "roll_ten_years": 1.1,
    "week_ten_years": 1.1,
    "tap_open_rolls": 2,  # to the tap while no roll is open
    "tap_slow_disk": 3,
}
MOST = {"cold_start": 0.6, "memory_peak": 72}  # seconds, MiB


class Effort(NamedTuple):
    rounds: int
    taps: int  # of one client in a round
    taps_of_30: int
    bursts: int
    reads: int


FULL = Effort(rounds=5, taps=60, taps_of_30=12, bursts=5, reads=20)
QUICK = Effort(rounds=3, taps=30, taps_of_30=6, bursts=2, reads=6)


class Figure(NamedTuple):
    name: str
    value: float
    unit: str
    limit: "float | None" = None
    errors: int = 0

    @property
    def ratio(self):
        return self.value / self.limit if self.limit else None

    @property
    def is_met(self):
        if self.name in MOST:
            return self.value <= MOST[self.name]
        return self.name not in GOALS or self.ratio <= GOALS[self.name]

    def as_data(self):
        numbers = {"value": self.value, "limit": self.limit, "ratio": self.ratio}
        rounded = {key: number and round(number, 3) for key, number in numbers.items()}
        return {"name": self.name, "unit": self.unit, **rounded}

    def __str__(self):
        limit = f"{self.limit:10.2f}" if self.limit else " " * 10
        ratio = f"{self.ratio:8.2f}" if self.limit else " " * 8
        goal = GOALS.get(self.name) or MOST.get(self.name)
        met = f"   goal {goal:g}: {'met' if self.is_met else 'MISSED'}" if goal else ""
        wrong = f"   {self.errors} ERRORS" if self.errors else ""
        return f"{self.name:18}{self.value:10.2f} {self.unit:4}{limit}{ratio}{met}{wrong}"


class Place(NamedTuple):
    """One database with its server, and clients who are logged in."""

    process: subprocess.Popen
    port: int
    clients: list
    school: "bench_school.School | None" = None
    taps: "object | None" = None  # an iterator of what is left to tap
    sessions: "object | None" = None  # of the times that are left to book
    callers: "object | None" = None  # and of children who phone home in turn

    def tap(self, client):
        return client.tap(*next(self.taps))

    def book(self, client):
        return client.book(next(self.sessions), self.school.children[0])

    def call(self, client):
        return client.call(next(self.callers))


def environment():
    """As at a school, where the bytecode of the last start is kept: here, aside."""
    kept = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "bench-bytecode"))}
    mine = {**boot.with_source(), **kept}
    mine.pop("PYTHONDONTWRITEBYTECODE", None)
    return mine


@contextmanager
def server(python, *command):
    """A server of its own; answers with the process and the port once it listens."""
    with subprocess.Popen(
        [python, *map(str, command)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    ) as process:
        try:
            found = (re.search(r"http://127\.0\.0\.1:(\d+)/", it) for it in process.stdout)
            yield process, int(next(filter(None, found))[1])
        finally:
            process.terminate()
            process.communicate()


def program(data):
    return ("-m", "liushou_web", *serving(data))


def serving(data):
    where = ("--data", data, "--host", "127.0.0.1", "--port", "0", "--no-browser")
    return ("serve", *where)


def on_slow_disk(data):
    return (Path(__file__).with_name("bench_slow.py"), FLUSH, *serving(data))


def written(python, data, terms, **size):
    """A data folder with a school of so many terms."""
    subprocess.run(
        [python, "-m", "liushou_web", "migrate", "--data", data],
        check=True,
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    began = time.perf_counter()
    school = bench_school.write(data / "liushou.db", terms, **size)
    seconds = time.perf_counter() - began
    print(f"wrote {school.attendance:,} attendance rows in {seconds:.0f} s", flush=True)
    return school


def limits(school, database, *flush):
    monday = bench_school.today() - timedelta(days=bench_school.today().weekday(), weeks=1)
    script = Path(__file__).with_name("bench_limits.py")
    return (script, database, school.roll_83, school.roll_500, monday, *flush)


def cold_start(python, command, path):
    """Seconds from the start of the process to its first answer; the median of three."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        with server(python, *command) as (_, port):
            Client(port).ask("GET", path)
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def memory_peak(process):
    """MiB that the process held at most; None where the system does not say."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.is_file():
        return None
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text("ascii"))[1]) / 1024


class Run:
    """The rounds. What is compared is asked in turns, so that noise meets all alike, and
    of each the calmest round counts."""

    def __init__(self, ours, ten_years, bare, effort):
        self.ours, self.ten_years, self.bare, self.effort = ours, ten_years, bare, effort
        self.times = {}

    def all_rounds(self):
        for place in (self.ours, self.ten_years):
            for _ in range(3):  # until every thread of the server has done each once
                at_once(place.clients[:8], lambda one: one.read("/"))
                at_once(place.clients[:8], place.tap)
                at_once(place.clients[:8], place.book)
        for _ in range(self.effort.rounds):
            taps, reads = self.effort.taps, self.effort.reads
            self.alone("tap_1", (self.ours.tap, self.ten_years.tap, write_row), taps)
            booked = (self.ours.book, self.ten_years.book, write_row)
            self.alone("booking", booked, taps // 2)
            calls = (self.ours.call, self.ten_years.call, write_two_rows)
            self.alone("call_tap", calls, taps // 2)
            self.crowd("tap_8", 8, taps // 4)
            self.crowd("tap_30", 30, self.effort.taps_of_30)
            self.crowd("tap_burst_30", 30, 1, times=self.effort.bursts)
            for name in ("roll_83", "roll_500", "week_500"):
                self.alone(name, self.readings(name), reads)

    def alone(self, name, works, asked):
        """One client of ours, of the ten years and of the bare limit, one after another."""
        places = (self.ours, self.ten_years, self.bare)
        jobs = [(place.clients[0], work) for place, work in zip(places, works, strict=True)]
        for kind, times in zip(
            ("ours", "old", "limit"), in_turns(jobs, asked), strict=True
        ):
            self.note(kind, name, times)

    def crowd(self, name, count, asked, *, times=1):
        """So many clients together; `times` over, ours and the limit in turns."""
        ours, bare = self.ours.clients[:count], self.bare.clients[:count]
        jobs = [("ours", ours, self.ours.tap), ("limit", bare, write_row)] * times
        answers = [(kind, closed_loop(who, work, asked)) for kind, who, work in jobs]
        for wanted in ("ours", "limit"):
            all_ = (answer for kind, answer in answers if kind == wanted)
            self.note(wanted, name, sum(all_, Times()))

    def large_school(self, large):
        """What a school with more children waits for, beside the usual one."""
        taps, reads = self.effort.taps, self.effort.reads
        for name, work, asked in (
            ("tap", type(large).tap, taps),
            ("call", type(large).call, taps // 2),
            ("roll", lambda at, client: client.read(self.path("roll_83", at)), reads),
        ):
            both = [
                (place.clients[0], partial(work, place)) for place in (large, self.ours)
            ]
            for _ in range(self.effort.rounds):
                for kind, times in zip(
                    ("large", "usual"), in_turns(both, asked), strict=True
                ):
                    self.note(kind, name, times)

    def open_rolls(self):
        """Taps of one client alone, and while devices with open rolls ask what is new."""
        ours, asked = self.ours, self.effort.taps * 2
        own = [
            OpenRoll(ours.port, like, activity)
            for like, (activity, _) in zip(
                cycle(ours.clients), ours.school.pool[:OPEN_ROLLS], strict=False
            )
        ]
        for _ in range(self.effort.rounds):
            self.note("quiet", "taps", closed_loop(ours.clients[:1], ours.tap, asked))
            with standing_open(own):
                self.note("asked", "taps", closed_loop(ours.clients[:1], ours.tap, asked))
        errors = sum(roll.errors for roll in own)
        self.note("asked", "taps", self.times["asked", "taps"].pop() + Times((), errors))

    def slow_disk(self, slow, bare):
        """Thirty taps at one instant, where each COMMIT takes its time."""
        for _ in range(self.effort.bursts):
            for kind, place, work in (("ours", slow, slow.tap), ("limit", bare, write_row)):
                self.note(kind, "tap_slow_disk", at_once(place.clients, work))

    def note(self, kind, name, times):
        self.times.setdefault((kind, name), []).append(times)

    def readings(self, name):
        ours, old = self.path(name, self.ours), self.path(name, self.ten_years)
        size = len(self.ours.clients[0].ask("GET", ours)[1])
        paths = (ours, old, f"/{name}?{size}")
        return [lambda client, path=path: client.read(path) for path in paths]

    def path(self, name, place):
        if name == "week_500":
            term = 1 if place is self.ours else TEN_YEARS
            return f"/reports/week?term={term}&week={place.school.week}"
        return f"/attendance/{getattr(place.school, name)}"

    def figures(self):
        for name in ("tap_1", "tap_8", "tap_30", "tap_burst_30"):
            which = "p95" if "30" in name else "p50"
            yield self.figure(name, ("ours", name), ("limit", name), which)
        for name in ("booking", "call_tap", "roll_83", "roll_500", "week_500"):
            yield self.figure(name, ("ours", name), ("limit", name), "p50")
        for name in ("tap_1", "call_tap", "roll_83", "week_500"):
            in_ten_years = name.split("_")[0] + "_ten_years"
            yield self.figure(in_ten_years, ("old", name), ("ours", name), "p50")

        for name in ("tap", "call", "roll"):
            both = ("large", name), ("usual", name)
            yield self.figure(f"{name}_large_school", *both, "p50")
        quiet, asked = ("quiet", "taps"), ("asked", "taps")
        yield self.figure("tap_open_rolls", asked, quiet, "p95")
        burst = ("ours", "tap_slow_disk"), ("limit", "tap_slow_disk")
        yield self.figure("tap_slow_disk", *burst, "p95")

    def figure(self, name, one, other, which):
        ours, limit = self.times[one], self.times[other]
        value, bare = (min(getattr(t, which) for t in each) for each in (ours, limit))
        errors = sum(times.errors for times in (*ours, *limit))
        return Figure(name, value, "ms", bare, errors)


def write_row(client):
    return client.row("a child has come")


def write_two_rows(client):
    """As a call does: when it begins, and when it ends."""
    return write_row(client) and write_row(client)


def place(stack, python, command, school=None):
    process, port = stack.enter_context(server(python, *command))
    clients = [Client(port) for _ in range(bench_school.TEACHERS)]
    if school:
        for number, client in enumerate(clients, 1):
            client.log_in(f"t{number}")
    if not school:
        return Place(process, port, clients)
    callers = cycle(school.children)
    left = iter(school.pool), iter(bench_school.sessions()), callers
    return Place(process, port, clients, school, *left)


def measure(python, folder, effort):
    one, ten = folder / "one-term", folder / "ten-years"
    school, old = written(python, one, 1), written(python, ten, TEN_YEARS)
    large = written(python, folder / "large", 1, children=CHILDREN)
    bare = Path(shutil.copy(one / "liushou.db", folder / "bare.db"))
    slow = Path(shutil.copytree(one, folder / "slow"))
    beside = limits(school, bare)
    start = cold_start(python, program(one), "/login"), cold_start(python, beside, "/")
    with ExitStack() as stack:
        ours = place(stack, python, program(one), school)
        ten_years = place(stack, python, program(ten), old)
        limit = place(stack, python, beside)
        run = Run(ours, ten_years, limit, effort)
        run.all_rounds()
        peak = memory_peak(ours.process)
        run.open_rolls()
        with_rolls = memory_peak(ours.process)
        run.large_school(place(stack, python, program(folder / "large"), large))
        slow_limit = limits(school, shutil.copy(bare, folder / "slow.db"), FLUSH)
        run.slow_disk(
            place(stack, python, on_slow_disk(slow), school),
            place(stack, python, slow_limit),
        )
        figures = [*run.figures(), Figure("cold_start", start[0], "s", start[1])]
        if peak:
            bare_peak = memory_peak(limit.process)
            figures.append(Figure("memory_peak", peak, "MiB", bare_peak))
            figures.append(Figure("memory_open_rolls", with_rolls, "MiB"))
    return figures


def main():
    boot.speak_utf8()
    look = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=look)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    python = str(boot.environment(boot.ROOT / ".venv", boot.requirements()))
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(python, Path(folder), QUICK if options.quick else FULL)
    print(f"\n{'':18}{'ours':>10} {'':4}{'limit':>10}{'ratio':>8}")
    for figure in figures:
        print(figure)
    if options.json:
        data = [figure.as_data() for figure in figures]
        options.json.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    return int(any(figure.errors for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
