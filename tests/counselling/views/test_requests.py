"""Asking for a time over HTTP: the form, the race that is lost, what is sealed, mine."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.counselling.rules.bookings import Words, unsealed
from liushou_web.schema import CounsellingBooking
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.store import vaults

NOW = MONDAY_4PM.replace(hour=8)
TWO = "2026-11-23T14:00:00"
TYPED = {"starts": TWO, "channel": "carer", "key": "one"}
NO_VAULT = "輔導老師還沒有設置筆記口令，這裏暫時不能寫原因和化名，請當面說。"


@pytest.fixture
def counsellor(app):
    return make.counsellor()


@pytest.fixture
def sun(counsellor):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def mine(sun):
    """A child of the teacher's own class."""
    return make.child("小明", school_class=make.school_class(3, 1, teacher=sun))


@pytest.fixture
def client(client_for, at, sun):
    at(NOW)
    return client_for(sun)


def vault(person):
    """The private key of a new vault of theirs."""
    new = sealing.new_vault("a long passphrase")
    vaults.set_up(person.id, new, by=make.actor(person), at=NOW)
    return sealing.unlock(new.wrapped, "a long passphrase")


def form_of(child):
    return f"/counselling/book?child_id={child.id}"


def lines(html):
    return [" ".join(li.get_text(" ").split()) for li in html.select("main .found li")]


def times(html):
    return [box["value"] for box in html.select(".free-days [name=starts]")]


def notice(html):
    return html.find(id="notice").text.strip()


def test_from_the_child_to_the_list_of_ones_own(client, mine):
    found = soup(client.get("/counselling/find?q=xm", headers=PART))
    assert [a["href"] for a in found.select("a")] == [
        f"/counselling/book?child_id={mine.id}"
    ]
    html = soup(client.get(form_of(mine)))
    assert html.h1.text == "為小明預約心理輔導"
    assert times(html)[:3] == [TWO, "2026-11-23T14:55:00", "2026-11-23T15:50:00"]
    assert [box["value"] for box in html.select("[name=channel][checked]")] == [
        "class_teacher"
    ]

    answer = client.post(form_of(mine), data=TYPED)

    assert (answer.status_code, answer.location) == (303, "/counselling")
    html = soup(client.get("/counselling"))
    assert notice(html) == "已提交，待定。輔導老師確認後，這裏會變成「已定」。"
    assert lines(html) == [
        "11月23日 週一 14:00–14:45 待定 小明 三年級1班 11月23日提出 · 心理輔導室 撤回"
    ]


def test_a_second_press_answers_like_the_first(client, mine):
    answers = [client.post(form_of(mine), data=TYPED) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/counselling"] * 2
    assert CounsellingBooking.select().count() == 1


def test_who_loses_the_race_reads_one_sentence_and_gets_the_next_times(
    client, counsellor, mine
):
    vault(counsellor)
    html = soup(client.get(form_of(mine)))
    make.booking(counsellor, MONDAY_4PM.replace(hour=14), kind="meeting")

    answer = client.post(form_of(mine), data={**TYPED, "reason": "睡不好", "urgent": "y"})

    html = soup(answer)
    assert answer.status_code == 422
    assert [p.text for p in html.select("form .bad")] == ["這個時間已被佔用。"]
    assert times(html)[:2] == ["2026-11-23T14:55:00", "2026-11-23T15:50:00"]
    assert html.select("[name=starts][checked]") == []
    assert html.find(id="reason").text.strip() == "睡不好"
    assert [box["name"] for box in html.select("[checked]")] == ["channel", "urgent"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"starts": ""}, "還沒有選時間。請選一個，或請輔導老師安排。"),
        ({"starts": "yesterday"}, "還沒有選時間。請選一個，或請輔導老師安排。"),
        ({"starts": "2026-11-23T09:00"}, "輔導老師這個時間不開放。請另選時間。"),
        ({"reason": "怕"}, "輔導老師還不能接收密封的內容。請刪去化名和原因，再提交一次。"),
    ],
)
def test_what_is_refused_is_told_on_top(client, mine, values, reason):
    answer = client.post(form_of(mine), data={**TYPED, **values})

    assert answer.status_code == 422
    assert [p.text for p in soup(answer).select("form .bad")] == [reason]
    assert CounsellingBooking.select().count() == 0


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"channel": ""}, "channel", "請選一項。"),
        ({"reason": "長" * 301}, "reason", "請不要超過 300 個字。"),
    ],
)
def test_a_wrong_field_is_told_beside_it(client, counsellor, mine, values, field, reason):
    vault(counsellor)

    answer = client.post(form_of(mine), data={**TYPED, **values})

    assert answer.status_code == 422
    assert soup(answer).find(id=f"{field}-errors").text == reason


def test_no_fitting_time_leaves_a_wish(client, mine):
    client.post(form_of(mine), data={**TYPED, "starts": "later", "urgent": "y"})

    row = CounsellingBooking.get()
    assert (row.starts, row.state, row.urgent) == (None, "waiting", True)
    assert lines(soup(client.get("/counselling"))) == [
        "等輔導老師安排 待定 緊急 小明 三年級1班 11月23日提出 撤回"
    ]


def test_the_reason_is_closed_before_it_is_kept(client, counsellor, mine):
    key = vault(counsellor)

    client.post(form_of(mine), data={**TYPED, "reason": "爸爸不接電話"})

    row = CounsellingBooking.get()
    assert unsealed(sealing.open_sealed(row.sealed, key)) == Words("", "爸爸不接電話")
    assert "爸爸不接電話".encode() not in bytes(row.sealed)
    assert "爸爸" not in client.get("/counselling").text


def test_an_alias_takes_the_place_of_a_name(client, counsellor):
    key = vault(counsellor)

    client.post("/counselling/book", data={**TYPED, "alias": "小鳥"})

    row = CounsellingBooking.get()
    assert (row.child_id, unsealed(sealing.open_sealed(row.sealed, key)).alias) == (
        None,
        "小鳥",
    )
    assert lines(soup(client.get("/counselling")))[0].split()[4:6] == [
        "不寫名字",
        "11月23日提出",
    ]


def test_without_a_vault_there_is_no_field_for_a_reason(client, counsellor):
    html = soup(client.get("/counselling/book"))
    assert html.find(id="reason") is None
    assert NO_VAULT in [p.text for p in html.select("form .hint")]

    vault(counsellor)
    html = soup(client.get("/counselling/book"))
    assert [html.find(id=name).name for name in ("reason", "alias")] == [
        "textarea",
        "input",
    ]


def test_the_limits_of_confidentiality_are_on_the_page(client, counsellor):
    for path in ("/counselling", "/counselling/book"):
        sentences = [p.text for p in soup(client.get(path)).select(".limits p")]

        assert sentences == [
            "孩子在輔導室說的話，輔導老師替孩子保密，不告訴同學、老師和家長。",
            "只有一種例外：孩子或別人可能受到傷害，或法律要求報告時，"
            "輔導老師會先告訴孩子，再告訴能保護孩子的人。",
        ]


def test_a_roll_that_expects_the_child_is_told_and_agreed_to(client, mine):
    make.activity(MONDAY_4PM.replace(hour=14), title="閱讀")

    answer = client.post(form_of(mine), data=TYPED)

    html = soup(answer)
    assert answer.status_code == 422
    assert [li.text for li in html.select(".warn li")] == [
        "那時候學生要參加「閱讀」（14:00–15:30）。"
    ]
    seen = html.find("input", {"name": "seen"})["value"]
    client.post(form_of(mine), data={**TYPED, "seen": seen, "accepted": "y"})
    assert CounsellingBooking.get().child_id == mine.id


def test_a_child_of_another_class_is_not_found(client, mine):
    other = make.child("小紅", school_class=make.school_class(4, 1))

    assert client.get(form_of(other)).status_code == 404
    assert client.post(form_of(other), data=TYPED).status_code == 404
    assert "小紅" not in client.get("/counselling/find").text


@pytest.mark.parametrize("role", ["duty", "office"])
def test_others_ask_for_any_child(client_for, at, counsellor, role):
    at(NOW)
    child, client = make.child("小紅"), client_for(make.staff(roles=(role,)))

    assert client.post(form_of(child), data=TYPED).status_code == 303


def test_another_counsellor_can_be_asked_instead(client, counsellor, mine):
    other = make.counsellor("馬老師")

    html = soup(client.get(form_of(mine)))
    link = f"/counselling/book?child_id={mine.id}&with={other.id}"
    assert link in [a["href"] for a in html.select("form a")]

    client.post(link, data=TYPED)
    assert CounsellingBooking.get().counsellor_id == other.id
    assert client.get(f"/counselling/book?with={counsellor.id + 99}").status_code == 404


def test_without_a_counsellor_it_says_what_to_do(office):
    html = soup(office.get("/counselling/book"))

    assert html.select_one(".empty p").text == (
        "還沒有「心理輔導教師」角色的賬號。請系統管理員添加，之後就能預約。"
    )


def test_an_empty_list_has_the_one_button(client):
    (link,) = soup(client.get("/counselling")).select(".empty a")

    assert (link.text, link["href"]) == ("預約心理輔導", "/counselling/find")


def test_one_takes_ones_own_back_and_again(client, sun, counsellor, mine):
    row = make.booking(counsellor, MONDAY_4PM, by=sun, child=mine)

    answer = client.post(f"/counselling/{row.id}/withdraw")
    assert answer.location == f"/counselling#booking-{row.id}"
    assert (
        "取消 小明 三年級1班 11月23日提出 · 預約人撤回 恢復"
        in lines(soup(client.get("/counselling")))[0]
    )

    client.post(f"/counselling/{row.id}/restore")
    assert CounsellingBooking.get().state == "booked"


def test_nobody_elses_is_taken_back(client, counsellor):
    row = make.booking(counsellor, MONDAY_4PM, by=make.staff("李老師"))

    assert client.post(f"/counselling/{row.id}/withdraw").status_code == 404
    assert client.post("/counselling/999/restore").status_code == 404
    assert client.get("/counselling").text.count("booking-") == 0


def test_what_has_begun_stays(client, sun, counsellor, at):
    row = make.booking(counsellor, NOW, by=sun)

    answer = client.post(f"/counselling/{row.id}/withdraw", headers=PART)

    assert (answer.status_code, soup(answer).text.strip()) == (
        409,
        "這次輔導已經開始，不能撤回。",
    )


def test_the_counsellor_books_for_herself_at_once(client_for, at, counsellor):
    at(NOW)
    child = make.child("小紅")

    answer = client_for(counsellor).post(form_of(child), data=TYPED)

    assert answer.location == "/counselling/desk?day=2026-11-23"
    assert CounsellingBooking.get().state == "booked"


@pytest.mark.parametrize("role", ["head", "admin"])
def test_leaders_and_the_administrator_do_not_ask(client_for, counsellor, role):
    client = client_for(make.staff(roles=(role,)))

    for path in ("/counselling", "/counselling/find", "/counselling/book"):
        assert client.get(path).status_code == 403


def test_without_a_login_it_leads_to_the_login(app):
    answer = app.test_client().get("/counselling")

    assert answer.location.startswith("/login")


def test_what_is_settled_long_ago_is_listed_no_more(client, sun, counsellor, mine):
    long_ago = NOW - timedelta(days=61)
    make.booking(counsellor, long_ago, by=sun, child=mine, state="done", asked_at=long_ago)

    assert lines(soup(client.get("/counselling"))) == []
