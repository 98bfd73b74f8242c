"""Addresses that templates ask for: kept, and yet those of just these values."""

import pytest
from flask import render_template_string, url_for

from liushou_web.web.cookies import OneSigner


def in_template(endpoint, **values):
    return render_template_string("{{ url_for(e, **v) }}", e=endpoint, v=values)


@pytest.mark.parametrize("times", [1, 2])
def test_an_address_in_a_template_is_the_one_of_its_values(app, times):
    with app.test_request_context("/"):
        for values in ({"seen": 1}, {"seen": True}, {"seen": "1 2"}, {"seen": None}, {}):
            for _ in range(times):
                assert in_template("calls.index", **values) == url_for(
                    "calls.index", **values
                )


def test_an_address_within_a_feature_is_the_one_of_the_feature_that_asks(app):
    found = []
    for path in ("/calls", "/children"):
        with app.test_request_context(path):
            found.append(in_template(".index"))

    assert found == ["/calls", "/children"]


def test_a_static_file_keeps_its_stamp(app):
    with app.test_request_context("/"):
        assert in_template("static", filename="site.js").startswith("/static/site.js?v=")


def test_a_cookie_of_another_key_is_no_session(app):
    """The signer is made once, of the key that the application has."""
    signer = OneSigner(app)
    foreign = signer.get_signing_serializer(app).__class__("other", salt=signer.salt)

    client = app.test_client()
    client.set_cookie("session", foreign.dumps({"_user_id": "x"}))
    answer = client.get("/account")

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/login")
