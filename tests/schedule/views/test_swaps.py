"""Handing a duty over through the pages: asking, answering, and who sees what."""

from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schedule.store import swaps
from liushou_web.schema import ActivityDuty, DutySwap, SlotDuty

NOON = MONDAY_4PM.replace(hour=12)
WAITING = "已請王老師代班，等待答覆。"


@pytest.fixture
def li(app, at):
    at(NOON)
    return make.staff("李老師")


@pytest.fixture
def wang(li):
    return make.staff("王老師")


@pytest.fixture
def activity(li):
    return make.activity(duty=[li])


@pytest.fixture
def asker(client_for, li):
    return client_for(li)


@pytest.fixture
def colleague(client_for, wang):
    return client_for(wang)


@pytest.fixture
def secretary(client_for, li):
    return client_for(make.staff("林老師", roles=("office",)))


@pytest.fixture
def made(activity, li, wang):
    return swaps.ask(activity.id, wang.id, words="去縣裏開會", by=make.actor(li), at=NOON)


def words(element):
    return " ".join(element.text.split())


def notice(html):
    return html.find(id="notice").text.strip()


def ask(client, activity, person, **typed):
    data = {"asked_of": person.id, "words": "", "key": "one", **typed}
    return client.post(f"/activities/{activity.id}/swap", data=data)


def test_a_duty_teacher_asks_from_the_own_duties(asker, activity, wang):
    button = soup(asker.get("/schedule/mine")).find("a", string="請人代班")
    html = soup(asker.get(button["href"]))
    assert [words(label) for label in html.select(".checks label")] == ["王老師"]

    answer = ask(asker, activity, wang, words="去縣裏開會")

    assert (answer.status_code, answer.location) == (
        303,
        f"/schedule/mine#duty-{activity.id}",
    )
    html = soup(asker.get("/schedule/mine"))
    assert notice(html) == "已請王老師代班。接受以前，這次還是您值班。"
    assert html.select_one(".swap span").text == WAITING
    assert not html.find("a", string="請人代班")


def test_a_second_press_asks_no_second_time(asker, activity, wang):
    answers = [ask(asker, activity, wang).location for _ in range(2)]

    assert (DutySwap.select().count(), len(set(answers))) == (1, 1)


def test_who_is_busy_is_told_and_cannot_be_chosen(asker, activity, wang):
    make.activity(duty=[wang], room=make.room("閱讀室"))
    make.staff("孫老師")

    html = soup(asker.get(f"/activities/{activity.id}/swap"))

    assert [words(label) for label in html.select(".checks label")] == ["孫老師"]
    assert html.select_one("form .hint").text == (
        "那個時間要值別的班，不能請：王老師（閱讀室 16:00–17:30）。"
    )


def test_where_nobody_can_be_asked_the_page_says_so(asker, activity):
    html = soup(asker.get(f"/activities/{activity.id}/swap"))

    assert html.select_one(".warn").text == (
        "這個時間沒有別的值班教師可以請。請告訴留守兒童辦公室。"
    )
    assert [button.text for button in html.main.find_all("button")] == []


def test_nobody_chosen_is_told_and_the_words_are_kept(asker, activity, wang):
    answer = asker.post(
        f"/activities/{activity.id}/swap", data={"words": "開會", "key": "k"}
    )

    html = soup(answer)
    assert (answer.status_code, html.select_one(".error").text) == (422, "請選一位老師。")
    assert html.find(id="words")["value"] == "開會"


def test_a_refused_request_keeps_the_words(asker, activity, wang, made):
    answer = ask(asker, activity, make.staff("孫老師"), words="開會")

    html = soup(answer)
    assert (answer.status_code, html.select_one("form .bad").text) == (
        422,
        "這次值班已經請了一位老師，還在等答覆。要改請別人，請先撤回。",
    )
    assert html.find(id="words")["value"] == "開會"


def test_what_is_not_ones_own_duty_is_not_asked_for(asker, wang):
    others = make.activity(duty=[wang], room=make.room("閱讀室"))

    assert asker.get(f"/activities/{others.id}/swap").status_code == 409
    assert asker.get("/activities/99/swap").status_code == 404


@pytest.mark.parametrize("path", ["/", "/schedule/mine"])
def test_the_colleague_sees_it_and_accepts(colleague, asker, made, path):
    [item] = soup(colleague.get(path)).select(".pending li")
    assert words(item.span) == (
        "請您代班 李老師：11月23日 週一 16:00–17:30 作業輔導，活動室「去縣裏開會」"
    )
    [_, accept] = item.find_all("form")

    answer = colleague.post(accept["action"])

    html = soup(colleague.get(answer.location))
    assert notice(html) == "已接受。李老師的這次值班現在是您的了。"
    assert [words(one.select_one(".who")) for one in html.select(".duties li")] == [
        "王老師"
    ]
    assert html.select(".pending") == []
    settled = soup(asker.get("/schedule/mine")).select(".found li")
    assert [words(one) for one in settled] == [
        "11月23日 週一 16:00–17:30 作業輔導 請了王老師，11-23 12:00 答覆 已接受"
    ]


def test_the_colleague_declines(colleague, asker, made):
    decline = soup(colleague.get("/")).select_one(".pending form")

    answer = colleague.post(decline["action"])

    assert notice(soup(colleague.get(answer.location))) == "已謝絕。這次還是李老師值班。"
    html = soup(asker.get("/schedule/mine"))
    assert [tag.text for tag in html.select(".found .tag")] == ["已謝絕"]
    assert html.find("a", string="請人代班")


def test_the_asker_takes_it_back(asker, colleague, made):
    withdraw = soup(asker.get("/schedule/mine")).select_one(".swap form")

    answer = asker.post(withdraw["action"])

    html = soup(asker.get(answer.location))
    assert notice(html) == "已撤回對王老師的請求。這次還是您值班。"
    assert (html.select(".found"), html.find("a", string="請人代班").text) == (
        [],
        "請人代班",
    )
    assert soup(colleague.get("/")).select(".pending") == []


def test_a_late_answer_is_refused_in_words(client_for, wang, made, at):
    at(MONDAY_4PM)

    answer = client_for(wang).post(f"/swaps/{made.id}/accept")

    assert (answer.status_code, soup(answer).h1.text) == (
        409,
        "這次活動已經開始，不能再調換值班。請直接告訴留守兒童辦公室。",
    )
    assert ActivityDuty.get().staff_id == made.asked_by_id


def test_a_request_is_nobody_elses(asker, client_for, made):
    stranger = client_for(make.staff("孫老師"))

    for deed in ("accept", "decline", "withdraw"):
        assert stranger.post(f"/swaps/{made.id}/{deed}").status_code == 404
    assert asker.post(f"/swaps/{made.id}/accept").status_code == 404


def facts(html):
    names = [dt.text for dt in html.select("dl.facts dt")]
    return dict(zip(names, map(words, html.select("dl.facts dd")), strict=True))


def test_the_activitys_page_tells_everybody_who_took_over(
    colleague, client_for, made, activity, at
):
    at(NOON + timedelta(minutes=10))
    colleague.post(f"/swaps/{made.id}/accept")

    for role in ("duty", "office", "head", "counsellor"):
        client = client_for(make.staff(role, roles=(role,)))
        found = facts(soup(client.get(f"/activities/{activity.id}")))
        assert (found["值班"], found["調換"]) == (
            "王老師 少於兩人",
            "11-23 12:10 李老師的值班改由王老師",
        )


@pytest.mark.parametrize(
    ("reader", "seen", "buttons"),
    [
        ("asker", "李老師請王老師代班，等待答覆。「去縣裏開會」", ["撤回"]),
        ("colleague", "李老師請王老師代班，等待答覆。「去縣裏開會」", ["謝絕", "接受"]),
        ("secretary", "李老師請王老師代班，等待答覆。", []),  # the words are not for others
    ],
)
def test_what_is_still_asked_is_seen_by_the_two_and_the_office(
    request, made, activity, reader, seen, buttons
):
    html = soup(request.getfixturevalue(reader).get(f"/activities/{activity.id}"))

    [box] = html.select("main > .warn")
    assert words(box.p) == seen
    assert [button.text for button in box.find_all("button")] == buttons


def test_nobody_else_sees_what_is_asked(client_for, made, activity):
    stranger = client_for(make.staff("孫老師"))

    html = soup(stranger.get(f"/activities/{activity.id}"))

    assert (html.select("main > .warn"), html.find("a", string="請人代班")) == ([], None)


def test_the_activitys_page_leads_to_asking(asker, activity):
    html = soup(asker.get(f"/activities/{activity.id}"))

    assert html.find("a", string="請人代班")["href"] == f"/activities/{activity.id}/swap"


def test_the_week_and_the_wall_follow(colleague, made, activity, li):
    make.term()
    slot = make.slot()
    SlotDuty.create(slot=slot, staff=li)
    activity.slot = slot
    activity.save()

    colleague.post(f"/swaps/{made.id}/accept")

    week = soup(colleague.get("/schedule"))
    assert week.select_one(".week-grid .who").text == "王老師"
    wall = soup(colleague.get("/schedule/wall"))
    assert words(wall.select_one(".opening")) == "16:00–17:30 作業輔導 李老師"
    assert [words(line) for line in wall.select(".others li")] == [
        "11月23日 週一 16:00–17:30 作業輔導（活動室），值班改為王老師"
    ]


def test_the_office_is_told_of_a_swap_made_while_its_form_was_open(
    secretary, colleague, made, activity, li
):
    url = f"/activities/{activity.id}/edit"
    form = soup(secretary.get(url)).main.form
    typed = {
        field["name"]: field.get("value", "")
        for field in form.find_all("input")
        if field["type"] not in ("checkbox", "radio")
    }
    typed |= {"kind": "homework", "title": "新的", "expects": "all", "duty": li.id}
    typed |= {"room_id": activity.room_id, "deed": "save", "accepted": "y"}
    colleague.post(f"/swaps/{made.id}/accept")

    html = soup(secretary.post(url, data=typed))

    assert html.select_one("form .bad").text == (
        "您打開這一頁以後，李老師的值班改由王老師。請核對值班教師，再保存。"
    )
    assert html.find(id="handed")["value"] == "1"
    assert ActivityDuty.get().staff_id == made.asked_of_id
    assert html.find(id="title")["value"] == "新的"


@pytest.mark.parametrize("role", ["office", "head", "helper", "counsellor", "admin"])
def test_who_is_no_duty_teacher_neither_asks_nor_answers(client_for, made, activity, role):
    client = client_for(make.staff(roles=(role,)))

    assert client.get(f"/activities/{activity.id}/swap").status_code == 403
    assert client.post(f"/swaps/{made.id}/accept").status_code == 403


def test_a_name_is_never_converted(client_for, activity, li):
    make.staff("張麗華")
    li.script = "hans"
    li.save()

    html = soup(client_for(li).get(f"/activities/{activity.id}/swap"))

    assert [words(label) for label in html.select(".checks label")] == ["張麗華"]
    assert html.h1.text == "请人代班"
