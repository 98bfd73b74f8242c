"""The week in every room, one's own duties, the wall timetable."""

from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, soup

from liushou_web.schema import ActivityChild, CalendarDay, SlotDuty


def words(element):
    return " ".join(element.text.split())


def table(html):
    return [
        [words(cell) for cell in row.find_all(["th", "td"])]
        for row in html.select("main table tr")
    ]


@pytest.fixture
def term(app):
    return make.term()


def test_the_week_is_a_grid_of_rooms_and_days(duty, term):
    teachers = [make.staff(name="李老師"), make.staff(name="王老師")]
    make.activity(duty=teachers)
    make.activity(MONDAY_4PM + timedelta(days=4), room=make.room("圖書室"), title="閱讀")

    html = soup(duty.get("/schedule"))

    assert html.h1.text == "第13周"
    assert table(html) == [
        ["房間", "週一 11月23日 今天", "週二 11月24日", "週三 11月25日", "週四 11月26日",
         "週五 11月27日"],
        ["活動室", "16:00–17:30 作業輔導 李老師、王老師", "", "", "", ""],
        ["圖書室", "", "", "", "", "16:00–17:30 閱讀"],
    ]  # fmt: skip


def test_the_same_week_is_a_list_by_day(duty, term):
    make.activity()

    days = soup(duty.get("/schedule")).select(".week-list section")

    assert [words(day) for day in days[:2]] == [
        "週一 11月23日 今天 16:00–17:30 作業輔導 活動室",
        "週二 11月24日 沒有安排",
    ]


def test_closed_and_make_up_days_are_marked(duty, term):
    make.closed(date(2026, 11, 26), "校運會")
    CalendarDay.create(
        day=date(2026, 11, 28), kind="make_up", name="調休", follows=date(2026, 11, 26)
    )
    make.room()

    heads = table(soup(duty.get("/schedule")))[0]

    assert heads[4:] == [
        "週四 11月26日 校運會 停課",
        "週五 11月27日",
        "週六 11月28日 調休 上週四的班",
    ]


def test_a_cancelled_activity_stays_with_its_reason(duty, term):
    make.activity(cancelled_at=MONDAY_4PM, cancel_reason="停電")

    html = soup(duty.get("/schedule"))

    event = html.select_one(".week-grid .event")
    assert (event["class"], words(event)) == (
        ["event", "cancelled"],
        "16:00–17:30 作業輔導 已取消：停電",
    )


def test_a_moved_activity_says_from_where_and_why(duty, term):
    make.activity(moved_from=MONDAY_4PM - timedelta(days=1), move_reason="借用")

    why = soup(duty.get("/schedule")).select_one(".week-grid .why")

    assert words(why) == "由 11月22日 16:00 改來：借用"


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("2026-09-01", "第1周"),
        ("2026-09-06", "第1周"),  # its Sunday
        ("2026-08-31", "第1周"),  # Monday before the first day of term
        ("2026-09-07", "第2周"),
        ("2026-08-30", "一週日程"),  # holidays
        ("nonsense", "第13周"),
        ("9999-12-31", "第13周"),
        ("0001-01-01", "第13周"),
    ],
)
def test_any_day_asks_for_its_week(duty, term, asked, title):
    assert soup(duty.get(f"/schedule?week={asked}")).h1.text == title


def test_the_weeks_before_and_after_are_one_press_away(duty, term):
    links = [a["href"] for a in soup(duty.get("/schedule")).select(".week-nav a.button")]

    assert links == ["/schedule?week=2026-11-16", "/schedule?week=2026-11-30"]


def test_the_week_names_no_child(duty, term):
    activity = make.activity(expects="children")
    ActivityChild.create(activity=activity, child=make.child("小明"))

    assert "小明" not in duty.get("/schedule").get_data(as_text=True)


def test_the_office_can_fill_an_empty_cell(office, duty, term):
    room = make.room()

    links = soup(office.get("/schedule")).select("a.add")

    assert links[1]["href"] == f"/activities/new?day=2026-11-24&room={room.id}"
    assert links[1]["aria-label"] == "在活動室安排一次活動，11月24日"
    assert soup(duty.get("/schedule")).select("a.add") == []


def test_without_rooms_the_way_leads_to_the_rooms(office, duty, app):
    assert soup(office.get("/schedule")).select_one(".empty a")["href"] == "/rooms"
    assert words(soup(duty.get("/schedule")).select_one(".empty")) == (
        "還沒有房間。請留守兒童辦公室添加。"
    )


def test_an_empty_week_leads_to_planning(office, term):
    make.room()

    assert soup(office.get("/schedule")).select_one(".empty a")["href"] == "/slots/new"


@pytest.mark.parametrize("count", [1, 3])
def test_a_week_takes_the_same_queries_however_full(duty, term, count):
    for n in range(count):
        make.activity(room=make.room(f"教室{n}"), duty=[make.staff()])

    with count_queries() as queries:
        duty.get("/schedule")

    assert queries.count == 9


def test_my_duties_are_those_to_come_and_the_last_few(client_for, at):
    at(MONDAY_4PM)
    me = make.staff()
    make.activity(MONDAY_4PM + timedelta(days=1), duty=[me], title="明天")
    make.activity(MONDAY_4PM, duty=[me], title="現在")
    make.activity(MONDAY_4PM + timedelta(days=2), duty=[make.staff()], title="別人")
    for weeks in range(1, 4):
        make.activity(MONDAY_4PM - timedelta(days=weeks), duty=[me], title=f"過去{weeks}")

    html = soup(client_for(me).get("/schedule/mine"))

    coming, past = html.select("ul.events")
    assert [event.text for event in coming.select(".what")] == ["現在", "明天"]
    assert [event.text for event in past.select(".what")] == ["過去1", "過去2", "過去3"]


def test_without_duties_the_page_leads_to_the_week(duty):
    empty = soup(duty.get("/schedule/mine")).select_one(".empty")

    assert words(empty) == "以後沒有安排您值班。 看本週日程"


def test_the_wall_shows_the_weekly_pattern(duty, term):
    slot = make.slot(term=term)
    SlotDuty.create(slot=slot, staff=make.staff(name="李老師"))
    make.slot(term=term, weekday=3, room=make.room("圖書室"), title="閱讀")
    make.slot(term=term, weekday=1, ended=True)

    html = soup(duty.get("/schedule/wall"))

    assert table(html) == [
        ["房間", "星期一", "星期二", "星期三", "星期四", "星期五"],
        ["活動室", "16:00–17:30 作業輔導 李老師", "", "", "", ""],
        ["圖書室", "", "", "", "16:00–17:30 閱讀", ""],
    ]
    assert "landscape" in html.find("html")["class"]


def test_the_wall_lists_what_is_held_besides(duty, term):
    make.activity(slot=make.slot(term=term))
    make.activity(MONDAY_4PM + timedelta(days=2), title="消防演練")
    make.activity(MONDAY_4PM + timedelta(days=3), cancelled_at=MONDAY_4PM)
    make.activity(MONDAY_4PM + timedelta(days=90), title="遠")

    html = soup(duty.get("/schedule/wall"))

    assert [words(line) for line in html.select(".others li")] == [
        "11月25日 週三 16:00–17:30 消防演練（活動室）"
    ]


def test_each_term_has_its_wall(duty, term):
    spring = make.term(
        name="2027年春季學期", first_day=date(2027, 2, 22), last_day=date(2027, 7, 2)
    )
    make.slot(term=spring, title="春天")

    html = soup(duty.get(f"/schedule/wall?term={spring.id}"))

    assert [opening.text for opening in html.select(".opening b")] == ["16:00–17:30"]
    assert "2027年春季學期" in html.select_one(".about").text


def test_without_a_term_the_wall_leads_to_the_calendar(duty, app):
    assert soup(duty.get("/schedule/wall")).h1.text == "先填寫學期"


@pytest.mark.parametrize("path", ["", "/mine", "/wall"])
def test_the_schedule_is_behind_the_login(app, path):
    answer = app.test_client().get(f"/schedule{path}")

    assert (answer.status_code, answer.location) == (303, f"/login?next=/schedule{path}")


@pytest.mark.parametrize("path", ["", "/mine", "/wall"])
@pytest.mark.parametrize(
    "role", ["duty", "counsellor", "helper", "office", "head", "admin"]
)
def test_every_role_reads_the_schedule(client_for, at, term, role, path):
    at(MONDAY_4PM)
    make.activity()

    answer = client_for(make.staff(roles=(role,))).get(f"/schedule{path}")

    titles = {"": "第13周", "/mine": "我的值班", "/wall": "向陽留守兒童之家　房間安排總表"}
    assert (answer.status_code, soup(answer).h1.text) == (200, titles[path])
