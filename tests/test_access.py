"""Every view and every role: who is let in, who is told no, who has to log in first."""

import make
import pytest
from kit import MONDAY_4PM, views

from liushou_web.access import RIGHTS, Role, roles_that
from liushou_web.school.auth import ANYONE, roles_of_view

BEFORE_A_LOGIN = {"login.sign_in", "login.sign_out", "setup.begin", "setup.code"}


@pytest.mark.parametrize("role", list(Role))
def test_a_view_answers_the_roles_it_names_and_no_other(app, client_for, at, role):
    at(MONDAY_4PM)
    client, wrong = client_for(make.staff(roles=(role,))), []

    for endpoint, method, url in views(app):
        with app.app_context():
            roles = roles_of_view(endpoint)
        if ANYONE in roles:
            continue
        answer = client.open(url, method=method)
        crashed = answer.status_code >= 500
        if crashed or (answer.status_code == 403) is (role in roles):
            wrong.append((endpoint, method, answer.status_code))

    assert wrong == []


def test_nobody_is_let_in_without_a_login(app):
    wrong = []

    for endpoint, method, url in views(app):
        answer = app.test_client().open(url, method=method)
        to_login = answer.status_code == 303 and answer.location.startswith("/login")
        if not to_login and endpoint not in BEFORE_A_LOGIN:
            wrong.append((endpoint, method, answer.status_code))

    assert wrong == []


def test_only_the_pages_before_a_login_are_open(app):
    with app.app_context():
        endpoints = {endpoint for endpoint, _, _ in views(app)}
        open_to_all = {name for name in endpoints if ANYONE in roles_of_view(name)}

    assert open_to_all == BEFORE_A_LOGIN


def test_the_roles_of_each_view_are_those_of_a_right(app):
    rights = {roles_that(kind, action) for kind in RIGHTS for action in ("r", "w")}

    with app.app_context():
        others = {
            endpoint
            for endpoint, _, _ in views(app)
            if endpoint not in BEFORE_A_LOGIN and roles_of_view(endpoint) not in rights
        }

    assert others == set()


def test_the_administrator_reads_no_child(app):
    """The rule that matters most, told a second time and apart from the table."""
    about_children = (
        "attendance", "call_lists", "call_register", "call_wishes", "calls", "cards",
        "children", "classes", "closing", "collecting", "corrections", "counselling",
        "counselling_counts", "counselling_desk", "counselling_hours",
        "counselling_series", "frozen", "glass", "handover", "imports", "leave", "notes",
        "numbers", "paper", "picking", "released", "reports", "unlocking", "vaults",
    )  # fmt: skip

    with app.app_context():
        let_in = {
            endpoint
            for endpoint, _, _ in views(app)
            if endpoint.split(".")[0] in about_children
            and Role.ADMIN in roles_of_view(endpoint)
        }

    assert let_in == set()
