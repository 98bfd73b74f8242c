"""What stands beside a name that several children have."""

from datetime import date

import pytest

from liushou_web.children.rules.namesakes import Namesake, marks_of

BORN = date(2016, 3, 5)


def namesakes(*facts, name="王芳"):
    """Children of one name, numbered from 1: (number, sex, birthday), as far as told."""
    blank = (None, "", None)
    return [
        Namesake(n, name, *each, *blank[len(each) :]) for n, each in enumerate(facts, 1)
    ]


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        ([], []),
        ([("202611000011",)], []),  # alone of the name
        ([("202611000011",), ("202611000012",)], ["…0011", "…0012"]),
        ([("202611000011",), ("202611000012",), ("202601",)], ["…0011", "…0012", "…2601"]),
        # numbers that end alike: as much more as it takes, or all
        ([("202611000011",), ("202612000011",)], ["…1000011", "…2000011"]),
        ([("202611000011",), ("999911000011",)], ["…611000011", "…911000011"]),
        ([("20261",), ("120261",)], ["20261", "120261"]),
        ([("11",), ("12",)], ["11", "12"]),  # shorter than an end
        # without a number: sex and birthday, as far as known
        ([("202611000011",), (None, "f", BORN)], ["…0011", "女 2016-03-05"]),
        ([(None, "m", BORN), (None, "f", BORN)], ["男 2016-03-05", "女 2016-03-05"]),
        ([(None, "f"), (None, "", BORN)], ["女", "2016-03-05"]),
        ([("202611000011",), (None,)], ["…0011", "無學籍號"]),
        ([("", "f", BORN), ("202611000011",)], ["女 2016-03-05", "…0011"]),
    ],
)
def test_the_shortest_end_that_tells_them_apart(facts, marks):
    assert list(marks_of(namesakes(*facts)).values()) == marks


def test_children_of_other_names_count_for_nothing():
    others = [child._replace(child_id=9) for child in namesakes(("0011",), name="李明")]

    marks = marks_of([*others, *namesakes(("202611000011",), ("202611000012",))])

    assert marks == {1: "…0011", 2: "…0012"}
