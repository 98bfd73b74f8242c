"""Closing over HTTP: the room check, the lock, what waits on 今日, and corrections."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import Activity, Attendance, CheckItem, Correction, RoomCheck

ENDS = MONDAY_4PM + timedelta(minutes=90)
OVERDUE = ENDS + timedelta(minutes=31)
TUESDAY = MONDAY_4PM + timedelta(days=1)


@pytest.fixture
def li(app):
    return make.staff("李老師")


@pytest.fixture
def teacher(client_for, li, at):
    at(ENDS)
    return client_for(li)


@pytest.fixture
def reading(li):
    """小明 came and went."""
    activity = make.activity(title="閱讀", duty=[li])
    make.attendance(activity, make.child("小明"), came_at=MONDAY_4PM, went_at=ENDS)
    return activity


@pytest.fixture
def forgotten(reading):
    Attendance.update(went_at=None).execute()
    return reading


def url(activity, deed="close"):
    return f"/attendance/{activity.id}/{deed}"


def ticked(li, **values):
    ticks = {f"ok_{item.id}": "y" for item in CheckItem.select()}
    return {**ticks, "locked_by": li.id, **values}


def close(client, activity, li, **values):
    return client.post(url(activity), data=ticked(li, **values))


def test_the_roll_offers_closing_once_everybody_is_out(teacher, reading):
    html = soup(teacher.get(f"/attendance/{reading.id}"))

    assert html.find(id="closing").a["href"] == url(reading)


def test_the_last_sign_out_brings_the_button(teacher, forgotten):
    assert soup(teacher.get(f"/attendance/{forgotten.id}")).find(id="closing").a is None

    html = soup(teacher.post(url(forgotten, "children/1/sign-out"), headers=PART))

    assert html.find(id="closing")["hx-swap-oob"] == "true"


def test_another_teacher_is_offered_nothing_and_refused(duty, reading, at):
    at(ENDS)

    assert soup(duty.get(f"/attendance/{reading.id}")).find(id="closing").a is None
    answer = duty.get(url(reading))
    assert (answer.status_code, soup(answer).h1.text) == (
        403,
        "只有這次活動的值班教師和辦公室可以關閉活動。",
    )


def test_closing_asks_the_room_and_preselects_oneself(teacher, reading, li):
    html = soup(teacher.get(url(reading)))

    assert len(html.select(".room-item")) == 10
    assert html.select("input[type=checkbox][checked]") == []
    assert html.select_one("#locked_by option[selected]")["value"] == str(li.id)


def test_all_in_order_ticks_and_saves_nothing(teacher, reading, li):
    answer = teacher.post(
        url(reading), data={"all": "1", "note_2": "壞", "locked_by": li.id}
    )

    html = soup(answer)
    assert len(html.select("input[type=checkbox][checked]")) == 9
    assert html.find(id="note_2")["value"] == "壞"
    assert Activity.get().closed_at is None


def test_a_closed_roll_says_so_and_takes_no_tap(teacher, reading, li):
    answer = close(teacher, reading, li)

    assert (answer.status_code, answer.location) == (303, f"/attendance/{reading.id}")
    html = soup(teacher.get(f"/attendance/{reading.id}"))
    facts = [dd.text for dd in html.select("section.card dd")]
    assert facts == ["2026-11-23 17:30 李老師", "李老師", "10 項全部正常"]
    assert [a.text for a in html.select(".roll-row .acts > *")] == ["更正"]
    tap = teacher.post(url(reading, "children/1/undo-out"), headers=PART)
    assert (tap.status_code, soup(tap).p.text) == (
        409,
        "這次活動已經關閉，簽到表不能再點。記錯了請用「更正」。",
    )
    assert Attendance.get().went_at == ENDS


def test_an_open_page_elsewhere_is_sent_to_the_closed_roll(teacher, reading, li):
    close(teacher, reading, li)

    answer = teacher.get(url(reading, "changes?since=0"), headers=PART)

    assert answer.headers["HX-Redirect"] == f"/attendance/{reading.id}"


def test_what_is_not_in_order_needs_a_note_and_typing_is_kept(teacher, reading, li):
    values = ticked(li, note="下雨")
    del values["ok_3"]

    answer = teacher.post(url(reading), data=values)

    html = soup(answer)
    assert answer.status_code == 422
    assert html.select_one("p.bad").text == "沒有打勾的項目，請寫明情況。"
    assert html.find(id="note")["value"] == "下雨"
    assert RoomCheck.select().count() == 0


def test_while_a_child_is_here_it_only_leads_back(teacher, forgotten, li):
    html = soup(teacher.get(url(forgotten)))

    assert html.h1.text == "還不能關閉"
    assert close(teacher, forgotten, li).status_code == 422
    assert Activity.get().closed_at is None


def test_overdue_it_asks_a_reason_for_the_child(teacher, forgotten, li, at):
    at(OVERDUE)

    short = soup(close(teacher, forgotten, li, reason_1="走了"))
    assert short.find(id="reason_1-errors").text == "請寫明原因，至少 4 個字。"

    close(teacher, forgotten, li, reason_1="家人接走")
    assert Attendance.get().unsettled_reason == "家人接走"
    html = soup(teacher.get(f"/attendance/{forgotten.id}"))
    state = " ".join(html.find(class_="state").text.split())
    assert state == "未簽退 16:00：家人接走"


def pending(client):
    """The buttons of 待辦, but for that of a school without a backup."""
    found = soup(client.get("/")).select(".pending a.button")
    return [(a.text, a["href"]) for a in found if a["href"] != "/backups"]


def test_today_lists_the_overdue_for_those_in_charge(teacher, forgotten, client_for, at):
    assert pending(teacher) == []
    at(OVERDUE)

    expected = [("關閉活動", url(forgotten))]
    assert pending(teacher) == expected
    assert pending(client_for(make.staff(roles=["office"]))) == expected
    for role in ("duty", "head", "helper", "counsellor", "admin"):
        assert pending(client_for(make.staff(roles=[role]))) == []


def test_today_lists_what_was_never_taken(client_for, li, at):
    missed = make.activity(duty=[li])
    at(TUESDAY)
    teacher = client_for(li)
    entry = ("按紙本補錄", f"/paper/activities/{missed.id}")

    assert pending(teacher) == [entry]
    assert pending(client_for(make.staff(roles=["head"]))) == []
    office = client_for(make.staff(roles=["office"]))
    assert pending(office) == [("補記取消", f"/activities/{missed.id}/cancel"), entry]
    assert pending(client_for(make.staff())) == []

    office.post(f"/activities/{missed.id}/cancel", data={"reason": "停電"})
    assert pending(office) == []


CORRECTED = {"came": "16:20", "went": "17:30", "leave": "", "reason": "記早了點"}


@pytest.fixture
def closed(teacher, reading, li):
    close(teacher, reading, li)
    return reading


def test_a_correction_is_shown_beside_the_roll(teacher, closed):
    answer = teacher.post(url(closed, "children/1/correct"), data=CORRECTED)

    assert answer.location == f"/attendance/{closed.id}#row-1"
    html = soup(teacher.get(f"/attendance/{closed.id}"))
    line = html.find(id="corrected").find_next("li")
    assert " ".join(line.text.split()) == (
        "小明 簽到：16:00 → 16:20，記早了點 李老師 2026-11-23 17:30"
    )


def test_a_correction_without_a_reason_keeps_the_typing(teacher, closed):
    answer = teacher.post(
        url(closed, "children/1/correct"), data={**CORRECTED, "reason": "錯"}
    )

    html = soup(answer)
    assert (answer.status_code, html.find(id="came")["value"]) == (422, "16:20")
    assert html.find(id="reason-errors").text == "請寫明原因，至少 4 個字。"
    assert Correction.select().count() == 0


def test_on_the_day_after_only_the_office_corrects(closed, li, client_for, at):
    at(TUESDAY)
    teacher = client_for(li)
    office = client_for(make.staff(roles=["office"]))

    assert teacher.get(url(closed, "children/1/correct")).status_code == 403
    assert soup(teacher.get(f"/attendance/{closed.id}")).select(".roll-row .acts") == []
    office.post(url(closed, "children/1/correct"), data=CORRECTED)
    assert Correction.get().new == "2026-11-23 16:20:00"


@pytest.mark.parametrize("deed", ["close", "children/1/correct"])
def test_missing_and_not_signed_in(app, teacher, deed):
    path = f"/attendance/77/{deed}"

    assert soup(teacher.get(path)).h1.text == "找不到這個頁面或記錄，它可能已被移走。"
    assert app.test_client().get(path).location == f"/login?next={path}"


def test_the_list_of_the_room_check_is_the_offices(office, duty):
    office.post("/settings/room-check", data={"name": "投影機已關", "key": "k"})
    office.post("/settings/room-check/1/rename", data={"name": "大門已鎖"})
    office.post("/settings/room-check/2/retire")

    html = soup(office.get("/settings/room-check"))
    names = [each.text for each in html.select("ul.backups strong")]
    assert (names[0], names[-2], names[-1]) == ("大門已鎖", "投影機已關", "窗戶已關好")
    office.post("/settings/room-check/2/bring-back")
    assert CheckItem.get_by_id(2).retired is False
    assert duty.get("/settings/room-check").status_code == 403


@pytest.mark.parametrize("path", ["/settings/room-check", "/settings/room-check/1/rename"])
def test_a_name_that_is_taken_is_refused_on_the_form(office, path):
    answer = office.post(path, data={"name": "窗戶已關好", "key": "k"})

    assert answer.status_code == 422
    assert soup(answer).select_one("p.bad").text == (
        "清單裏已經有「窗戶已關好」。請換一個名稱。"
    )


def test_the_grace_of_closing_is_a_setting(office):
    office.post("/settings", data={**make.SETTINGS, "closing_grace_minutes": "45"})

    html = soup(office.get("/settings"))
    assert html.find(id="closing_grace_minutes")["value"] == "45"
