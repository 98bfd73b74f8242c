"""The weekly sheet on screen, on paper and as a file: the same figures everywhere."""

from datetime import date, datetime, timedelta
from io import BytesIO

import make
import pytest
from kit import MONDAY_4PM, PART, count_queries, soup
from python_calamine import CalamineWorkbook

from liushou_web.school.store import trail

FRIDAY = MONDAY_4PM + timedelta(days=4)
PAGES = ["/reports/week", "/reports/week/print", "/reports/week/download"]
LEAVERS = PAGES[1:]  # print and download: what leaves the house


@pytest.fixture
def friday(at):
    return at(FRIDAY)


@pytest.fixture
def head(client_for, friday):
    return client_for(make.staff(name="王校長", roles=("head",)))


@pytest.fixture
def teacher():
    return make.staff(name="趙老師", roles=("helper",))


@pytest.fixture
def helper(client_for, friday, teacher):
    return client_for(teacher)


def a_week(teacher=None):
    """Two classes, two activities: 小明 and 小紅 in 三年級1班, 王芳 in 三年級2班."""
    make.term()
    one, two = make.school_class(3, 1, teacher=teacher), make.school_class(3, 2)
    ming = make.child(name="小明", number="02", school_class=one)
    hong = make.child(name="小紅", number="01", school_class=one)
    fang = make.child(name="王芳", number="03", school_class=two)
    reading = make.activity(title="閱讀")
    drill = make.activity(starts=MONDAY_4PM + timedelta(days=2), title="消防演練")
    left = {"came_at": MONDAY_4PM, "went_at": MONDAY_4PM + timedelta(minutes=80)}
    make.attendance(reading, ming, **left)
    late = MONDAY_4PM + timedelta(minutes=11)
    make.attendance(reading, hong, came_at=late, went_at=late)
    make.attendance(reading, fang, leave="sick", leave_note="發燒")
    make.attendance(drill, ming)
    make.attendance(drill, hong, came_at=MONDAY_4PM + timedelta(days=2))
    return one, two


def table(answer):
    """The words of every cell, row by row."""
    rows = soup(answer).select("table.marks tr")
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows
    ]


def book(answer):
    found = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


SHEET = [
    ["序號", "姓名", "週一 11/23 閱讀 16:00", "週三 11/25 消防演練 16:00",
     "應到", "實到", "遲到", "請假", "缺席", "未簽退", "出勤率"],
    ["三年級1班 共2人", "2/2", "1/2", "4", "3", "1", "0", "1", "1", "75.0%"],
    ["1", "小紅", "○", "⊙", "2", "2", "1", "0", "0", "1", "100.0%"],
    ["2", "小明", "√", "×", "2", "1", "0", "0", "1", "0", "50.0%"],
    ["三年級2班 共1人", "0/1", "—", "1", "0", "0", "1", "0", "0", "—"],
    ["3", "王芳", "△", "—", "1", "0", "0", "1", "0", "0", "—"],
    ["應到（人）", "3", "2", "5", "3", "1", "1", "1", "1", "75.0%"],
    ["實到（人）", "2", "1"],
    ["遲到（人）", "1", "0"],
    ["請假（人）", "1", "0"],
    ["缺席（人）", "0", "1"],
    ["未簽退（人）", "0", "1"],
    ["出勤率", "100.0%", "50.0%"],
]  # fmt: skip


def test_week_shows_every_mark_and_what_they_add_up_to(head):
    a_week()

    answer = head.get("/reports/week")

    assert table(answer) == SHEET
    assert soup(answer).h1.get_text() == "第13周考勤表"
    assert soup(answer).select_one(".week-of").get_text(" ", strip=True) == (
        "2026年11月23日至2026年11月29日 2026年秋季學期 · 全校 · 共3名學生"
    )


def test_paper_shows_the_same_figures_as_the_screen(head):
    a_week()
    answer = head.get("/reports/week/print")
    heads, *rows, total_heads, expected, came, late, leave, absent, out, rate = table(
        answer
    )

    assert [heads, *rows] == [
        [cell.replace(" 共", " ") for cell in row] for row in SHEET[:6]
    ]
    assert total_heads == ["合計", "週一 11/23 16:00", "週三 11/25 16:00", "本週"]
    assert [expected, came, late, leave, absent, out, rate] == [
        ["應到", "3", "2", "5"],
        ["實到", "2", "1", "3"],
        ["遲到", "1", "0", "1"],
        ["請假", "1", "0", "1"],
        ["缺席", "0", "1", "1"],
        ["未簽退", "0", "1", "1"],
        ["出勤率", "100.0%", "50.0%", "75.0%"],
    ]
    words = soup(answer).main.get_text(" ", strip=True)
    for word in ("打印時間 2026-11-27 16:00", "第1頁，共1頁", "√ 到", "○ 遲到", "△ 請假",
                 "× 缺席", "⊙ 未簽退", "— 不在名單", "值班教師", "之家負責人", "校長",
                 "（蓋章）"):  # fmt: skip
        assert word in words


def test_file_holds_the_same_rows_as_the_screen(head):
    a_week()

    rows = book(head.get("/reports/week/download"))["匯總"]

    assert rows[0][0] == "董崗鎮中心學校　向陽留守兒童之家　周考勤表"
    assert rows[1][0] == (
        "2026年秋季學期　第13周　2026年11月23日至2026年11月29日　全校　共3名學生"
        "　導出時間：2026-11-27 16:00"
    )
    assert rows[2][4:6] == ["週一\n11/23\n閱讀\n16:00", "週三\n11/25\n消防演練\n16:00"]
    assert rows[3:9] == [
        ["", "三年級1班", "", "共2人", "2/2", "1/2", 4, 3, 1, 0, 1, 1, 0.75],
        [1, "三年級1班", "01", "小紅", "○", "⊙", 2, 2, 1, 0, 0, 1, 1],
        [2, "三年級1班", "02", "小明", "√", "×", 2, 1, 0, 0, 1, 0, 0.5],
        ["", "三年級2班", "", "共1人", "0/1", "—", 1, 0, 0, 1, 0, 0, "—"],
        [3, "三年級2班", "03", "王芳", "△", "—", 1, 0, 0, 1, 0, 0, "—"],
        ["應到（人）", "", "", "", 3, 2, 5, 3, 1, 1, 1, 1, 0.75],
    ]
    assert [row[:6:4] for row in rows[9:15]] == [
        ["實到（人）", 2],
        ["遲到（人）", 1],
        ["請假（人）", 1],
        ["缺席（人）", 0],
        ["未簽退（人）", 0],
        ["出勤率", 1],
    ]


def test_file_spells_out_every_mark(head):
    a_week()

    rows = book(head.get("/reports/week/download"))["明細"]

    monday, wednesday = date(2026, 11, 23), date(2026, 11, 25)
    one, two = "三年級1班", "三年級2班"
    assert rows[1:] == [
        [
            monday,
            "週一",
            "16:00",
            "閱讀",
            one,
            "01",
            "小紅",
            "遲到",
            "16:11",
            "16:11",
            "",
            "",
        ],
        [
            monday,
            "週一",
            "16:00",
            "閱讀",
            one,
            "02",
            "小明",
            "到",
            "16:00",
            "17:20",
            "",
            "",
        ],
        [
            monday,
            "週一",
            "16:00",
            "閱讀",
            two,
            "03",
            "王芳",
            "請假",
            "",
            "",
            "病假",
            "發燒",
        ],
        [
            wednesday,
            "週三",
            "16:00",
            "消防演練",
            one,
            "01",
            "小紅",
            "未簽退",
            "16:00",
            "",
            "",
            "",
        ],
        [wednesday, "週三", "16:00", "消防演練", one, "02", "小明", "缺席", "", "", "", ""],
    ]


def test_file_is_named_in_chinese_with_a_plain_name_beside(head):
    a_week()

    answer = head.get("/reports/week/download")

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"week-20261123.xlsx\"; filename*=UTF-8''"
        "%E5%91%A8%E8%80%83%E5%8B%A4%E8%A1%A8-20261123-%E7%AC%AC13%E5%91%A8-"
        "%E5%85%A8%E6%A0%A1.xlsx"
    )
    assert answer.mimetype == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )


def test_one_class_has_its_own_sheet(head):
    _, two = a_week()

    shown = head.get(f"/reports/week?class={two.id}")
    saved = book(head.get(f"/reports/week/download?class={two.id}"))["匯總"]

    assert table(shown) == [
        ["序號", "姓名", "週一 11/23 閱讀 16:00", *SHEET[0][4:]],
        ["1", "王芳", "△", "1", "0", "0", "1", "0", "0", "—"],
        ["應到（人）", "1", "1", "0", "0", "1", "0", "0", "—"],
        ["實到（人）", "0"],
        ["遲到（人）", "0"],
        ["請假（人）", "1"],
        ["缺席（人）", "0"],
        ["未簽退（人）", "0"],
        ["出勤率", "—"],
    ]
    assert saved[3] == [1, "三年級2班", "03", "王芳", "△", 1, 0, 0, 1, 0, 0, "—"]


def test_each_class_has_a_page_where_asked(head):
    a_week()

    papers = soup(head.get("/reports/week/print?each=1")).select(".week-page")

    assert [paper.select_one(".facts").get_text(" ", strip=True) for paper in papers] == [
        "2026年11月23日至2026年11月29日 2026年秋季學期 · 三年級1班 · 共2名學生"
        " 第1頁，共1頁",
        "2026年11月23日至2026年11月29日 2026年秋季學期 · 三年級2班 · 共1名學生"
        " 第1頁，共1頁",
    ]
    assert [paper.select_one(".totals td").get_text() for paper in papers] == ["2", "1"]


def test_what_has_no_column_stands_below_with_its_reason(head):
    a_week()
    make.activity(starts=MONDAY_4PM + timedelta(days=1), title="讀書會")
    make.activity(starts=FRIDAY + timedelta(hours=2), title="電影")
    make.activity(
        starts=MONDAY_4PM + timedelta(days=3),
        title="講座",
        cancelled_at=MONDAY_4PM,
        cancel_reason="講師有事",
    )
    make.closed(date(2026, 11, 26), "運動會")
    make.closed(date(2026, 11, 27), "運動會")
    make.CalendarDay.create(
        day=date(2026, 11, 29), kind="make_up", name="補課", follows=date(2026, 11, 27)
    )

    answer = head.get("/reports/week")

    assert [line.get_text() for line in soup(answer).select(".marks-note li")] == [
        "週二 11/24 讀書會 16:00：未點名",
        "週四 11/26 講座 16:00：已取消（講師有事）",
        "週五 11/27 電影 18:00：尚未開始",
    ]
    assert [line.get_text() for line in soup(answer).select("p.marks-note")] == [
        "11月26日週四至11月27日週五停課：運動會",
        "11月29日週日補課（按11月27日週五安排）：補課",
    ]
    assert table(answer) == SHEET


def test_namesakes_stand_with_their_numbers(head):
    make.term()
    reading = make.activity()
    for number in ("07", "08", None):
        make.attendance(reading, make.child(name="王芳", number=number))
    make.attendance(reading, make.child(name="小明", number="01"))

    rows = table(head.get("/reports/week"))

    assert [row[1] for row in rows[1:5]] == ["小明", "王芳 07", "王芳 08", "王芳 無學籍號"]


def test_names_are_text_and_never_markup_or_formulas(head):
    make.term()
    reading = make.activity(title="=1+1")
    names = ["=SUM(A1)", "+8613800138000", "-1", "@here", "<b>小</b>", "http://a.cn"]
    for number, name in enumerate(names):
        child = make.child(name=name, number=f"=00{number}")
        make.attendance(reading, child, leave="sick", leave_note="=cmd|' /C calc'!A0")

    shown = head.get("/reports/week")
    saved = head.get("/reports/week/download")

    assert [row[1] for row in table(shown)[1:7]] == names
    assert [row[3] for row in book(saved)["匯總"][3:9]] == names
    details = book(saved)["明細"][1:]
    assert [row[6] for row in details] == names
    assert {(row[3], row[11]) for row in details} == {("=1+1", "=cmd|' /C calc'!A0")}
    assert [row[5] for row in details] == [f"=00{number}" for number in range(6)]


def test_words_turn_and_names_do_not(client_for, friday):
    a_week()
    make.activity(starts=FRIDAY, title="讀書會")
    reader = client_for(make.staff(roles=("head",), script="hans"))

    shown = table(reader.get("/reports/week"))
    saved = reader.get("/reports/week/download")

    assert shown[0][:4] == [
        "序号",
        "姓名",
        "周一 11/23 閱讀 16:00",
        "周三 11/25 消防演練 16:00",
    ]
    assert shown[1][0] == "三年级1班 共2人"
    assert shown[2][1] == "小紅"
    sheets = book(saved)
    assert list(sheets) == ["汇总", "明细"]
    assert sheets["汇总"][4][1:4] == ["三年级1班", "01", "小紅"]
    assert sheets["明细"][3][3:] == [
        "閱讀", "三年级2班", "03", "王芳", "请假", "", "", "病假", "發燒",
    ]  # fmt: skip


def test_weeks_lead_to_one_another(head):
    a_week()

    links = soup(head.get("/reports/week")).select(".chooser a.button")

    assert [(link.get_text(), link["href"]) for link in links] == [
        ("‹ 上一週", "/reports/week?term=1&week=12"),
        ("下一週 ›", "/reports/week?term=1&week=14"),
    ]


@pytest.mark.parametrize(
    ("week", "title"),
    [
        ("1", "第1周考勤表"),
        ("21", "第21周考勤表"),
        ("99", "第21周考勤表"),  # there is none: the last
        ("-3", "第1周考勤表"),
        ("x", "第13周考勤表"),
    ],
)
def test_week_asked_for(head, week, title):
    make.term()

    assert soup(head.get(f"/reports/week?week={week}")).h1.get_text() == title


def test_weeks_before_the_first_term_are_reached_if_anything_was_held(head):
    make.term(first_day=date(2026, 11, 30))
    make.attendance(make.activity(), make.child())
    make.activity(starts=MONDAY_4PM - timedelta(days=14))

    page = soup(head.get("/reports/week?week=0"))

    assert page.h1.get_text() == "開學前考勤表"
    assert page.select_one("table.marks tbody td").get_text() == "1"
    assert [option["value"] for option in page.select("option[value]")][:4] == [
        "-2",
        "-1",
        "0",
        "1",
    ]
    assert soup(head.get("/reports/week?week=-9")).h1.get_text() == "開學前考勤表"


def test_holidays_after_the_term_have_their_sheet(client_for, at):
    make.term(name="春季", first_day=date(2026, 3, 2), last_day=date(2026, 7, 3))
    make.term()
    at(datetime(2026, 7, 15, 9))
    make.attendance(make.activity(starts=datetime(2026, 7, 14, 9)), make.child())
    head = client_for(make.staff(roles=("head",)))

    page = soup(head.get("/reports/week"))

    assert page.h1.get_text() == "假期考勤表"
    assert len(page.select('select[name="week"] option')) == 26
    assert page.select_one("table.marks tbody td").get_text() == "1"


def test_a_running_activity_shows_nobody_absent(client_for, at):
    a_week()
    at(MONDAY_4PM + timedelta(days=2, minutes=30))
    head = client_for(make.staff(roles=("head",)))

    assert table(head.get("/reports/week"))[2:4] == [
        ["1", "小紅", "○", "√", "2", "2", "1", "0", "0", "0", "100.0%"],
        ["2", "小明", "√", "", "1", "1", "0", "0", "0", "0", "100.0%"],
    ]


@pytest.mark.parametrize("page", PAGES[:2])
def test_a_sheet_says_which_activities_still_run(client_for, at, page):
    a_week()
    at(MONDAY_4PM + timedelta(days=2, minutes=30))
    head = client_for(make.staff(roles=("head",)))

    assert "週三 11/25 消防演練 16:00：正在進行，還沒到的1人不計入應到" in [
        note.get_text() for note in soup(head.get(page)).select("p.marks-note")
    ]


def test_without_a_term_the_page_leads_to_the_calendar(head):
    page = soup(head.get("/reports/week"))

    assert page.select_one(".empty a")["href"] == "/calendar"


@pytest.mark.parametrize("page", LEAVERS)
def test_nothing_to_print_or_keep_leads_back_to_the_screen(head, page):
    assert head.get(page).headers["Location"] == "/reports/week"

    make.term()

    assert head.get(f"{page}?week=5").headers["Location"] == "/reports/week?term=1&week=5"
    assert [line.deed for line in trail.latest() if line.deed.startswith("reports")] == []


def test_a_week_without_rolls_says_so(head):
    make.term()
    make.activity()

    page = soup(head.get("/reports/week"))

    assert page.select_one(".empty a")["href"] == "/reports/week?term=1&week=12"
    assert (
        page.select_one(".marks-note li").get_text() == "週一 11/23 作業輔導 16:00：未點名"
    )
    assert page.select("table, a[download]") == []


def test_a_class_teacher_sees_their_own_class_alone(helper, teacher):
    a_week(teacher)

    answer = helper.get("/reports/week")

    assert [row[1] for row in table(answer)[1:3]] == ["小紅", "小明"]
    assert "王芳" not in answer.get_data(as_text=True)
    assert soup(answer).select_one(".week-of").get_text(" ", strip=True) == (
        "2026年11月23日至2026年11月29日 2026年秋季學期 · 我的班級 · 共2名學生"
    )
    assert [row[6] for row in book(helper.get(PAGES[2]))["明細"][1:3]] == ["小紅", "小明"]


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_class_is_not_found(helper, teacher, page):
    one, two = a_week(teacher)

    assert helper.get(f"{page}?class={one.id}").status_code == 200
    for asked in (f"class={two.id}", "class=999999", "term=77"):
        answer = helper.get(f"{page}?{asked}")
        assert (answer.status_code, soup(answer).h1.get_text()) == (
            404,
            "找不到這個頁面或記錄，它可能已被移走。",
        )


def test_a_class_teacher_without_a_class_is_told_whom_to_ask(helper):
    a_week()

    assert soup(helper.get("/reports/week")).select_one(".empty").get_text(strip=True) == (
        "您名下還沒有班級，所以這裏沒有考勤。請留守兒童辦公室在「班級」裏把您設為班主任。"
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["duty", "counsellor", "admin"])
def test_sheets_are_not_for_every_role(client_for, friday, page, role):
    a_week()

    answer = client_for(make.staff(roles=(role,))).get(page)

    assert (answer.status_code, soup(answer).h1.get_text()) == (
        403,
        "您的角色不能使用這個頁面。",
    )


@pytest.mark.parametrize("page", PAGES)
def test_sheets_are_not_for_visitors(app, friday, page):
    answer = app.test_client().get(page)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    ("page", "deed"), [*zip(LEAVERS, ("print_week", "download"), strict=True)]
)
def test_what_leaves_the_house_is_on_the_trail(head, page, deed):
    _, two = a_week()

    head.get(f"{page}?class={two.id}")

    line = trail.latest()[0]
    assert (line.who, line.deed, line.detail, line.at) == (
        "王校長",
        f"reports.{deed}",
        "2026年秋季學期 第13周 三年級2班",
        FRIDAY,
    )


def test_looking_leaves_no_trail(head):
    a_week()
    before = len(trail.latest())

    head.get("/reports/week")

    assert len(trail.latest()) == before


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("page", [PAGES[0], "/reports/week/print?each=1", PAGES[2]])
def test_queries_do_not_grow_with_the_school(head, page, size):
    make.term()
    for n in range(size):
        reading = make.activity(starts=MONDAY_4PM + timedelta(days=n))
        for grade in range(1, size + 1):
            make.attendance(reading, make.child(school_class=make.school_class(grade)))
    head.get(page)

    with count_queries() as queries:
        answer = head.get(page)

    assert answer.status_code == 200
    assert queries.count == QUERIES[page]


# who asks, the school, terms, classes, the three of the sheet, special days, namesakes,
# the first day ever
QUERIES = {
    PAGES[0]: 11,  # and the versions
    "/reports/week/print?each=1": 11,  # and the trail
    PAGES[2]: 12,  # and the times
}


def test_it_reads_the_same_with_and_without_htmx(head):
    a_week()

    plain, part = head.get("/reports/week"), head.get("/reports/week", headers=PART)

    assert soup(plain).main == soup(part).main
