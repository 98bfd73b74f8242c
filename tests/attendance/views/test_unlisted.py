"""名單外接走 over HTTP: the list, 今日, putting aside and bringing back."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import Attendance

SOON = MONDAY_4PM + timedelta(minutes=30)


@pytest.fixture
def row(app):
    gone = {"came_at": MONDAY_4PM, "went_at": SOON, "way_home": "other"}
    gone |= {"collected_by": "鄰居 李嬸", "release_reason": "奶奶住院"}
    teacher = make.staff("陳老師")
    return make.attendance(make.activity(), make.child("小明"), **gone, released_by=teacher)


def words(tag):
    return " ".join(tag.get_text(" ").split())


def table(html):
    return [[words(c) for c in tr.find_all(["th", "td"])] for tr in html.select("tbody tr")]


TOLD = ["2026-11-23 16:30", "小明 三年級1班", "鄰居 李嬸", "奶奶住院", "放行： 陳老師"]


def test_the_office_reads_the_list_and_puts_aside(office, row):
    assert table(soup(office.get("/released"))) == [[*TOLD, "知道了"]]

    answer = office.post(f"/released/{row.id}/seen", data={"from": "/released"})

    assert (answer.status_code, answer.location) == (303, "/released")
    html = soup(office.get("/released"))
    assert html.find(id="notice").text.strip() == (
        "知道了。要再看，打開「名單外接走」點「恢復」。"
    )
    assert table(html) == [[*TOLD, "李老師 2026-11-23 16:00 恢復"]]


def test_brought_back_it_waits_again(office, row):
    office.post(f"/released/{row.id}/seen")

    answer = office.post(f"/released/{row.id}/waiting")

    assert (answer.status_code, answer.location) == (303, "/released")
    assert Attendance.get().release_seen_at is None


def waiting(client):
    items = soup(client.get("/")).select(".pending li")
    return [item for item in items if item.select_one(".tag").text == "名單外接走"]


def test_today_tells_the_office_with_the_one_button(office, row):
    (line,) = waiting(office)
    assert words(line) == (
        "名單外接走 小明 三年級1班 ，11月23日 16:30 由 鄰居 李嬸 接走："
        "奶奶住院 陳老師放行 知道了"
    )
    answer = office.post(line.form["action"], data={"from": "/"})
    assert answer.location == "/"
    assert waiting(office) == []


def test_nowhere_else_does_an_address_lead(office, row):
    answer = office.post(f"/released/{row.id}/seen", data={"from": "//evil.example"})

    assert answer.location == "/"


def test_the_head_reads_and_puts_nothing_aside(head, row):
    assert table(soup(head.get("/released"))) == [[*TOLD, "還沒有看"]]
    assert waiting(head) == []
    assert head.post(f"/released/{row.id}/seen").status_code == 403
    assert head.post(f"/released/{row.id}/waiting").status_code == 403


@pytest.mark.parametrize("role", ["duty", "helper", "counsellor", "admin"])
def test_nobody_else_reads_it(request, row, role):
    client = request.getfixturevalue(role)

    assert client.get("/released").status_code == 403
    assert client.post(f"/released/{row.id}/seen").status_code == 403
    assert soup(client.get("/")).find(id="released") is None
    assert Attendance.get().release_seen_at is None


def test_what_is_not_there_is_missing(office, app):
    assert office.post("/released/9/seen").status_code == 404
    assert office.post("/released/9/waiting").status_code == 404


def test_the_empty_list_says_what_it_is_for(office, app):
    html = soup(office.get("/released"))

    assert html.find(class_="empty").text == (
        "還沒有孩子被名單以外的人接走。值班教師在簽到表上登記了，會出現在這裏，"
        "也會出現在「今日」。"
    )
    assert html.select("[data-print]") == []


def test_nobody_is_let_in_without_a_login(app):
    answer = app.test_client().get("/released")

    assert (answer.status_code, answer.location) == (303, "/login?next=/released")
