"""停電包 over HTTP: preparing, printing, the grid, and what a roll says afterwards."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries, soup

from liushou_web.schema import (
    Activity,
    Attendance,
    Child,
    ChildFile,
    Correction,
    PaperSheet,
    Trail,
)

ENDS = MONDAY_4PM + timedelta(minutes=90)
TUESDAY = MONDAY_4PM.replace(hour=8, minute=10) + timedelta(days=1)
PREPARE = "/paper/weeks/2026-11-23/prepare"
NEXT_WEEK = "/paper/weeks/2026-11-30"


@pytest.fixture
def li(app):
    return make.staff("李老師")


@pytest.fixture
def teacher(client_for, li, at):
    at(MONDAY_4PM.replace(hour=8))
    return client_for(li)


@pytest.fixture
def on(teacher, li, at):
    """Another day, for which 李老師 logs in anew: `on(TUESDAY)`."""

    def come(moment):
        at(moment)
        teacher.post("/login", data={"login": li.login, "password": make.SECRET})

    return come


@pytest.fixture
def reading(li):
    """Monday's reading hour of 小明 and 小紅."""
    make.term()
    make.child("小明", number="1"), make.child("小紅", number="2")
    return make.activity(title="閱讀", duty=[li])


@pytest.fixture
def missed(teacher, reading, on):
    """The same, prepared on paper in the morning, on Tuesday; nobody took the roll."""
    teacher.post(PREPARE)
    on(TUESDAY)
    return reading


def texts(tags):
    return [" ".join(tag.text.split()) for tag in tags]


def grid(activity, sheet=1):
    return f"/paper/activities/{activity.id}?sheet={sheet}"


def save(client, activity, sheet=1, **cells):
    data = {"deed": "save", "seen": "0", "came_1": "", "came_2": "", **cells}
    return client.post(grid(activity, sheet), data=data)


def test_preparing_leads_to_the_print(teacher, reading):
    answer = teacher.post(PREPARE)

    assert (answer.status_code, answer.location) == (303, "/paper/weeks/2026-11-23")
    html = soup(teacher.get(answer.location))
    assert html.h1.text == "閱讀簽到表"
    assert texts(html.select(".sheet-number"))[0] == "單號 1"
    assert texts(html.select(".paper-facts span")) == [
        "2026年11月23日 星期一 第13周",
        "16:00–17:30",
        "房間：活動室",
        "值班：李老師",
    ]
    assert texts(html.find_all("h2")) == ["親情電話使用記錄表", "突發事件登記表"]


def test_the_sheet_has_its_columns_names_and_blank_rows(teacher, reading, li):
    hong = Child.get(name="小紅")
    make.leave(hong, li)
    carer = {"carer_relation": "奶奶", "carer_name": "周桂花", "carer_phone": "13477190001"}
    ChildFile.update(carer).where(ChildFile.child == hong).execute()
    make.collector(hong)
    make.collector(hong, "陳建國", relation="舅舅")
    make.collector(hong, "過期", last_day=MONDAY_4PM.date() - timedelta(days=1),
                   first_day=MONDAY_4PM.date() - timedelta(days=9))  # fmt: skip
    teacher.post(PREPARE)

    html = soup(teacher.get("/paper/sheets/1"))

    head, *rows = (texts(tr.find_all(["th", "td"])) for tr in html.table.select("tr"))
    rows = [row for row in rows if len(row) == 7]
    assert " ".join(rows[0]) == (
        "序號 姓名、班級 家裏電話 可以接的人（畫圈） 簽到 簽退 別人接請假、備註"
    )
    assert rows[1][:2] == ["1", "小明三年級1班"]
    assert rows[2] == [
        "2", "小紅三年級1班", "奶奶 周桂花13477190001", "爺爺 王大山、舅舅 陳建國",
        "", "", "事假",
    ]  # fmt: skip
    assert [row[0] for row in rows[3:]] == ["3", "4", "5", "6", "7", "8"]
    assert html.find_all("h2") == []
    foot = "單號 1 · 2026-11-23 08:00 編制 · 2026-11-23 08:00 打印"
    assert texts(html.select("tfoot .soft")) == [foot]


def test_two_of_one_name_stand_with_their_numbers(teacher, reading):
    make.child("小明", number="3")
    teacher.post(PREPARE)

    html = soup(teacher.get("/paper/sheets/1"))

    assert texts(html.select("tbody th")) == [
        "小明1三年級1班",
        "小紅三年級1班",
        "小明3三年級1班",
    ]


def test_printing_names_leaves_a_trail(teacher, reading):
    teacher.post(PREPARE)
    teacher.get("/paper/forms")
    teacher.get("/paper/weeks/2026-11-25")

    lines = [(line.deed, line.detail) for line in Trail.select().order_by(Trail.id)][1:]
    assert lines == [
        ("paper.prepare", "2026-11-23–2026-11-29: No.1"),
        ("paper.print", "No.1"),
    ]


def test_the_forms_alone(teacher):
    html = soup(teacher.get("/paper/forms"))

    assert (html.h1.text, html.h2.text) == ("親情電話使用記錄表", "突發事件登記表")
    assert len(html.select(".phone-log tbody tr")) == 20


def test_a_week_without_a_sheet_leads_back(teacher, reading):
    assert teacher.get(NEXT_WEEK).location == "/paper"
    answer = teacher.post(NEXT_WEEK + "/prepare")
    assert (answer.status_code, soup(answer).h1.text) == (
        409,
        "這一週沒有還要舉行的活動，不用準備簽到單。",
    )


def test_the_page_says_what_is_ready_and_what_waits(teacher, missed):
    coming = make.activity(MONDAY_4PM + timedelta(days=7), title="繪畫")

    html = soup(teacher.get("/paper"))

    cards = html.select(".cards .card")
    assert texts(card.find(class_="hint") for card in cards) == [
        "這一週沒有還要舉行的活動。",
        "還有 1 次活動沒有準備簽到單。",
    ]
    assert [form["action"] for form in html.select(".cards form")] == [
        NEXT_WEEK + "/prepare"
    ]
    assert texts(html.select(".found strong, .found .tag")) == ["單號 1", "等待補錄"]
    links = [a["href"] for a in html.select(".found a")]
    assert links == ["/paper/sheets/1", grid(missed)]
    assert coming.opened_at is None


def test_others_are_not_offered_what_is_not_theirs_to_enter(duty, missed, at):
    at(TUESDAY)
    duty.post("/login", data={"login": make.staff().login, "password": make.SECRET})

    html = soup(duty.get("/paper"))

    assert [a["href"] for a in html.select(".found a")] == ["/paper/sheets/1"]


def test_what_is_done_leaves_the_list_but_not_its_number(teacher, missed, on):
    save(teacher, missed, came_1="1605")
    on(TUESDAY + timedelta(weeks=3))

    assert len(soup(teacher.get("/paper")).select(".empty")) == 1
    assert teacher.get("/paper?number=1").location == grid(missed)


def test_a_roll_of_today_offers_it_too(teacher, reading):
    assert offered(teacher, reading) == ["按紙本補錄"]


def test_without_anything_it_says_what_to_do(teacher):
    html = soup(teacher.get("/paper"))

    assert texts(html.select(".empty")) == [
        "還沒有簽到單。點上面的「準備停電包」，最好每週五把下週的打印好，放在值班室。"
    ]


def test_a_number_opens_its_grid_or_is_not_known(teacher, missed):
    assert teacher.get("/paper?number=1").location == grid(missed)

    html = soup(teacher.get("/paper?number=77"))

    assert html.find(id="number")["value"] == "77"
    assert texts(html.select(".error")) == [
        "沒有單號 77 的簽到單，或者它的活動已從日程上刪去。請核對紙的右上角。"
    ]


def test_the_head_reads_and_prints_only(teacher, missed, client_for):
    head = client_for(make.staff("校長", roles=["head"]))

    html = soup(head.get("/paper"))

    assert html.select("main form") == []
    assert [a["href"] for a in html.select(".found a")] == ["/paper/sheets/1"]
    assert head.get("/paper/sheets/1").status_code == 200
    assert head.get("/paper?number=1").status_code == 200
    for path in (PREPARE, grid(missed)):
        assert head.post(path).status_code == 403
    assert PaperSheet.select().count() == 1


@pytest.mark.parametrize("path", ["/paper", "/paper/sheets/7", "/paper/activities/7"])
def test_missing_and_not_signed_in(app, teacher, path):
    if path != "/paper":
        words = "找不到這個頁面或記錄，它可能已被移走。"
        assert soup(teacher.get(path)).h1.text == words
    assert app.test_client().get(path).location == f"/login?next={path}"


def test_the_grid_of_an_activity_is_that_of_its_newest_sheet(teacher, missed):
    answer = teacher.get(f"/paper/activities/{missed.id}")
    assert (answer.status_code, answer.location) == (303, grid(missed))

    html = soup(teacher.get(answer.location))

    rows = [texts(tr.find_all("td"))[:2] for tr in html.select(".grid tbody tr")]
    assert rows[:3] == [["1", "小明 三年級1班"], ["2", "小紅 三年級1班"], ["3", ""]]
    assert (len(rows), texts(html.select(".filled"))) == (8, ["已填 0 / 2 行"])
    labels = [field["aria-label"] for field in html.select(".grid input")]
    assert labels[:2] == ["1 小明 到", "1 小明 走"]
    assert labels[6:9] == ["3 名單外：姓名或學籍號", "3 到", "3 走"]


def test_an_older_sheet_is_one_link_away(teacher, reading, on):
    teacher.post(PREPARE), make.child("小新"), teacher.post(PREPARE)
    on(TUESDAY)

    html = soup(teacher.get(grid(reading, 2)))

    assert [(a.text, a["href"]) for a in html.select("p a.call")] == [
        ("單號 1", grid(reading, 1))
    ]


def test_without_a_sheet_the_register_is_the_grid(teacher, reading, on):
    on(TUESDAY)

    assert teacher.get(f"/paper/activities/{reading.id}").location == grid(reading, 0)
    save(teacher, reading, 0, came_2="4.05")

    assert [row.came_at for row in Attendance.select()] == [
        None,
        MONDAY_4PM.replace(minute=5),
    ]


def test_entered_the_roll_says_so_and_offers_to_close(teacher, missed):
    answer = save(teacher, missed, came_1="1605", went_1="1730", came_2="病")

    assert (answer.status_code, answer.location) == (303, f"/attendance/{missed.id}")
    html = soup(teacher.get(answer.location))
    assert texts(html.select("#notice p")) == ["已補錄 2 行。"]
    assert texts(html.select(".roll-row .state")) == [
        "已離開 16:05–17:30 紙本補錄 李老師 11-24 08:10",
        "請假 病假 紙本補錄 李老師 11-24 08:10",
    ]
    bar = html.select_one("section.good")
    assert texts([bar.p, bar.a]) == [
        "紙本補錄了 2 人。核對無誤，就可以關閉活動。",
        "關閉活動",
    ]
    assert bar.a["href"] == f"/attendance/{missed.id}/close"


def test_looked_through_nothing_is_saved_and_the_times_are_spelled(teacher, missed):
    answer = save(teacher, missed, deed="check", came_1="4.05", came_2="=", went_2="600")

    html = soup(answer)
    assert (answer.status_code, Activity.get().opened_at) == (200, None)
    assert texts(html.select(".good")) == [
        "看得懂，還沒有保存。請再看一遍時間，然後點「保存」。"
    ]
    cells = [field["value"] for field in html.select("[data-cell]")[:6]]
    assert cells == ["16:05", "", "", "16:05", "18:00", ""]
    assert texts(html.select(".filled")) == ["已填 2 / 2 行"]


def test_who_collected_is_entered_and_shown_again(teacher, missed):
    make.collector(Child.get(name="小明"))

    save(teacher, missed, came_1="1605", went_1="1730", taker_1="爺爺")

    row = Attendance.get(Attendance.child == Child.get(name="小明"))
    assert (row.way_home, row.collected_by) == ("collector", "爺爺 王大山")
    cells = soup(teacher.get(grid(missed))).select("[data-cell]")[:3]
    assert [cell["value"] for cell in cells] == ["16:05", "17:30", "爺爺 王大山"]


def test_enter_without_a_script_only_looks_through(teacher, missed):
    html = soup(teacher.get(grid(missed)))

    first = html.select_one("form[data-grid] button")
    assert (first["name"], first["value"]) == ("deed", "check")


def test_a_fault_is_told_at_its_row_and_nothing_typed_is_lost(teacher, missed):
    typed = {"came_1": "1605", "went_1": "走了", "who_x1": "小剛", "came_x1": "1610"}

    answer = save(teacher, missed, **typed, came_2="s")

    html = soup(answer)
    assert (answer.status_code, Attendance.select().count()) == (422, 0)
    assert texts(html.select(".bad")) == ["有 2 行要修改，什麼都還沒有保存。"]
    assert texts(html.select(".grid tr.wrong .error")) == [
        "看不懂「走了」。時間填 1605，請假填「事」或「病」。",
        "沒有找到「小剛」。可以填姓名、拼音首字母或學籍號。",
    ]
    values = {field["name"]: field["value"] for field in html.select(".grid input")}
    assert {name: values[name] for name in typed} == typed
    assert values["came_2"] == "s"
    wrong = html.find("input", {"name": "went_1"})
    assert (wrong["aria-invalid"], wrong["aria-describedby"]) == ("true", "fault-1")


def test_all_faults_are_told_at_once_and_the_first_is_gone_to(teacher, missed):
    html = soup(save(teacher, missed, came_1="1605", went_1="1500", came_2="走了"))

    assert texts(html.select(".grid .error")) == [
        "簽退時間不能早於簽到時間。",
        "看不懂「走了」。時間填 1605，請假填「事」或「病」。",
    ]
    assert [field["name"] for field in html.select("[autofocus]")] == ["came_1"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"came_x1": "1605"}, "請寫上是誰：姓名或學籍號。"),
        ({"who_x1": "小剛"}, "請填小剛到的時間。"),
        ({"who_x1": "小明", "came_x1": "1605"}, "小明已經有一行了，請填在那一行裏。"),
    ],
)
def test_a_line_for_another_child_says_what_is_missing(teacher, missed, line, words):
    html = soup(save(teacher, missed, **line))

    assert texts(html.select(".grid .error")) == [words]


def test_a_child_who_was_not_on_the_sheet_is_added_by_name(teacher, missed):
    make.child("小剛", number="202409")

    save(teacher, missed, who_x1="202409", came_x1="1605", went_x1="5.30")
    save(teacher, missed, who_x1="202409", came_x1="1605", went_x1="5.30")

    row = Attendance.get(Attendance.walk_in)
    assert (row.child_id, row.went_at) == (Child.get(name="小剛").id, ENDS)
    html = soup(teacher.get(grid(missed)))
    assert texts(html.select(".grid tbody tr:nth-of-type(3) td"))[:2] == [
        "—",
        "小剛 三年級1班",
    ]
    assert html.find("input", {"name": "came_3"})["value"] == "16:05"


def test_what_was_tapped_is_shown_beside_and_not_overwritten(teacher, reading, on):
    teacher.post(PREPARE)
    on(MONDAY_4PM)
    teacher.post(f"/attendance/{reading.id}/children/1/sign-in")
    on(TUESDAY)
    html = soup(teacher.get(grid(reading)))
    assert texts(html.select(".grid .state")) == ["已記 簽到 16:00"]
    assert html.find("input", {"name": "came_1"})["value"] == ""

    answer = save(teacher, reading, seen="1", came_1="1605", came_2="1605")

    assert answer.status_code == 422
    assert texts(soup(answer).select(".grid .error")) == [
        "已記簽到 16:00，紙上是 16:05，不直接改寫。"
        "記得對的，請清空這一格；紙上對的，請先在簽到表上撤銷，或關閉活動以後更正。"
    ]
    assert [row.came_at for row in Attendance.select()] == [MONDAY_4PM, None]


def test_sent_twice_it_says_that_nothing_changed(teacher, missed):
    for _ in range(2):
        answer = save(teacher, missed, came_1="1605")

    html = soup(teacher.get(answer.location))
    assert texts(html.select("#notice p")) == [
        "已補錄 1 行。",
        "和簽到表上的一樣，沒有改動。",
    ]
    assert Activity.get().version == 1


def test_an_empty_grid_is_refused(teacher, missed):
    answer = save(teacher, missed)

    assert (answer.status_code, texts(soup(answer).select(".bad"))) == (
        422,
        ["一行也沒有填，沒有保存。活動沒有舉行的，請補記取消。"],
    )


@pytest.fixture
def closed(teacher, missed, li):
    save(teacher, missed, came_1="1605", went_1="1730")
    Activity.update(closed_at=TUESDAY, closed_by=li).execute()
    return missed


def test_a_closed_roll_asks_a_reason_and_keeps_what_stood_there(teacher, closed):
    html = soup(teacher.get(grid(closed)))
    assert html.find("input", {"name": "came_1"})["value"] == "16:05"
    assert html.find(id="reason") is not None
    typed = {"seen": "1", "came_1": "1610", "went_1": "1730"}

    refused = save(teacher, closed, **typed, reason="錯")
    assert (refused.status_code, soup(refused).find(id="reason-errors").text) == (
        422,
        "請寫明原因，至少 4 個字。",
    )
    save(teacher, closed, **typed, reason="看錯了一行")

    (line,) = Correction.select()
    assert (line.old, line.new) == ("2026-11-23 16:05:00", "2026-11-23 16:10:00")
    html = soup(teacher.get(f"/attendance/{closed.id}"))
    assert len(html.select("#corrected ~ ul li")) == 1


def test_the_day_after_a_closing_only_the_office_enters(teacher, closed, client_for, on):
    on(TUESDAY + timedelta(days=1))

    answer = teacher.get(grid(closed))

    assert (answer.status_code, soup(answer).h1.text) == (
        403,
        "活動關閉以後，當天由值班教師更正，過後請找辦公室。",
    )
    assert offered(teacher, closed) == []
    office = client_for(make.staff(roles=["office"]))
    assert office.get(grid(closed)).status_code == 200


def test_closed_while_one_types_the_typing_is_given_back(teacher, closed, on):
    on(TUESDAY + timedelta(days=1))

    answer = save(teacher, closed, came_2="1605", reason="停電補錄")

    html = soup(answer)
    assert (answer.status_code, html.find("input", {"name": "came_2"})["value"]) == (
        422,
        "1605",
    )
    words = "活動關閉以後，當天由值班教師更正，過後請找辦公室。"
    assert texts(html.select(".bad")) == [words]


def offered(client, activity):
    html = soup(client.get(f"/attendance/{activity.id}"))
    link = f"/paper/activities/{activity.id}"
    return texts(html.find_all("a", href=link))


def test_the_roll_offers_it_to_those_in_charge(teacher, missed, client_for, on):
    others = [client_for(make.staff(roles=[role])) for role in ("duty", "head", "helper")]

    assert offered(teacher, missed) == ["按紙本補錄"]
    assert [offered(client, missed) for client in others] == [[], [], []]
    on(TUESDAY + timedelta(days=60))
    assert offered(teacher, missed) == []


def test_a_roll_before_its_day_does_not(teacher, reading, on):
    on(MONDAY_4PM - timedelta(days=1))

    assert offered(teacher, reading) == []
    answer = teacher.get(grid(reading, 0))
    assert soup(answer).h1.text == "這次活動還沒有到，不能補錄。"


def test_the_grid_asks_the_same_however_many(teacher, reading, on):
    counted = []
    for n in range(3):
        make.child(f"孩子{n}")
        on(MONDAY_4PM.replace(hour=8)), teacher.post(PREPARE)
        on(TUESDAY)
        sheet = PaperSheet.select().count()
        with count_queries() as queries:
            teacher.get(grid(reading, sheet))
        counted.append(queries.count)

    assert len(set(counted)) == 1


def test_a_child_in_no_register_is_noted_and_counted_nowhere(teacher, missed):
    words = "劉小妹，鎮二小三年級，16:10 來，奶奶接走"

    for _ in range(2):  # sent twice, noted once
        answer = save(teacher, missed, unregistered=words)

    assert (answer.status_code, answer.location) == (303, f"/attendance/{missed.id}")
    for page in (answer.location, grid(missed)):
        noted = soup(teacher.get(page)).select("[aria-label=名冊上沒有的孩子] li")
        assert texts(noted) == [f"{words} 李老師 2026-11-24 08:10"]
    assert (Attendance.select().count(), Activity.get().opened_at) == (0, None)


def test_lines_and_a_child_in_no_register_are_saved_together(teacher, missed):
    save(teacher, missed, came_1="1605", unregistered="劉小妹")

    assert Attendance.select().where(Attendance.came_at.is_null(False)).count() == 1
    assert Trail.select().where(Trail.deed == "paper.note").count() == 1
