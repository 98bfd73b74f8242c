"""今日 on the headmaster's phone."""

from datetime import timedelta

import make
from kit import MONDAY_4PM

from .conftest import sign_in


def test_the_overview_fits_a_small_phone(page):
    held = make.activity(MONDAY_4PM - timedelta(days=6))
    for n in range(100):
        make.attendance(held, make.child(f"小{n}"), came_at=held.starts)
    sign_in(page, make.staff("周校長", roles=("head",))).goto("/")

    hidden = "e => e.scrollWidth - e.clientWidth"
    tops = page.locator(".tally b").evaluate_all("all => all.map(e => e.offsetTop)")

    assert page.locator(".trend .scroll").evaluate(hidden) == 0
    assert tops[0] == tops[1] < tops[2] == tops[3]
