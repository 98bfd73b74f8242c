"""定稿: signed sheets that stay as they were, and the slip of what changed since."""

import json
from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.attendance.store import taps
from liushou_web.db import db
from liushou_web.schema import (
    Activity,
    Attendance,
    CalendarDay,
    Child,
    ChildFile,
    FrozenSheet,
    School,
    SchoolClass,
    Staff,
    Term,
    WayHome,
)
from liushou_web.school.rules.trail import label
from liushou_web.school.store import trail

FRIDAY = MONDAY_4PM + timedelta(days=4)
FINALISE = "/reports/week/finalise"
SHOW, SLIP = "/reports/frozen/1", "/reports/frozen/1/slip"
GONE = "找不到這個頁面或記錄，它可能已被移走。"


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


@pytest.fixture
def ming(app, teacher):
    """小明 and 王芳, of two classes, at one activity on Monday: he came, she did not."""
    make.term()
    reading = make.activity(title="閱讀", closed_at=MONDAY_4PM + timedelta(hours=2))
    one, two = make.school_class(3, 1, teacher=teacher), make.school_class(3, 2)
    ming = make.child(name="小明", number="01", school_class=one)
    left = MONDAY_4PM + timedelta(minutes=80)
    make.attendance(reading, ming, came_at=MONDAY_4PM, went_at=left)
    make.attendance(reading, make.child(name="王芳", number="02", school_class=two))
    return ming


def sign(client, query="", **data):
    """Opens the page and presses its button."""
    page = soup(client.get(FINALISE + query))
    fields = {each["name"]: each["value"] for each in page.select("input[type=hidden]")}
    return client.post(FINALISE + query, data={**fields, **data})


def correct(name="王芳", why="家長補交病假條", **values):
    """As someone with a reason does later."""
    by = make.actor(make.staff(name="林老師", roles=("office",)))
    row = Attendance.get(Attendance.child == Child.get(Child.name == name))
    Attendance.update(values).where(Attendance.id == row.id).execute()
    at = FRIDAY + timedelta(hours=1)
    detail = f"leave= → sick; {why}"
    trail.record("corrections.correct", row, by=by, at=at, detail=detail)


def paper(answer):
    return answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]


def words(answer, selector):
    found = soup(answer).select(selector)
    return [each.get_text(" ", strip=True) for each in found]


def test_a_finalised_sheet_says_its_version_time_and_person(head, ming):
    answer = sign(head)

    assert (answer.status_code, answer.location) == (303, "/reports/week?term=1&week=13")
    shown = head.get(SHOW)
    assert words(shown, "h1") == ["第13周考勤表 第1版"]
    assert words(shown, ".made") == ["定稿時間 2026-11-27 16:00 · 定稿人 王校長"]
    assert words(shown, "tbody th[scope=row]")[:2] == ["小明", "王芳"]


def test_a_version_prints_the_same_whatever_changes(head, ming, at, client_for):
    sign(head)
    before = paper(head.get(SHOW))

    Child.update(name="張三", number=None, left_on=FRIDAY.date()).execute()
    SchoolClass.update(grade=9).execute()
    School.update(name="改了", home_name="改了", script="hans").execute()
    Staff.update(name="改了").execute()
    Term.update(name="改了", first_day=date(2026, 9, 8)).execute()
    Activity.update(title="改了", cancelled_at=FRIDAY).execute()
    CalendarDay.create(day=MONDAY_4PM.date(), kind="closed", name="改了")
    assert paper(head.get(SHOW)) == before
    at(FRIDAY + timedelta(days=400))
    head = client_for(make.staff(roles=("head",)))
    for table in (Attendance, Activity, WayHome, ChildFile, Child, SchoolClass):
        table.delete().execute()

    assert paper(head.get(SHOW)) == before
    assert words(head.get(SHOW), "tbody th[scope=row]")[:2] == ["小明", "王芳"]


def test_it_stays_in_the_script_it_was_printed_in(head, client_for, ming):
    sign(head)
    reader = client_for(make.staff(roles=("head",), script="hans"))

    assert paper(reader.get(SHOW)) == paper(head.get(SHOW))
    assert soup(reader.get(SHOW)).select_one(".week-page")["lang"] == "zh-Hant"


def test_one_class_has_versions_of_its_own(head, ming):
    sign(head)
    sign(head, f"?class={ming.school_class_id}")

    rows = FrozenSheet.select().order_by(FrozenSheet.id)

    assert [(row.school_class_id, row.version) for row in rows] == [
        (None, 1),
        (ming.school_class_id, 1),
    ]
    assert words(head.get("/reports/frozen/2"), "tbody th[scope=row]")[0] == "小明"
    assert "王芳" not in paper(head.get("/reports/frozen/2"))


def test_names_are_text_in_a_frozen_sheet_too(head, ming):
    Child.update(name="<b>小</b>").where(Child.id == ming.id).execute()
    sign(head)

    assert words(head.get(SHOW), "tbody th[scope=row]")[0] == "<b>小</b>"


def test_an_altered_version_is_refused_in_words(head, ming):
    sign(head)
    db.execute_sql("DROP TRIGGER frozen_sheet_no_update")
    FrozenSheet.update(html=FrozenSheet.html.concat(" ")).execute()
    sentence = "第1版的存檔被改動過，不能再當作定稿使用。請告訴系統管理員，從備份中恢復。"

    for page in (SHOW, SLIP):
        answer = head.get(page)
        assert (answer.status_code, words(answer, "h1")) == (409, [sentence])
    assert words(head.get("/reports/week"), ".standing p.bad") == [sentence]
    assert words(head.get("/reports/week"), ".standing .tag") == ["存檔被改動過"]


def test_open_activities_are_named_and_have_to_be_accepted(head, ming):
    make.activity(starts=MONDAY_4PM + timedelta(days=1), title="讀書會")
    make.activity(starts=FRIDAY - timedelta(minutes=30), title="棋社")
    make.activity(starts=FRIDAY + timedelta(days=1), title="電影")
    off = {"cancelled_at": MONDAY_4PM, "cancel_reason": "停電"}
    make.activity(starts=FRIDAY, title="講座", **off)

    refused = sign(head)

    assert words(refused, ".warn li") == [
        "11月24日（週二） 16:00 讀書會：沒有點過名。",
        "11月27日（週五） 15:30 棋社：正在進行。",
        "11月28日（週六） 16:00 電影：還沒有開始。",
        "這些活動以後的簽到不會進入第1版。",
    ]
    assert (refused.status_code, words(refused, "form [role=alert]")) == (
        422,
        ["請先看下面的提醒，勾選以後再定稿。"],
    )
    assert FrozenSheet.select().count() == 0
    assert sign(head, accepted="y").status_code == 303
    assert trail.latest()[0].detail == (
        "2026年秋季學期 第13周 全校 第1版（讀書會 11-24 16:00 沒有點過名、"
        "棋社 11-27 15:30 正在進行、電影 11-28 16:00 還沒有開始）"
    )


def test_a_roll_that_nobody_closed_is_named(head, ming):
    Activity.update(closed_at=None).execute()

    assert words(sign(head), ".warn li")[0].endswith("16:00 閱讀：點名還沒有關閉。")
    assert sign(head, accepted="y").status_code == 303


def test_a_week_that_is_over_asks_nothing(head, ming):
    assert words(head.get(FINALISE), ".warn, input[type=checkbox]") == []


def test_what_changed_since_one_looked_is_shown_again(head, ming):
    page = soup(head.get(FINALISE))
    fields = {each["name"]: each["value"] for each in page.select("input[type=hidden]")}
    correct(leave="sick")

    refused = head.post(FINALISE, data=fields)

    assert (refused.status_code, words(refused, "form [role=alert]")) == (
        422,
        ["剛才考勤有了改動，或者有人定了稿。下面是現在的情況，請再核對一次。"],
    )
    assert "請假 1，缺席 0" in words(refused, ".facts")[0]
    assert FrozenSheet.select().count() == 0
    fresh = {
        each["name"]: each["value"] for each in soup(refused).select("input[type=hidden]")
    }
    assert head.post(FINALISE, data=fresh).status_code == 303


def test_a_second_press_answers_like_the_first(head, ming):
    page = soup(head.get(FINALISE))
    fields = {each["name"]: each["value"] for each in page.select("input[type=hidden]")}

    answers = [head.post(FINALISE, data=fields) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/reports/week?term=1&week=13"] * 2
    assert FrozenSheet.select().count() == 1


def test_a_version_like_the_one_before_has_to_be_meant(head, ming):
    sign(head)

    refused = sign(head)

    assert words(refused, ".warn li") == ["現在的考勤和第1版完全一樣，一般不用再做一版。"]
    assert refused.status_code == 422
    assert sign(head, accepted="y").status_code == 303
    assert [row.version for row in FrozenSheet.select()] == [1, 2]


def test_the_week_tells_its_versions_and_whether_they_still_hold(head, ming):
    assert words(head.get("/reports/week"), ".standing") == []
    assert words(head.get("/reports/week"), ".push a") == ["導出 Excel", "定稿", "打印"]

    sign(head)
    assert words(head.get("/reports/week"), ".standing .tag") == ["和現在一致"]
    assert words(head.get("/reports/week"), ".standing li") == [
        "第1版 2026-11-27 16:00 王校長 打印第1版"
    ]

    correct(leave="sick")
    changed = head.get("/reports/week")
    assert words(changed, ".standing .tag") == ["定稿後有改動"]
    assert words(changed, ".standing .warn a") == ["更正單", "做第2版"]

    sign(head)
    assert words(head.get("/reports/week"), ".standing .tag") == ["和現在一致"]
    assert words(head.get("/reports/week"), ".standing li") == [
        "第2版 2026-11-27 16:00 王校長 打印第2版",
        "第1版 2026-11-27 16:00 王校長 更正單 ，第1版以後 打印第1版",
    ]


def test_signing_out_and_renaming_change_no_figure(head, ming):
    sign(head)
    Child.update(name="張三").execute()
    gone = MONDAY_4PM + timedelta(minutes=70)
    Attendance.update(went_at=gone).where(Attendance.child == ming).execute()

    assert words(head.get("/reports/week"), ".standing .tag") == ["和現在一致"]


def rows(answer):
    lines = soup(answer).select(".correction-slip tbody tr:not(.foot)")
    return [
        [cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in lines
    ]


def test_the_slip_tells_old_new_who_and_when(head, ming, at):
    sign(head)
    correct(leave="sick")
    at(FRIDAY + timedelta(hours=2))

    since = head.get(SLIP)

    expected = [
        "1", "三年級2班", "王芳 02", "週一 11月23日 16:00 閱讀", "× 缺席", "△ 請假",
        f"林老師 2026-11-27 17:00 {label('corrections.correct')}，原因：家長補交病假條",
    ]  # fmt: skip
    assert rows(since) == [expected]
    assert words(since, ".facts dd") == [
        "2026年秋季學期 第13周，全校",
        "第1版，2026-11-27 16:00 由 王校長 定稿",
        "2026-11-27 18:00 的記錄，尚未定稿",
    ]

    sign(head)
    Attendance.update(leave="").execute()  # later, and of no concern to this slip
    between = head.get(SLIP)
    assert rows(between) == [expected]
    assert words(between, ".facts dd")[2] == "第2版，2026-11-27 18:00 由 王校長 定稿"


def test_the_slip_tells_whole_rolls_taken_late_and_children_taken_off(head, ming, at):
    by = make.actor(make.staff(name="陳老師"))
    chess = make.activity(starts=FRIDAY - timedelta(minutes=30), title="棋社")
    taps.undo(chess.id, ming.id, was="in", by=by, at=FRIDAY)  # opens the roll
    wanderer = make.child(name="小剛", number="03", school_class=make.school_class(4))
    taps.walk_in(chess.id, wanderer.id, by=by, at=FRIDAY)
    sign(head, accepted="y")
    late = FRIDAY + timedelta(minutes=5)
    taps.undo(chess.id, wanderer.id, was="in", by=by, at=late)
    taps.sign_all_in(chess.id, by=by, at=late)
    at(FRIDAY + timedelta(hours=2))

    slip = head.get(SLIP)

    assert [row[2:] for row in rows(slip)] == [
        ["小明 01", "週五 11月27日 15:30 棋社", "未到", "○⊙ 遲到，未簽退",
         "陳老師 2026-11-27 16:05 全部簽到"],
        ["王芳 02", "週五 11月27日 15:30 棋社", "未到", "○⊙ 遲到，未簽退",
         "陳老師 2026-11-27 16:05 全部簽到"],
        ["小剛 03", "週五 11月27日 15:30 棋社", "○ 遲到", "— 不在名單",
         "陳老師 2026-11-27 16:05 撤銷臨時加入"],
    ]  # fmt: skip


def test_the_slip_says_where_only_time_went_on(head, ming, at):
    chess = make.activity(starts=FRIDAY - timedelta(minutes=30), title="棋社")
    make.attendance(chess, ming)
    sign(head, accepted="y")
    at(FRIDAY + timedelta(hours=2))

    assert [row[4:] for row in rows(head.get(SLIP))] == [
        ["未到", "× 缺席", "沒有人改動：定稿時活動還沒有結束"]
    ]


def test_a_slip_without_changes_says_so(head, ming):
    sign(head)

    assert words(head.get(SLIP), ".correction-slip .none") == ["第1版以後，考勤沒有改動。"]


def test_nothing_to_sign_leads_back_to_the_screen(head):
    assert head.get(FINALISE).location == "/reports/week"

    make.term()

    assert head.get(f"{FINALISE}?week=5").location == "/reports/week?term=1&week=5"
    assert head.post(FINALISE).location == "/reports/week?term=1&week=13"
    assert FrozenSheet.select().count() == 0


def test_finalising_and_printing_are_on_the_trail(head, ming):
    sign(head)
    head.get(SHOW)
    head.get(SLIP)

    lines = trail.latest()[:3]

    what = "2026年秋季學期 第13周 全校 第1版"
    assert [(line.deed, line.who, line.detail) for line in lines] == [
        (deed, "王校長", what) for deed in ("frozen.slip", "frozen.show", "frozen.finalise")
    ]
    assert (lines[2].subject, lines[2].subject_id) == ("frozen_sheet", 1)


def test_a_class_teacher_prints_their_own_class_and_finalises_nothing(
    helper, head, ming, teacher
):
    sign(head)
    sign(head, f"?class={ming.school_class_id}")
    other = SchoolClass.get(SchoolClass.number == 2)
    sign(head, f"?class={other.id}")

    assert words(helper.get("/reports/frozen/2"), "h1") == ["第13周考勤表 第1版"]
    for page in (SHOW, SLIP, "/reports/frozen/3", "/reports/frozen/3/slip"):
        answer = helper.get(page)
        assert (answer.status_code, words(answer, "h1")) == (404, [GONE])
    assert words(helper.get("/reports/week"), ".standing li") == [
        "第1版 2026-11-27 16:00 王校長 打印第1版"
    ]
    assert helper.get(FINALISE).status_code == helper.post(FINALISE).status_code == 403


def test_a_teacher_of_several_classes_is_shown_the_versions_of_each_alone(
    helper, head, ming, teacher
):
    SchoolClass.update(teacher=teacher).execute()
    sign(head)
    sign(head, f"?class={ming.school_class_id}")

    assert words(helper.get("/reports/week"), ".standing li") == []
    one = f"/reports/week?class={ming.school_class_id}"
    assert len(words(helper.get(one), ".standing li")) == 1


def test_a_version_that_is_not_there_is_not_found(head, ming):
    for page in (SHOW, SLIP):
        answer = head.get(page)
        assert (answer.status_code, words(answer, "h1")) == (404, [GONE])


@pytest.mark.parametrize("role", ["duty", "counsellor", "admin"])
@pytest.mark.parametrize("page", [FINALISE, SHOW, SLIP])
def test_signed_sheets_are_not_for_every_role(client_for, friday, page, role):
    answer = client_for(make.staff(roles=(role,))).get(page)

    assert (answer.status_code, words(answer, "h1")) == (
        403,
        ["您的角色不能使用這個頁面。"],
    )


@pytest.mark.parametrize("page", [FINALISE, SHOW, SLIP])
def test_signed_sheets_are_not_for_visitors(app, friday, page):
    answer = app.test_client().get(page)

    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")


def test_the_figures_are_kept_beside_the_sheet(head, ming):
    sign(head)

    assert json.loads(FrozenSheet.get().figures) == {
        "counts_late_not_out": True,
        "columns": [[1, "2026-11-23 16:00:00", "閱讀"]],
        "rows": [
            [[1, 3, 1], [1, "01", "小明"], ["left"]],
            [[2, 3, 2], [2, "02", "王芳"], ["absent"]],
        ],
    }


def test_a_moved_term_leaves_a_signed_sheet_at_its_monday(head, ming):
    sign(head)
    Term.update(first_day=date(2026, 9, 29)).execute()  # four weeks later

    week = head.get("/reports/week?week=9")

    assert words(week, ".standing .tag") == ["和現在一致"]
    assert words(week, ".standing li span:first-child")[0].endswith("定稿時為第13周")
    assert words(head.get("/reports/week?week=13"), ".standing") == []
    assert "2026年11月23日" in paper(head.get(SHOW))
    assert words(head.get(SHOW), ".toolbar p")[0] == "這一週現在是第9周，定稿時為第13周。"
    assert words(head.get(SLIP), ".none") == ["第1版以後，考勤沒有改動。"]
    assert words(head.get(SLIP), ".facts dd")[0] == (
        "2026年秋季學期 第9周（定稿時為第13周），全校"
    )


def test_the_next_version_of_a_moved_week_follows_and_others_begin_anew(head, ming):
    sign(head)
    Term.update(first_day=date(2026, 9, 8)).execute()
    later = make.activity(starts=MONDAY_4PM + timedelta(days=7), title="閱讀")
    make.attendance(later, Child.get(), came_at=later.starts)

    sign(head, "?week=12", accepted="y")  # the same Monday
    sign(head, "?week=13", accepted="y")  # the next, under the number of the first

    rows = FrozenSheet.select().order_by(FrozenSheet.id)
    assert [(f"{row.monday:%m-%d}", row.week, row.version) for row in rows] == [
        ("11-23", 13, 1),
        ("11-23", 12, 2),
        ("11-30", 13, 1),
    ]
