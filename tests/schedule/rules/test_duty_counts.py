"""How often each is on duty: held, coming, cancelled, hours, handed over."""

from datetime import timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.schedule.rules.duty_counts import TeacherDuties, Turn, tally, total

PEOPLE = [(1, "李老師", False), (2, "王老師", False), (3, "孫老師", True)]
HALF_AN_HOUR = timedelta(minutes=30)


def turn(person, days=0, minutes=90, cancelled=False):
    starts = MONDAY_4PM + timedelta(days=days)
    return Turn(person, starts, starts + timedelta(minutes=minutes), cancelled)


def test_who_was_never_on_duty_has_a_line_of_zeros():
    assert tally(PEOPLE[:1], [], [], MONDAY_4PM) == [TeacherDuties("李老師")]


def test_held_coming_and_cancelled_are_told_apart():
    turns = [turn(1), turn(1, 1), turn(1, -1, cancelled=True), turn(1, 2, cancelled=True)]

    [line] = tally(PEOPLE[:1], turns, [], MONDAY_4PM)

    assert (line.held, line.coming, line.cancelled, line.times) == (1, 1, 2, 2)
    assert line.spent == timedelta(minutes=90)


def test_those_most_on_duty_come_first_and_the_retired_last_of_alike():
    turns = [turn(2), turn(2, 1), turn(1, -1), turn(3, -2)]

    names = [line.name for line in tally(PEOPLE, turns, [], MONDAY_4PM)]

    assert names == ["王老師", "李老師", "孫老師"]


def test_a_duty_handed_over_counts_on_both_sides():
    lines = {one.name: one for one in tally(PEOPLE, [], [(1, 2), (3, 2)], MONDAY_4PM)}

    assert [(one.taken, one.given) for one in lines.values()] == [(0, 1), (2, 0), (0, 1)]


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, "0"), (60, "1"), (90, "1.5"), (100, "1.7"), (6000, "100")]
)
def test_hours_are_told_to_the_tenth(minutes, hours):
    assert TeacherDuties("", spent=timedelta(minutes=minutes)).hours == hours


def test_the_total_is_the_sum_of_the_lines():
    lines = tally(
        PEOPLE, [turn(1), turn(2, 1), turn(3, cancelled=True)], [(1, 2)], MONDAY_4PM
    )

    assert total(lines) == TeacherDuties(
        "合計", False, 1, 1, 1, timedelta(minutes=90), 1, 1
    )
    assert total([]) == TeacherDuties("合計")
