"""The school's names and settings."""

import make
import pytest
from kit import soup

from liushou_web.schema import School

TYPED = {
    **make.SETTINGS,
    "name": "董崗小學",
    "home_name": "向陽之家",
    "script": "hans",
    "grace_minutes": "15",
    "absences_in_row": "3",
    "sick_alike": "5",
}


@pytest.mark.parametrize("who", ["admin", "office"])
def test_settings_are_saved(request, who):
    client = request.getfixturevalue(who)

    answer = client.post("/settings", data=TYPED)

    kept = School.get()
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert (kept.name, kept.home_name, kept.script, kept.grace_minutes) == (
        "董崗小學",
        "向陽之家",
        "hans",
        15,
    )
    assert (kept.absences_in_row, kept.sick_alike) == (3, 5)
    html = soup(client.get("/settings"))
    assert html.find(id="notice").text.strip() == "設置已保存。"
    assert html.find(id="name")["value"] == "董崗小學"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": ""}, "name", "請填寫這一項。"),
        ({"home_name": "家" * 41}, "home_name", "請不要超過 40 個字。"),
        ({"grace_minutes": "121"}, "grace_minutes", "請填寫 0 到 120 的整數。"),
        ({"grace_minutes": "-1"}, "grace_minutes", "請填寫 0 到 120 的整數。"),
        ({"grace_minutes": ""}, "grace_minutes", "請填寫 0 到 120 的整數。"),
        ({"absences_in_row": "1"}, "absences_in_row", "請填寫 2 到 20 的整數。"),
        ({"sick_alike": "21"}, "sick_alike", "請填寫 2 到 20 的整數。"),
        ({"sick_alike": ""}, "sick_alike", "請填寫 2 到 20 的整數。"),
        (
            {"closing_grace_minutes": ""},
            "closing_grace_minutes",
            "請填寫 0 到 120 的整數。",
        ),
        ({"vault_idle_minutes": "31"}, "vault_idle_minutes", "請填寫 1 到 30 的整數。"),
        ({"call_minutes": "2"}, "call_minutes", "請填寫 3 到 60 的整數。"),
        ({"call_minutes": "61"}, "call_minutes", "請填寫 3 到 60 的整數。"),
    ],
)
def test_wrong_settings_are_not_saved(admin, values, field, reason):
    answer = admin.post("/settings", data={**TYPED, "script": "hant", **values})

    assert answer.status_code == 422
    assert soup(answer).find(id=f"{field}-errors").text == reason
    assert School.get().name == "董崗鎮中心學校"


def test_a_grace_of_nought_is_a_number(admin):
    admin.post("/settings", data={**TYPED, "grace_minutes": "0"})

    assert School.get().grace_minutes == 0


def test_the_length_of_a_call_is_a_setting(office):
    office.post("/settings", data={**TYPED, "call_minutes": "15"})

    assert School.get().call_minutes == 15


def test_settings_are_not_everybodys(duty):
    assert duty.get("/settings").status_code == 403
    assert duty.post("/settings", data=TYPED).status_code == 403
    assert School.get().name == "董崗鎮中心學校"


def test_nobody_is_asked_to_log_in(app):
    assert app.test_client().get("/settings").location == "/login?next=/settings"
