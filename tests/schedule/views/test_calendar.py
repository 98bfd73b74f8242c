"""The calendar's pages: everyone reads, the office writes, nothing moves unseen."""

import re
from datetime import date, datetime

import make
import pytest
from kit import MONDAY_4PM, count_queries, soup

from liushou_web.schedule.store import calendar
from liushou_web.schema import Activity, CalendarDay, Term

NOTICE = """关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至12日（周五）放假调休，共9天。2月14日（周日）上班。
鼓励单位安排职工在2月4日休息。
"""
PAGES = [
    "/calendar/terms/new",
    "/calendar/terms/1",
    "/calendar/closed",
    "/calendar/make-up",
    "/calendar/closed/2026-12-04",
    "/calendar/make-up/2026-12-05",
    "/calendar/days/2026-12-04/remove",
    "/calendar/notice",
]


def planned(day=4):
    """An opening on Friday 4 December, 16:00-17:30."""
    slot = make.slot(weekday=4)
    return make.activity(datetime(2026, 12, day, 16), slot=slot)


def words(tag):
    return " ".join(tag.get_text(" ").split())


def fields(response):
    """What a browser would send back: every named field of the page's own form."""
    form = soup(response).select_one("main form")
    return {
        each["name"]: each.get("value", "") if each.name == "input" else each.text
        for each in form.select("[name]")
    }


def notices(client):
    return [words(each) for each in soup(client.get("/calendar")).select("#notice p")]


def moves(response):
    return [words(line) for line in soup(response).select(".moves li")]


def test_index_shows_the_term_in_weeks(duty):
    make.term()
    make.closed(date(2026, 10, 1), "國慶節")
    CalendarDay.create(
        day=date(2026, 10, 10), kind="make_up", name="國慶節", follows=date(2026, 10, 7)
    )

    page = soup(duty.get("/calendar"))

    weeks = page.select(".week")
    assert [words(week.h3) for week in weeks[::10]] == [
        "第1周 8月31日–9月6日",
        "第11周 11月9日–11月15日",
        "第21周 1月18日–1月24日",
    ]
    assert words(weeks[4].select_one(".off")) == "10月1日 週四 休 國慶節"
    assert words(weeks[5].select_one(".work")) == "10月10日 週六 班 按10月7日 週三"
    assert words(page.select_one("[aria-current=date]")) == "11月23日 週一 今天"
    assert words(weeks[0].select_one(".out")) == "8月31日 週一 不在學期內"


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 8, 31), "第1周"),  # the first day of term
        (date(2026, 9, 6), "第1周"),  # the Sunday after it
        (date(2026, 9, 7), "第2周"),
        (date(2027, 1, 22), "第21周"),  # the last day
    ],
)
def test_every_page_counts_the_same_week(client_for, at, day, week):
    make.term(first_day=date(2026, 8, 31))
    at(datetime.combine(day, MONDAY_4PM.time()))
    office = client_for(make.staff(roles=("office",)))

    grid = soup(office.get("/calendar")).select_one(".week:has([aria-current=date]) h3")
    pages = [
        words(soup(office.get(url)).select_one("main"))
        for url in ("/", f"/schedule?week={day}", "/reports/week")
    ]

    assert words(grid).split()[0] == week
    assert [re.search("第[0-9]+周", page)[0] for page in pages] == [week] * 3


def test_index_takes_as_many_queries_however_much_is_marked(duty, app):
    make.term()
    counts = []
    for last in (1, 7):
        for day in range(1, last + 1):
            CalendarDay.get_or_create(
                day=date(2026, 10, day), defaults={"kind": "closed", "name": "國慶節"}
            )
        with count_queries() as queries:
            duty.get("/calendar")
        counts.append(queries.count)

    assert counts[0] == counts[1]


def test_index_of_a_year_without_data_says_so(office):
    make.term()
    make.closed(date(2026, 10, 1))

    page = soup(office.get("/calendar?year=2027"))

    assert words(page.select_one(".empty")) == (
        "還沒有 2027 年的放假安排，2027 年的日子都按平常計算。"
        " 國務院公布之後，把通知的全文貼到這裏。 貼上 2027 年的放假通知"
    )
    assert [words(warning) for warning in page.select(".warn")] == [
        "校曆裏還沒有 2027 年的放假安排，2027 年的日子先都按平常上課計算。"
        " 貼上 2027 年的放假通知"
    ]


def test_index_without_a_term_offers_to_add_one(office):
    (empty, _) = soup(office.get("/calendar")).select(".empty")

    assert empty.a["href"] == "/calendar/terms/new"


@pytest.mark.parametrize("year", ["1", "99999999999", "x"])
def test_index_of_an_impossible_year_is_still_a_page(duty, year):
    assert duty.get(f"/calendar?year={year}").status_code == 200


def test_index_in_simplified_script_turns_our_words_and_not_the_schools(client_for, at):
    at(MONDAY_4PM)
    client = client_for(make.staff(roles=("head",), script="hans"))
    make.closed(date(2026, 10, 1), "國慶節")
    make.closed(date(2026, 12, 4), "陽光體育節")

    lines = soup(client.get("/calendar")).select(".stretches p")

    assert [words(line) for line in lines] == [
        "国庆节 10月1日（周四）放假，共 1 天",
        "陽光體育節 12月4日（周五）放假，共 1 天",
    ]


@pytest.mark.parametrize("role", ["duty", "head", "helper", "counsellor", "admin"])
def test_readers_find_nothing_to_press(client_for, at, role):
    at(MONDAY_4PM)
    make.term()
    make.closed(date(2026, 10, 1))
    client = client_for(make.staff(roles=(role,)))

    page = soup(client.get("/calendar"))

    assert [a["href"] for a in page.select("main a")] == [
        "/calendar?year=2025&term=1#year",
        "/calendar?year=2027&term=1#year",
    ]


@pytest.mark.parametrize("url", [*PAGES, "/calendar/notice/save"])
@pytest.mark.parametrize("role", ["duty", "head", "helper", "counsellor", "admin"])
def test_only_the_office_writes(client_for, at, role, url):
    at(MONDAY_4PM)
    make.term()
    client = client_for(make.staff(roles=(role,)))

    answer = client.post(url, data={"name": "假", "first_day": "2026-12-04"})

    assert answer.status_code == 403
    assert words(soup(answer).h1) == "您的角色不能使用這個頁面。"
    assert CalendarDay.select().count() == 0


@pytest.mark.parametrize("url", ["/calendar", *PAGES])
def test_nobody_enters_without_a_login(app, url):
    answer = app.test_client().get(url)

    assert answer.status_code == 303
    assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    "url",
    [
        "/calendar/terms/9",
        "/calendar/closed/2026-12-04",  # nothing there
        "/calendar/closed/2026-12-05",  # a make-up day
        "/calendar/make-up/2026-12-03",  # a closed day
        "/calendar/days/2026-12-04/remove",
        "/calendar/days/yesterday/remove",
        "/calendar/days/0001-01-01/remove",
    ],
)
def test_what_is_not_there_is_not_found(office, url):
    make.closed(date(2026, 12, 3))
    CalendarDay.create(day=date(2026, 12, 5), kind="make_up", name="補")

    answer = office.get(url)

    assert answer.status_code == 404
    assert words(soup(answer).h1) == "找不到這個頁面或記錄，它可能已被移走。"


def test_a_term_is_added(office):
    data = {"name": "2027年春季學期", "first_day": "2027-02-22", "last_day": "2027-07-09"}

    answer = office.post("/calendar/terms/new", data={**data, "key": "k"})

    term = Term.get()
    assert answer.location == f"/calendar?term={term.id}"
    assert calendar.bounds_of(term) == (date(2027, 2, 22), date(2027, 7, 9))
    assert notices(office) == ["學期已保存。"]


def test_a_term_added_twice_by_one_form_is_added_once(office):
    data = {"name": "春", "first_day": "2027-02-22", "last_day": "2027-07-09", "key": "k"}
    first = office.post("/calendar/terms/new", data=data)

    second = office.post("/calendar/terms/new", data=data)

    assert (second.status_code, second.location) == (303, first.location)
    assert Term.select().count() == 1


def test_an_overlapping_term_is_refused_and_its_typing_kept(office):
    make.term(name="秋")
    data = {"name": "春", "first_day": "2027-01-20", "last_day": "2027-07-09", "key": "k"}

    answer = office.post("/calendar/terms/new", data=data)

    assert answer.status_code == 422
    assert words(soup(answer).select_one("form .bad")) == (
        "這些日子與「秋」（2026-09-01 至 2027-01-22）重疊，請改日期。"
    )
    assert fields(answer)["last_day"] == "2027-07-09"


def test_a_shorter_term_moves_openings_only_after_they_were_seen(office):
    row = planned()
    term = Term.get()
    data = {"name": term.name, "first_day": "2026-09-01", "last_day": "2026-12-03"}

    shown = office.post(f"/calendar/terms/{term.id}", data={**data, "key": "k"})
    unmoved = Activity.get_by_id(row.id).cancelled_at
    answer = office.post(f"/calendar/terms/{term.id}", data=fields(shown))

    assert (shown.status_code, unmoved) == (422, None)
    assert moves(shown) == [
        "－ 取消 12月4日（週五）16:00–17:30 作業輔導 活動室 學期日期調整"
    ]
    assert answer.location == f"/calendar?term={term.id}"
    assert Activity.get_by_id(row.id).cancel_reason == "學期日期調整"
    assert notices(office) == ["學期已保存。已排好的活動有 1 處變動。"]


def test_a_day_with_nothing_planned_is_closed_at_once(office):
    data = {"name": "校運會", "first_day": "2026-12-04", "key": "k"}

    answer = office.post("/calendar/closed", data=data)

    assert (answer.status_code, answer.location) == (303, "/calendar?year=2026")
    assert [(row.day, row.name) for row in CalendarDay.select()] == [
        (date(2026, 12, 4), "校運會")
    ]
    assert notices(office) == ["校曆已保存。"]


def test_a_range_is_closed(office):
    data = {"name": "假", "first_day": "2026-12-30", "last_day": "2027-01-02", "key": "k"}

    office.post("/calendar/closed", data=data)

    assert CalendarDay.select().count() == 4


def test_closing_a_planned_day_shows_what_moves_first(office):
    row = planned()
    data = {"name": "校運會", "first_day": "2026-12-04", "key": "k"}

    shown = office.post("/calendar/closed", data=data)
    before = Activity.get_by_id(row.id).cancelled_at, CalendarDay.select().count()
    answer = office.post("/calendar/closed", data=fields(shown))

    assert shown.status_code == 422
    assert moves(shown) == ["－ 取消 12月4日（週五）16:00–17:30 作業輔導 活動室 校運會"]
    assert words(soup(shown).select_one("main button")) == "確認保存"
    assert before == (None, 0)
    assert answer.status_code == 303
    assert Activity.get_by_id(row.id).cancel_reason == "校運會"


def test_what_is_changed_after_the_preview_is_shown_again(office):
    planned()
    data = {"name": "校運會", "first_day": "2026-12-04", "key": "k"}
    sent = fields(office.post("/calendar/closed", data=data))

    answer = office.post("/calendar/closed", data={**sent, "name": "颱風停課"})

    assert answer.status_code == 422
    assert moves(answer) == ["－ 取消 12月4日（週五）16:00–17:30 作業輔導 活動室 颱風停課"]
    assert CalendarDay.select().count() == 0


def test_closing_what_is_closed_is_refused_and_its_typing_kept(office):
    make.closed(date(2026, 12, 4), "校慶")
    data = {"name": "校運會", "first_day": "2026-12-04", "key": "k"}

    answer = office.post("/calendar/closed", data=data)

    assert answer.status_code == 422
    assert words(soup(answer).select_one("form .bad")) == (
        "2026-12-04 已登記為「校慶」，請在校曆的列表中修改。"
    )
    assert fields(answer)["name"] == "校運會"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"first_day": "2026-12-04"}, "請填寫這一項。"),
        ({"name": "假", "first_day": ""}, "請填寫這一項。"),
        ({"name": "假", "first_day": "1026-12-04"}, "請核對年份。"),
        ({"name": "假", "first_day": "2026-13-04"}, "不是有效的日期值。"),
        (
            {"name": "假", "first_day": "2026-12-04", "last_day": "2026-12-03"},
            "最後一天不能早於第一天。",
        ),
        (
            {"name": "假", "first_day": "2026-12-04", "last_day": "2027-12-04"},
            "從 2026-12-04 至 2027-12-04 超過 60 天，請核對年份。",
        ),
    ],
)
def test_closing_is_refused_with_the_reason(office, data, sentence):
    answer = office.post("/calendar/closed", data={**data, "key": "k"})

    said = soup(answer).select("form .error, form .bad")[-1]
    assert (answer.status_code, words(said)) == (422, sentence)


def test_a_make_up_day_moves_the_opening_there(office):
    planned()
    data = {"name": "國慶節", "day": "2026-12-06", "follows": "2026-12-04", "key": "k"}

    shown = office.post("/calendar/make-up", data=data)
    office.post("/calendar/make-up", data=fields(shown))

    assert moves(shown) == ["＋ 新增 12月6日（週日）16:00–17:30 作業輔導 活動室"]
    assert (
        Activity.select().where(Activity.starts == datetime(2026, 12, 6, 16)).count() == 1
    )


def test_a_make_up_day_cannot_follow_itself(office):
    data = {"name": "補", "day": "2026-12-06", "follows": "2026-12-06", "key": "k"}

    answer = office.post("/calendar/make-up", data=data)

    assert words(soup(answer).select_one("form .bad")) == (
        "補班那天要按另一天的安排，請改日期，或留空。"
    )


def test_a_taken_room_is_shown_in_the_preview(office):
    planned()
    make.activity(datetime(2026, 12, 6, 17), title="家長會")
    data = {"name": "補", "day": "2026-12-06", "follows": "2026-12-04", "key": "k"}

    shown = office.post("/calendar/make-up", data=data)

    assert moves(shown) == [
        "！ 衝突，不新增 12月6日（週日）16:00–17:30 作業輔導 活動室 房間已有「家長會」"
    ]


def test_a_holiday_is_changed_as_a_whole(office):
    make.closed(date(2026, 12, 3), "校慶")
    make.closed(date(2026, 12, 4), "校慶")
    sent = fields(office.get("/calendar/closed/2026-12-03"))

    office.post("/calendar/closed/2026-12-03", data={**sent, "last_day": "2026-12-05"})

    assert (sent["name"], sent["last_day"]) == ("校慶", "2026-12-04")
    assert [row.day.day for row in CalendarDay.select()] == [3, 4, 5]


def test_a_changed_holiday_sent_twice_is_changed_once(office):
    make.closed(date(2026, 12, 3), "校慶")
    sent = {**fields(office.get("/calendar/closed/2026-12-03")), "first_day": "2026-12-04"}
    sent["last_day"] = "2026-12-04"
    first = office.post("/calendar/closed/2026-12-03", data=sent)

    second = office.post("/calendar/closed/2026-12-03", data=sent)

    assert (second.status_code, second.location) == (303, first.location)


def test_a_holiday_that_is_gone_meanwhile_gives_the_typing_back(office):
    make.closed(date(2026, 12, 3), "校慶")
    sent = fields(office.get("/calendar/closed/2026-12-03"))
    CalendarDay.delete().execute()

    answer = office.post("/calendar/closed/2026-12-03", data=sent)

    assert answer.status_code == 422
    assert fields(answer)["name"] == "校慶"


def test_a_make_up_day_is_changed(office):
    CalendarDay.create(day=date(2026, 12, 6), kind="make_up", name="補")
    sent = fields(office.get("/calendar/make-up/2026-12-06"))

    office.post("/calendar/make-up/2026-12-06", data={**sent, "follows": "2026-12-02"})

    assert CalendarDay.get().follows == date(2026, 12, 2)


def test_removing_shows_what_comes_back(office):
    row = planned()
    sent = fields(
        office.post(
            "/calendar/closed",
            data={"name": "校運會", "first_day": "2026-12-04", "key": "k"},
        )
    )
    office.post("/calendar/closed", data=sent)

    shown = office.get("/calendar/days/2026-12-04/remove")
    answer = office.post("/calendar/days/2026-12-04/remove", data=fields(shown))

    assert moves(shown) == ["↺ 恢復 12月4日（週五）16:00–17:30 作業輔導 活動室"]
    assert (shown.status_code, answer.location) == (200, "/calendar?year=2026")
    assert Activity.get_by_id(row.id).cancelled_at is None
    assert CalendarDay.select().count() == 0


def test_removing_twice_answers_like_once(office):
    make.closed(date(2026, 12, 4))
    sent = fields(office.get("/calendar/days/2026-12-04/remove"))
    first = office.post("/calendar/days/2026-12-04/remove", data=sent)

    second = office.post("/calendar/days/2026-12-04/remove", data=sent)

    assert (second.status_code, second.location) == (303, first.location)


def test_removing_what_was_planned_anew_meanwhile_is_shown_again(office):
    make.closed(date(2026, 12, 4))
    sent = fields(office.get("/calendar/days/2026-12-04/remove"))
    make.slot(weekday=4)

    answer = office.post("/calendar/days/2026-12-04/remove", data=sent)

    assert answer.status_code == 422
    assert moves(answer) == ["＋ 新增 12月4日（週五）16:00–17:30 作業輔導 活動室"]


def test_a_notice_is_read_and_nothing_is_written(office):
    make.closed(date(2027, 1, 1), "元旦")

    answer = office.post("/calendar/notice", data={"text": NOTICE})

    page = soup(answer)
    assert answer.status_code == 200
    assert [words(legend) for legend in page.select("legend")] == [
        "元旦 1月1日（週五）至 1月3日（週日），3 天",
        "春節 2月5日（週五）至 2月12日（週五），8 天",
        "再加一段放假",
        "2月14日（週日）按 2月12日（週五）的安排",
        "再加一天補班",
    ]
    assert [words(line) for line in page.select(".warn li")] == [
        "「春節」：通知寫共 9 天，這裏讀出 8 天，請核對。",
        "鼓励单位安排职工在2月4日休息",
    ]
    assert [words(line) for line in page.select("main details li")] == [
        "关于2027年部分节假日安排的通知",
        "元旦 1月1日（週五）放假，共 1 天",
    ]
    assert CalendarDay.select().count() == 1


def test_a_notice_is_saved_as_it_was_corrected(office):
    sent = fields(office.post("/calendar/notice", data={"text": NOTICE}))
    corrected = {
        **sent,
        "closed-1-last_day": "2027-02-13",
        "worked-0-follows": "",
        "closed-2-name": "清明節",
        "closed-2-first_day": "2027-04-05",
    }

    answer = office.post("/calendar/notice/save", data=corrected)

    days = calendar.special_days(date(2027, 1, 1), date(2027, 12, 31))
    assert answer.location == "/calendar?year=2027"
    assert sum(special.closed for special in days.values()) == 3 + 9 + 1
    assert days[date(2027, 2, 14)].follows is None
    assert notices(office) == ["放假安排已保存。"]


def test_a_notice_replaces_the_days_it_names_and_leaves_others(office):
    make.closed(date(2027, 1, 1), "新年")
    make.closed(date(2027, 3, 1), "校慶")
    sent = fields(office.post("/calendar/notice", data={"text": NOTICE}))

    office.post("/calendar/notice/save", data=sent)

    days = calendar.special_days(date(2027, 1, 1), date(2027, 3, 31))
    assert days[date(2027, 1, 1)].name == "元旦"
    assert days[date(2027, 3, 1)].name == "校慶"


def test_a_notice_moves_openings_only_after_they_were_seen(office):
    slot = make.slot(weekday=4)
    row = make.activity(datetime(2027, 1, 1, 16), slot=slot)
    sent = fields(office.post("/calendar/notice", data={"text": NOTICE}))

    shown = office.post("/calendar/notice/save", data=sent)
    before = CalendarDay.select().count()
    office.post("/calendar/notice/save", data=fields(shown))

    assert (shown.status_code, before) == (422, 0)
    assert moves(shown) == ["－ 取消 1月1日（週五）16:00–17:30 作業輔導 活動室 元旦"]
    assert Activity.get_by_id(row.id).cancel_reason == "元旦"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"closed-1-first_day": "2027-01-03"}, "2027-01-03 出現了兩次，請核對。"),
        ({"worked-0-day": "2027-02-11"}, "2027-02-11 出現了兩次，請核對。"),
        (
            {"closed-0-name": ""},
            "有日期的每一行都要寫名稱，例如「國慶節」。",
        ),
        (
            {"closed-0-first_day": "", "closed-1-first_day": "", "worked-0-day": ""},
            "還沒有填寫日期。",
        ),
    ],
)
def test_a_notice_that_does_not_hold_is_refused_with_everything_kept(
    office, change, sentence
):
    sent = fields(office.post("/calendar/notice", data={"text": NOTICE}))

    answer = office.post("/calendar/notice/save", data={**sent, **change})

    assert answer.status_code == 422
    assert words(soup(answer).select_one("form .bad")) == sentence
    assert {**fields(answer), "seen": ""} == {**sent, **change}
    assert len(soup(answer).select(".warn li")) == 2
    assert CalendarDay.select().count() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": ""}, "請填寫這一項。"),
        ({"text": "元旦：1月1日放假。"}, "通知裏沒有寫年份，請在「年份」一欄填寫。"),
        (
            {"text": "明年再說", "year": "2027"},
            "沒有讀出放假的日子。請貼上通知的正文，或用「添加放假」逐條填寫。",
        ),
        ({"text": "元旦放假", "year": "27"}, "請填四位數的年份，例如 2027。"),
    ],
)
def test_a_notice_that_says_nothing_is_refused(office, data, sentence):
    answer = office.post("/calendar/notice", data=data)

    said = soup(answer).select("form .error") or soup(answer).select("form .bad")
    assert (answer.status_code, words(said[0])) == (422, sentence)
    assert fields(answer)["text"].strip() == data["text"]


def test_a_notice_takes_its_year_from_the_field_where_it_names_none(office):
    data = {"text": "元旦：1月1日放假。", "year": "2028"}

    sent = fields(office.post("/calendar/notice", data=data))

    assert (sent["year"], sent["closed-0-first_day"]) == ("2028", "2028-01-01")
