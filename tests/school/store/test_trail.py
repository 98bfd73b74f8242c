"""The trail: newest first, by feature, person and day; one query."""

from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.actor import CONSOLE, Actor
from liushou_web.db import db
from liushou_web.school.store import trail


def record(deed, by=CONSOLE, at=MONDAY_4PM, subject=None):
    trail.record(deed, subject, by=by, at=at)


def deeds(**wanted):
    return [line.deed for line in trail.latest(**wanted)]


def test_the_newest_is_first(store):
    li = make.staff(name="李明")
    record("rooms.add", by=make.actor(li), subject=make.room())
    record("staff.reset_password")
    record("login.failed", by=Actor(None, "", frozenset(), "192.168.1.9"))

    lines = trail.latest()

    assert [(n.deed, n.who, n.address, n.subject, n.subject_id) for n in lines] == [
        ("login.failed", "", "192.168.1.9", "", None),
        ("staff.reset_password", "", "console", "", None),
        ("rooms.add", "李明", "192.168.1.20", "room", 1),
    ]


def test_some_features_only(store):
    for deed in ("login.begin", "children.open", "staff.add", "logins.other"):
        record(deed)

    assert deeds(features=("login", "staff")) == ["staff.add", "login.begin"]


def test_one_person_only(store):
    li, wang = make.staff(), make.staff()
    record("rooms.add", by=make.actor(li))
    record("rooms.rename", by=make.actor(wang))

    assert deeds(staff_id=wang.id) == ["rooms.rename"]


def test_one_day_from_midnight_to_midnight(store):
    for n, at in enumerate(
        (
            MONDAY_4PM.replace(hour=0) - timedelta(seconds=1),
            MONDAY_4PM.replace(hour=0),
            MONDAY_4PM.replace(hour=23, minute=59, second=59),
            MONDAY_4PM.replace(hour=0) + timedelta(days=1),
        )
    ):
        record(f"rooms.{n}", at=at)

    assert deeds(day=date(2026, 11, 23)) == ["rooms.2", "rooms.1"]


def test_older_lines_follow(store):
    for n in range(5):
        record(f"rooms.{n}")

    first = trail.latest(limit=2)

    assert [line.deed for line in first] == ["rooms.4", "rooms.3"]
    assert deeds(limit=2, before=first[-1].id) == ["rooms.2", "rooms.1"]


@pytest.mark.parametrize("lines", [1, 3])
def test_the_trail_takes_one_query_however_long(store, lines):
    for _ in range(lines):
        record("rooms.add", by=make.actor())

    with count_queries() as queries:
        found = trail.latest()

    assert (len(found), queries.count) == (lines, 1)


@db.atomic()
def told_and_failed():
    with count_queries() as queries:
        record("rooms.add")
    assert queries.count == 1  # no savepoint of its own
    raise ZeroDivisionError


def test_a_line_goes_with_the_write_that_it_tells_of(store):
    with pytest.raises(ZeroDivisionError):
        told_and_failed()

    assert deeds() == []


def test_a_line_by_itself_is_written(store):
    record("backup.make")

    assert (deeds(), db.in_transaction()) == (["backup.make"], False)
