"""A weekly sheet on A4: every child once, in order, on as few pages as can be read."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from liushou_web.reports.rules.figures import LABELS
from liushou_web.reports.rules.page_layout import (
    PAPERS,
    ClassText,
    SheetText,
    lay_out,
    width_of,
)

TOWNSHIP = [14, 13, 15, 12, 14, 15]  # 83 children


def text(sizes, activities, *, name="王小明", title="作業輔導", notes=()):
    classes = [
        ClassText(f"三年級{n}班 {size}人", [name] * size) for n, size in enumerate(sizes)
    ]
    figures = ("332", "310", "12", "12", "12", "12", "100.0%")
    return SheetText(
        "周考勤表" * 10, [title] * activities, "14/15", classes, LABELS, figures, notes
    )


def segments(layout):
    """Of each part, page by page, table by table."""
    return [[page.strips for page in part.pages] for part in layout.parts]


@pytest.mark.parametrize("activities", [1, 2, 3, 4])
@pytest.mark.parametrize("notes", [(), ("一個活動未點名：" * 6,)])
def test_a_township_school_is_one_page(activities, notes):
    layout = lay_out(text(TOWNSHIP, activities, notes=notes))

    assert layout.pages == 1
    assert layout.size.pt >= 8
    assert layout.size.row >= 4.4


def test_classes_stay_whole_where_they_can():
    (((left, right),),) = segments(lay_out(text(TOWNSHIP, 4)))

    assert [part[0] for part in left + right] == [0, 1, 2, 3, 4, 5]
    assert [(part.first, part.after) for part in left + right] == [
        (0, size) for size in TOWNSHIP
    ]


@pytest.mark.parametrize(
    ("sizes", "activities", "pages"),
    [([40] * 7, 4, 3), ([45] * 6, 5, 4), ([50] * 10, 5, 7), (TOWNSHIP, 14, 3)],
)
def test_a_large_school_is_few_pages(sizes, activities, pages):
    assert lay_out(text(sizes, activities)).pages <= pages


def test_a_small_class_is_set_large():
    layout = lay_out(text([12], 3))

    assert (layout.pages, layout.size) == (1, (10, 7.0))


def test_a_week_too_wide_for_a_page_stands_on_two_sheets():
    layout = lay_out(text(TOWNSHIP, 31))

    assert [part.activities for part in layout.parts] == [range(16), range(16, 31)]
    assert [bool(part.widths.figures) for part in layout.parts] == [False, True]


@pytest.mark.parametrize("activities", [4, 9, 14, 17, 22])
def test_up_to_two_dozen_activities_stand_beside_their_figures(activities):
    assert len(lay_out(text(TOWNSHIP, activities)).parts) == 1


def test_a_long_name_takes_two_lines():
    long = lay_out(text([20], 2, name="阿卜杜熱西提·買買提艾力·圖爾蓀"))

    assert long.pages == 1
    assert long.size.row < lay_out(text([20], 2)).size.row


@given(
    sizes=some.lists(some.integers(1, 60), min_size=1, max_size=14),
    activities=some.integers(1, 40),
    name=some.sampled_from(["王芳", "王芳 …0123", "阿卜杜熱西提·買買提艾力·圖爾蓀"]),
)
@settings(max_examples=60)
def test_every_child_stands_once_in_each_part_and_no_heading_alone(sizes, activities, name):
    whole = text(sizes, activities, name=name)

    layout = lay_out(whole)

    assert [n for part in layout.parts for n in part.activities] == list(range(activities))
    for part in layout.parts:
        tables = [strip for page in part.pages for strip in page.strips]
        found = [each for strip in tables for each in strip]
        assert sorted(found) == found
        for block, size in enumerate(sizes):
            own = [each for each in found if each.block == block]
            assert (own[0].first, own[-1].after) == (0, size)
            assert all(one.after == other.first for one, other in pairwise(own))
            assert all(each.after - each.first >= min(2, size) for each in own)
        assert part.pages[-1].strips[0]  # no page of signatures alone
        assert [page.first for page in part.pages].index(True) == 0
        assert [page.last for page in part.pages].index(True) == len(part.pages) - 1
        width = part.widths.number + part.widths.name + sum(part.widths.figures)
        width += part.widths.activity * len(part.activities)
        strips = len(part.pages[0].strips)
        assert width * strips + 4 * (strips - 1) <= PAPERS[layout.paper][0] + 0.01


def test_chinese_characters_are_wider_than_figures():
    assert width_of("王芳") == 2
    assert width_of("11/23") < 3
