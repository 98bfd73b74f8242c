"""What the counts of duties are made of: whose, in which days."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.schedule.rules.calendar import Bounds
from liushou_web.schedule.store import activities, duty_counts, swaps
from liushou_web.schema import ActivityDuty

NOON = MONDAY_4PM.replace(hour=12)
DAY = MONDAY_4PM.date()
TERM = Bounds(DAY, DAY + timedelta(days=7))


def counted(at=NOON):
    return {line.name: line for line in duty_counts.of_term(TERM, at=at)}


def test_every_active_duty_teacher_is_listed_and_nobody_else(store):
    make.staff("李老師"), make.staff("校長", roles=("head",))
    make.staff("孫老師", retired_at=NOON)

    assert [(line.name, line.times) for line in counted().values()] == [("李老師", 0)]


def test_who_was_on_duty_is_listed_whatever_became_of_them(store):
    retired = make.staff("孫老師", retired_at=NOON)
    promoted = make.staff("校長", roles=("head",))
    make.activity(duty=[retired, promoted])

    found = [(line.name, line.retired, line.coming) for line in counted().values()]
    assert found == [("校長", False, 1), ("孫老師", True, 1)]


@pytest.mark.parametrize(
    ("days", "counts"),
    [(-1, 0), (0, 1), (7, 1), (8, 0)],
    ids=["before", "first", "last", "after"],
)
def test_a_term_counts_from_its_first_to_its_last_day(store, days, counts):
    at_night = MONDAY_4PM.replace(hour=22) + timedelta(days=days)
    make.activity(at_night, duty=[make.staff("李老師")])

    assert counted()["李老師"].coming == counts


def test_a_swap_counts_for_whom_it_is_held_by_and_on_both_sides(store):
    li, wang = make.staff("李老師"), make.staff("王老師")
    activity = make.activity(duty=[li])
    asked = swaps.ask(activity.id, wang.id, words="", by=make.actor(li), at=NOON)
    assert counted()["王老師"].taken == 0  # nobody has answered

    swaps.accept(asked.id, by=make.actor(wang), at=NOON)

    gave, took = (counted(MONDAY_4PM)[name] for name in ("李老師", "王老師"))
    assert (gave.held, gave.given, gave.taken) == (0, 1, 0)
    assert (took.held, took.given, took.taken, took.hours) == (1, 0, 1, "1.5")


def test_what_was_cancelled_counts_apart_and_no_swap_of_it(store):
    li, wang = make.staff("李老師"), make.staff("王老師")
    activity = make.activity(duty=[li])
    asked = swaps.ask(activity.id, wang.id, words="", by=make.actor(li), at=NOON)
    swaps.accept(asked.id, by=make.actor(wang), at=NOON)

    activities.cancel(activity.id, reason="停電", by=make.actor(), at=NOON)

    line = counted(MONDAY_4PM)["王老師"]
    assert (line.times, line.cancelled, line.taken, line.hours) == (0, 1, 0, "0")


@pytest.mark.parametrize("people", [1, 3])
def test_it_takes_three_queries_however_many(store, people):
    for n in range(people):
        activity = make.activity(room=make.room(f"房間{n}"))
        ActivityDuty.create(activity=activity, staff=make.staff(f"老師{n}"))

    with count_queries() as queries:
        lines = duty_counts.of_term(TERM, at=NOON)

    assert (len(lines), queries.count) == (people, 3)
