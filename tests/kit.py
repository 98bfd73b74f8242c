"""What every test has at hand: the moment, the part's header, a page as a tree, a count."""

import re
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bs4 import BeautifulSoup

from liushou_web.db import db

MONDAY_4PM = datetime(2026, 11, 23, 16, 0)
PART = {"HX-Request": "true"}
FIXTURES = Path(__file__).parent / "fixtures"


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
