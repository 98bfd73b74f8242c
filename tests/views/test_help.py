"""The help is open to everyone who is logged in."""

import make
import pytest
from conftest import soup

from liushou_web.rules.access import Role


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("path", "title"), [("/help", "使用說明"), ("/help/duty-card", "值班教師卡片")]
)
def test_every_role_reads_the_help(client_for, role, path, title):
    reader = client_for(make.staff(roles=(role,)))

    assert soup(reader.get(path)).h1.text == title
