"""What the name of a room tells of it."""

import pytest

from liushou_web.schedule.rules.rooms import is_counselling_room


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("心理輔導室", True),
        ("心理辅导一室", True),
        ("輔導作業室", False),
        ("活動室", False),
    ],
)
def test_a_counselling_room_is_known_by_its_name(name, is_one):
    assert is_counselling_room(name) is is_one
