"""Which style sheets a page links, and in which order."""

from pathlib import Path

import make
from kit import soup

from liushou_web.features import NAMES

CSS = "/static/css/"


def linked(html):
    """Name and medium of each style sheet, in order."""
    links = soup(html).find_all("link", rel="stylesheet")
    return [
        (link["href"].removeprefix(CSS).partition(".css")[0], link.get("media", ""))
        for link in links
    ]


def test_the_sheets_of_the_features_come_after_the_house_in_their_order(client_for):
    sheets = linked(client_for(make.staff()).get("/help"))
    screen = [name for name, medium in sheets if not medium]
    paper = [name for name, medium in sheets if medium == "print"]

    assert [name for name, _ in sheets] == [*screen, *paper]
    assert screen == ["site", *(name for name in NAMES if name in screen)]
    assert paper == ["print", *(f"{n}-print" for n in NAMES if f"{n}-print" in paper)]


def test_every_sheet_is_linked_on_screen_pages_and_on_paper(bare_app, client_for):
    reader = client_for(make.staff())
    there = {path.stem for path in (Path(bare_app.static_folder) / "css").iterdir()}

    for path in ("/help", "/help/duty-card"):
        assert {name for name, _ in linked(reader.get(path))} == there


def test_a_page_for_paper_shows_on_screen_what_is_printed(client_for):
    sheets = linked(client_for(make.staff()).get("/help/duty-card"))

    assert ("school-print", "") in sheets
    assert not [name for name, medium in sheets if medium]
