"""What every test has at hand: the moment, a page as a tree, a count, a race."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError

from bs4 import BeautifulSoup

from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import TABLES

MONDAY_4PM = datetime(2026, 11, 23, 16, 0)
PART = {"HX-Request": "true"}
FIXTURES = Path(__file__).parent / "fixtures"
# The feature that each table belongs to: whose file of `schema/` it stands in.
OWNERS = {
    table.__name__: table.__module__.rpartition(".")[2]
    for table in TABLES
    if table.__module__.startswith("liushou_web.schema.")
}


def soup(response):
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


class Count:
    count = 0

    def __call__(self, _query):
        self.count += 1


@contextmanager
def count_queries():
    counter = Count()
    db.query_hooks.append(counter)
    try:
        yield counter
    finally:
        db.query_hooks.remove(counter)


def race(*deeds):
    """Each in a thread with a connection of its own, all at the same instant: how each
    ended, sorted: "won", or the words of its refusal. Anything else that happens to one of
    them is raised."""
    gate = Barrier(len(deeds))

    def run(deed):
        try:
            with db.connection_context():
                gate.wait()
                deed()
        except Refused as refusal:
            return str(refusal)
        except BaseException:
            gate.abort()
            raise
        return "won"

    with ThreadPoolExecutor(len(deeds)) as pool:
        racers = [pool.submit(run, deed) for deed in deeds]
    errors = [error for each in racers if (error := each.exception())]
    for error in sorted(errors, key=lambda each: isinstance(each, BrokenBarrierError)):
        raise error
    return sorted(each.result() for each in racers)


def views(app):
    """(endpoint, method, url) of every view but the static files, ids filled in."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {name: example(rule, name) for name in rule.arguments}
        url = adapter.build(rule.endpoint, values, method=rule_method(rule))
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, url


def rule_method(rule):
    return "GET" if "GET" in rule.methods else "POST"


def example(rule, name):
    """Something that this part of the address takes, whatever its kind."""
    converter = rule._converters[name]
    texts = ["1", "2026-11-23", *("x" * length for length in range(1, 65))]
    texts += sorted(getattr(converter, "items", ()))
    fitting = next(text for text in texts if re.fullmatch(converter.regex, text))
    return converter.to_python(fitting)
