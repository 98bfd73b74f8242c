import pytest

from liushou_web.attendance.rules.marks import Mark, tally
from liushou_web.reports.rules.figures import LABELS, NONE, Figures, figures, percent, total


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (40, 41, "97.6%"),
        (1, 16, "6.3%"),  # 6.25: a half goes up, as on paper
        (2, 3, "66.7%"),
        (66, 83, "79.5%"),
        (0, 7, "0.0%"),
        (7, 7, "100.0%"),
        (1999, 2000, "100.0%"),  # 99.95
        (0, 0, "—"),  # everyone on leave: there is no rate
    ],
)
def test_percent(part, whole, words):
    assert percent(part, whole) == words


def test_figures_count_each_mark_where_it_belongs():
    marks = [Mark.HERE, Mark.LATE, Mark.LEFT, Mark.LATE_LEFT, Mark.NOT_OUT]
    marks += [Mark.ON_LEAVE, Mark.ABSENT, Mark.ABSENT, Mark.EXPECTED, None, None]

    assert figures([*marks, Mark.LATE_NOT_OUT]) == Figures(
        expected=9, came=6, late=3, on_leave=1, absent=2, not_out=2
    )


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.EXPECTED])
def test_figures_agree_with_the_tally_of_the_roll(mark):
    there, here = figures([mark]), tally([mark])

    assert there[:2] == here[:2]
    assert there.on_leave == here.on_leave
    assert there.accountable == here.accountable


def test_leave_is_not_in_the_divisor():
    assert figures([Mark.LEFT, Mark.ABSENT, Mark.ON_LEAVE, None]).rate == "50.0%"


def test_total_adds_up():
    parts = [figures([Mark.LEFT, Mark.ABSENT]), figures([Mark.NOT_OUT]), figures([None])]

    assert total(parts) == Figures(3, 2, 0, 0, 1, 1)
    assert total([]) == figures([]) == NONE


def test_there_is_a_label_for_each_figure_and_the_rate():
    assert len(LABELS) == len(Figures._fields) + 1
