"""The counsellor's own pages: the desk, hours, follow-ups; and 今日."""

import time
from datetime import timedelta
from hashlib import sha256

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.counselling.rules.bookings import Words, to_seal
from liushou_web.counselling.store import handover
from liushou_web.schema import (
    CounsellingBooking,
    CounsellingException,
    CounsellingHours,
    School,
    Staff,
)
from liushou_web.vaults import keyring
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import vaults

NOW = MONDAY_4PM
EARLIER = NOW - timedelta(hours=2)
LATER = NOW + timedelta(days=1)
DESK = "/counselling/desk"


@pytest.fixture
def counsellor(app):
    return make.counsellor()


@pytest.fixture
def client(client_for, at, counsellor):
    at(NOW)
    return client_for(counsellor)


@pytest.fixture
def key(counsellor):
    """The private key of her vault, which is locked."""
    new = sealing.new_vault("a long passphrase")
    vaults.set_up(counsellor.id, new, by=make.actor(counsellor), at=NOW)
    return sealing.unlock(new.wrapped, "a long passphrase")


def unlock(client, person, key):
    """As after the passphrase: the key lies with this login, in memory."""
    with client.session_transaction() as session:
        login = sha256(session["_user_id"].encode()).hexdigest()
    keyring._open[login] = keyring.Sitting(person.id, key, time.monotonic())


def rows(html):
    return [" ".join(li.get_text(" ").split()) for li in html.select("main .bookings li")]


def state():
    return [row.state for row in CounsellingBooking.select().order_by("id")]


def test_the_desk_shows_who_waits_and_the_week(client, counsellor):
    sun, child = make.staff("孫老師"), make.child("小明")
    make.booking(
        counsellor, None, by=sun, child=child, state="waiting", urgent=True, channel="carer"
    )
    make.booking(counsellor, LATER, by=sun, state="waiting")
    (
        make.booking(counsellor, EARLIER, child=child),
        make.booking(counsellor, EARLIER - timedelta(hours=2), kind="meeting"),
    )

    html = soup(client.get(DESK))

    assert rows(html) == [
        "還沒有時間 待定 緊急 小明 三年級1班"
        " 監護人來電提出 · 孫老師 11月23日 安排時間 取消",
        "11月24日 週二 16:00–16:45 待定 不寫名字 孫老師 11月23日 確認 改期 取消",
        "12:00–12:45 已定 會談、會議 何老師 11月23日 完成 改期 取消 再約幾次",
        "14:00–14:45 已定 小明 三年級1班 何老師 11月23日 完成 未到 改期 取消 再約幾次",
        "這一天的都在上面的「待定」裏。",
    ]


def test_what_is_booked_while_she_is_away_is_marked(client, counsellor):
    make.booking(counsellor, LATER), make.booking(counsellor, LATER + timedelta(days=1))
    make.booking(
        counsellor, LATER + timedelta(hours=2), state="cancelled", cancel_reason="mistake"
    )
    make.counselling_exception(counsellor, LATER.date())

    marked = [
        li for li in soup(client.get(DESK)).select(".bookings li") if "您不在" in li.text
    ]

    assert [li.b.text for li in marked] == ["16:00–16:45"]


@pytest.mark.parametrize(
    ("deed", "starts", "before", "after"),
    [
        ("confirm", LATER, "waiting", "booked"),
        ("finish", EARLIER, "booked", "done"),
        ("miss", EARLIER, "booked", "missed"),
    ],
)
def test_a_step_and_its_undoing(client, counsellor, deed, starts, before, after):
    row = make.booking(counsellor, starts, state=before)

    answer = client.post(f"{DESK}/{row.id}/{deed}")
    assert answer.location == f"{DESK}?day={starts.date()}#booking-{row.id}"
    assert state() == [after]

    client.post(f"{DESK}/{row.id}/undo/{after}")
    assert state() == [before]


def test_a_refused_step_is_told(client, counsellor):
    row = make.booking(counsellor, LATER)

    answer = client.post(f"{DESK}/{row.id}/finish")

    assert (answer.status_code, soup(answer).h1.text) == (
        409,
        "時間還沒有到，不能登記結果。",
    )


def test_another_counsellors_are_not_found(client):
    row = make.booking(make.counsellor("馬老師"), LATER)

    for path in ("cancel", "move", "follow"):
        assert client.get(f"{DESK}/{row.id}/{path}").status_code == 404
    for path in ("confirm", "finish", "miss", "undo/booked"):
        assert client.post(f"{DESK}/{row.id}/{path}").status_code == 404
    assert rows(soup(client.get(f"{DESK}?day={LATER.date()}"))) == []


def test_cancelling_asks_for_a_reason_that_who_asked_sees(client, counsellor, client_for):
    sun = make.staff("孫老師")
    row = make.booking(counsellor, LATER, by=sun)
    path = f"{DESK}/{row.id}/cancel"

    assert client.post(path).status_code == 422
    client.post(path, data={"reason": "counsellor_away"})

    assert state() == ["cancelled"]
    html = soup(client_for(sun).get("/counselling"))
    assert "輔導老師有事" in html.select_one("main .found li").text


def test_the_rest_of_a_series_is_cancelled_where_asked(client, counsellor):
    first = make.booking(counsellor, LATER)
    for n in (1, 2):
        make.booking(counsellor, LATER + timedelta(weeks=n), series=first.id)
    CounsellingBooking.update(series=first.id).execute()
    path = f"{DESK}/{first.id}/cancel"
    assert "以後的 2 次也一起取消" in client.get(path).text

    client.post(path, data={"reason": "not_needed", "rest": "y"})

    assert state() == ["cancelled"] * 3


@pytest.fixture
def told(counsellor, key):
    """A booking with words for her."""
    sealed = sealing.seal(to_seal(Words("小鳥", "夜裏睡不好")), sealing.public_of(key))
    return make.booking(counsellor, LATER, sealed=sealed)


def words(answer):
    """What stands where the words of the first booking would."""
    html = soup(answer).select_one("main .bookings li .what")
    return " ".join(html.select_one(".as-typed, strong ~ .soft").get_text(" ").split())


def test_words_are_closed_until_she_unlocks(client, told):
    answer = client.get(DESK)

    link = soup(answer).select_one(".bookings .what a")
    assert words(answer) == "已密封，解鎖後可讀 解鎖"
    assert link["href"] == "/notes/hidden?next=/counselling/desk"
    assert "小鳥" not in answer.text
    assert "Refresh" not in answer.headers


def test_unlocked_from_the_desk_she_reads_them_there(client, told):
    link = soup(client.get(DESK)).select_one(".bookings .what a")
    asked = soup(client.get(link["href"])).find("input", {"name": "next"})["value"]
    typed = {"passphrase": "a long passphrase", "next": asked}

    unlocked = client.post("/notes/unlock", data=typed)
    answer = client.get(unlocked.location)

    assert unlocked.location == DESK
    assert rows(soup(answer))[0].startswith("16:00–16:45 已定 小鳥 （化名） 夜裏睡不好")
    assert answer.headers["Refresh"] == "301"


def test_without_a_vault_it_says_where_to_begin_one(client, counsellor):
    make.booking(counsellor, LATER)

    hint = soup(client.get(DESK)).select_one("main p.hint")

    assert hint.text == "還沒有設置筆記口令，預約時不能寫原因和化名。去設置"
    assert hint.a["href"] == "/notes/vault"


def handed_over(counsellor, key):
    """Her vault is another's now; the key, by which that one reads."""
    new, by = (
        make.vault(make.staff("周老師", roles=("counsellor",))),
        make.actor(counsellor),
    )
    handover.hand_over(vaults.of(counsellor.id), key, new, by=by, at=NOW)
    return make.key_of(new)


def test_after_the_hand_over_it_says_who_can_tell_her(client, counsellor, key, told):
    CounsellingBooking.update(starts=EARLIER, ends=NOW, state="done").execute()

    handed_over(counsellor, key)

    assert words(client.get(DESK)) == (
        "這段話是為以前的密封筆記封的，您現在打不開。記錄已交接，請問接手的老師。"
    )


def test_a_new_vault_does_not_open_what_the_old_one_did(client, counsellor, key, told):
    CounsellingBooking.update(starts=EARLIER, ends=NOW, state="done").execute()
    handed_over(counsellor, key)

    unlock(client, counsellor, make.key_of(make.vault(counsellor)))

    assert words(client.get(DESK)) == (
        "這段話用現在的口令打不開：它是為以前的密封筆記封的，或已損壞。請問提出預約的人。"
    )


def test_the_next_reads_what_was_settled_but_answers_nothing(
    client_for, at, counsellor, key, told
):
    at(NOW)
    CounsellingBooking.update(starts=EARLIER, ends=NOW, state="done").execute()
    new_key, zhou = handed_over(counsellor, key), vaults.counsellors_with_vault()[0]
    client = client_for(Staff.get_by_id(zhou.id))

    unlock(client, zhou, new_key)
    html = soup(client.get(DESK))

    assert rows(html) == [
        "14:00–16:00 完成 由何老師交接 小鳥 （化名） 夜裏睡不好 何老師 11月23日"
    ]
    assert client.get(f"{DESK}/{told.id}/follow").status_code == 404


def test_damaged_words_are_told_as_such_and_the_page_stays(client, counsellor, key):
    make.booking(counsellor, LATER, sealed=b"\x01closed")
    unlock(client, counsellor, key)

    answer = client.get(DESK)

    assert (answer.status_code, words(answer)[:12]) == (200, "這段話用現在的口令打不開")


def test_a_wish_gets_a_free_time(client, counsellor):
    row = make.booking(counsellor, None, state="waiting")
    path = f"{DESK}/{row.id}/move"
    html = soup(client.get(path))
    value = html.select_one(".free-days [name=starts]")["value"]
    assert value == "2026-11-30T14:00:00"

    answer = client.post(path, data={"starts": value, "room_id": row_room(), "key": "k"})

    assert answer.location == f"{DESK}?day=2026-11-30#booking-{row.id}"
    assert (state(), CounsellingBooking.get().starts.isoformat()) == (["booked"], value)


def row_room():
    return make.counselling_room().id


def test_or_any_other_time_that_she_types(client, counsellor):
    row = make.booking(counsellor, LATER)
    typed = {"day": "2026-11-24", "begins": "19:00", "ends": "20:00", "room_id": row_room()}

    client.post(f"{DESK}/{row.id}/move", data={**typed, "key": "k"})

    moved = CounsellingBooking.get()
    assert f"{moved.starts:%d %H:%M}–{moved.ends:%H:%M}" == "24 19:00–20:00"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "還沒有選時間。請選一個，或請輔導老師安排。"),
        ({"starts": "later"}, "還沒有選時間。請選一個，或填寫別的時間。"),
        ({"day": "2026-11-24"}, "請填寫日期和時間。"),
        ({"day": "2026-11-25", "begins": "10:00", "ends": "11:00"}, "這個時間已被佔用。"),
    ],
)
def test_a_move_that_is_refused_says_why(client, counsellor, typed, words):
    row = make.booking(counsellor, LATER)
    make.booking(counsellor, (NOW + timedelta(days=2)).replace(hour=10))

    answer = client.post(
        f"{DESK}/{row.id}/move", data={"key": "k", "room_id": row_room(), **typed}
    )

    assert (answer.status_code, soup(answer).select_one("form .bad").text) == (422, words)
    assert CounsellingBooking.get_by_id(row.id).starts == LATER


def test_she_holds_a_time_for_something_else(client, counsellor):
    typed = {"kind": "meeting", "day": "2026-11-24", "begins": "10:00", "ends": "11:00"}

    answer = client.post(f"{DESK}/block", data={**typed, "room_id": row_room(), "key": "k"})

    assert answer.location.startswith(f"{DESK}?day=2026-11-24")
    row = CounsellingBooking.get()
    assert (row.kind, row.state, row.child_id) == ("meeting", "booked", None)
    again = client.post(f"{DESK}/block", data={**typed, "room_id": row_room(), "key": "n"})
    assert soup(again).select_one("form .bad").text == "這個時間已被佔用。"


def test_follow_ups_are_shown_before_they_are_booked(client, counsellor):
    first = make.booking(counsellor, NOW, child=make.child("小明"))
    make.booking(counsellor, NOW + timedelta(weeks=1), kind="meeting")
    make.closed((NOW + timedelta(weeks=2)).date(), "國慶節")
    path, typed = f"{DESK}/{first.id}/follow", {"weeks": 1, "times": 3, "key": "k"}

    html = soup(client.post(path, data={**typed, "deed": "preview"}))
    shown = [" ".join(li.get_text(" ").split()) for li in html.select(".dates li")]
    assert shown == [
        "11月30日 週一 已佔用，跳過",
        "12月7日 週一 停課：國慶節",
        "12月14日 週一 可用",
    ]
    seen = html.find("input", {"name": "seen"})["value"]

    refused = client.post(path, data={**typed, "deed": "save", "seen": seen})
    assert soup(refused).select_one("form .bad").text.startswith("有 1 個日期已被佔用")
    client.post(path, data={**typed, "deed": "save", "seen": seen, "skip": "y"})
    assert (
        CounsellingBooking.select().where(CounsellingBooking.series == first.id).count()
        == 2
    )


def test_too_many_follow_ups_are_refused_beside_the_field(client, counsellor):
    first = make.booking(counsellor, NOW)

    answer = client.post(
        f"{DESK}/{first.id}/follow", data={"weeks": 1, "times": 21, "key": "k"}
    )

    assert (answer.status_code, soup(answer).find(id="times-errors").text) == (
        422,
        "請填寫 1 到 20 的整數。",
    )


def test_today_has_the_day_in_order_and_one_button_for_each_who_waits(client, counsellor):
    child = make.child("小明")
    make.booking(counsellor, NOW + timedelta(hours=1), child=child)
    make.booking(counsellor, EARLIER, child=child, state="done")
    make.booking(counsellor, LATER, child=child, state="waiting")
    make.booking(counsellor, None, state="waiting", urgent=True)
    make.booking(counsellor, NOW, child=child, state="cancelled", cancel_reason="mistake")

    html = soup(client.get("/"))

    waits = [li.select_one("a, button").text for li in html.select(".pending li")]
    today = [li.b.text for li in html.select("[aria-labelledby=sessions] li")]
    assert (waits, today) == (["安排時間", "確認"], ["14:00–14:45", "17:00–17:45"])


def test_nobody_else_has_that_on_today(head, counsellor):
    make.booking(counsellor, NOW, child=make.child("小明"))

    assert soup(head.get("/")).find(id="sessions") is None


HOURS = {"weekday": 2, "starts": "09:00", "ends": "11:00", "key": "k"}


def test_hours_are_added_and_removed(client, counsellor):
    answer = client.post("/counselling/hours", data={**HOURS, "room_id": row_room()})
    assert answer.location == "/counselling/hours"
    html = soup(client.get("/counselling/hours"))
    listed = [" ".join(li.get_text(" ").split()) for li in html.select("main .found li")]
    assert listed == [
        "星期一 14:00–17:00 心理輔導室 刪除",
        "星期三 09:00–11:00 心理輔導室 刪除",
    ]

    client.post(f"/counselling/hours/{CounsellingHours.get().id}/remove")
    assert [line.weekday for line in CounsellingHours.select()] == [2]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"weekday": 0, "starts": "16:00", "ends": "18:00"}, "時間不能重疊"),
        ({"starts": "11:00", "ends": "09:00"}, "結束時間必須晚於開始時間"),
    ],
)
def test_hours_that_are_refused_come_back_with_the_typing(client, typed, words):
    data = {**HOURS, **typed, "room_id": row_room()}

    answer = client.post("/counselling/hours", data=data)

    html = soup(answer)
    assert answer.status_code == 422
    assert words in html.select_one("form .bad").text
    assert html.find(id="starts")["value"] == data["starts"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"kind": "away"}, ("away", None, None)),
        ({"kind": "away", "starts": "14:00", "ends": "15:00"}, ("away", "14:00", None)),
        ({"kind": "extra", "starts": "19:00", "ends": "20:00"}, ("extra", "19:00", "room")),
    ],
)
def test_exceptions_are_kept_and_removed(client, typed, kept):
    data = {"first_day": "2026-11-30", "room_id": row_room(), "key": "k", **typed}

    client.post("/counselling/hours/exceptions", data=data)

    row = CounsellingException.get()
    starts = f"{row.starts:%H:%M}" if row.starts else None
    assert (row.kind, starts, "room" if row.room_id else None) == kept
    client.post(f"/counselling/hours/exceptions/{row.id}/remove")
    assert CounsellingException.select().count() == 0


def test_extra_hours_need_times(client):
    data = {"kind": "extra", "first_day": "2026-11-30", "room_id": row_room(), "key": "k"}

    answer = client.post("/counselling/hours/exceptions", data=data)

    assert soup(answer).select_one("form .bad").text == "請填寫日期和時間。"


def test_lengths_are_set_within_bounds(client):
    typed = {"counselling_minutes": 50, "counselling_pause": 0, "counselling_threshold": 2}
    path = "/counselling/hours/lengths"

    answer = client.post(path, data=typed)
    assert (
        soup(answer).find(id="counselling_threshold-errors").text
        == "請填寫 3 到 20 的整數。"
    )

    client.post(path, data={**typed, "counselling_threshold": 5})
    school = School.get()
    assert (school.counselling_minutes, school.counselling_pause) == (50, 0)
    assert school.counselling_threshold == 5


def test_without_a_room_it_says_who_can_help(client_for, at):
    at(NOW)
    client = client_for(make.staff(roles=("counsellor",)))

    for path in ("/counselling/hours", f"{DESK}/block"):
        assert "請留守兒童辦公室" in soup(client.get(path)).select_one(".empty p").text


@pytest.mark.parametrize("role", ["duty", "office", "head", "helper", "admin"])
def test_the_desk_and_the_hours_are_the_counsellors_alone(client_for, counsellor, role):
    client, row = client_for(make.staff(roles=(role,))), make.booking(counsellor, LATER)

    for path in (DESK, "/counselling/hours", f"{DESK}/{row.id}/cancel", f"{DESK}/block"):
        assert client.get(path).status_code == 403
