"""The counts of duties: for the office alone, term by term."""

from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.access import Role

PATH = "/schedule/duty-counts"


def table(response):
    rows = soup(response).select(".duty-counts tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]


def test_each_teacher_has_a_line_and_all_have_a_total(office):
    make.term()
    li = make.staff("李老師")
    make.staff("王老師")
    for days in (0, -7, 7):
        make.activity(MONDAY_4PM + timedelta(days=days), duty=[li])

    assert table(office.get(PATH)) == [
        ["教師", "次數", "已值", "待值", "小時", "代別人", "請人代", "取消"],
        ["李老師", "3", "2", "1", "3", "0", "0", "0"],
        ["王老師", "0", "0", "0", "0", "0", "0", "0"],
        ["合計", "3", "2", "1", "3", "0", "0", "0"],
    ]


def test_the_bars_are_as_long_as_the_counts(office):
    make.term()
    li, wang = make.staff("李老師"), make.staff("王老師")
    make.activity(duty=[li, wang])
    make.activity(MONDAY_4PM + timedelta(days=1), duty=[li])

    bars = soup(office.get(PATH)).select(".duty-counts svg")

    widths = [[float(rect["width"]) for rect in bar.find_all("rect")] for bar in bars]
    assert widths == [[50, 50], [50, 0]]


def test_another_term_is_chosen(office):
    make.term()
    spring = make.term(
        name="2026年春季學期", first_day=date(2026, 3, 1), last_day=date(2026, 7, 5)
    )
    make.activity(
        MONDAY_4PM.replace(month=5), duty=[make.staff("李老師", retired_at=MONDAY_4PM)]
    )

    html = soup(office.get(f"{PATH}?term={spring.id}"))

    assert html.find("option", selected=True).text == "2026年春季學期"
    assert table(office.get(f"{PATH}?term={spring.id}"))[1][:3] == [
        "李老師 已停用",
        "1",
        "1",
    ]
    assert len(table(office.get(PATH))) == 0


def test_a_school_without_a_term_is_told_so(office):
    assert soup(office.get(PATH)).select(".duty-counts") == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE}))
def test_nobody_else_sees_the_counts(client_for, role):
    make.term()
    client = client_for(make.staff(roles=(role,)))

    assert client.get(PATH).status_code == 403
    assert not soup(client.get("/schedule")).find("a", string="值班統計")
