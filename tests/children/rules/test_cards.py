"""Name cards: what their code holds, what a scanner may make of it, how they are paged."""

import pytest

from liushou_web.children.rules.cards import Code, Holder, pages, read


def card(name="小明", number=None):
    return Holder(12, name, number, 3, 1)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("G440582201505121234", "G440582201505121234"),
        ("202611001", "202611001"),
        (None, "LS-12"),
        ("臨001", "LS-12"),  # no scanner types Chinese
    ],
)
def test_the_code_is_the_number_or_the_childs_own_id(number, code):
    assert card(number=number).code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("G440582201505121234", Code("G440582201505121234", 0)),
        ("g440582201505121234 ", Code("G440582201505121234", 0)),
        ("Ｇ４４０５", Code("G4405", 0)),  # an input method left full-width
        ("2026\u300011001", Code("202611001", 0)),
        ("LS-12", Code("LS-12", 12)),
        ("ls-12", Code("LS-12", 12)),
        ("ＬＳ－１２", Code("LS-12", 12)),
        ("LS—12", Code("LS-12", 12)),
        ("ls12", Code("LS12", 12)),
        ("XLS-12", Code("XLS-12", 0)),
        ("LS-1234567890", Code("LS-1234567890", 0)),  # no id is as long
    ],
)
def test_a_code_is_read_however_it_was_typed(typed, code):
    assert read(typed) == code


@pytest.mark.parametrize("typed", ["", "  ", "xm", "小明", "LS-"])
def test_what_has_no_digit_is_no_code(typed):
    assert read(typed) is None


@pytest.mark.parametrize("number", ["G440582201505121234", "A-7/8", None])
def test_what_stands_in_the_code_is_what_is_read(number):
    assert number in (None, read(card(number=number).code).number)
    assert read(card().code).child_id == 12


@pytest.mark.parametrize(
    ("count", "per_page", "sizes"),
    [(0, 8, []), (1, 8, [1]), (8, 8, [8]), (9, 8, [8, 1]), (83, 10, [10] * 8 + [3])],
)
def test_cards_fill_page_after_page(count, per_page, sizes):
    found = pages([card(str(n)) for n in range(count)], per_page)

    assert [len(each) for each in found] == sizes
    assert [each.name for page in found for each in page] == [str(n) for n in range(count)]


@pytest.mark.parametrize(
    ("letters", "size"),
    [(1, "huge"), (4, "huge"), (5, "large"), (14, "middle"), (24, "small"), (25, "tiny")],
)
def test_the_longer_a_name_the_smaller_it_is_written(letters, size):
    assert card("名" * letters).size == size
