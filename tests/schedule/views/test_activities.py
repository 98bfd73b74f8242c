"""Activities of one date: arranged, changed, moved, cancelled, restored; who sees what."""

from datetime import datetime, timedelta

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.schema import Activity, ActivityChild, ActivityDuty


@pytest.fixture
def typed(app):
    """The form of an activity on Tuesday with two teachers."""
    teachers = [make.staff(name="李老師"), make.staff(name="王老師")]
    return {
        "key": "k1",
        "day": "2026-11-24",
        "room_id": make.room().id,
        "starts": "15:00",
        "ends": "16:00",
        "title": "消防演練",
        "kind": "drill",
        "duty": [teacher.id for teacher in teachers],
        "expects": "all",
        "find": "",
        "found": "",
        "deed": "save",
    }


def facts(html):
    """The page's facts, by their names."""
    names = [dt.text for dt in html.select("dl.facts dt")]
    words = [" ".join(dd.text.split()) for dd in html.select("dl.facts dd")]
    return dict(zip(names, words, strict=True))


def test_an_activity_is_arranged(office, typed):
    answer = office.post("/activities/new", data=typed)

    made = Activity.get()
    assert (answer.status_code, answer.location) == (303, f"/activities/{made.id}")
    html = soup(office.get(answer.location))
    assert html.h1.text == "消防演練"
    assert facts(html) == {
        "時間": "2026年11月24日 星期二 15:00–16:00",
        "房間": "活動室",
        "種類": "消防演練",
        "值班": "李老師、王老師",
        "參加": "全體在冊學生",
    }


def test_what_was_held_without_a_plan_is_entered_on_demand_and_says_so(office, typed):
    typed["day"] = "2026-11-20"

    refused = office.post("/activities/new", data=typed)
    entered = office.post("/activities/new", data={**typed, "held": "y"})

    assert refused.status_code == 422
    shown = soup(office.get(entered.location))
    assert "沒有事先安排" in shown.select_one(".warn").text


def test_a_second_press_arranges_no_second_one(office, typed):
    first = office.post("/activities/new", data=typed)

    second = office.post("/activities/new", data=typed)

    assert (second.location, Activity.select().count()) == (first.location, 1)


def test_a_room_that_is_taken_comes_back_with_the_typing(office, typed):
    make.activity(datetime(2026, 11, 24, 14, 30), title="秘密")

    answer = office.post("/activities/new", data=typed)

    html = soup(answer)
    assert (answer.status_code, html.select_one(".bad").text) == (
        422,
        "該房間在 11-24 15:00–16:00 已被佔用。請改時間或換房間。",
    )
    assert html.find(id="title")["value"] == "消防演練"
    assert "秘密" not in html.text


def test_too_few_teachers_must_be_accepted(office, typed):
    typed["duty"] = typed["duty"][:1]

    answer = office.post("/activities/new", data=typed)

    html = soup(answer)
    assert (answer.status_code, html.select_one(".warn li").text) == (
        422,
        "值班教師少於兩人。",
    )
    seen = html.find("input", {"name": "seen"})["value"]
    accepted = {**typed, "seen": seen, "accepted": "y"}
    assert office.post("/activities/new", data=accepted).status_code == 303


def test_a_tick_for_one_worry_does_not_accept_another(office, typed):
    typed["duty"] = typed["duty"][:1]
    html = soup(office.post("/activities/new", data=typed))
    seen = html.find("input", {"name": "seen"})["value"]
    make.activity(
        datetime(2026, 11, 24, 15), room=make.room("禮堂"), title="排練", duty=typed["duty"]
    )

    answer = office.post("/activities/new", data={**typed, "seen": seen, "accepted": "y"})

    assert (answer.status_code, [li.text for li in soup(answer).select(".warn li")]) == (
        422,
        ["值班教師少於兩人。", "李老師 11月24日 15:00–16:30 還要在禮堂值班（排練）。"],
    )


def test_the_form_begins_with_the_day_and_room_of_the_link(office):
    make.room("活動室")
    hall = make.room("禮堂")

    html = soup(office.get(f"/activities/new?day=2026-11-25&room={hall.id}"))

    assert html.find(id="day")["value"] == "2026-11-25"
    assert html.select_one("#room_id [selected]").text == "禮堂"


def test_an_activity_is_changed(office, typed):
    activity = make.activity()
    form = soup(office.get(f"/activities/{activity.id}/edit"))
    assert form.find(id="starts")["value"] == "16:00"

    answer = office.post(f"/activities/{activity.id}/edit", data=typed)

    changed = Activity.get()
    assert (answer.status_code, answer.location) == (303, f"/activities/{activity.id}")
    assert (changed.title, changed.starts) == ("消防演練", datetime(2026, 11, 24, 15))


def test_a_date_of_a_series_is_changed_in_its_place(office, typed):
    activity = make.activity(slot=make.slot())
    assert soup(office.get(f"/activities/{activity.id}/edit")).find(id="starts") is None

    office.post(f"/activities/{activity.id}/edit", data=typed)

    changed = Activity.get()
    assert (changed.title, changed.starts) == ("消防演練", MONDAY_4PM)
    assert {row.staff_id for row in ActivityDuty.select()} == set(typed["duty"])


MOVE = {"day": "2026-11-25", "starts": "14:00", "ends": "15:00", "reason": "禮堂借用"}


def test_a_date_is_moved_with_a_reason(office, typed):
    activity = make.activity(duty=typed["duty"])

    answer = office.post(
        f"/activities/{activity.id}/move", data={**MOVE, "room_id": activity.room_id}
    )

    html = soup(office.get(answer.location))
    assert answer.status_code == 303
    assert facts(html)["時間"] == "2026年11月25日 星期三 14:00–15:00"
    assert html.select_one(".warn").text == "由 11月23日 週一 16:00 改來：禮堂借用"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "有的內容需要修改，請看標紅的項目。"),
        ({"ends": "13:00"}, "結束時間必須晚於開始時間。"),
        ({"day": "2026-11-26"}, "該房間在 11-26 14:00–15:00 已被佔用。請改時間或換房間。"),
    ],
)
def test_a_move_that_cannot_be_comes_back(office, typed, change, words):
    activity = make.activity(duty=typed["duty"])
    make.activity(datetime(2026, 11, 26, 14))

    answer = office.post(
        f"/activities/{activity.id}/move",
        data={**MOVE, "room_id": activity.room_id, **change},
    )

    assert (answer.status_code, soup(answer).select_one(".bad").text) == (422, words)
    assert Activity.get_by_id(activity.id).starts == MONDAY_4PM


def test_a_date_is_cancelled_with_a_reason_and_restored(office):
    activity = make.activity()

    answer = office.post(f"/activities/{activity.id}/cancel", data={"reason": "停電"})

    assert (answer.status_code, answer.location) == (303, f"/activities/{activity.id}")
    html = soup(office.get(answer.location))
    assert (html.h1["class"], html.select_one(".bad").text) == (["struck"], "已取消：停電")
    office.post(f"/activities/{activity.id}/restore")
    assert Activity.get().cancelled_at is None


def test_cancelling_needs_a_reason(office):
    activity = make.activity()

    answer = office.post(f"/activities/{activity.id}/cancel", data={"reason": " "})

    assert (answer.status_code, Activity.get().cancelled_at) == (422, None)


def test_it_is_not_restored_into_a_taken_room(office):
    activity = make.activity(cancelled_at=MONDAY_4PM, cancel_reason="停電")
    make.activity()

    answer = office.post(f"/activities/{activity.id}/restore")

    assert (answer.status_code, soup(answer).h1.text) == (
        409,
        "該房間在 11-23 16:00–17:30 已被佔用。請改時間或換房間。",
    )


@pytest.mark.parametrize("deed", ["edit", "move"])
def test_the_past_is_not_changed(office, typed, deed):
    activity = make.activity(MONDAY_4PM - timedelta(days=1))

    answer = office.get(f"/activities/{activity.id}/{deed}")

    assert (answer.status_code, soup(answer).h1.text) == (
        409,
        "這次活動已經結束，過去的記錄不能修改。",
    )


def test_a_past_activity_says_so_and_can_only_be_cancelled(office):
    activity = make.activity(MONDAY_4PM - timedelta(days=1))

    html = soup(office.get(f"/activities/{activity.id}"))

    assert [a.text for a in html.main.select(".button.danger")] == ["沒有舉行，補記取消"]
    assert html.select_one("main > .hint").text == "這次活動已經結束，過去的記錄不能修改。"


def labels(html):
    return [link.text for link in html.main.select("a.button, button")]


def test_each_role_has_its_own_buttons(office, duty, counsellor):
    url = f"/activities/{make.activity().id}"

    assert labels(soup(office.get(url))) == ["打開簽到表", "修改", "改期", "取消這一次"]
    assert labels(soup(duty.get(url))) == ["打開簽到表"]
    assert labels(soup(counsellor.get(url))) == []


def chosen(*children):
    activity = make.activity(expects="children")
    for child in children:
        ActivityChild.create(activity=activity, child=child)
    return f"/activities/{activity.id}"


@pytest.mark.parametrize("role", ["counsellor", "office", "head"])
def test_those_who_may_read_the_register_see_who_is_chosen(client_for, at, role):
    at(MONDAY_4PM)
    url = chosen(make.child("小明"), make.child("小紅"))

    html = soup(client_for(make.staff(roles=(role,))).get(url))

    assert facts(html)["參加"] == "指定學生 2 名：小紅、小明"


@pytest.mark.parametrize("role", ["duty", "admin"])
def test_others_see_only_how_many_are_chosen(client_for, at, role):
    at(MONDAY_4PM)
    url = chosen(make.child("小明"), make.child("小紅"))

    answer = client_for(make.staff(roles=(role,))).get(url)

    assert facts(soup(answer))["參加"] == "指定學生 2 名"
    assert "小明" not in answer.get_data(as_text=True)


def test_a_class_teacher_sees_the_names_of_their_own(client_for, at):
    at(MONDAY_4PM)
    teacher = make.staff(roles=("helper",))
    own = make.school_class(4, 1, teacher=teacher)
    url = chosen(make.child("小明", school_class=own), make.child("小紅"))

    assert facts(soup(client_for(teacher).get(url)))["參加"] == "指定學生 2 名：小明"


DEEDS = ["/new", "/1/edit", "/1/move", "/1/cancel", "/1/restore"]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("role", ["duty", "counsellor", "helper", "head", "admin"])
def test_only_the_office_arranges(client_for, at, typed, role, deed):
    at(MONDAY_4PM)
    make.activity()

    answer = client_for(make.staff(roles=(role,))).post(
        f"/activities{deed}", data={**typed, "reason": "停電"}
    )

    assert (answer.status_code, soup(answer).h1.text) == (403, "您的角色不能使用這個頁面。")
    assert [(row.title, row.cancelled_at) for row in Activity.select()] == [
        ("作業輔導", None)
    ]


@pytest.mark.parametrize("path", ["", "/edit", "/move", "/cancel"])
def test_an_activity_that_is_not_there(office, path):
    assert office.get(f"/activities/9{path}").status_code == 404


def test_an_activity_is_behind_the_login(app):
    answer = app.test_client().get("/activities/1")

    assert (answer.status_code, answer.location) == (303, "/login?next=/activities/1")
