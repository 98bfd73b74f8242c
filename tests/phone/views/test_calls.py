"""The desk at the family phone over HTTP: the queue, the taps, who may, without htmx."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import Call, CallWish, NumberFault, School, Trail
from liushou_web.school.auth import roles_of_view

YESTERDAY = MONDAY_4PM - timedelta(days=1)
LATER = MONDAY_4PM + timedelta(minutes=8)
OLD = "13900000001"
FAMILY = {"mother_name": "王芳", "mother_phone": OLD, "carer_relation": "奶奶",
          "carer_name": "李桂蘭", "carer_phone": "0730-6221234"}  # fmt: skip


@pytest.fixture
def child(app):
    return make.child("小明", parents_free="週日休息", **FAMILY)


@pytest.fixture
def line(app):
    return make.phone()


def text(part):
    return " ".join(part.get_text(" ").split())


def rows(html, heading):
    section = html.find(id=heading).find_parent("section")
    return [text(row) for row in section.select("li")]


def start_of(child, line, contact="mother"):
    return f"/calls/children/{child.id}/{contact}/start/{line.id}"


# The desk


def test_a_free_line_says_so_and_whether_it_is_open(duty, line):
    closed = soup(duty.get("/calls")).find(id=f"line-{line.id}").find_parent("section")
    make.phone_hours()
    open_ = soup(duty.get("/calls")).find(id=f"line-{line.id}").find_parent("section")

    assert text(closed) == "電話一 電話 · 親情電話室 空閒，不在開放時間"
    assert text(open_) == "電話一 電話 · 親情電話室 空閒"


def test_a_busy_line_says_who_talks_to_whom_since_when(duty, at, child, line):
    call = make.call(child, result="", phone=line)
    at(LATER)

    card = soup(duty.get("/calls")).find(id=f"call-{call.id}")

    assert text(card.find_all("p")[0]) == "小明 三年級1班 打給媽媽 王芳"
    assert text(card.find_all("p")[1]) == "通話中 16:00 起， 8 分鐘"
    taps = [button.text for button in card.select(".results button")]
    assert taps == ["接通", "未接", "忙", "停用"]
    assert OLD not in str(card)


def test_after_its_slot_a_call_is_asked_for_with_a_suggestion(duty, at, child, line):
    School.update(call_minutes=15).execute()
    make.call(child, result="", phone=line)
    at(MONDAY_4PM + timedelta(minutes=15))

    asked = soup(duty.get("/calls")).select_one(".phone-line .warn")

    assert text(asked.span) == (
        "已過 15 分鐘，結束了嗎？如果早就結束了，請補記（可能是 16:15 ）。"
    )
    assert Call.get().ended_at is None


def test_yesterdays_call_is_one_tap_from_being_settled(duty, child, line):
    call = make.call(child, YESTERDAY, result="", phone=line)

    card = soup(duty.get("/calls")).find(id=f"call-{call.id}")

    assert text(card.select_one(".bad")).startswith("11月22日 16:00 開始的通話沒有結束。")
    assert card.a["href"] == f"/calls/{call.id}/tell"
    assert card.select(".results") == []


def test_the_queue_tells_why_and_when_the_parents_can_answer(duty, child, line):
    make.call(child, MONDAY_4PM - timedelta(days=23))
    slot = {"starts": MONDAY_4PM.time(), "ends": LATER.time()}
    make.wish(child, phone=line, **slot)
    never = make.child("小紅")
    make.wish(never)

    html = soup(duty.get("/calls"))

    assert rows(html, "queue") == [
        "小明 三年級1班 23 天沒有通話 · 今天還沒試過 約了 16:00 電話一"
        " 父母方便：週日休息 撤回 約時間 打電話",
        "小紅 三年級1班 從來沒有打過 · 今天還沒試過 撤回 約時間 打電話",
    ]


def test_who_waited_longest_can_be_called_without_having_asked(duty, child, line):
    html = soup(duty.get("/calls"))

    assert text(html.find(id="queue").find_next("p")) == (
        "今天沒有人在排隊。孩子來了，點「找別的孩子」，找到名字就能打。"
    )
    assert rows(html, "longest") == [
        "小明 三年級1班 從來沒有打過 父母方便：週日休息 排隊 約時間 打電話"
    ]


def test_a_school_without_phones_says_what_to_do(duty, office):
    (notice,) = soup(duty.get("/calls")).select("#desk .empty")
    button = soup(office.get("/calls")).select_one("#desk .empty a")

    assert text(notice) == "還沒有電話。請留守兒童辦公室在「電話和開放時間」裏添加。"
    assert (button.text, button["href"]) == ("添加電話", "/phones")


def test_the_desk_refreshes_itself_only_when_something_changed(duty, child, line):
    seen = soup(duty.get("/calls")).find(id="desk")["hx-get"]

    assert duty.get(seen, headers=PART).status_code == 204
    make.wish(child)
    again = duty.get(seen, headers=PART)

    assert again.status_code == 200
    assert soup(again).find("h1") is None
    assert soup(again).find(id="queue").span.text == "1 人"


def test_a_child_is_found_by_name(duty, child, line):
    found = duty.get("/calls/find?q=xm", headers=PART)
    nobody = soup(duty.get("/calls/find?q=zz"))

    assert soup(found).find("h1") is None
    assert [strong.text for strong in soup(found).select("li strong")] == ["小明"]
    assert text(nobody.find(id="results")) == (
        "沒有找到「zz」。可以試姓名、拼音首字母或學籍號。"
    )


# Dialling


def test_whom_to_call_with_masked_numbers(duty, child, line):
    html = soup(duty.get(f"/calls/children/{child.id}"))

    contacts = [text(a) for a in html.select(".contacts a")]
    assert contacts == ["媽媽 王芳 139****0001", "奶奶 李桂蘭 073****1234"]
    assert Trail.select().where(Trail.deed == "calls.reveal").count() == 0


def test_a_dead_number_is_told_before_it_is_dialled(duty, child, line):
    call = make.call(child, result="out_of_order")
    found = {"found_at": MONDAY_4PM, "found_by": call.started_by_id}
    NumberFault.create(child=child, contact="mother", number=OLD, call=call, **found)

    html = soup(duty.get(f"/calls/children/{child.id}"))

    assert [tag.text for tag in html.select(".contacts .tag")] == ["上次打不通：停用"]


def test_the_number_is_shown_to_who_dials_and_told_on_the_trail(duty, child, line):
    html = soup(duty.get(f"/calls/children/{child.id}/mother"))

    assert html.select_one(".dial-number").text == OLD
    assert [b.text for b in html.select(".starts button")] == ["開始 · 電話一"]
    line_of_trail = Trail.select().order_by(Trail.id.desc()).first()
    assert (line_of_trail.deed, line_of_trail.subject_id, line_of_trail.detail) == (
        "calls.reveal", child.id, "媽媽",
    )  # fmt: skip


def test_no_number_is_shown_while_no_line_is_free(duty, child, line):
    make.call(make.child("小紅"), result="", phone=line)

    dial = soup(duty.get(f"/calls/children/{child.id}"))
    answer = duty.get(f"/calls/children/{child.id}/mother")

    sentence = "現在沒有空的線。等一條線空出來，再選打給誰。"
    assert dial.select_one(".warn").text == sentence
    assert (answer.status_code, soup(answer).h1.text) == (409, sentence)
    assert OLD not in answer.text


def test_without_a_number_only_video_lines_are_offered(duty, line):
    make.phone("視頻電腦", "video")
    child = make.child("小明", father_name="李勇")

    html = soup(duty.get(f"/calls/children/{child.id}/father"))

    assert [b.text for b in html.select(".starts button")] == ["開始 · 視頻電腦"]


def test_a_family_without_contacts_says_what_to_do(duty, line):
    html = soup(duty.get(f"/calls/children/{make.child().id}"))

    assert text(html.select_one(".empty")).startswith("檔案裏沒有家人的姓名和電話。")


def test_start_leads_to_the_number_while_it_is_dialled(duty, child, line):
    answer = duty.post(start_of(child, line))

    call = Call.get()
    assert (answer.status_code, answer.location) == (303, f"/calls/{call.id}")
    html = soup(duty.get(answer.location))
    assert html.select_one(".dial-number").text == OLD
    assert len(html.select(".results button")) == 4
    assert "hx-post" not in html.select_one(".results form").attrs


def test_the_loser_of_a_race_reads_that_the_line_is_busy(duty, child, line):
    make.call(make.child("小紅"), result="", phone=line)

    answer = duty.post(start_of(child, line))

    assert (answer.status_code, soup(answer).h1.text) == (409, "這條線正在通話。")


def test_once_over_the_page_of_the_number_shows_no_number(duty, child, line):
    call = make.call(child, result="busy", phone=line)

    answer = duty.get(f"/calls/{call.id}")

    assert (answer.status_code, answer.location) == (303, f"/calls#call-{call.id}")


def test_a_contact_that_left_the_file_during_the_call_breaks_nothing(duty, child, line):
    call = make.call(child, result="", phone=line, contact="father", callee="李勇")

    html = soup(duty.get(f"/calls/{call.id}"))

    assert html.select_one(".dial-number").text == "檔案裏沒有電話號碼，只能視頻"
    assert len(html.select(".results button")) == 4


# The end


@pytest.fixture
def call(child, line):
    return make.call(child, result="", phone=line)


def test_the_tap_of_the_result_ends_it_and_shows_the_faces(duty, at, call):
    at(LATER)

    answer = duty.post(f"/calls/{call.id}/end/connected", headers=PART)

    html = soup(answer)
    assert not html.find("html")
    assert html.find(id="desk").find(id="fresh")
    assert rows(html, "fresh") == [
        "小明 三年級1班 16:00–16:08 媽媽 王芳 · 接通 8 分鐘 電話一 高興 平靜 難過 撤銷"
    ]
    row = Call.get()
    assert (row.result, row.ended_at) == ("connected", LATER)


def test_without_htmx_it_comes_back_to_the_row(duty, at, call):
    at(LATER)

    answer = duty.post(f"/calls/{call.id}/end/no_answer")

    assert (answer.status_code, answer.location) == (303, f"/calls#call-{call.id}")
    assert Call.get().result == "no_answer"


@pytest.fixture
def forgotten(child, line):
    return make.call(child, YESTERDAY, result="", phone=line)


def test_a_forgotten_call_is_not_ended_by_a_tap(duty, forgotten):
    answer = duty.post(f"/calls/{forgotten.id}/end/connected", headers=PART)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert text(soup(answer)) == (
        "這次通話早就結束了，現在不是它的結束時間。請補記結束時間。"
    )


def test_a_face_is_one_tap_and_words_stand_beside_it(duty, at, call):
    duty.post(f"/calls/{call.id}/end/connected")

    html = soup(duty.post(f"/calls/{call.id}/feeling/sad", headers=PART))

    pressed = {b.text.strip(): b["aria-pressed"] for b in html.select(".faces button[id]")}
    assert pressed == {"高興": "false", "平靜": "false", "難過": "true"}
    assert Call.get().feeling == "sad"


def test_start_and_end_are_taken_back_for_some_minutes(duty, at, call):
    duty.post(f"/calls/{call.id}/end/busy")
    duty.post(f"/calls/{call.id}/undo-end", headers=PART)
    assert Call.get().result == ""

    duty.post(f"/calls/{call.id}/undo-start", headers=PART)
    assert Call.select().count() == 0


def test_the_latest_of_one_second_is_the_first(duty, line):
    names = [f"孩子{n}" for n in range(14)]
    for name in names:
        make.call(make.child(name), phone=line, minutes=0)

    shown = soup(duty.get("/calls")).find(id="fresh").find_parent("section")

    assert [strong.text for strong in shown.select("li strong")] == names[:1:-1]


def test_what_is_older_is_corrected_instead(duty, at, child, line):
    make.call(child, phone=line)
    at(MONDAY_4PM + timedelta(minutes=30))

    (row,) = rows(soup(duty.get("/calls")), "ended")

    assert row.endswith("高興 平靜 難過 更正")


# Telling


def test_the_suggestion_is_the_end_of_the_slot(duty, at, call):
    at(MONDAY_4PM + timedelta(minutes=25))

    html = soup(duty.get(f"/calls/{call.id}/tell"))

    assert html.h1.text == "補記小明的通話"
    assert html.find(id="ended")["value"] == "16:10"
    assert html.select("[name=result][checked]") == []


def test_told_as_suggested_or_otherwise(duty, forgotten):
    typed = {"result": "connected", "ended": "16:12"}
    answer = duty.post(f"/calls/{forgotten.id}/tell", data=typed)

    row = Call.get()
    assert answer.status_code == 303
    assert row.ended_at == YESTERDAY + timedelta(minutes=12)
    assert row.end_told_at == MONDAY_4PM


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"ended": "16:10"}, "result", "請選擇結果。"),
        ({"result": "busy"}, "ended", "請填寫結束時間，或者勾選「不記得幾點結束」。"),
        (
            {"result": "busy", "ended": ""},
            "ended",
            "請填寫結束時間，或者勾選「不記得幾點結束」。",
        ),
    ],
)
def test_what_is_missing_is_told_beside_it(duty, at, call, typed, field, reason):
    answer = duty.post(f"/calls/{call.id}/tell", data=typed)

    html = soup(answer)
    beside = html.find(id=f"{field}-errors") or html.select_one(".wrong .error")
    assert (answer.status_code, beside.text) == (422, reason)
    assert Call.get().result == ""


def test_nobody_remembers_is_an_answer(duty, forgotten):
    duty.post(f"/calls/{forgotten.id}/tell", data={"result": "unknown", "unknown": "y"})

    row = Call.get()
    assert (row.result, row.ended_at) == ("unknown", None)
    html = soup(duty.get(f"/calls/{forgotten.id}/tell"))
    assert html.find(id="ended").get("value", "") == ""


def test_a_refusal_is_told_on_top_and_the_typing_kept(duty, at, call):
    at(LATER)

    typed = {"result": "connected", "ended": "15:00"}
    answer = duty.post(f"/calls/{call.id}/tell", data=typed)

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("form [role=alert]").text == "結束時間不能早於開始時間 16:00。"
    assert html.find(id="ended")["value"] == "15:00"


def test_a_correction_of_the_result_keeps_the_second_of_the_end(duty, at, child, line):
    ended = LATER.replace(second=30)
    call = make.call(child, phone=line, ended_at=ended)
    at(MONDAY_4PM + timedelta(minutes=30))

    duty.post(f"/calls/{call.id}/tell", data={"result": "busy", "ended": "16:08"})

    row = Call.get()
    assert (row.result, row.ended_at) == ("busy", ended)


def test_the_minute_of_the_start_is_an_end(duty, at, child, line):
    call = make.call(child, MONDAY_4PM.replace(second=40), result="", phone=line)
    at(LATER)

    duty.post(f"/calls/{call.id}/tell", data={"result": "busy", "ended": "16:00"})

    assert Call.get().ended_at == MONDAY_4PM.replace(second=40)


# 今日


def test_a_call_of_today_is_not_on_today(duty, call):
    assert soup(duty.get("/")).select(".pending li") == []


def test_a_forgotten_call_is_on_today_until_it_is_told(duty, forgotten):
    assert text(soup(duty.get("/")).select_one(".pending li.bad")) == (
        "通話沒有結束 11月22日 週日 16:00 小明 打給媽媽，電話一 李老師 補記結束時間"
    )
    duty.post(f"/calls/{forgotten.id}/tell", data={"result": "unknown", "unknown": "y"})

    assert soup(duty.get("/")).find(id="unended") is None


# Waiting


def test_asking_and_withdrawing_on_the_desk(duty, child, line):
    html = soup(duty.post(f"/calls/children/{child.id}/ask", headers=PART))
    assert rows(html, "queue")[0].startswith("小明")

    wish = CallWish.get()
    html = soup(duty.post(f"/calls/wishes/{wish.id}/withdraw", headers=PART))
    assert html.find(id="queue").span.text == "0 人"


def test_asking_without_htmx_says_for_which_day(duty, child, line):
    answer = duty.post(f"/calls/children/{child.id}/ask")

    assert answer.location == "/calls"
    notice = soup(duty.get("/calls")).find(id="notice")
    assert notice.text.strip() == "已排隊：11月23日 週一。"


def test_a_time_is_booked_from_the_free_slots(duty, child, line):
    make.phone_hours()
    html = soup(duty.get(f"/calls/children/{child.id}/book"))
    groups = [group["label"] for group in html.select("optgroup")]
    assert groups[:2] == ["11月23日 週一 · 電話一", "11月30日 週一 · 電話一"]
    assert html.select_one("optgroup option").text == "11月23日 週一 16:00"

    slot = {"slot": f"{line.id} 2026-11-23T16:30:00"}
    answer = duty.post(f"/calls/children/{child.id}/book", data=slot)

    assert answer.location == "/calls"
    notice = soup(duty.get("/calls")).find(id="notice")
    assert notice.text.strip() == "小明約在11月23日 週一 16:30。"
    assert f"{CallWish.get().starts:%H:%M}" == "16:30"


def test_a_slot_that_is_gone_is_no_choice(duty, child, line):
    make.phone_hours()
    slot = {"phone": line, "starts": MONDAY_4PM.time(), "ends": LATER.time()}
    make.wish(make.child("小紅"), **slot)

    gone = {"slot": f"{line.id} 2026-11-23T16:00:00"}
    answer = duty.post(f"/calls/children/{child.id}/book", data=gone)

    assert answer.status_code == 422
    assert soup(answer).find(id="slot-errors").text != ""
    assert CallWish.select().count() == 1


def test_without_open_hours_there_is_nothing_to_book(duty, office, child, line):
    notice = soup(duty.get(f"/calls/children/{child.id}/book")).select_one(".warn")
    button = soup(office.get(f"/calls/children/{child.id}/book")).select_one("a.primary")

    assert text(notice) == (
        "接下來沒有可以約的時間。請留守兒童辦公室先設開放時間，或者只排隊。"
    )
    assert button["href"] == "/phones/hours/new"


def test_only_duty_teachers_and_the_office_have_a_desk(app):
    with app.app_context():
        desk = [name for name in app.view_functions if name.startswith("calls.")]
        roles = {frozenset(roles_of_view(name)) for name in desk}

    assert len(desk) == 11
    assert roles == {frozenset({"duty", "office"})}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/calls/9"),
        ("get", "/calls/9/tell"),
        ("get", "/calls/children/9"),
        ("get", "/calls/children/9/mother"),
        ("post", "/calls/9/end/busy"),
        ("post", "/calls/9/feeling/sad"),
        ("post", "/calls/9/undo-start"),
        ("post", "/calls/9/undo-end"),
        ("post", "/calls/children/9/ask"),
        ("post", "/calls/wishes/9/withdraw"),
        ("post", "/calls/9/end/maybe"),
    ],
)
def test_what_is_not_there_is_not_found(duty, line, method, path):
    answer = getattr(duty, method)(path)

    assert answer.status_code == 404
    assert soup(answer).h1.text == "找不到這個頁面或記錄，它可能已被移走。"
