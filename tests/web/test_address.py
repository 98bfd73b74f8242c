"""The address that cards and settings tell phones: never 127.0.0.1."""

import make
import pytest
from kit import soup

from liushou_web import network
from liushou_web.web.address import SchoolAddress, school_address


@pytest.fixture(autouse=True)
def addresses(monkeypatch):
    found = ["192.168.1.20", "10.0.0.3"]
    monkeypatch.setattr(network, "addresses", lambda: found)
    return found


@pytest.mark.parametrize("here", ["127.0.0.1", "localhost", "[::1]"])
def test_the_pc_that_serves_tells_its_address_in_the_school(app, here):
    with app.test_request_context(base_url=f"http://{here}:8000/"):
        assert school_address() == SchoolAddress("http://192.168.1.20:8000/")


def test_a_phone_tells_the_address_it_came_by(app):
    with app.test_request_context(base_url="http://10.1.1.9:81/"):
        assert school_address() == SchoolAddress("http://10.1.1.9:81/")


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("duty", "/help/duty-card"),
        ("duty", "/help/phone-card"),
        ("office", "/settings"),
        ("admin", "/check"),
    ],
)
def test_cards_settings_and_check_show_it_with_its_code(client_for, role, page):
    shown = soup(client_for(make.staff(roles=(role,))).get(page)).select_one(
        ".address-code"
    )

    assert shown.b.get_text() == "http://192.168.1.20/"
    assert shown.svg


def test_without_a_network_it_says_that_no_phone_gets_there(client_for, addresses):
    addresses.clear()

    page = client_for(make.staff(roles=("admin",))).get("/check")

    assert "沒有連上校園網" in soup(page).select_one(".address-code").get_text()
