"""The first page: what is on today, and what to do when nothing is."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, soup

from liushou_web.attendance.store import taps


def card(html):
    return html.find("article")


def figures(html):
    return [int(dd.text) for dd in card(html).find_all("dd")]


def test_today_shows_the_activity_with_its_counts_and_the_way_to_the_roll(duty):
    activity = make.activity(
        title="閱讀", duty=[make.staff("王老師"), make.staff("趙老師")]
    )
    child, _awaited = make.child("小明"), make.child("小紅")
    taps.sign_in(activity.id, child.id, by=make.actor(), at=MONDAY_4PM)

    html = soup(duty.get("/"))

    assert card(html).h2.text == "閱讀"
    assert [tag.text for tag in card(html).find_all(class_="tag")] == ["進行中"]
    assert card(html).find(class_="soft").text == "值班：王老師、趙老師"
    assert figures(html) == [2, 1, 1]
    assert card(html).a["href"] == f"/attendance/{activity.id}"


def test_ones_own_duty_is_marked(client_for, at):
    at(MONDAY_4PM)
    me = make.staff("李老師")
    make.activity(duty=[me])
    make.activity(duty=[make.staff("李老師")], room=make.room("閱讀室"))

    html = soup(client_for(me).get("/"))

    marked = [bool(a.find("span", class_="warn")) for a in html.find_all("article")]
    assert marked == [True, False]


@pytest.mark.parametrize("role", ["counsellor", "admin"])
def test_who_may_not_see_rolls_sees_no_counts(client_for, at, role):
    at(MONDAY_4PM)
    make.activity()

    html = soup(client_for(make.staff(roles=(role,))).get("/"))

    assert card(html).find("dl") is None
    assert card(html).find("a") is None


def test_a_cancelled_activity_says_why_and_leads_nowhere(duty):
    make.activity(cancelled_at=MONDAY_4PM, cancel_reason="停電")

    html = soup(duty.get("/"))

    assert card(html).find(class_="tag").text == "已取消：停電"
    assert card(html).find("a") is None


def test_a_day_without_activities_names_the_next(duty):
    make.activity(starts=MONDAY_4PM + timedelta(days=2), title="閱讀")

    html = soup(duty.get("/"))

    assert (
        "下一次是 11月25日 週三 16:00 的「閱讀」，在活動室。"
        in html.find(class_="empty").text
    )


def test_the_office_of_a_new_school_is_told_what_comes_first(office):
    html = soup(office.get("/"))

    steps = [a["href"] for a in html.find(class_="steps").find_all("a")]
    assert steps == ["/children/import", "/slots/new"]


def test_a_term_day_tells_its_week(duty):
    make.term()

    assert "第13周" in soup(duty.get("/")).find(class_="today-date").text


def test_a_closed_day_is_said(duty):
    make.closed(MONDAY_4PM.date(), name="校慶")

    assert soup(duty.get("/")).find(class_="warn").text == "今天是校慶，停課，不開放。"


def test_a_make_up_day_that_follows_no_plan_is_said(duty):
    make.CalendarDay.create(day=MONDAY_4PM.date(), kind="make_up", name="校慶")

    words = soup(duty.get("/")).find(class_="warn").text
    assert words == "今天是校慶補班，學校上課，之家沒有固定開放。"


def test_more_activities_take_no_more_queries(duty):
    def queries_of_a_visit():
        with count_queries() as queries:
            duty.get("/")
        return queries.count

    make.activity()
    one = queries_of_a_visit()
    make.activity(room=make.room("閱讀室")), make.activity(room=make.room("操場"))

    assert queries_of_a_visit() == one


def test_the_head_sees_today_in_numbers_and_last_week_beside_its_drawing(head):
    child = make.child("小明")
    for days in (0, 7, 5):
        activity = make.activity(MONDAY_4PM - timedelta(days=days))
        make.attendance(activity, child, came_at=activity.starts)

    html = soup(head.get("/")).find(attrs={"aria-labelledby": "overview"})

    assert [b.text for b in html.find(class_="tally").find_all("b")] == ["1", "1", "0", "1"]
    assert [td.text for td in html.tbody.tr("td")] == ["1", "1", "100.0%", "0"]
    drawn = [text.text for text in html.find("svg").find_all(class_="value")]
    assert drawn == [row("td")[1].text for row in html.tbody("tr")]
    assert "小明" not in html.text


def test_a_week_without_rolls_says_so(head):
    html = soup(head.get("/")).find(attrs={"aria-labelledby": "overview"})

    assert html.find("svg") is None
    assert (
        html.find("p", class_="soft").text == "上一週沒有點過名的活動，也沒有接通的電話。"
    )


@pytest.mark.parametrize("who", ["duty", "helper", "counsellor", "admin"])
def test_the_numbers_of_the_house_are_not_everybodys(request, who):
    html = soup(request.getfixturevalue(who).get("/"))

    assert html.find(id="overview") is None


def test_what_is_on_now_comes_before_what_waits(duty, client_for, at):
    li = make.staff("李老師")
    make.activity(MONDAY_4PM - timedelta(days=3), duty=[li])
    make.activity(title="閱讀", duty=[li])
    make.activity(MONDAY_4PM + timedelta(hours=4), title="繪畫", room=make.room("美術室"))

    main = soup(client_for(li).get("/")).main

    assert [h2.find(string=True).strip() for h2 in main.find_all("h2")] == [
        "閱讀",
        "待辦",
        "繪畫",
    ]


def test_what_is_urgent_comes_first(client_for, at):
    at(MONDAY_4PM)
    li = make.staff("李老師", roles=("duty", "office"))
    make.activity(MONDAY_4PM - timedelta(days=3), duty=[li])
    late = make.activity(MONDAY_4PM - timedelta(days=2), duty=[li])
    make.attendance(late, make.child("小明"), came_at=late.starts)

    items = soup(client_for(li).get("/")).select(".pending li")

    assert [item.select_one(".tag").text for item in items] == [
        "逾期沒有關閉",
        "備份",
        "沒有點名",
    ]


@pytest.fixture
def sun(client_for, at):
    """A class teacher with three children, and their browser."""
    at(MONDAY_4PM)
    person = make.staff("孫老師", roles=("helper",))
    group = make.school_class(3, 1, teacher=person)
    names = ("小明", "小紅", "小剛")
    children = [make.child(name, school_class=group) for name in names]
    return client_for(person), children


def classroom(client):
    return soup(client.get("/")).find(attrs={"aria-labelledby": "classroom"})


def test_a_class_teacher_sees_who_of_their_own_did_not_come(sun):
    client, (came, missed, on_leave) = sun
    stranger = make.child("別班的", school_class=make.school_class(4, 1))
    for days in (3, 1):
        past = make.activity(MONDAY_4PM - timedelta(days=days), title=f"活動{days}")
        make.attendance(past, came, came_at=past.starts)
        make.attendance(past, on_leave, leave="sick")
        make.attendance(past, missed), make.attendance(past, stranger)

    rows = [" ".join(li.span.text.split()) for li in classroom(client)("li")]

    assert rows == ["小紅 三年級1班 活動1"]


def test_a_class_teacher_sees_how_many_have_not_phoned_home_this_month(sun):
    client, (called, tried, _never) = sun
    make.call(called)
    make.call(tried, result="no_answer")

    told = classroom(client).select_one(".classroom-calls")

    assert " ".join(told.p.text.split()) == (
        "這個月還沒有和家裏通話的有 2 名：打過沒打通 1，沒有試過 1。"
    )
    assert told.a["href"] == "/calls/missing"


def test_a_class_without_anything_to_worry_about_is_told_so(sun):
    client, children = sun
    for child in children:
        make.call(child)

    card = classroom(client)

    assert [p.text for p in card("p")] == [
        "最近一次活動，名單上沒有您班上的孩子。",
        "這個月，班上每個孩子都和家裏通過話了。",
    ]


@pytest.mark.parametrize("who", ["duty", "office", "head", "counsellor", "admin"])
def test_the_class_is_a_class_teachers_own(request, who):
    assert classroom(request.getfixturevalue(who)) is None


@pytest.mark.parametrize(
    ("who", "label"), [("duty", "簽到"), ("office", "簽到"), ("head", "看簽到表")]
)
def test_the_button_says_what_the_reader_can_do(request, who, label):
    client = request.getfixturevalue(who)
    make.activity(), make.child()

    assert card(soup(client.get("/"))).a.text == label
