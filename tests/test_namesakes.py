"""Wherever children who share a name are shown, each stands with what tells it apart.

Here every child of the school is called 王芳. Who adds a list of children without
`{{ child.id|apart }}`, or without `named` where there are no tags, finds it here.
"""

import re
from datetime import timedelta
from io import BytesIO

import make
import pages
import pytest
from kit import MONDAY_4PM, soup
from python_calamine import CalamineWorkbook

from liushou_web.children.rules.names import search_columns
from liushou_web.schema import (
    Activity,
    ActivityChild,
    Attendance,
    Child,
    Correction,
    Vault,
)

NAME = "王芳"
MORE = {  # what is found, besides the pages
    "duty": (
        "/attendance/{now}/find?q=wf",
        "/attendance/{now}?view=tiles",
        "/attendance/{closed}",
        "/calls/find?q=wf",
        "/counselling/find?q=wf",
    ),
    "office": ("/cards?q=wf", "/children?q=wf", "/leave/find?q=wf", "/"),
    "head": ("/", "/attendance/{closed}", "/present"),
    "counsellor": ("/counselling/calendar",),
    "admin": ("/",),
}
# Where the name is nobody's of the register, or the whole number stands with it.
ASIDE = {
    "title": "names a window, not a child of a list",
    "script, style": "never shown",
    ".name-card": "has the whole number, large",
    ".as-typed": "words that somebody typed",
    "#new, #asked": "rows of a spreadsheet, beside all that is known of them",
    "[role=alert], .error, .bad": "a refusal is about the one child just meant",
}


@pytest.fixture
def filled(app, at):
    at(MONDAY_4PM)
    made = pages.fill(MONDAY_4PM)
    add_to(made)
    for n, child in enumerate(here(), 11):
        named = {"name": NAME, "number": f"2026110000{n}"}
        columns = named | search_columns(NAME)._asdict()
        Child.update(columns).where(Child.id == child.id).execute()
    return made


def here():
    return list(Child.select().where(Child.left_on.is_null()).order_by(Child.id))


def add_to(made):
    """Children chosen one by one, absent, sick and corrected; notes about them."""
    first, second, *others = here()
    for days in (1, 2, 3):
        missed = make.activity(MONDAY_4PM - timedelta(days=days), title="活动")
        for child in (first, second):
            make.attendance(missed, child)
        for child in others[:3]:
            make.attendance(missed, child, leave="sick")
    chosen = Activity.id == made.ids["coming"]
    Activity.update(expects="children").where(chosen).execute()
    duty = made.people["duty"]
    vault = Vault.get_by_id(made.ids["vault"])
    for child in (first, second):
        make.leave(child, duty)
        make.note(vault, child_id=child.id, who=NAME)
        ActivityChild.create(activity=made.ids["coming"], child=child)
    row = Attendance.get(Attendance.activity == made.ids["closed"])
    said = {"staff": duty, "at": MONDAY_4PM, "reason": "点错了人，点了同名的"}
    Correction.create(attendance=row, field="came_at", old="", new="", **said)


def unmarked(answer):
    """Where the name stands and no mark follows it."""
    page = soup(answer)
    for part in page.select(", ".join(ASIDE)):
        part.decompose()
    for option in page.select("option[value]"):
        if NAME in option["value"] and "…" not in option["value"]:
            yield str(option)
    texts = [text for text in page.find_all(string=True) if text.strip()]
    for text, after in zip(texts, [*texts[1:], None], strict=True):
        for name in re.finditer(NAME, text):
            behind = text[name.end() :].strip()
            if not (behind.startswith("…") or not behind and is_mark(after)):
                yield f"<{text.parent.name}> {text.strip()}"


def is_mark(text):
    return text is not None and "apart" in text.parent.get("class", ())


def paths_of(filled, role):
    return [*filled.paths(role), *(path.format(**filled.ids) for path in MORE[role])]


@pytest.mark.parametrize("role", pages.ROLES)
def test_no_page_shows_two_of_one_name_alike(client_for, filled, role):
    client, left, marks = client_for(filled.people[role]), {}, 0
    pages.unlock(client, role, filled)

    for path in paths_of(filled, role):
        answer = client.get(path, follow_redirects=True)
        assert (answer.status_code, path) == (200, path)
        marks += len(soup(answer).select(".apart"))
        left[path] = list(unmarked(answer))

    assert {path: places for path, places in left.items() if places} == {}
    assert (marks > 0) == (role != "admin")


@pytest.mark.parametrize("role", pages.ROLES)
def test_no_message_does_either(client_for, filled, role):
    """Each form is sent as good as empty, and whatever that led to is looked at."""
    client, left = client_for(filled.people[role]), {}
    pages.unlock(client, role, filled)

    for path in paths_of(filled, role):
        answer = client.post(path, data={"deed": "preview"}, follow_redirects=True)
        assert answer.status_code < 500, path
        left[path] = list(unmarked(answer))

    assert {path: places for path, places in left.items() if places} == {}


@pytest.mark.parametrize(
    "path", ["/calls/register/download?by=month", "/calls/missing/download"]
)
def test_no_file_does_either(client_for, filled, path):
    answer = client_for(filled.people["office"]).get(path)

    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    rows = [row for n in book.sheet_names for row in book.get_sheet_by_name(n).to_python()]
    cells = [cell for row in rows for cell in row if NAME in str(cell)]
    assert cells
    assert [cell for cell in cells if not cell.startswith(f"{NAME} …")] == []
