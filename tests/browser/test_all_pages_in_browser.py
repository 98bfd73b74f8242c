"""Every page on a small phone: no barriers, no sideways scrolling; a way by keyboard."""

import make
import pages
import pytest
from kit import MONDAY_4PM

from .conftest import PC, barriers, sign_in

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FIRST_DAY = ["/children", "/classes", "/rooms", "/slots", "/slots/new", "/activities/new"]
FIRST_DAY += ["/", "/schedule", "/schedule/wall", "/present", "/reports/week", "/calendar"]
FORMS = [
    "/children/new",
    "/classes/new",
    "/slots/new",
    "/activities/new",
    "/calendar/closed",
]
FORMS += [
    "/calendar/make-up",
    "/calendar/terms/new",
    "/calendar/notice",
    "/children/import",
]
STOPS = """[...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  )].filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0
    && (one.type !== 'radio' || one.checked)).length"""
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect()
  if (one === document.body) return null
  const {outlineStyle, outlineWidth} = getComputedStyle(one)
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  const outlined = outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2
  const covered = !one.contains(top) && box.height < innerHeight / 2
  return [[...document.all].indexOf(one), one.outerHTML.slice(0, 90), !outlined || covered]
}"""


@pytest.fixture
def filled():
    return pages.fill(MONDAY_4PM)


def unlock(page, role):
    """Sealed notes are opened first, so that there is something on their pages."""
    if role in pages.UNLOCK:
        path, _, typed = pages.UNLOCK[role]
        page.goto(path)
        for name, text in typed.items():
            page.locator(f"[name={name}]").fill(text)
        page.locator("main form").last.get_by_role("button").last.click()
        page.get_by_role("button", name="鎖上").wait_for()


def faults(page):
    """What is wrong with the page as it stands, whatever it shows."""
    headings = page.locator("h1:visible").count()
    found = barriers(page)
    found += ["scrolls sideways"] * page.evaluate(WIDE)
    return found + [f"{headings} headings h1"] * (headings != 1)


def faulty(page, paths):
    """The faults of each page that has any, by its address."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        found[path] = faults(page)
    return {path: these for path, these in found.items() if these}


@pytest.mark.parametrize("role", pages.ROLES)
def test_no_page_has_barriers_or_scrolls_sideways(page, filled, role):
    sign_in(page, filled.people[role])
    unlock(page, role)

    assert faulty(page, filled.paths(role)) == {}


def test_the_pages_of_a_school_without_data_have_none_either(page):
    sign_in(page, make.staff(roles=("office", "head")))

    assert faulty(page, FIRST_DAY) == {}


def test_a_refused_form_has_none_either(page, filled):
    sign_in(page, filled.people["office"])
    found = {}

    for path in FORMS:
        page.goto(path)
        form = page.locator("main form[method=post]").last
        form.evaluate("form => { form.noValidate = true }")
        form.locator("button.primary").last.click()
        page.locator(".error, [role=alert] .bad, .bad[role=alert]").first.wait_for()
        found[path] = faults(page)

    assert {path: these for path, these in found.items() if these} == {}


def tabbed(page):
    """What the Tab key comes by, in turn, each with whether its focus is hard to see."""
    page.locator("body").evaluate("body => body.focus()")
    page.keyboard.press("Tab")
    while stop := page.evaluate(FOCUS):
        yield tuple(stop)
        page.keyboard.press("Tab")


@pytest.mark.parametrize("screen", [{}, PC], ids=["phone", "pc"])
def test_the_keyboard_comes_by_everything_and_shows_where_it_is(
    open_device, filled, screen
):
    page = open_device(**screen)
    page.goto("/login")
    paths = ["/", "/children", "/slots/new", "/help/duty-card", "/children/import/{worse}"]
    for path in ["", *paths]:
        if path:
            page.goto(path.format(**filled.ids))
        stops = list(tabbed(page))

        assert [html for _, html, unseen in stops if unseen] == []
        assert len({place for place, _, _ in stops}) == page.evaluate(STOPS)
        if not path:
            sign_in(page, filled.people["office"])
