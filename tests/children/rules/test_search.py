"""Search: what a teacher types, and whom it finds."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liushou_web.children.rules.names import search_columns
from liushou_web.children.rules.search import matches

NAMES = ["單雨萱", "歐陽修文", "呂布", "阿依古麗·買買提", "𠮷田", "王㛃", "Anna Li", "曾樂"]


def finds(query, name, number=None):
    columns = search_columns(name)
    return matches(query, folded=columns.folded, pinyin=columns.pinyin, number=number)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("syx", "單雨萱"),
        ("dyx", "單雨萱"),  # teachers who read the surname as the word
        ("SYX", "单雨萱"),
        ("ｓｙｘ", "單雨萱"),
        ("s y x", "單雨萱"),
        ("yx", "單雨萱"),
        ("wf", "王王芳"),  # begun anew within what was begun
        ("shanyuxuan", "單雨萱"),
        ("shan'yu'xuan", "單雨萱"),  # an input method before its composition ends
        ("shanyux", "單雨萱"),
        ("shyx", "單雨萱"),
        ("sh", "單雨萱"),
        ("syuxu", "單雨萱"),
        ("單yx", "單雨萱"),
        ("单y萱", "單雨萱"),
        ("雨", "單雨萱"),
        ("單雨", "单雨萱"),
        ("lv", "呂布"),
        ("lu", "呂布"),
        ("lü", "呂布"),
        ("lb", "呂布"),
        ("oyx", "歐陽修"),
        ("欧阳", "歐陽修"),
        ("yg", "楊過"),
        ("zengx", "曾雪"),
        ("qx", "仇雪"),
        ("zhax", "查雪"),
        ("xiex", "解雪"),
        ("jx", "解雪"),
        ("ou", "區雪"),
        ("qin", "覃雪"),
        ("tan", "覃雪"),
        ("wj", "王㛃"),
        ("㛃", "王㛃"),
        ("cd", "陳𬱖"),
        ("𠮷", "𠮷田"),
        ("吉田", "𠮷田"),
        ("jt", "𠮷田"),
        ("買買提", "阿依古麗·買買提"),
        ("古丽买", "阿依古麗·買買提"),
        ("古麗.買", "阿依古麗·買買提"),
        ("aygl", "阿依古丽•买买提"),
        ("mmt", "阿依古麗·買買提"),
        ("li", "Anna Li"),
        ("al", "Anna Li"),
        ("anna li", "Anna Li"),
        ("", "單雨萱"),
        ("  ", "單雨萱"),
    ],
)
def test_it_finds(query, name):
    assert finds(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("xyx", "單雨萱"),
        ("sx", "單雨萱"),  # a character may not be left out
        ("sxy", "單雨萱"),
        ("syxx", "單雨萱"),
        ("anyu", "單雨萱"),  # not from the middle of a syllable
        ("yf", "王芳"),  # nobody reads 王 as yu
        ("雪", "單雨萱"),
        ("'", "單雨萱"),
    ],
)
def test_it_does_not_find(query, name):
    assert not finds(query, name)


@pytest.mark.parametrize(
    ("query", "number", "found"),
    [
        ("2026", "20260101", True),
        ("２０２６", "20260101", True),
        ("0101", "20260101", True),
        ("101", "20260101", False),  # too few digits for an end
        ("0260", "20260101", False),
        ("g4306", "G430626201503150012", True),
        ("4306", "G430626201503150012", True),
        ("0012", "G430626201503150012", True),
        ("2026", None, False),
    ],
)
def test_student_numbers_are_found_by_beginning_or_end(query, number, found):
    assert finds(query, "單雨萱", number) is found


@given(st.sampled_from(NAMES), st.data())
def test_every_part_of_a_name_finds_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))

    assert finds(name[start:end], name) or not search_columns(name[start:end]).folded


@given(st.sampled_from(NAMES), st.data())
def test_any_reading_whole_or_initial_finds_a_name(name, data):
    syllables = [
        data.draw(st.sampled_from(readings.split("/")))
        for readings in search_columns(name).pinyin.split()
    ]
    typed = "".join(data.draw(st.sampled_from([word, word[0]])) for word in syllables)
    length = data.draw(st.integers(1, len(typed)))

    assert finds(typed, name)
    assert finds("".join(syllables)[:length], name)


@given(st.text(), st.text(max_size=30))
def test_whatever_is_typed_is_answered(query, name):
    assert finds(query, name) in (True, False)


@given(st.text(alphabet=string.ascii_lowercase, min_size=1))
def test_spaces_and_case_change_nothing(query):
    assert finds(query, "單雨萱") == finds(" ".join(query.upper()), "單雨萱")
