"""The help is open to everyone who is logged in."""

import make
import pytest
from kit import soup

from liushou_web.access import Role


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
