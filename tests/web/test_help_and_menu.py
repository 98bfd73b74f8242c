"""The help is open to everyone who is logged in."""

import make
import pytest
from kit import soup

from liushou_web.access import Role
from liushou_web.school.auth import roles_of_view


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("path", "title"), [("/help", "使用說明"), ("/help/duty-card", "值班教師卡片")]
)
def test_every_role_reads_the_help(client_for, role, path, title):
    reader = client_for(make.staff(roles=(role,)))

    assert soup(reader.get(path)).h1.text == title


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/children/import", "導入名冊"),
        ("/children/new", "名單"),
        ("/slots/new", "固定開放"),
    ],
)
def test_the_menu_marks_the_page_or_the_feature_it_belongs_to(office, path, tab):
    make.term(), make.room()

    tabs = soup(office.get(path)).find(class_="tabs")

    assert [a.text for a in tabs.find_all("a", {"aria-current": True})] == [tab]


ROLE_SETS = [{role} for role in Role] + [set(Role), {Role.DUTY, Role.HELPER}]


def test_the_menu_of_each_set_of_roles_shows_what_they_may_open_and_nothing_else(
    app, client_for
):
    """Menus are kept for each set of roles: one reader after another asks here."""
    match = app.url_map.bind("localhost").match
    everything = set()
    for roles in (*ROLE_SETS, *reversed(ROLE_SETS)):
        html = soup(client_for(make.staff(roles=roles)).get("/help"))
        links = html.select("nav.main a, .tabs a, .thumb a[aria-current], .everything a")
        shown = {match(a["href"].partition("?")[0], method="GET")[0] for a in links}

        with app.app_context():
            closed = {page for page in shown if not roles_of_view(page) & roles}
            everything |= {page for page in shown if roles_of_view(page) & roles}

        assert closed == set()
    assert {"staff.index", "counselling_desk.week", "calls.index"} <= everything


def test_the_menu_marks_the_page_that_is_seen_each_time(client_for):
    client = client_for(make.staff(roles=(Role.OFFICE, Role.ADMIN)))

    marked = [
        [a.text for a in soup(client.get(path)).select(".tabs a[aria-current]")]
        for path in ("/staff", "/settings", "/staff")
    ]

    assert marked == [["賬號"], ["學校設置"], ["賬號"]]
