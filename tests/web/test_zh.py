"""A reader of 简 finds no traditional character of ours on any page."""

import pages
import pytest
from bs4 import BeautifulSoup
from kit import MONDAY_4PM

from liushou_web.web.zh import simplified

SPOKEN = ("alt", "aria-label", "content", "placeholder", "title", "value")


def words(html):
    """All that a page says, seen or heard, but what is marked as traditional."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.find_all(lang="zh-Hant"):
        part.decompose()
    yield from soup.stripped_strings
    for tag in soup.find_all(True):
        for name, text in tag.attrs.items():
            if name in SPOKEN or name.startswith("data-"):
                yield text


def test_every_page_is_in_the_table(app):
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}

    aside = pages.FILES | pages.PARTS | pages.WAYS_ON | pages.BEFORE_A_SCHOOL
    assert set(pages.PAGES) == opened - aside


def traditional(html):
    return {text for text in words(html) if simplified(text) != text}


@pytest.mark.parametrize("role", pages.ROLES)
def test_no_page_keeps_a_traditional_character(app, client_for, at, role):
    at(MONDAY_4PM)
    filled = pages.fill(MONDAY_4PM, script="hans")
    client, left = client_for(filled.people[role]), {}
    pages.unlock(client, role, filled)

    for path in filled.paths(role):
        answer = client.get(path)
        assert (answer.status_code, path) == (200, path)
        left[path] = traditional(answer.text)

    assert {path: texts for path, texts in left.items() if texts} == {}


@pytest.mark.parametrize("role", pages.ROLES)
def test_no_refusal_or_message_keeps_one_either(app, client_for, at, role):
    """Each form is sent as good as empty, and whatever that led to is looked at."""
    at(MONDAY_4PM)
    filled = pages.fill(MONDAY_4PM, script="hans")
    client, left = client_for(filled.people[role]), {}
    pages.unlock(client, role, filled)

    for path in filled.paths(role):
        answer = client.post(path, data={"deed": "preview"}, follow_redirects=True)
        assert answer.status_code < 500, path
        left[path] = traditional(answer.text)

    assert {path: texts for path, texts in left.items() if texts} == {}
