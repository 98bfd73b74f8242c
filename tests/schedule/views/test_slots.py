"""Weekly openings: typed, previewed, saved as previewed; changed and ended."""

from datetime import date, datetime

import make
import pytest
from kit import PART, soup

from liushou_web.schema import Activity, ActivityChild, ActivityDuty, Slot

WEDNESDAY = 2


@pytest.fixture
def term(app):
    return make.term(first_day=date(2026, 11, 23), last_day=date(2027, 1, 31))


@pytest.fixture
def typed(term):
    """The form of a ten-week opening with two teachers."""
    teachers = [make.staff(name="李老師"), make.staff(name="王老師")]
    return {
        "key": "k1",
        "term_id": term.id,
        "weekday": WEDNESDAY,
        "room_id": make.room().id,
        "starts": "16:30",
        "ends": "18:00",
        "title": "",
        "kind": "reading",
        "duty": [teacher.id for teacher in teachers],
        "expects": "all",
        "find": "",
        "found": "",
    }


def sent(form):
    """All that a page's form would send, ticked boxes included."""
    fields = form.find_all("input", {"name": True})
    ticked = [
        field
        for field in fields
        if field.get("type") not in ("checkbox", "radio") or field.has_attr("checked")
    ]
    data = {}
    for field in ticked:
        data.setdefault(field["name"], []).append(field.get("value", ""))
    return data


def previewed(client, typed, url="/slots/new"):
    answer = client.post(url, data={**typed, "deed": "preview"})
    assert answer.status_code == 200
    return soup(answer)


def saved(client, html, url="/slots/new", **ticks):
    form = html.find("main").find("form")
    return client.post(url, data={**sent(form), "deed": "save", **ticks})


def dates(html):
    return [" ".join(line.text.split()) for line in html.select(".dates li")]


def test_the_preview_lists_every_date_with_its_state(office, typed):
    make.closed(date(2026, 12, 2), "校運會")
    make.activity(datetime(2026, 12, 9, 16), title="家長會")

    html = previewed(office, typed)

    assert dates(html)[:4] == [
        "11月25日 週三 可用",
        "12月2日 週三 停課：校運會",
        "12月9日 週三 與「家長會」時間衝突，跳過",
        "12月16日 週三 可用",
    ]
    assert html.select_one(".hint").text == ("共 10 個日期，可以開放 8 次，時間衝突 1 次。")
    assert Slot.select().count() == 0


def test_saving_makes_what_was_previewed(office, typed):
    make.activity(datetime(2026, 12, 9, 16))

    answer = saved(office, previewed(office, typed))

    slot = Slot.get()
    assert (answer.status_code, answer.location) == (303, f"/slots/{slot.id}")
    assert Activity.select().where(Activity.slot == slot.id).count() == 9
    assert slot.title == "閱讀"


def test_a_second_press_answers_like_the_first(office, typed):
    html = previewed(office, typed)
    first = saved(office, html)

    second = saved(office, html)

    assert (second.status_code, second.location) == (303, first.location)
    assert Slot.select().count() == 1


def test_what_changed_meanwhile_is_shown_again(office, typed):
    html = previewed(office, typed)
    make.activity(datetime(2026, 12, 9, 16), title="家長會")

    answer = saved(office, html)

    again = soup(answer)
    assert answer.status_code == 422
    assert again.select_one(".bad").text.startswith("核對之後情況有變")
    assert dates(again)[2] == "12月9日 週三 與「家長會」時間衝突，跳過"
    assert Slot.select().count() == 0
    assert saved(office, again).status_code == 303


def test_clashes_that_are_not_to_be_skipped_stop_the_saving(office, typed):
    make.activity(datetime(2026, 12, 9, 16))
    data = sent(previewed(office, typed).main.form)
    del data["skip"]

    answer = office.post("/slots/new", data={**data, "deed": "save"})

    html = soup(answer)
    assert (answer.status_code, Slot.select().count()) == (422, 0)
    assert html.select_one(".bad").text.startswith("有 1 個日期時間衝突")
    assert not html.find(id="skip").has_attr("checked")


def test_one_teacher_alone_must_be_accepted(office, typed):
    html = previewed(office, {**typed, "duty": typed["duty"][:1]})
    assert html.select_one(".warn li").text == "值班教師少於兩人。"

    refused = saved(office, html)
    assert refused.status_code == 422
    assert soup(refused).select_one(".bad").text == (
        "還沒有保存。請先看一遍提醒，再勾選「我知道了，仍要保存」。"
    )

    assert saved(office, soup(refused), accepted="y").status_code == 303


def test_a_teacher_in_two_rooms_is_shown(office, typed):
    make.activity(
        datetime(2026, 12, 9, 17),
        room=make.room("圖書室"),
        title="借書",
        duty=typed["duty"][:1],
    )

    (warning,) = previewed(office, typed).select(".warn li")

    assert warning.text == "李老師 12月9日 17:00–18:30 還要在圖書室值班（借書）。"


def test_coming_back_from_the_preview_keeps_the_typing(office, typed):
    html = previewed(office, {**typed, "title": "晨讀"})

    answer = office.post("/slots/new", data={**sent(html.main.form), "deed": "edit"})

    form = soup(answer)
    assert answer.status_code == 200
    assert form.find(id="title")["value"] == "晨讀"
    assert form.find(id="starts")["value"] == "16:30"
    assert len(form.select("[name=duty][checked]")) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends": "16:00"}, "結束時間必須晚於開始時間。"),
        ({"expects": "classes"}, "請至少選一個班級，或改為全體在冊學生。"),
        ({"expects": "children"}, "請至少選一名學生，或改為全體在冊學生。"),
        ({"starts": ""}, "有的內容需要修改，請看標紅的項目。"),
    ],
)
def test_what_is_wrong_comes_back_in_words(office, typed, change, words):
    answer = office.post("/slots/new", data={**typed, **change, "deed": "preview"})

    assert (answer.status_code, soup(answer).select_one(".bad").text) == (422, words)


def test_children_are_found_and_chosen_without_javascript(office, typed):
    child = make.child("小明")
    make.child("小紅")
    asked = {**typed, "expects": "children", "find": "xm", "deed": "preview"}

    found = soup(office.post("/slots/new", data=asked))
    boxes = found.select("[name=children]")
    assert [int(box["value"]) for box in boxes] == [child.id]

    chosen = {**asked, "found": "xm", "children": [child.id]}
    saved(office, previewed(office, chosen))
    assert {row.child_id for row in ActivityChild.select()} == {child.id}


def test_a_search_that_was_not_made_yet_comes_before_the_preview(office, typed):
    chosen, wanted = make.child("小明"), make.child("小紅")
    asked = {**typed, "expects": "children", "children": [chosen.id], "find": "小紅"}

    answer = office.post("/slots/new", data={**asked, "deed": "preview"})

    html = soup(answer)
    boxes = [
        (int(b["value"]), b.has_attr("checked")) for b in html.select("[name=children]")
    ]
    assert (answer.status_code, html.h1.text) == (200, "新的固定開放")
    assert boxes == [(chosen.id, True), (wanted.id, False)]


def test_a_search_answers_htmx_with_the_list_only(office, typed):
    child = make.child("小明")

    answer = office.post("/slots/new?deed=find", data={**typed, "find": "小"}, headers=PART)

    html = soup(answer)
    assert answer.status_code == 200
    assert html.find(True)["id"] == "children"
    assert [int(box["value"]) for box in html.select("[name=children]")] == [child.id]
    assert not html.find("html")


def test_the_list_says_how_many_it_leaves_out(office, typed):
    for n in range(33):
        make.child(f"小明{n}")

    html = soup(
        office.post("/slots/new?deed=find", data={**typed, "find": "小"}, headers=PART)
    )

    assert len(html.select("[name=children]")) == 30
    assert html.select(".hint")[-1].text == "還有 3 名沒有列出，請多輸入幾個字。"


def test_without_a_term_the_way_leads_to_the_calendar(office):
    make.room()

    assert soup(office.get("/slots/new")).h1.text == "先填寫學期"


def test_without_a_room_the_way_leads_to_the_rooms(office, term):
    html = soup(office.get("/slots/new"))

    assert html.h1.text == "先添加房間"
    assert html.select_one(".empty a")["href"] == "/rooms"


def made(client, typed):
    saved(client, previewed(client, typed))
    return Slot.get()


def test_the_openings_of_the_term_are_listed(office, typed):
    slot = made(office, typed)

    card = soup(office.get("/slots")).select_one(".cards .card")

    assert card.a["href"] == f"/slots/{slot.id}"
    assert [" ".join(p.text.split()) for p in card.find_all("p")] == [
        "星期三 16:30–18:00 活動室",
        "值班：李老師、王老師",
        "還有 10 次，下一次 11月25日。",
    ]


def test_without_openings_the_page_has_the_one_button(office, term):
    empty = soup(office.get("/slots")).select_one(".empty")

    assert empty.a["href"] == "/slots/new"


def test_an_opening_shows_its_dates(duty, office, typed):
    slot = made(office, typed)

    html = soup(duty.get(f"/slots/{slot.id}"))

    assert len(html.select(".event")) == 10
    assert html.select_one(".actions") is None


def test_the_rest_is_changed_from_a_date_on(office, typed):
    slot = made(office, typed)
    url = f"/slots/{slot.id}/change"
    form = soup(office.get(url))
    assert form.find(id="first_day")["value"] == "2026-11-25"
    asked = {**typed, "first_day": "2026-12-09", "title": "書法", "weekday": 3}

    html = previewed(office, asked, url)
    answer = saved(office, html, url)

    assert (answer.status_code, answer.location) == (303, f"/slots/{slot.id}")
    days = [(row.starts.day, row.title) for row in Activity.select().limit(4)]
    assert days == [(25, "閱讀"), (2, "閱讀"), (10, "書法"), (17, "書法")]


def test_dates_that_go_are_named_in_the_preview(office, typed):
    slot = made(office, typed)
    asked = {**typed, "first_day": "2027-01-20", "weekday": 3}

    html = previewed(office, asked, f"/slots/{slot.id}/change")

    gone = " ".join(html.select_one(".warn").text.split())
    assert gone == "按新的安排不再開放：1月20日（週三）、1月27日（週三）。"


def test_the_rest_is_cancelled_and_resumed(office, typed):
    slot = made(office, typed)
    data = {"first_day": "2026-12-09", "reason": "老師外派"}

    answer = office.post(f"/slots/{slot.id}/end", data=data)

    assert (answer.status_code, answer.location) == (303, f"/slots/{slot.id}")
    html = soup(office.get(f"/slots/{slot.id}"))
    assert len(html.select(".event.cancelled")) == 8
    assert html.select_one(".event.cancelled .why").text == "已取消：老師外派"
    office.post(f"/slots/{slot.id}/resume")
    assert Activity.select().where(Activity.cancelled_at.is_null()).count() == 10


def test_ending_needs_a_reason(office, typed):
    slot = made(office, typed)

    answer = office.post(f"/slots/{slot.id}/end", data={"first_day": "2026-12-09"})

    assert (answer.status_code, soup(answer).select_one(".error").text) == (
        422,
        "請填寫這一項。",
    )
    assert Slot.get().ended is False


@pytest.mark.parametrize("path", ["/new", "/1/change", "/1/end", "/1/resume"])
@pytest.mark.parametrize("role", ["duty", "counsellor", "helper", "head", "admin"])
def test_only_the_office_plans(client_for, typed, role, path):
    make.slot(term=typed["term_id"])

    answer = client_for(make.staff(roles=(role,))).post(
        f"/slots{path}", data={**typed, "deed": "save"}
    )

    assert (answer.status_code, soup(answer).h1.text) == (403, "您的角色不能使用這個頁面。")
    assert (Slot.select().count(), Activity.select().count()) == (1, 0)


@pytest.mark.parametrize("path", ["", "/change", "/end"])
def test_an_opening_that_is_not_there(office, path):
    assert office.get(f"/slots/9{path}").status_code == 404


def test_planning_is_behind_the_login(app):
    answer = app.test_client().get("/slots/new")

    assert (answer.status_code, answer.location) == (303, "/login?next=/slots/new")


def test_the_teachers_of_the_form_are_those_on_duty(office, typed):
    make.staff(name="校長", roles=("head",))
    make.staff(name="退休", retired_at=datetime(2026, 1, 1))

    html = soup(office.get("/slots/new"))

    names = {box.parent.text.strip() for box in html.select("[name=duty]")}
    assert names == {"李老師", "王老師"}


def test_dates_take_the_teachers_of_the_form(office, typed):
    made(office, typed)

    assert {row.staff_id for row in ActivityDuty.select()} == set(typed["duty"])
