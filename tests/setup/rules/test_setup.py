"""What is asked on the first day: the term's name and length, rooms, and from where."""

from datetime import date

import pytest

from liushou_web.refusal import Refused
from liushou_web.setup.rules.setup import (
    check_term,
    is_this_computer,
    room_names,
    term_name,
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 8, 1), "2026年秋季學期"),
        (date(2026, 12, 31), "2026年秋季學期"),
        (date(2027, 1, 5), "2026年秋季學期"),
        (date(2027, 2, 1), "2027年春季學期"),
        (date(2027, 7, 31), "2027年春季學期"),
    ],
)
def test_a_term_is_named_after_its_season(day, name):
    assert term_name(day) == name


def test_a_term_has_an_order_and_an_end():
    for first, last in [
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2026, 8, 1)),
        (date(2026, 9, 1), date(2036, 9, 1)),
    ]:
        with pytest.raises(Refused):
            check_term(first, last)
    assert check_term(date(2026, 9, 1), date(2027, 1, 22)) is None


def test_rooms_are_named_line_by_line():
    assert room_names(" 活動室 \r\n\n閱讀室\n活動室") == ("活動室", "閱讀室")
    with pytest.raises(Refused, match="30 個字"):
        room_names("長" * 31)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.20", False),
        ("::ffff:192.168.1.20", False),
        ("0.0.0.0", False),
        ("", False),
        (None, False),
        ("localhost", False),
    ],
)
def test_this_computer_is_known_by_its_address(address, here):
    assert is_this_computer(address) is here
