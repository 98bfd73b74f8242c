"""本月未通話 and the register over HTTP: whose, on screen, printed, as a workbook."""

from datetime import timedelta
from io import BytesIO

import make
import pytest
from kit import MONDAY_4PM, soup
from python_calamine import CalamineWorkbook

from liushou_web.schema import CallWish, Trail

TUESDAY = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def teacher(app):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def mine(teacher):
    group = make.school_class(3, 1, teacher=teacher)
    return make.child("小明", school_class=group, parents_free="=晚上", number="1")


@pytest.fixture
def other(app):
    return make.child("小紅", school_class=make.school_class(4, 1))


@pytest.fixture
def client(client_for, at, teacher):
    at(MONDAY_4PM)
    return client_for(teacher)


def text(part):
    return " ".join(part.get_text(" ").split())


def lists(html):
    return {
        section.h2.contents[0].strip(): [text(li) for li in section.select("li")]
        for section in html.select("main section[aria-labelledby^=list]")
    }


def table(html):
    return [[text(cell) for cell in row.select("th, td")] for row in html.select("tr")]


def workbook(answer):
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def last_deed():
    row = Trail.select().order_by(Trail.id.desc()).first()
    return row.deed, row.detail


def test_a_class_teacher_sees_their_own_and_why(client, mine, other):
    make.call(mine, MONDAY_4PM - timedelta(days=2), result="busy")

    assert lists(soup(client.get("/calls/missing"))) == {
        "打過沒打通": [
            "小明 三年級1班 從來沒有打通過 · 這個月試過 1 次 父母方便：=晚上 排隊 約時間"
        ],
        "沒有試過": [],
        "超過 7 天沒有通話": [
            "小明 三年級1班 從來沒有打通過 · 這個月試過 1 次 父母方便：=晚上 排隊 約時間"
        ],
    }


def test_the_head_sees_numbers_and_no_names(head, mine, other):
    html = soup(head.get("/calls/missing"))

    assert table(html) == [
        ["班級", "學生", "接通過", "打過沒打通", "沒有試過", "超過 7 天"],
        ["三年級1班", "1", "0", "0", "1", "1"],
        ["四年級1班", "1", "0", "0", "1", "1"],
        ["合計", "2", "0", "0", "2", "2"],
    ]
    assert "小明" not in html.text
    assert head.get("/calls/missing/print").status_code == 403
    assert head.get("/calls/missing/download").status_code == 403


def test_a_head_who_teaches_sees_all_numbers_and_the_names_of_the_own(
    client_for, at, mine, other, teacher
):
    at(MONDAY_4PM)
    teacher.roles = frozenset({"head", "helper"})
    teacher.save()
    client = client_for(teacher)

    html = soup(client.get("/calls/missing"))
    paper = soup(client.get("/calls/missing/print"))

    assert table(html)[-1] == ["合計", "2", "0", "0", "2", "2"]
    assert [line[:2] for line in lists(html)["沒有試過"]] == ["小明"]
    assert ("小明" in paper.text, "小紅" in paper.text) == (True, False)


def test_a_month_that_is_over_has_no_seven_days_and_nobody_to_queue(client, mine):
    html = soup(client.get("/calls/missing?month=2026-10"))

    assert html.h1.text == "2026年10月未通話"
    assert list(lists(html)) == ["打過沒打通", "沒有試過"]
    assert html.select("main li button") == []
    assert html.find("a", string="下月 ›")["href"] == "/calls/missing?month=2026-11"


@pytest.mark.parametrize("month", ["", "x", "2026-13", "1026-01"])
def test_any_other_month_is_this_one(client, mine, month):
    assert soup(client.get(f"/calls/missing?month={month}")).h1.text == "2026年11月未通話"


def test_a_child_is_queued_from_the_list_and_taken_back(client, mine):
    answer = client.post(f"/calls/children/{mine.id}/ask?list=1&month=2026-11")

    assert answer.location == "/calls/missing?month=2026-11"
    html = soup(client.get(answer.location))
    assert html.find(id="notice").text.strip() == "已排隊：11月23日 週一。"
    assert lists(html)["沒有試過"][0].endswith("已排隊 11月23日 撤回 約時間")
    client.post(f"/calls/wishes/{CallWish.get().id}/withdraw?list=1")
    assert lists(soup(client.get("/calls/missing")))["沒有試過"][0].endswith("排隊 約時間")


def test_another_teachers_child_is_not_found(client, mine, other):
    wish = make.wish(other)
    group = other.school_class_id

    for method, path in (
        ("post", f"/calls/children/{other.id}/ask"),
        ("post", f"/calls/wishes/{wish.id}/withdraw"),
        ("get", f"/calls/children/{other.id}/book"),
        ("get", f"/calls/missing?class={group}"),
        ("get", f"/calls/register?class={group}"),
        ("get", f"/calls/register?child={other.id}"),
        ("get", f"/calls/register/print?child={other.id}"),
        ("get", f"/calls/register/download?class={group}"),
    ):
        assert (getattr(client, method)(path).status_code, path) == (404, path)


def test_a_teacher_without_a_class_is_told_whom_to_ask(client):
    html = soup(client.get("/calls/missing"))

    assert text(html.select_one(".empty")) == (
        "這裏還沒有學生。您名下還沒有班級，請留守兒童辦公室在「班級」裏把您設為班主任。"
    )


def test_an_office_without_children_is_led_to_the_import(office):
    html = soup(office.get("/calls/missing"))

    assert html.select_one(".empty a")["href"] == "/children/import"


def test_the_printed_list_is_told_on_the_trail(client, mine):
    html = soup(client.get("/calls/missing/print"))

    assert html.h1.text == "2026年11月親情電話未通話名單"
    assert table(html)[5] == ["1", "三年級1班", "小明", "從來沒有打過", "0 次", "=晚上", ""]
    assert last_deed() == ("call_lists.print", "2026-11 我的班級")


def test_the_workbook_says_what_the_screen_says_and_text_stays_text(client, mine):
    book = workbook(client.get("/calls/missing/download"))

    assert list(book) == ["打過沒打通", "沒有試過", "超過 7 天沒有通話"]
    assert book["沒有試過"][3] == ["三年級1班", "小明", "", "從來沒有打過", 0, "=晚上"]
    assert last_deed() == ("call_lists.download", "2026-11 我的班級")


# The register


def test_the_register_of_a_day(duty, at, mine):
    call = make.call(mine, feeling="happy", relation="")
    make.call(mine, MONDAY_4PM + timedelta(minutes=9), result="no_answer")
    make.call(mine, TUESDAY)

    rows = table(soup(duty.get("/calls/register")))

    assert rows[1] == [
        "1", "11月23日", "小明", "三年級1班", "媽媽 王芳", "電話 電話一", "16:00", "16:08",
        "8", "接通", "高興", "李老師",
    ]  # fmt: skip
    assert [row[9] for row in rows[1:3]] == ["接通", "未接"]
    assert rows[-1] == ["合計：打了 2 次，接通 1 次，共 8 分鐘。"]
    assert call.id


@pytest.mark.parametrize(
    ("query", "count", "name"),
    [
        ("", 1, "2026年11月23日"),
        ("?by=week", 2, "2026年11月23日–2026年11月29日"),
        ("?by=month", 3, "2026年11月"),
        ("?by=week&day=2026-11-02", 1, "2026年11月2日–2026年11月8日"),
        ("?by=year&day=x", 1, "2026年11月23日"),
    ],
)
def test_by_day_week_and_month(duty, mine, query, count, name):
    for moment in (MONDAY_4PM, TUESDAY, MONDAY_4PM.replace(day=2)):
        make.call(mine, moment)

    html = soup(duty.get(f"/calls/register{query}"))

    assert len(table(html)) == count + 2
    assert html.select_one(".week-of").contents[0] == name


def test_all_of_one_child(duty, mine, other):
    make.call(mine, MONDAY_4PM - timedelta(days=99)), make.call(mine), make.call(other)

    html = soup(duty.get(f"/calls/register?child={mine.id}"))

    assert [row[2] for row in table(html)[1:-1]] == ["小明", "小明"]
    assert len(table(soup(duty.get(f"/calls/register?child={mine.id}&by=day")))) == 3


def test_the_own_classes_alone_and_faces_are_nobody_elses(client, mine, other):
    make.call(mine), make.call(other)

    rows = table(soup(client.get("/calls/register")))

    assert [row[2] for row in rows[1:-1]] == ["小明"]


def test_an_empty_register_says_how_it_fills(duty, client):
    assert soup(duty.get("/calls/register")).select_one(".empty a").text == "打電話"
    assert soup(client.get("/calls/register")).select_one(".empty a").text == "看本月未通話"


@pytest.mark.parametrize("who", ["head", "admin", "counsellor"])
def test_the_register_is_not_everybodys(request, who):
    client = request.getfixturevalue(who)

    for path in ("/calls/register", "/calls/register/print", "/calls/register/download"):
        assert client.get(path).status_code == 403


def test_on_paper_the_child_signs(duty, mine):
    make.call(mine)

    html = soup(duty.get("/calls/register/print"))

    head = table(html)[1]
    assert head[-2:] == ["值班教師", "學生簽名"]
    assert table(html)[2][-2:] == ["李老師", ""]
    assert last_deed() == ("call_register.print", "2026年11月23日 全校")


def test_screen_paper_and_workbook_agree(duty, mine):
    make.call(mine, feeling="calm", end_told_at=TUESDAY)
    make.call(mine, MONDAY_4PM + timedelta(minutes=9), result="busy")
    screen = table(soup(duty.get("/calls/register")))
    paper = table(soup(duty.get("/calls/register/print")))

    (sheet,) = workbook(duty.get("/calls/register/download")).values()

    assert [row[:12] for row in paper[2:4]] == screen[1:3]
    assert sheet[3] == [
        1, "2026-11-23", "小明", "三年級1班", "媽媽", "王芳", "電話", "電話一", "16:00",
        "16:08", 8, "接通", "平靜", "李老師", "事後補記",
    ]  # fmt: skip
    assert sheet[5][0] == screen[-1][0] == paper[4][0]
    assert last_deed() == ("call_register.download", "2026年11月23日 全校")


def test_the_trail_knows_a_child_by_its_number_only(duty, mine):
    duty.get(f"/calls/register/print?child={mine.id}")

    assert last_deed() == ("call_register.print", f"全部 child={mine.id}")


def test_the_file_of_a_child_leads_to_its_calls(client, head, mine):
    link = soup(client.get(f"/children/{mine.id}")).find("a", string="通話記錄")

    assert link["href"] == f"/calls/register?child={mine.id}"
    assert soup(head.get(f"/children/{mine.id}")).find("a", string="通話記錄") is None
