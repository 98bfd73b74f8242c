"""Leave over HTTP: entering, withdrawing, who may, and the quiet list on 今日."""

from datetime import date, timedelta

import make
import pytest
from bs4 import BeautifulSoup
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import Leave

MONDAY = MONDAY_4PM.date()
TYPED = {
    "first_day": "2026-11-23",
    "last_day": "2026-11-25",
    "part": "morning",
    "kind": "sick",
    "note": "發燒",
    "key": "one",
}


@pytest.fixture
def teacher(app):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def mine(teacher):
    """A child of the teacher's own class."""
    return make.child("小明", school_class=make.school_class(3, 1, teacher=teacher))


@pytest.fixture
def other(teacher):
    return make.child("小紅", school_class=make.school_class(4, 1))


@pytest.fixture
def client(client_for, at, teacher):
    at(MONDAY_4PM)
    return client_for(teacher)


def form_of(child):
    return f"/leave/children/{child.id}/new"


def lines(html):
    return [" ".join(li.get_text(" ").split()) for li in html.select("main .found li")]


def notice(html):
    return html.find(id="notice").text.strip()


def test_entered_it_is_in_the_list_and_told(client, mine):
    answer = client.post(form_of(mine), data=TYPED)

    row = Leave.get()
    assert (answer.status_code, answer.location) == (303, "/leave")
    assert (row.child_id, row.first_day, row.last_day) == (
        mine.id,
        MONDAY,
        date(2026, 11, 25),
    )
    assert (row.part, row.kind, row.note) == ("morning", "sick", "發燒")
    html = soup(client.get("/leave"))
    assert notice(html) == "小明的請假已登記。"
    assert lines(html) == [
        "小明 三年級1班 請假中 11月23日–11月25日 上午 · 病假：發燒 孫老師 撤回"
    ]


def test_a_second_press_answers_like_the_first(client, mine):
    first, second = (client.post(form_of(mine), data=TYPED) for _ in range(2))

    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert Leave.select().count() == 1


def test_one_day_needs_no_last_day_and_today_is_offered(client, mine):
    html = soup(client.get(form_of(mine)))
    assert html.h1.text == "小明請假"
    assert html.find(id="first_day")["value"] == "2026-11-23"
    assert [i["value"] for i in html.select("[name=part][checked]")] == ["day"]

    client.post(form_of(mine), data={**TYPED, "last_day": "", "first_day": "2026-11-24"})

    row = Leave.get()
    assert (row.first_day, row.last_day) == (date(2026, 11, 24), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"first_day": ""}, "first_day", "請填寫這一項。"),
        ({"first_day": "1026-11-23"}, "first_day", "請核對年份。"),
        ({"kind": ""}, "kind", "請選擇事假或病假。"),
        ({"part": "night"}, "part", "請選擇全天、上午或下午。"),
        ({"note": "燒" * 101}, "note", "請不要超過 100 個字。"),
    ],
)
def test_a_wrong_field_is_told_beside_it(client, mine, values, field, reason):
    answer = client.post(form_of(mine), data={**TYPED, **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.find(id=f"{field}-errors").text == reason
    assert Leave.select().count() == 0


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"last_day": "2026-11-22"}, "最後一天不能早於第一天。"),
        (
            {"first_day": "2026-11-22"},
            "請假只能從今天開始。過去的日子已經記在簽到表上，不能改寫。",
        ),
        (
            {"last_day": "2026-11-30"},
            "小明在 2026-11-25 至 2026-11-25 已有請假，日期不能重疊。請先撤回那一次。",
        ),
    ],
)
def test_a_refusal_is_told_on_top_and_the_typing_kept(
    client, mine, teacher, values, reason
):
    make.leave(mine, teacher, date(2026, 11, 25), kind="sick")

    answer = client.post(form_of(mine), data={**TYPED, **values})

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == reason
    assert html.find(id="note")["value"] == "發燒"
    assert Leave.select().count() == 1


def test_a_child_is_found_by_name_and_only_the_own_are(client, mine, other):
    everyone = soup(client.get("/leave/find"))
    found = client.get("/leave/find?q=xm", headers=PART)
    nobody = soup(client.get("/leave/find?q=小紅"))

    assert lines(everyone) == ["小明 三年級1班 請假"]
    assert soup(found).find("h1") is None
    assert soup(found).find("a")["href"] == form_of(mine)
    assert nobody.find(id="results").text.strip() == (
        "沒有找到「小紅」。可以試姓名、拼音首字母或學籍號。"
    )


def test_a_teacher_without_a_class_is_told_whom_to_ask(client):
    html = soup(client.get("/leave/find"))

    assert html.find(class_="empty").text.strip().endswith("請告訴留守兒童辦公室。")


def test_others_children_are_not_there_for_a_class_teacher(client, teacher, other):
    made = make.leave(other, teacher)

    answers = [
        client.get(form_of(other)),
        client.post(form_of(other), data=TYPED),
        client.post(f"/leave/{made.id}/withdraw"),
        client.post(f"/leave/{made.id}/restore"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert lines(soup(client.get("/leave"))) == []
    assert Leave.get().withdrawn_at is None


def test_the_office_enters_for_all(office, mine, other):
    for child in (mine, other):
        office.post(form_of(child), data={**TYPED, "key": f"{child.id}"})

    assert {row.child_id for row in Leave.select()} == {mine.id, other.id}


@pytest.mark.parametrize("role", ["duty", "head"])
def test_who_only_reads_sees_the_list_without_buttons(request, mine, teacher, role):
    make.leave(mine, teacher)
    client = request.getfixturevalue(role)

    html = soup(client.get("/leave"))

    assert lines(html) == ["小明 三年級1班 請假中 11月23日 週一 全天 · 事假 孫老師"]
    assert html.select("main a, main button") == []
    assert client.get(form_of(mine)).status_code == 403
    assert client.post(form_of(mine), data=TYPED).status_code == 403
    assert Leave.select().count() == 1


def test_a_duty_teacher_takes_back_only_those_of_the_own_class(client_for, at, mine, other):
    at(MONDAY_4PM)
    both = make.staff("黃老師", roles=("helper", "duty"))
    own = make.child("小剛", school_class=make.school_class(5, 1, teacher=both))
    for child in (mine, other, own):
        make.leave(child, both)

    html = soup(client_for(both).get("/leave"))

    assert len(lines(html)) == 3
    assert [b["aria-label"] for b in html.select("main .found button")] == ["撤回 小剛"]


def test_withdrawn_it_can_be_restored(client, mine, teacher):
    made = make.leave(mine, teacher, last=date(2026, 11, 24))

    answer = client.post(f"/leave/{made.id}/withdraw")

    assert (answer.status_code, answer.location) == (303, f"/leave#leave-{made.id}")
    assert Leave.get().withdrawn_at == MONDAY_4PM
    html = soup(client.get("/leave"))
    assert notice(html) == "小明的請假已撤回。撤回錯了，今天可以點「恢復」。"
    assert lines(html) == [
        "小明 三年級1班 已撤回 11月23日–11月24日 全天 · 事假 孫老師 恢復"
    ]

    answer = client.post(f"/leave/{made.id}/restore")

    assert (answer.status_code, answer.location) == (303, f"/leave#leave-{made.id}")
    assert Leave.get().withdrawn_at is None
    assert notice(soup(client.get("/leave"))) == "小明的請假已恢復。"


def test_what_is_over_or_not_there_is_not_withdrawn(client, mine, teacher):
    made = make.leave(mine, teacher, MONDAY - timedelta(days=2))

    answer = client.post(f"/leave/{made.id}/withdraw")

    assert answer.status_code == 409
    assert "這次請假已經過去，不能撤回。" in soup(answer).text
    assert client.post("/leave/999/withdraw").status_code == 404
    assert Leave.get().withdrawn_at is None


def test_the_empty_list_says_what_it_is_for(client, duty):
    html, read = soup(client.get("/leave")), soup(duty.get("/leave"))

    assert [a["href"] for a in html.select("main a")] == ["/leave/find"]
    assert read.select("main a") == []
    assert read.find(class_="empty").text.strip() == (
        "現在和以後沒有請假。班主任和留守兒童辦公室可以提前登記。"
    )


def test_the_childs_page_has_the_button_for_who_may(client, head, office, mine):
    def buttons(reader):
        html = soup(reader.get(f"/children/{mine.id}"))
        return [a.text for a in html.select("main .push a.button")]

    assert buttons(client) == ["名卡", "通話記錄", "請假"]
    assert buttons(office) == ["登記離開", "名卡", "通話記錄", "請假", "修改檔案"]
    assert buttons(head) == ["名卡"]


def test_nobody_is_let_in_without_a_login(app):
    answer = app.test_client().get("/leave")

    assert (answer.status_code, answer.location) == (303, "/login?next=/leave")


@pytest.fixture
def missed(mine, other):
    """Each was absent twice in a row."""
    for days in (7, 4):
        activity = make.activity(MONDAY_4PM - timedelta(days=days))
        make.attendance(activity, mine)
        make.attendance(activity, other)


def cases(html):
    card = html.select_one("[aria-labelledby=cases]")
    return lines(BeautifulSoup(f"<main>{card}</main>", "html.parser")) if card else []


def test_today_tells_the_class_teacher_and_puts_it_aside(client, missed, mine):
    html = soup(client.get("/"))
    assert cases(html) == [
        "小明 三年級1班 連續 2 次沒有來，也沒有請假：11月16日、11月19日 知道了"
    ]
    assert html.select_one("[aria-labelledby=cases] a")["href"] == f"/children/{mine.id}"

    answer = client.post(f"/leave/cases/absent/{mine.id}/seen")

    assert (answer.status_code, answer.location) == (303, "/")
    assert soup(client.get("/")).find(id="cases") is None


def test_today_tells_the_office_of_all_and_of_sick_classes(office, missed, teacher, mine):
    for name in ("阿一", "阿二", "阿三"):
        child = make.child(name, school_class=make.school_class(3, 1))
        make.leave(child, teacher, kind="sick")

    assert cases(soup(office.get("/"))) == [
        "小明 三年級1班 連續 2 次沒有來，也沒有請假：11月16日、11月19日 知道了",
        "小紅 四年級1班 連續 2 次沒有來，也沒有請假：11月16日、11月19日 知道了",
        "三年級1班 一週內 3 名學生請病假：阿一、阿二、阿三 知道了",
    ]
    office.post(f"/leave/cases/sick/{mine.school_class_id}/seen")
    assert len(cases(soup(office.get("/")))) == 2


@pytest.mark.parametrize("role", ["duty", "head", "counsellor", "admin"])
def test_today_tells_nobody_else(request, missed, role):
    assert soup(request.getfixturevalue(role).get("/")).find(id="cases") is None
