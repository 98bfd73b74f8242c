"""Why one may open what is not one's own."""

import pytest

from liushou_web.refusal import Refused
from liushou_web.vaults.rules.openings import check_reason


def test_a_reason_takes_ten_characters_that_are_not_spaces():
    check_reason("一二三四五六七八九十")
    with pytest.raises(Refused, match="至少 10 個字"):
        check_reason("一二三四五 六七八九    ")
