"""Classes: seen by office and head, kept by the office."""

import make
import pytest
from kit import MONDAY_4PM, soup

from liushou_web.children.store import classes
from liushou_web.schema import SchoolClass


def lines(response):
    return [
        [" ".join(cell.text.split()) for cell in row(["th", "td"])][:3]
        for row in soup(response).select("table.register tbody tr")
    ]


def refusals(response):
    return [line.text for line in soup(response).select("form .bad")]


def kept():
    return [(line.name, line.teacher) for line in classes.everything()]


@pytest.fixture
def li(app):
    return make.staff("李老師", roles=("helper",))


def test_classes_are_listed_with_children_and_teacher(head, li):
    make.child(school_class=make.school_class(1, 2, teacher=li))
    make.school_class(1, 1)

    response = head.get("/classes")

    assert lines(response) == [["一年級1班", "0", "未定"], ["一年級2班", "1", "李老師"]]
    assert soup(response).caption.text == "共 2 個班，1 名在冊學生"
    assert soup(response).select("main .button") == []  # the head reads


def test_a_class_leads_to_its_children(office):
    line = make.school_class()

    link = soup(office.get("/classes")).select_one("tbody th a")

    assert link["href"] == f"/children?class_id={line.id}"


def test_no_class_yet_says_what_to_do(office):
    empty = soup(office.get("/classes")).select_one(".empty")

    assert empty.p.text.startswith("還沒有班級。")
    assert [link["href"] for link in empty("a")] == ["/classes/new-grades", "/classes/new"]


def test_a_class_is_added_with_its_teacher(office, li):
    response = office.post(
        "/classes/new", data={"grade": "3", "number": "2", "teacher_id": str(li.id)}
    )

    assert (response.status_code, response.location) == (303, "/classes")
    assert kept() == [("三年級2班", "李老師")]
    assert (
        soup(office.get("/classes")).find(id="notice").text.strip() == "三年級2班已添加。"
    )


def test_a_class_without_a_teacher_is_added(office):
    office.post("/classes/new", data={"grade": "3", "number": "2", "teacher_id": ""})

    assert kept() == [("三年級2班", "")]


def test_pressed_twice_it_is_one_class(office):
    sent = {"grade": "3", "number": "2", "teacher_id": "", "key": "once"}

    answers = [office.post("/classes/new", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert kept() == [("三年級2班", "")]


def test_a_class_that_is_there_is_refused(office):
    make.school_class(3, 2)

    response = office.post(
        "/classes/new", data={"grade": "3", "number": "2", "teacher_id": ""}
    )

    assert response.status_code == 422
    assert refusals(response) == ["三年級2班已經有了。"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("number", ""), ("number", "0"), ("number", "41"), ("number", "x"), ("grade", "10"),
     ("teacher_id", "999")],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/classes/new", "/classes/{}"])
def test_a_wrong_field_is_told_beside_it(office, field, wrong, address):
    line = make.school_class(1, 1)
    sent = {"grade": "3", "number": "2", "teacher_id": "", field: wrong}

    response = office.post(address.format(line.id), data=sent)

    assert response.status_code == 422
    assert soup(response).find(id=f"{field}-errors") is not None
    assert kept() == [("一年級1班", "")]


def test_all_grades_are_added_at_once(office):
    make.school_class(1, 1)

    response = office.post(
        "/classes/new-grades", data={"first": "1", "last": "2", "per_grade": "2"}
    )

    assert (response.status_code, response.location) == (303, "/classes")
    assert [name for name, _ in kept()] == [
        "一年級1班",
        "一年級2班",
        "二年級1班",
        "二年級2班",
    ]
    assert soup(office.get("/classes")).find(id="notice").text.strip() == (
        "添加了 3 個班。已有的班沒有改動。"
    )


def test_grades_the_wrong_way_round_are_refused(office):
    response = office.post(
        "/classes/new-grades", data={"first": "6", "last": "1", "per_grade": "2"}
    )

    assert response.status_code == 422
    assert refusals(response) == ["年級的順序不對：「從」不能大於「到」。"]
    assert kept() == []


def test_a_class_gets_another_teacher(office, li):
    line = make.school_class(1, 1)

    response = office.post(
        f"/classes/{line.id}", data={"grade": "1", "number": "1", "teacher_id": str(li.id)}
    )

    assert (response.status_code, response.location) == (303, "/classes")
    assert kept() == [("一年級1班", "李老師")]


def test_a_teacher_who_has_retired_stays_until_another_is_chosen(office):
    gone = make.staff("周老師", roles=("helper",), retired_at=MONDAY_4PM)
    line = make.school_class(1, 1, teacher=gone)

    chosen = soup(office.get(f"/classes/{line.id}")).select_one(
        "#teacher_id option[selected]"
    )

    assert chosen.text == "周老師"


def test_an_empty_class_is_removed(office):
    line = make.school_class(1, 1)
    offered = soup(office.get(f"/classes/{line.id}")).select("form.danger, button.danger")

    response = office.post(f"/classes/{line.id}/remove")

    assert [button.text for button in offered] == ["刪除班級"]
    assert (response.status_code, response.location) == (303, "/classes")
    assert kept() == []


def test_a_class_with_children_is_not_removed(office):
    child = make.child()
    address = f"/classes/{child.school_class_id}"

    response = office.post(f"{address}/remove")

    assert response.status_code == 409
    assert "不能刪除" in soup(response).h1.text
    assert soup(office.get(address)).select("button.danger") == []
    assert SchoolClass.select().count() == 1


@pytest.mark.parametrize("role", ["duty", "helper", "counsellor", "admin"])
def test_those_without_the_right_get_one_sentence(client_for, at, role):
    at(MONDAY_4PM)

    response = client_for(make.staff(roles=(role,))).get("/classes")

    assert response.status_code == 403
    assert soup(response).h1.text == "您的角色不能使用這個頁面。"


@pytest.mark.parametrize("deed", ["new", "new-grades", "1", "1/remove"])
def test_the_head_reads_and_does_not_write(head, deed):
    make.school_class(1, 1)

    response = head.post(
        f"/classes/{deed}", data={"grade": "5", "number": "5", "teacher_id": ""}
    )

    assert response.status_code == 403
    assert kept() == [("一年級1班", "")]


def test_nobody_reads_without_a_login(app):
    assert app.test_client().get("/classes").location == "/login?next=/classes"


@pytest.mark.parametrize("address", ["/classes/999", "/classes/999/remove"])
def test_a_class_that_is_not_there_is_not_found(office, address):
    response = office.post(address, data={})

    assert response.status_code == 404
    assert soup(response).h1.text == "找不到這個頁面或記錄，它可能已被移走。"
