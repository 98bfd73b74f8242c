"""The roll over HTTP: the row and the counts, refusals in the notice, and without htmx."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.attendance.store import taps
from liushou_web.schema import Activity, Attendance, Trail

SOON = MONDAY_4PM + timedelta(minutes=3)


@pytest.fixture
def reading(app):
    return make.activity(title="閱讀")


def url(activity, child, deed):
    return f"/attendance/{activity.id}/children/{child.id}/{deed}"


def counts(html):
    return [int(b.text) for b in html.find(id="count").find_all("b")]


def buttons(row):
    return [b.text.strip() for b in row.select("button, a.button")]


def state(row):
    return " ".join(row.find(class_="state").text.split())


def test_the_roll_shows_each_child_with_the_one_act_of_its_mode(duty, reading):
    child = make.child(name="小明")

    html = soup(duty.get(f"/attendance/{reading.id}"))

    row = html.find(id=f"row-{child.id}")
    assert row["class"] == ["roll-row", "expected"]
    assert row.find("strong").text == "小明"
    assert buttons(row) == ["簽到"]
    assert row.find("form")["action"] == url(reading, child, "sign-in?mode=in&seen=0")
    assert row.find("a", class_="who")["href"] == url(reading, child, "pick?mode=in")
    assert counts(html) == [1, 0, 0, 1, 0]


CAME = {"came_at": MONDAY_4PM}
GONE = {**CAME, "went_at": MONDAY_4PM}


@pytest.mark.parametrize(
    ("mode", "facts", "shown"),
    [
        ("in", {}, ["簽到"]),
        ("in", CAME, ["撤銷"]),
        ("in", GONE, []),
        ("in", {"leave": "sick"}, ["撤銷", "簽到"]),
        ("out", {}, []),
        ("out", CAME, ["簽退"]),
        ("out", GONE, ["撤銷"]),
        ("out", {"leave": "sick"}, []),
    ],
)
def test_in_one_mode_nothing_does_what_the_other_does(duty, reading, mode, facts, shown):
    child = make.child(name="小明")
    make.attendance(reading, child, version=5, **facts)

    html = soup(duty.get(f"/attendance/{reading.id}?mode={mode}"))

    row = html.find(id=f"row-{child.id}")
    assert buttons(row) == shown
    for form in row.find_all("form"):
        assert form["action"].endswith(f"?mode={mode}&seen=5")
    assert html.select_one(".roll-mode [aria-current]").text == (
        "簽到" if mode == "in" else "簽退"
    )


@pytest.mark.parametrize(
    ("minutes", "asked", "mode"),
    [
        (0, "", "簽到"),
        (69, "", "簽到"),
        (70, "", "簽退"),
        (70, "in", "簽到"),
        (0, "x", "簽到"),
    ],
)
def test_the_mode_is_by_the_time_until_somebody_chooses(
    duty, reading, at, minutes, asked, mode
):
    make.child()
    at(MONDAY_4PM + timedelta(minutes=minutes))

    html = soup(duty.get(f"/attendance/{reading.id}?mode={asked}"))

    assert html.select_one(".roll-mode [aria-current]").text == mode
    assert [a["href"].partition("?")[2] for a in html.select(".roll-mode a")] == [
        "mode=in&order=waiting",
        "mode=out&order=waiting",
    ]


def test_a_look_for_changes_keeps_the_mode(duty, reading):
    child = make.child()
    make.attendance(reading, child, came_at=MONDAY_4PM)
    roll = f"/attendance/{reading.id}"
    sync = soup(duty.get(f"{roll}?mode=out")).find(id="sync")

    Activity.update(version=1).execute()
    Attendance.update(version=1).execute()
    html = soup(duty.get(sync["hx-get"], headers=PART))

    assert buttons(html.find(id=f"row-{child.id}")) == ["簽退"]
    assert html.find(id="sync")["hx-get"] == f"{roll}/changes?since=1&mode=out"


def test_sign_in_answers_htmx_with_the_row_and_the_counts_only(duty, reading):
    child = make.child(name="小明")

    html = soup(duty.post(url(reading, child, "sign-in"), headers=PART))

    row = html.find("li")
    assert row["id"] == f"row-{child.id}"
    assert state(row) == "在場 16:00 李老師"
    assert buttons(row) == ["撤銷"]
    assert html.find(id="count")["hx-swap-oob"] == "true"
    assert counts(html) == [1, 1, 1, 0, 0]
    assert [tag.name for tag in html.find_all(recursive=False)] == ["li", "p"]


def test_sign_in_without_htmx_goes_back_to_the_row(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "sign-in?mode=in&seen=0"))

    assert (answer.status_code, answer.location) == (
        303,
        f"/attendance/{reading.id}?mode=in#row-{child.id}",
    )


def test_refusal_goes_to_the_notice_and_the_row_shows_why(duty, reading):
    child = make.child(name="小紅")
    make.attendance(reading, child)

    answer = duty.post(url(reading, child, "sign-out?mode=out"), headers=PART)

    html = soup(answer)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert html.find("p", class_="bad").text == "小紅還沒有簽到，不能簽退。"
    assert html.find(id=f"row-{child.id}")["hx-swap-oob"] == "true"
    assert state(html.find(id=f"row-{child.id}")) == "未到"


def test_refusal_without_htmx_is_a_page(duty, reading):
    child = make.child(name="小紅")

    answer = duty.post(url(reading, child, "sign-out?mode=out"))

    assert (answer.status_code, soup(answer).h1.text) == (409, "小紅還沒有簽到，不能簽退。")


def test_a_tap_on_what_moved_on_is_refused_and_the_row_shows_what_happened(
    duty, client_for, reading
):
    child, other = make.child(name="小紅"), client_for(make.staff("王老師"))
    seen = soup(duty.get(f"/attendance/{reading.id}")).find(id=f"row-{child.id}").form
    other.post(url(reading, child, "sign-in?seen=0"))
    other.post(url(reading, child, "undo-in?seen=1"))

    answer = duty.post(seen["action"], headers=PART)

    html = soup(answer)
    assert answer.status_code == 409
    assert html.find("p", class_="bad").text == (
        "小紅的記錄剛才變了（未到），這一下沒有記。請看清楚再點。"
    )
    again = html.find(id=f"row-{child.id}").form["action"]
    assert again == url(reading, child, "sign-in?mode=in&seen=2")
    assert duty.post(again, headers=PART).status_code == 200


def test_a_tap_sent_again_is_answered_as_done(duty, reading):
    child = make.child(name="小紅")
    tap = url(reading, child, "sign-in?mode=in&seen=0")
    first, second = (duty.post(tap, headers=PART) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert state(soup(second).li) == "在場 16:00 李老師"
    assert Trail.select().where(Trail.deed == "attendance.sign_in").count() == 1


def test_refusal_keeps_the_name_when_its_words_are_simplified(client_for, reading, at):
    at(MONDAY_4PM)
    child = make.child(name="李乾")
    reader = client_for(make.staff(script="hans"))

    answer = reader.post(url(reading, child, "sign-out"), headers=PART)

    assert soup(answer).p.text == "李乾还没有签到，不能签退。"


def test_undo_gives_the_row_back_as_it_was(duty, reading):
    child = make.child()
    duty.post(url(reading, child, "sign-in"))

    html = soup(duty.post(url(reading, child, "undo-in?seen=1"), headers=PART))

    assert buttons(html.find("li")) == ["簽到"]
    assert counts(html) == [1, 0, 0, 1, 0]


def test_undo_of_a_walk_in_takes_its_row_away_and_is_done_the_second_time(duty, app):
    reading = make.activity(expects="children")
    guest, stays = make.child(name="客人"), make.child(name="小剛")
    for child in (guest, stays):
        duty.post(url(reading, child, "walk-in"))

    seen = Attendance.get(Attendance.child == guest).version
    for _ in range(2):
        answer = duty.post(url(reading, guest, f"undo-in?seen={seen}"), headers=PART)

        html = soup(answer)
        assert answer.status_code == 200
        walk_ins = html.find(id="walk-ins")
        assert walk_ins["hx-swap-oob"] == "true"
        assert [row["id"] for row in walk_ins.find_all("li")] == [f"row-{stays.id}"]
        assert counts(html) == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("deed", ["sign-in", "sign-out", "undo-in", "walk-in"])
def test_a_missing_child_is_one_sentence(duty, reading, deed):
    answer = duty.post(f"/attendance/{reading.id}/children/77/{deed}", headers=PART)

    assert answer.status_code == 404
    assert soup(answer).text.strip() == "找不到這個頁面或記錄，它可能已被移走。"


def test_a_missing_activity_is_one_sentence(duty, app):
    assert (
        soup(duty.get("/attendance/9")).h1.text == "找不到這個頁面或記錄，它可能已被移走。"
    )


def test_leave_is_granted_with_its_kind_and_note(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "leave"), data={"kind": "sick", "note": "發燒"})

    row = Attendance.get()
    assert answer.location == f"/attendance/{reading.id}?mode=in#row-{child.id}"
    assert (row.leave, row.leave_note) == ("sick", "發燒")


def test_leave_without_a_kind_keeps_the_note(duty, reading):
    child = make.child()

    answer = duty.post(url(reading, child, "leave"), data={"note": "回老家"})

    html = soup(answer)
    assert (answer.status_code, html.find(id="note")["value"]) == (422, "回老家")
    assert html.find(id="kind-errors").text == "請選擇事假或病假。"


def test_leave_of_a_child_who_is_here_is_refused_on_the_form(duty, reading):
    child = make.child(name="小明")
    duty.post(url(reading, child, "sign-in"))

    answer = duty.post(url(reading, child, "leave"), data={"kind": "sick"})

    assert answer.status_code == 422
    assert soup(answer).find(class_="bad").text == "小明已經簽到，不能記請假。"


def test_all_in_can_be_undone_from_the_next_page(duty, reading):
    make.child(name="一"), make.child(name="二")

    page = duty.post(f"/attendance/{reading.id}/sign-all-in", follow_redirects=True)
    assert counts(soup(page)) == [2, 2, 2, 0, 0]

    undo = soup(page).find(id="batch").form["action"]
    page = duty.post(undo, follow_redirects=True)
    assert counts(soup(page)) == [2, 0, 0, 2, 0]


def test_all_in_is_offered_at_the_beginning_only(duty, reading):
    make.child(name="一")
    roll = f"/attendance/{reading.id}"

    for mode, words in (("in", ["全部簽到"]), ("out", [])):
        html = soup(duty.get(f"{roll}?mode={mode}"))
        assert [b.text for b in html.select(".actions form button")] == words


def test_a_poll_of_what_is_shown_already_is_empty(duty, reading):
    answer = duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART)

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_poll_brings_the_rows_tapped_elsewhere(duty, client_for, reading):
    child, other = make.child(name="小明"), make.child(name="小紅")
    client_for(make.staff()).post(url(reading, child, "sign-in"))

    html = soup(duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART))

    assert [row["id"] for row in html.find_all("li")] == [f"row-{child.id}"]
    assert html.find("li")["hx-swap-oob"] == "true"
    assert html.find(id="sync")["data-version"] == "1"
    assert other.id != child.id


def test_a_poll_brings_a_walk_in_without_a_place_on_the_page(duty, client_for, app):
    reading = make.activity(expects="children")
    guest = make.child(name="客人")
    client_for(make.staff()).post(url(reading, guest, "walk-in"))

    html = soup(duty.get(f"/attendance/{reading.id}/changes?since=0", headers=PART))

    assert html.find(id="walk-ins")["hx-swap-oob"] == "true"
    assert html.find(id="walk-ins").find("strong").text == "客人"


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("waiting", ["未到", "在場"]),
        ("class", ["一年級1班", "二年級1班"]),
        ("name", ["全部", "臨時加入"]),
        ("else", ["未到", "在場"]),
    ],
)
def test_the_roll_is_in_turn_or_by_class_or_by_name(duty, reading, order, titles):
    one = make.child(name="一", school_class=make.school_class(1, 1))
    make.child(name="二", school_class=make.school_class(2, 1))
    duty.post(url(reading, one, "sign-in"))

    html = soup(duty.get(f"/attendance/{reading.id}?order={order}"))

    assert [h2.contents[0].strip() for h2 in html.find_all("h2")][:2] == titles


def test_by_name_the_sound_of_the_names_decides(duty, reading):
    for name in ("王小明", "阿依古麗", "曾小紅", "陳小剛", "李明"):
        make.child(name=name)

    html = soup(duty.get(f"/attendance/{reading.id}?order=name"))

    assert [name.text for name in html.select(".roll-row strong")] == [
        "阿依古麗",
        "陳小剛",
        "李明",
        "王小明",
        "曾小紅",
    ]


def test_a_tap_without_an_order_of_its_own_keeps_the_place_on_the_page(duty, reading):
    """Where a child was found by hand: the line of the search says what came of it."""
    child = make.child(name="小明")

    html = soup(
        duty.post(
            url(reading, child, f"walk-in?mode=in&seen=0&place=found-{child.id}"),
            headers=PART,
        )
    )

    line = html.find(id=f"found-{child.id}")
    assert (line["hx-swap-oob"], line.text) == ("true", "小明：在場 16:00")


def test_tiles_are_kept_for_whoever_asked_for_them(duty, client_for, reading):
    make.child()
    roll = f"/attendance/{reading.id}?mode=out&order=name"
    assert soup(duty.get(roll)).find(class_="tiles") is None

    answer = duty.post("/attendance/view", data={"view": "tiles", "from": roll})

    assert (answer.status_code, answer.location) == (303, roll)
    assert soup(duty.get(roll)).find(class_="tiles")["class"] == ["tiles", "out"]
    other = client_for(make.staff())
    assert soup(other.get(roll)).find(class_="tiles") is None
    assert duty.post("/attendance/view", data={"view": "maps"}).status_code == 404
    assert Trail.select().where(Trail.deed == "account.roll_view").count() == 1


@pytest.mark.parametrize("held", [True, False])
def test_the_bar_leads_to_the_roll_whose_turn_it_is_or_to_today(duty, app, held):
    if held:
        activity = make.activity()

    answer = duty.get("/attendance/now")

    assert answer.location == (f"/attendance/{activity.id}" if held else "/")


@pytest.mark.parametrize("order", ["waiting", "class", "name"])
@pytest.mark.parametrize("mode", ["in", "out"])
def test_the_number_of_a_heading_is_counted_by_the_marks_it_names(
    duty, reading, mode, order
):
    for n, facts in enumerate(({}, CAME, GONE, {"leave": "sick"})):
        make.attendance(reading, make.child(f"孩子{n}"), **facts)

    html = soup(duty.get(f"/attendance/{reading.id}?mode={mode}&order={order}"))

    for number in html.select("[data-live]"):
        rows = number.find_parent("section").select(".roll-row")
        marks = set(number["data-live"].split())
        assert int(number.text) == sum(bool(marks & set(row["class"])) for row in rows)


def test_yesterdays_roll_can_be_read_and_not_tapped(duty, reading, at):
    child = make.child()
    duty.post(url(reading, child, "sign-in"))
    at(MONDAY_4PM + timedelta(days=1))
    duty = duty.application.test_client()
    duty.post(
        "/login", data={"login": make.staff(login="li").login, "password": make.SECRET}
    )

    html = soup(duty.get(f"/attendance/{reading.id}"))

    row = html.find(id=f"row-{child.id}")
    assert state(row) == "未簽退 16:00 李老師"
    assert buttons(row) == []
    assert html.find(id="count").text.split()[4:6] == ["未簽退", "1"]


def test_a_class_teacher_sees_the_own_class_and_no_buttons(client_for, reading, at):
    at(MONDAY_4PM)
    teacher = make.staff(roles=("helper",))
    own = make.child("自", school_class=make.school_class(1, 1, teacher=teacher))
    make.child("他", school_class=make.school_class(2, 1))

    html = soup(client_for(teacher).get(f"/attendance/{reading.id}"))

    assert [row["id"] for row in html.find_all("li", class_="roll-row")] == [
        f"row-{own.id}"
    ]
    assert buttons(html.find(id=f"row-{own.id}")) == []
    assert counts(html) == [1, 0, 0, 1, 0]


def test_a_scanned_number_signs_in_and_says_so(duty, reading):
    child = make.child(name="小明", number="202611001")

    html = soup(
        duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"}, headers=PART)
    )

    assert Attendance.get().came_at == MONDAY_4PM
    assert (html.li["class"], html.li.text) == (["good"], "小明：簽到 16:00")
    assert html.find(id="found").text.strip() == ""
    assert html.find(id=f"row-{child.id}")["hx-swap-oob"] == "true"


def test_a_number_scanned_twice_keeps_the_first_arrival(duty, reading, at):
    make.child(number="202611001")
    duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"})
    at(SOON)

    duty.post(f"/attendance/{reading.id}/scan", data={"q": "202611001"})

    assert Attendance.get().came_at == MONDAY_4PM


def test_a_name_in_the_box_only_lists_and_signs_nobody_in(duty, reading):
    make.child(name="小明")

    html = soup(duty.post(f"/attendance/{reading.id}/scan", data={"q": "xm"}, headers=PART))

    assert [strong.text for strong in html.find(id="found").find_all("strong")] == ["小明"]
    assert Attendance.select().count() == 0


def test_an_unexpected_child_is_found_and_added(duty, app):
    reading = make.activity(expects="children")
    guest = make.child(name="客人", number="77")

    found = soup(duty.get(f"/attendance/{reading.id}/find?q=77", headers=PART))
    assert found.find(class_="tag").text == "不在名單"

    html = soup(duty.post(found.find(id="found").form["action"], headers=PART))
    assert html.find(id="walk-ins").find("li")["id"] == f"row-{guest.id}"
    assert counts(html) == [1, 1, 1, 0, 0]


def test_search_as_you_type_answers_with_the_list_only(duty, reading):
    make.child(name="小明")

    html = soup(duty.get(f"/attendance/{reading.id}/find?q=小", headers=PART))

    assert [tag["id"] for tag in html.find_all(recursive=False)] == ["found"]


def test_present_shows_whom_to_call_and_records_the_look(duty, reading):
    child = make.child(
        name="小明", carer_name="梁桂蘭", carer_relation="外婆", carer_phone="13477190000"
    )
    taps.sign_in(reading.id, child.id, by=make.actor(), at=MONDAY_4PM)

    html = soup(duty.get("/present"))

    cells = [cell.text for cell in html.find("tbody").find_all(["th", "td"])]
    assert cells[1:7] == [
        "小明",
        "三年級1班",
        "活動室",
        "16:00",
        "梁桂蘭（外婆）",
        "13477190000",
    ]
    assert Trail.select().order_by(-Trail.id).get().deed == "attendance.present"


def test_nobody_present_is_said_in_words(duty, app):
    html = soup(duty.get("/present"))

    assert html.h1.text == "在場 0 人"
    assert "現在沒有學生在場" in html.find(class_="empty").text


def test_after_the_start_all_in_asks_when_they_came(duty, reading, at):
    make.child("小明")
    at(reading.starts + timedelta(minutes=25))
    url = f"/attendance/{reading.id}/sign-all-in"

    asked = duty.post(url)
    assert asked.status_code == 422
    nobody = duty.post(url, data={"when": "in_time"})
    assert "請選擇是哪位老師說的。" in nobody.text
    assert Attendance.select().count() == 0

    duty.post(url, data={"when": "in_time", "says": "李老師"})

    assert Attendance.get().came_at == reading.starts
    line = Trail.select().order_by(Trail.id.desc()).first()
    assert (line.deed, line.detail) == ("attendance.all_in_time", "1；李老師")


def test_after_the_start_all_in_as_it_is_now_is_late(duty, reading, at):
    make.child("小明")
    now = reading.starts + timedelta(minutes=25)
    at(now)

    duty.post(f"/attendance/{reading.id}/sign-all-in", data={"when": "now"})

    assert Attendance.get().came_at == now


def test_a_closed_roll_has_nobody_here_any_more(client_for, reading, at):
    child = make.child("小明")
    row = make.attendance(reading, child, came_at=MONDAY_4PM)
    Activity.update(opened_at=MONDAY_4PM, closed_at=MONDAY_4PM).execute()
    Attendance.update(unsettled_reason="家人接走，忘了簽退").execute()
    at(MONDAY_4PM + timedelta(days=1))

    office = client_for(make.staff("林老師", roles=("office",)))
    html = soup(office.get(f"/attendance/{reading.id}"))

    assert "在場" not in html.find(id="count").text
    assert "未簽退 1" in " ".join(html.find(id="count").text.split())
    assert row.child_id == child.id


@pytest.mark.parametrize("deed", ["sign-in", "scan"])
def test_an_act_that_waited_has_its_own_time_and_the_trail_when_it_came_in(
    duty, reading, deed
):
    child = make.child("小明", number="G0044051")
    where = (
        f"/attendance/{reading.id}/scan" if deed == "scan" else url(reading, child, deed)
    )

    duty.post(where, data={"q": "G0044051", "ago": "90"})

    assert Attendance.get().came_at == MONDAY_4PM - timedelta(seconds=90)
    line = Trail.select().order_by(Trail.id.desc()).first()
    assert (line.deed, line.at) == ("attendance.sign_in", MONDAY_4PM)


@pytest.mark.parametrize("ago", ["-5", "1801", "²", "x", "9" * 99])
def test_a_wait_that_cannot_be_is_none(duty, reading, ago):
    child = make.child("小明")

    duty.post(url(reading, child, "sign-in"), data={"ago": ago})

    assert Attendance.get().came_at == MONDAY_4PM
