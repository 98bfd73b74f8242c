"""Logging in: who gets in, and to where."""

import make


def test_a_member_of_staff_logs_in(client_for):
    client = client_for(make.staff(name="李老師"))

    assert "李老師" in client.get("/").get_data(as_text=True)


def test_nobody_is_sent_to_the_login_page(app):
    answer = app.test_client().get("/")

    assert (answer.status_code, answer.location) == (303, "/login?next=/")
