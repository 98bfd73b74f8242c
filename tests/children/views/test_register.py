"""The register of children: who finds whom, and what a file shows and keeps."""

import re
from datetime import date

import make
import pytest
from kit import MONDAY_4PM, PART, count_queries, soup

from liushou_web.actor import CONSOLE
from liushou_web.children.rules.register import ChildFields
from liushou_web.children.store import child_files, register
from liushou_web.schema import Child, ChildFile, Trail


def listed(response):
    return [link.text for link in soup(response).select("table.register tbody th a")]


def status_line(response):
    return soup(response).find(role="status").text


def refusals(response):
    return [line.text for line in soup(response).select("form .bad")]


def beside(response, field):
    return soup(response).find(id=f"{field}-errors").text


def typed(**values):
    """What the form of a file sends."""
    return {"name": "王芳", "class_id": make.school_class().id, "arrangement": "", **values}


def inputs(response):
    """Every named field of the page's form, as a browser would send it again."""
    page = soup(response)
    values = {
        field["name"]: field.get("value", "")
        for field in page.select("main form input[name]")
        if field.get("type") not in ("radio", "checkbox") or field.has_attr("checked")
    }
    values |= {field["name"]: field.text.strip() for field in page.select("main textarea")}
    values |= {
        field["name"]: field.find("option", selected=True)["value"]
        for field in page.select("main form select")
        if field.find("option", selected=True)
    }
    return values


# The list


def test_the_list_shows_everyone_and_their_number(office):
    make.child(
        "單雨萱", number="G1", sex="f", arrangement="grandparents", boards=True,
        carer_name="王秀英", carer_relation="奶奶", carer_phone="13812345678",
    )  # fmt: skip
    make.child("李明")

    response = office.get("/children")

    rows = soup(response).select("tbody tr")
    assert status_line(response) == "共 2 名學生。"
    assert " ".join(rows[0].text.split()) == (
        "單雨萱 三年級1班 G1 女 隨祖輩生活 住校 王秀英（奶奶） 138****5678"
    )


def test_no_phone_is_whole_in_the_list(office):
    make.child(carer_phone="13812345678")

    assert "13812345678" not in office.get("/children").get_data(as_text=True)


@pytest.mark.parametrize("query", ["syx", "dyx", "單", "单雨", "ｓｙｘ", "G43"])
def test_the_list_finds_by_any_spelling(office, query):
    make.child("單雨萱", number="G4306")
    make.child("李明")

    response = office.get("/children", query_string={"q": query})

    assert listed(response) == ["單雨萱"]
    assert status_line(response) == "找到 1 名學生。"
    assert soup(response).find(id="q")["value"] == query


def test_searching_as_one_types_answers_with_the_results_only(office):
    make.child("單雨萱")

    response = office.get("/children?q=syx", headers=PART)

    assert soup(response).find()["id"] == "results"
    assert listed(response) == ["單雨萱"]
    assert response.headers["Vary"] == "HX-Request, Cookie"


def test_the_list_narrows_by_class_and_arrangement(office):
    one = make.child("一", arrangement="alone", school_class=make.school_class(1, 1))
    make.child("二", arrangement="alone")
    make.child("三", school_class=one.school_class)

    of_class = office.get(f"/children?class_id={one.school_class_id}")
    alone = office.get("/children?arrangement=alone")
    unknown = office.get("/children?arrangement=unknown")

    assert (listed(of_class), listed(alone), listed(unknown)) == (
        ["三", "一"], ["一", "二"], ["三"],
    )  # fmt: skip
    assert soup(of_class).select_one("#class_id option[selected]").text == "一年級1班"


@pytest.mark.parametrize(
    "nonsense", ["class_id=99999999999999999999", "class_id=x", "arrangement=palace"]
)
def test_a_filter_that_cannot_be_is_none(office, nonsense):
    make.child("一")

    assert listed(office.get(f"/children?{nonsense}")) == ["一"]


def test_the_list_says_when_it_shows_only_the_first(office):
    school_class = make.school_class().id
    many = [ChildFields(f"王{number}", school_class) for number in range(201)]
    register.add_all(many, by=CONSOLE, at=MONDAY_4PM)

    response = office.get("/children")

    assert len(listed(response)) == 200
    assert status_line(response).startswith("共 201 名學生，這裏只列出前 200 名。")


def test_two_children_of_one_name_are_two_rows(office):
    one, other = make.child("王芳"), make.child("王芳")

    links = soup(office.get("/children?q=wf")).select("tbody th a")

    assert [link["href"] for link in links] == [
        f"/children/{one.id}",
        f"/children/{other.id}",
    ]


def test_those_who_left_are_listed_apart(office):
    make.child("在冊")
    make.child("轉走", left_on=date(2026, 10, 1), left_reason="moved")
    make.child("自述", left_on=date(2026, 10, 1), left_reason="去了乾州")

    left = office.get("/children?left=1")

    assert listed(office.get("/children")) == ["在冊"]
    assert sorted(listed(left)) == ["自述", "轉走"]
    reasons = [
        " ".join(row("td")[-1].text.split()) for row in soup(left).select("tbody tr")
    ]
    assert sorted(reasons) == ["2026年10月1日 去了乾州", "2026年10月1日 轉走"]


def test_an_empty_register_says_how_to_begin(office):
    empty = soup(office.get("/children")).select_one("#results .empty")

    assert empty.find(role="status").text.startswith("名單裏還沒有學生。")
    assert "/children/new" in [link["href"] for link in empty.find_all("a")]


def test_nothing_found_says_so_and_offers_to_clear(office):
    make.child("李明")

    empty = soup(office.get("/children?q=zzz")).select_one("#results .empty")

    assert empty.find(role="status").text.startswith("沒有找到這樣的學生。")
    assert (empty.a.text, empty.a["href"]) == ("清除條件", "/children")


def test_nobody_left_says_so(office):
    assert status_line(office.get("/children?left=1")).startswith("還沒有離開的學生。")


def test_a_class_teacher_sees_own_classes_only(client_for, at):
    at(MONDAY_4PM)
    li = make.staff(roles=("helper",))
    own = make.school_class(1, 1, teacher=li)
    make.child("自班", school_class=own)
    other = make.child("別班")
    client = client_for(li)

    response = client.get("/children")
    options = [option.text for option in soup(response).select("#class_id option")]

    assert listed(response) == ["自班"]
    assert options == ["全部", "一年級1班"]
    assert listed(client.get(f"/children?class_id={other.school_class_id}")) == ["自班"]
    assert client.get(f"/children/{other.id}").status_code == 404


def test_a_class_teacher_without_a_class_is_told_why(helper):
    make.child("別班")

    response = helper.get("/children")

    assert listed(response) == []
    assert "班主任只能看到自己班的學生" in status_line(response)
    assert soup(response).select("#results a") == []


@pytest.mark.parametrize("role", ["duty", "admin"])
@pytest.mark.parametrize("address", ["/children", "/children/1", "/children/new"])
def test_those_without_the_right_get_one_sentence(client_for, at, role, address):
    at(MONDAY_4PM)
    make.child()

    response = client_for(make.staff(roles=(role,))).get(address)

    assert response.status_code == 403
    assert soup(response).h1.text == "您的角色不能使用這個頁面。"


@pytest.mark.parametrize("role", ["head", "counsellor", "helper"])
@pytest.mark.parametrize("deed", ["edit", "leave", "come-back"])
def test_readers_do_not_write(client_for, at, role, deed):
    at(MONDAY_4PM)
    li = make.staff(roles=(role,))
    child = make.child("王芳", school_class=make.school_class(1, 1, teacher=li))
    client = client_for(li)

    response = client.post(f"/children/{child.id}/{deed}", data=typed(name="改了"))

    assert response.status_code == 403
    assert Child.get_by_id(child.id).name == "王芳"
    buttons = soup(client.get(f"/children/{child.id}")).select("main > .bar .button")
    own = ["通話記錄", "請假"] if role == "helper" else []
    assert [a.text for a in buttons] == ["名卡", *own]


@pytest.mark.parametrize("address", ["/children", "/children/1", "/children/1/edit"])
def test_nobody_reads_without_a_login(app, address):
    response = app.test_client().get(address)

    assert response.location == f"/login?next={address}"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_however_long(office, count):
    for number in range(count):
        make.child(f"王{number}")

    with count_queries() as queries:
        office.get("/children?q=w")

    assert queries.count == 7


def test_names_are_never_converted_and_our_words_are(office, app):
    make.child("乾隆", arrangement="grandparents", left_reason="")
    with office.session_transaction() as session:
        session["script"] = "hans"

    row = soup(office.get("/children")).select_one("tbody tr")

    assert row.th.text.strip() == "乾隆"
    assert [cell.text.strip() for cell in row.find_all("td")][0] == "三年级1班"
    assert "随祖辈生活" in row.text


# One file


def test_a_file_shows_everything_and_is_recorded(head):
    child = make.child(
        "單雨萱", number="G1", sex="f", birth_date=date(2015, 11, 24), boards=True,
        school_class=make.school_class(teacher=make.staff("周老師", roles=("helper",))),
        arrangement="relatives", carer_name="王秀英", carer_relation="姑姑",
        carer_phone="13812345678", father_name="單強", mother_phone="0730-6221234",
        parents_work="東莞", parents_free="週日休息", address="東村",
        note="過敏\n怕狗",
    )  # fmt: skip

    page = soup(head.get(f"/children/{child.id}"))

    facts = [fact.text.strip() for fact in page.select("dl.facts dd")]
    assert facts == [
        "G1", "女", "2015年11月24日（10 歲）", "三年級1班", "周老師",
        "隨其他親戚生活", "王秀英（姑姑）", "13812345678", "東村",
        "單強", "未登記", "未登記", "0730-6221234", "東莞", "週日休息",
    ]  # fmt: skip
    assert page.select_one(".as-typed").text == "過敏\n怕狗"
    assert page.select_one('a[href^="tel:"]')["href"] == "tel:13812345678"
    assert [(line.deed, line.subject_id) for line in Trail.select().where(
        Trail.deed.startswith("children"))] == [("children.view", child.id)]  # fmt: skip


@pytest.mark.parametrize("address", ["/children/999", "/children/999/edit"])
def test_a_child_that_is_not_there_is_not_found(office, address):
    response = office.get(address)

    assert response.status_code == 404
    assert soup(response).h1.text == "找不到這個頁面或記錄，它可能已被移走。"


def test_what_was_typed_cannot_become_markup(office):
    child = make.child("<b>王</b>", note="<script>alert(1)</script>")

    page = soup(office.get(f"/children/{child.id}"))

    assert page.h1.text == "<b>王</b>"
    assert page.select("main script, main b") == []


# Adding


def test_a_child_is_added_and_its_file_shown(office):
    response = office.post(
        "/children/new",
        data=typed(name="李  明", birth_date="2015-03-05", boards="y", arrangement="alone"),
    )

    child = Child.get()
    assert (response.status_code, response.location) == (303, f"/children/{child.id}")
    file = child_files.file_of(child.id).fields
    assert (file.name, file.birth_date, file.boards, file.arrangement) == (
        "李明", date(2015, 3, 5), True, "alone",
    )  # fmt: skip
    assert soup(office.get(response.location)).select_one("#notice").text.strip() == (
        "李明已添加到名單。"
    )


def test_one_more_child_of_the_same_class_may_follow(office):
    response = office.post("/children/new", data=typed(more="1"))

    follows = soup(office.get(response.location))
    assert response.location == f"/children/new?class_id={make.school_class().id}"
    assert follows.select_one("#class_id option[selected]").text == "三年級1班"
    assert follows.find(id="name")["value"] == ""


def test_pressed_twice_it_is_one_child(office):
    sent = typed(key="once")

    first, second = (office.post("/children/new", data=sent) for _ in range(2))

    assert first.location == second.location
    assert Child.select().count() == 1


@pytest.mark.parametrize(
    ("field", "wrong", "reason"),
    [
        ("name", "", "請填寫這一項。"),
        ("name", "·", "請填寫這一項。"),
        ("name", "王" * 41, "請不要超過 40 個字。"),
        ("class_id", "999", "不是有效的選擇。"),
        ("sex", "x", "不是有效的選擇。"),
        ("arrangement", "palace", "不是有效的選擇。"),
        ("birth_date", "2015-13-40", "不是有效的日期值。"),
        ("birth_date", "2026-11-24", "出生日期在今天以後，請核對。"),
        ("carer_phone", "奶奶家", "電話「奶奶家」不像電話號碼，請填 7 到 13 位數字。"),
        ("note", "字" * 1001, "請不要超過 1000 個字。"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(office, field, wrong, reason):
    response = office.post("/children/new", data=typed(**{"address": "東村", field: wrong}))

    assert response.status_code == 422
    assert beside(response, field).startswith(reason)
    assert soup(response).find(id="address")["value"] == "東村"
    assert Child.select().count() == 0


def test_a_number_that_is_taken_names_the_child_and_its_class(office):
    make.child("小明", number="G1")

    response = office.post("/children/new", data=typed(number="g1"))

    assert response.status_code == 422
    assert refusals(response) == ["學籍號 G1 已屬於三年級1班的小明，請核對。"]
    assert soup(response).find(id="name")["value"] == "王芳"
    assert Child.select().count() == 1


def test_a_second_child_of_one_name_is_asked_about_and_then_its_own(office):
    make.child("王芳")

    asked = office.post("/children/new", data=typed())
    office.post("/children/new", data=inputs(asked) | {"another": "y"})

    assert asked.status_code == 422
    assert refusals(asked) == [
        "這個班已有一名學生叫王芳。如果是另一名同名的學生，請勾選「確認是另一名學生」。"
    ]
    assert [child.name for child in Child.select()] == ["王芳", "王芳"]


def test_the_question_of_another_child_is_not_asked_unasked(office):
    make.school_class()

    assert soup(office.get("/children/new")).find(id="another") is None


def test_without_a_class_there_is_a_way_to_one(office):
    page = soup(office.get("/children/new"))

    assert page.select_one(".empty a")["href"] == "/classes/new"
    assert page.select("main form") == []


# Changing


def test_an_edit_is_shown_saved_and_recorded(office):
    child = make.child("王芳", address="東村", number="G1", carer_phone="13812345678")
    form = office.get(f"/children/{child.id}/edit")

    response = office.post(
        f"/children/{child.id}/edit", data=inputs(form) | {"address": "西村", "sex": "f"}
    )

    file = child_files.file_of(child.id)
    assert (response.status_code, response.location) == (303, f"/children/{child.id}")
    assert (file.fields.address, file.fields.sex, file.fields.number, file.version) == (
        "西村", "f", "G1", 2,
    )  # fmt: skip
    assert Trail.get(Trail.deed == "children.change").detail == (
        "性別：未登記 → 女；家庭住址：東村 → 西村"
    )


def test_an_edit_that_others_overtook_keeps_both_and_asks(office):
    child = make.child("王芳", address="東村", note="怕狗")
    form = inputs(office.get(f"/children/{child.id}/edit"))
    by = {"by": make.actor(make.staff("周主任", roles=("office",))), "at": MONDAY_4PM}
    theirs = ChildFields(
        "王芳",
        child.school_class_id,
        address="南村",
        note="怕狗",
        carer_phone="13812345678",
    )
    register.change(child.id, theirs, version=1, **by)

    refused = office.post(
        f"/children/{child.id}/edit", data=form | {"address": "西村", "note": "怕貓"}
    )
    page = soup(refused)

    assert refused.status_code == 422
    assert refusals(refused) == ["這份檔案剛被別人改過，您的修改還沒有保存。"]
    assert [line.text for line in page.select(".warn li")] == [
        "16:00 周主任：監護人電話：（空） → 13812345678；家庭住址：東村 → 南村"
    ]
    assert page.find(id="address")["value"] == "西村"
    assert [line.text for line in page.select(".error")] == ["別人改成了：南村"]
    assert beside(refused, "address") == "別人改成了：南村"
    assert page.find(id="carer_phone")["value"] == "13812345678"
    assert page.find(id="note").text.strip() == "怕貓"
    assert child_files.file_of(child.id).fields == theirs

    office.post(f"/children/{child.id}/edit", data=inputs(refused))

    kept = child_files.file_of(child.id).fields
    assert (kept.address, kept.note, kept.carer_phone) == ("西村", "怕貓", "13812345678")


def test_the_same_edit_pressed_twice_is_saved_once(office):
    child = make.child("王芳")
    sent = inputs(office.get(f"/children/{child.id}/edit")) | {"address": "西村"}

    answers = [office.post(f"/children/{child.id}/edit", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert child_files.file_of(child.id).version == 2


@pytest.mark.parametrize("was", ["", "{}", "[]", "no json", '{"birth_date": "x"}'])
def test_a_stale_edit_whose_beginning_is_lost_keeps_all_that_was_typed(office, was):
    child = make.child("王芳", address="東村")
    sent = inputs(office.get(f"/children/{child.id}/edit"))
    Child.update(version=2).execute()

    response = office.post(
        f"/children/{child.id}/edit", data=sent | {"address": "西村", "was": was}
    )

    assert response.status_code == 422
    assert soup(response).find(id="address")["value"] == "西村"
    assert child_files.file_of(child.id).fields.address == "東村"


def test_an_edit_with_a_fault_keeps_what_was_typed(office):
    child = make.child("王芳", address="東村")
    sent = inputs(office.get(f"/children/{child.id}/edit"))

    response = office.post(
        f"/children/{child.id}/edit", data=sent | {"address": "西村", "father_phone": "1"}
    )

    assert response.status_code == 422
    assert "不像電話號碼" in beside(response, "father_phone")
    assert soup(response).find(id="address")["value"] == "西村"
    assert child_files.file_of(child.id).fields.address == "東村"


def test_opening_an_edit_is_recorded_as_a_view(office):
    child = make.child()

    office.get(f"/children/{child.id}/edit")

    assert Trail.get(Trail.deed.startswith("children")).deed == "children.view"


# Leaving


@pytest.mark.parametrize(
    ("reason", "said"), [("moved", "轉走"), ("other", "去了乾州"), ("graduated", "畢業")]
)
def test_a_child_leaves_and_its_file_stays(office, reason, said):
    child = make.child("王芳")

    response = office.post(
        f"/children/{child.id}/leave",
        data={"on": "2026-11-20", "reason": reason, "words": "去了乾州"},
    )

    assert (response.status_code, response.location) == (303, f"/children/{child.id}")
    assert Child.get().left_on == date(2026, 11, 20)
    assert re.sub(
        r"\s", "", soup(office.get(response.location)).select_one(".warn p").text
    ) == (f"已於2026年11月20日離開：{said}。檔案和考勤記錄仍然保留。")


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"on": "2026-11-20"}, "reason"), ({"on": "", "reason": "moved"}, "on")],
)
def test_leaving_needs_a_day_and_a_reason(office, sent, field):
    child = make.child()

    response = office.post(f"/children/{child.id}/leave", data=sent)

    assert response.status_code == 422
    assert soup(response).select(".wrong") != []
    assert Child.get().left_on is None


def test_nobody_leaves_tomorrow(office):
    child = make.child()

    response = office.post(
        f"/children/{child.id}/leave", data={"on": "2026-11-24", "reason": "moved"}
    )

    assert response.status_code == 422
    assert refusals(response) == ["離開日期在今天以後，請到那天再登記。"]


def test_a_child_comes_back(office):
    child = make.child(left_on=date(2026, 10, 1), left_reason="moved")

    response = office.post(f"/children/{child.id}/come-back")

    assert (response.status_code, response.location) == (303, f"/children/{child.id}")
    assert Child.get().left_on is None
    assert ChildFile.select().count() == 1
