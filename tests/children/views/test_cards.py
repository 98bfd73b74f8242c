"""Name cards over HTTP: choosing whose, what stands on them, who may, and the trail."""

import make
import pytest
from kit import MONDAY_4PM, PART, soup

from liushou_web.schema import Trail


@pytest.fixture
def teacher(app):
    return make.staff("孫老師", roles=("helper",))


@pytest.fixture
def own(teacher):
    return make.school_class(3, 1, teacher=teacher)


@pytest.fixture
def child(own):
    return make.child("小明", number="202611001", school_class=own)


@pytest.fixture
def guest(app):
    return make.child("小剛", school_class=make.school_class(4, 1))


@pytest.fixture
def helper(client_for, at, teacher):
    at(MONDAY_4PM)
    return client_for(teacher)


def said(card):
    return [" ".join(part.text.split()) for part in card.find_all(["p", "h2"])]


def printed(response):
    return soup(response).select(".name-card")


def labels(html, name):
    ticks = html.find_all("input", {"name": name})
    return [" ".join(tick.parent.text.split()) for tick in ticks]


def test_a_card_has_school_name_class_and_number_and_not_the_homes_name(office, child, own):
    answer = office.get(f"/cards/print?class={own.id}")

    [card] = printed(answer)
    assert said(card) == ["董崗鎮中心學校", "小明", "三年級1班", "學籍號 202611001"]
    assert "留守" not in soup(answer).main.text
    assert card.svg["viewbox"] == "0 0 29 29"
    assert not card.find(style=True)


def test_a_child_without_number_has_a_code_of_its_own(office, guest):
    [card] = printed(office.get(f"/cards/print?child={guest.id}"))

    assert said(card)[-1] == f"卡號 LS-{guest.id}"


@pytest.mark.parametrize(("asked", "sizes"), [("8", [8, 1]), ("10", [9]), ("7", [8, 1])])
def test_eight_or_ten_go_to_a_page(office, own, asked, sizes):
    for n in range(9):
        make.child(f"孩子{n}", school_class=own)

    sheets = soup(office.get(f"/cards/print?class={own.id}&per={asked}")).select("section")

    assert [len(sheet.select(".name-card")) for sheet in sheets] == sizes


def test_printing_is_on_the_trail_without_names(office, child, own, guest):
    office.get(f"/cards/print?class={own.id}&child={guest.id}")

    line = Trail.get(Trail.deed == "cards.print_cards")
    assert line.detail == f"三年級1班、child={guest.id}；2 張"


def test_nobody_chosen_is_told_and_the_choice_is_kept(office, own):
    answer = office.get(f"/cards/print?class={own.id}&per=10", follow_redirects=True)

    html = soup(answer)
    assert html.find(id="notice").text.strip() == (
        "還沒有選好。請選有學生的班級，或查找學生。"
    )
    assert [tick["id"] for tick in html.find_all(checked=True)] == [
        f"class-{own.id}",
        "per-10",
    ]
    assert Trail.select().where(Trail.deed == "cards.print_cards").count() == 0


def test_single_children_are_found_and_stay_chosen(office, child, guest):
    html = soup(office.get(f"/cards?child={guest.id}&q=xm"))

    assert labels(html, "child") == ["小剛 四年級1班", "小明 三年級1班"]
    assert [tick["value"] for tick in html.select("[name=child][checked]")] == [
        str(guest.id)
    ]


def test_search_as_you_type_answers_with_the_list_only(office, child):
    html = soup(office.get("/cards?q=xm", headers=PART))

    assert (html.find("html"), html.div["id"]) == (None, "children")
    assert labels(html, "child") == ["小明 三年級1班"]


def test_a_search_that_finds_nobody_says_so(office):
    make.school_class()

    html = soup(office.get("/cards?q=zz", headers=PART))

    assert html.p.text == "沒有找到「zz」。可以試姓名、拼音首字母或學籍號。"


def test_a_class_teacher_sees_and_prints_the_own_class_only(helper, child, own, guest):
    html = soup(helper.get("/cards?q=x"))
    assert (labels(html, "class"), labels(html, "child")) == (
        ["三年級1班"],
        ["小明 三年級1班"],
    )

    assert len(printed(helper.get(f"/cards/print?class={own.id}"))) == 1
    for others in (f"class={guest.school_class_id}", f"child={guest.id}"):
        assert helper.get(f"/cards/print?{others}").status_code == 404


@pytest.mark.parametrize("asked", ["class=99", "child=99", f"class={2**70}"])
def test_what_is_not_there_is_not_found(office, asked):
    assert office.get(f"/cards/print?{asked}").status_code == 404


def test_a_school_without_classes_is_told_what_to_do(office):
    html = soup(office.get("/cards"))

    assert html.find(class_="empty").a["href"] == "/children/import"


@pytest.mark.parametrize("role", ["duty", "admin"])
def test_who_does_not_read_the_register_prints_no_cards(client_for, role):
    client = client_for(make.staff(roles=(role,)))

    assert [client.get(path).status_code for path in ("/cards", "/cards/print")] == [
        403
    ] * 2


def test_a_childs_file_leads_to_the_own_card(office, child):
    html = soup(office.get(f"/children/{child.id}"))

    assert (
        html.find("a", string="名卡", class_="button")["href"] == f"/cards?child={child.id}"
    )
