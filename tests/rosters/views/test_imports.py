"""Importing a roster in the browser: read, correct, preview, confirm."""

import io
from datetime import timedelta

import make
import pytest
from kit import FIXTURES, MONDAY_4PM, soup
from python_calamine import CalamineWorkbook

from liushou_web.schema import Child, ChildFile, ImportDraft, SchoolClass, Staff, Trail

AUTUMN = FIXTURES / "roster-autumn.xlsx"
ROSTER = "班級\t姓名\t性別\t出生日期\t監護人\t關係\t電話\n"
MING = "三(1)班\t李小明\t男\t2017.3.5\t李桂蘭\t奶奶\t13800138000\n"
HONG = "三(1)班\t王小紅\t女\t2017.4.6\t王德福\t爺爺\t13900139000\n"


def begin(client, text=ROSTER + MING, **fields):
    """Hands in cells; returns the address of the columns page."""
    answer = client.post("/children/import", data={"pasted": text, **fields})
    assert answer.status_code == 303
    return answer.location


def understood(client, columns):
    """Accepts the columns as they were guessed; returns the preview's address."""
    form = soup(client.get(columns)).select_one('form[method="post"][data-busy]')
    answer = client.post(columns, data=values(form))
    assert answer.status_code == 303
    return answer.location


def values(form):
    """What the browser would send for this form as it stands."""
    data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        data[select["name"]] = chosen.get("value", chosen.text)
    return data


def confirmed(client, preview, **choices):
    form = soup(client.get(preview)).select_one('form[method="post"][data-busy]')
    return client.post(form["action"], data={**values(form), **choices})


def imported(client, text, **choices):
    return confirmed(client, understood(client, begin(client, text)), **choices)


def tally(answer):
    return [int(b.text) for b in soup(answer).select(".tally b")]


def heading(answer):
    return soup(answer).h1.text


def facts(answer):
    page = soup(answer)
    return dict(
        zip(
            [t.text for t in page.select("dt")],
            [d.text for d in page.select("dd")],
            strict=True,
        )
    )


def refusal(answer):
    return soup(answer).select_one(".bad").text.strip()


def test_the_first_page_takes_a_file_or_pasted_cells(office):
    page = soup(office.get("/children/import"))

    assert page.h1.text == "導入名冊"
    assert [
        field["name"] for field in page.select("main [name=file], main [name=pasted]")
    ] == [
        "file",
        "pasted",
    ]


def test_the_autumn_roster_gives_83_children(office):
    with AUTUMN.open("rb") as file:
        answer = office.post("/children/import", data={"file": (file, "名冊.xlsx")})

    preview = understood(office, answer.location)

    assert tally(office.get(preview)) == [83, 0, 0, 0, 0]
    assert Child.select().count() == 0
    assert confirmed(office, preview).status_code == 303
    assert Child.select().count() == ChildFile.select().count() == 83


def test_a_second_import_of_the_same_file_changes_nothing(office):
    for _ in range(2):
        with AUTUMN.open("rb") as file:
            answer = office.post("/children/import", data={"file": (file, "名冊.xlsx")})
        preview = understood(office, answer.location)
        counts = tally(office.get(preview))
        confirmed(office, preview)

    assert counts == [0, 0, 83, 0, 0]
    assert Child.select(Child.version).distinct().tuples()[:] == [(1,)]


def test_the_columns_are_shown_with_what_they_were_taken_for(office):
    page = soup(office.get(begin(office)))

    chosen = [option["value"] for option in page.select(".mapping option[selected]")]
    assert chosen == [
        "school_class",
        "name",
        "sex",
        "birth_date",
        "carer_name",
        "carer_relation",
        "carer_phone",
    ]
    assert page.select_one("#samples-1").text == "李小明"


def test_a_person_corrects_a_column(office):
    columns = begin(office, "班級\t乳名\t大名\n三(1)班\t毛毛\t李小明\n")
    answer = office.post(
        columns,
        data={"header": 1, "depth": 1, "column-0": "school_class", "column-2": "name"},
    )

    confirmed(office, answer.location)

    assert Child.get().name == "李小明"


def test_columns_that_cannot_be_used_are_told_and_kept(office):
    columns = begin(office)

    answer = office.post(
        columns, data={"header": 1, "depth": 1, "column-0": "name", "column-1": "name"}
    )

    assert answer.status_code == 422
    assert refusal(answer) == "有兩欄都選了「姓名」，請只留一欄。"
    page = soup(answer)
    assert [o["value"] for o in page.select(".mapping option[selected]")] == [
        "name",
        "name",
    ]


def test_another_heading_row_can_be_tried(office):
    columns = begin(office, "姓名\t性別\n名字\t班級\n李小明\t三(1)班\n")

    page = soup(office.get(columns + "?sheet=0&header=2&depth=1"))

    assert [o["value"] for o in page.select(".mapping option[selected]")] == [
        "name",
        "school_class",
    ]
    assert ImportDraft.get().reading == ""


@pytest.mark.parametrize("query", ["?sheet=9&header=99&depth=9", "?sheet=x&header=-1"])
def test_an_impossible_reading_in_the_address_is_brought_into_bounds(office, query):
    assert heading(office.get(begin(office) + query)) == "導入名冊 · 第 1 步：核對每一欄"


def test_the_preview_waits_for_the_columns(office):
    columns = begin(office)

    answer = office.get(columns.removesuffix("/columns"))

    assert (answer.status_code, answer.location) == (303, columns)


def test_the_preview_tells_each_fault_with_row_column_and_reason(office):
    wrong = "三(1)班\t王小紅\t女\t2017.2.30\t王德福\t爺爺\t1380000\n"

    page = soup(office.get(understood(office, begin(office, ROSTER + MING + wrong))))

    assert [
        [cell.text for cell in row.select("th, td")]
        for row in page.select("#faults tbody tr")
    ] == [
        ["第 3 行", "出生日期", "2017.2.30", "沒有這一天，請核對。"],
        ["第 3 行", "監護人電話", "1380000", "電話號碼的位數不對，請核對。"],
    ]


def test_the_preview_tells_old_and_new(office):
    imported(office, ROSTER + MING)

    changed = MING.replace("13800138000", "13700137000")
    page = soup(office.get(understood(office, begin(office, ROSTER + changed))))

    told = page.select_one("#changed li li").text
    assert told == "監護人電話：13800138000 → 13700137000"


def test_an_empty_cell_wipes_nothing(office):
    imported(office, ROSTER + MING)

    answer = imported(office, "班級\t姓名\t電話\n三(1)班\t李小明\t\n")

    assert heading(office.get(answer.location)) == "沒有要改動的內容"
    assert ChildFile.get().carer_phone == "13800138000"


def test_a_change_is_on_the_trail_with_old_and_new(office):
    imported(office, ROSTER + MING)

    imported(office, ROSTER + MING.replace("奶奶", "外婆"))

    lines = Trail.select(Trail.deed, Trail.detail).where(
        Trail.deed.in_(["imports.confirm", "children.change"])
    )
    assert [(line.deed, line.detail) for line in lines.order_by(Trail.id)][1:] == [
        ("children.change", "與學生關係：奶奶 → 外婆"),
        ("imports.confirm", "new=0; changed=1; unchanged=0; skipped=0; faulty=0"),
    ]


def test_new_classes_are_told_before_and_made_on_confirming(office):
    preview = understood(office, begin(office))

    page = soup(office.get(preview))

    assert "三年級1班" in page.find("h2", string="新班級").find_next("p").text
    assert SchoolClass.select().count() == 0
    confirmed(office, preview)
    assert SchoolClass.get().name == "三年級1班"


def test_a_doubtful_row_is_passed_over_unless_decided(office):
    imported(office, ROSTER + MING)
    other = MING.replace("2017.3.5", "2016.3.5")

    answer = imported(office, ROSTER + other)

    assert facts(office.get(answer.location))["您跳過的"] == "1 行"
    assert Child.select().count() == 1


@pytest.mark.parametrize(
    ("choice", "born"), [("new", ["2017-03-05", "2016-03-05"]), ("child", ["2016-03-05"])]
)
def test_a_doubtful_row_becomes_what_was_decided(office, choice, born):
    imported(office, ROSTER + MING)
    known = Child.get()
    choice = f"child:{known.id}" if choice == "child" else choice

    imported(office, ROSTER + MING.replace("2017.3.5", "2016.3.5"), **{"row-2": choice})

    assert [str(child.birth_date) for child in Child.select().order_by(Child.id)] == born


def test_a_choice_that_was_not_offered_is_refused(office):
    imported(office, ROSTER + MING)
    preview = understood(
        office, begin(office, ROSTER + MING.replace("2017.3.5", "2016.3.5"))
    )

    answer = confirmed(office, preview, **{"row-2": "child:999"})

    assert answer.status_code == 409
    assert refusal(answer) == "第 2 行的選擇不對，請重新選擇。"


def test_a_register_that_changed_since_the_preview_is_told(office):
    preview = understood(office, begin(office))
    form = soup(office.get(preview)).select_one('form[method="post"][data-busy]')
    make.child(name="李小明", school_class=make.school_class(3, 1))

    answer = office.post(form["action"], data=values(form))

    assert answer.status_code == 409
    assert refusal(answer) == "預覽之後，名單又有了改動。請核對下面新的預覽，再確認一次。"
    assert Child.select().count() == 1


def test_a_second_press_answers_like_the_first(office):
    preview = understood(office, begin(office))
    form = soup(office.get(preview)).select_one('form[method="post"][data-busy]')

    first = office.post(form["action"], data=values(form))
    second = office.post(form["action"], data=values(form))

    assert (second.status_code, second.location) == (303, first.location)
    assert Child.select().count() == 1


def test_the_result_tells_the_counts_and_leads_to_the_list(office):
    answer = imported(office, ROSTER + MING + HONG)

    page = office.get(answer.location)

    assert heading(page) == "名冊已導入"
    assert facts(page)["新學生"] == "2 名"
    assert soup(page).select_one(".actions .primary")["href"] == "/children"


def test_a_confirmed_roster_is_kept_no_longer(office):
    imported(office, ROSTER + MING)

    draft = ImportDraft.get()

    assert (draft.content, draft.reading) == (b"", "")


def test_nothing_to_write_has_no_confirm_button(office):
    imported(office, ROSTER + MING)

    page = soup(office.get(understood(office, begin(office, ROSTER + MING))))

    assert page.select("main form button") == []
    assert page.select_one(".actions .primary").text == "沒有要寫入的內容，看學生名單"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "請選擇一個文件，或者粘貼名冊的單元格。"),
        ({"pasted": "  \n "}, "請選擇一個文件，或者粘貼名冊的單元格。"),
        ({"file": (io.BytesIO(b""), "a.xlsx")}, "這個文件是空的。"),
        (
            {"file": (io.BytesIO(b"\x89PNG\r\n"), "名冊.xlsx")},
            "這是一張圖片，不是表格。請上傳表格文件。",
        ),
        (
            {"file": (io.BytesIO(b"a,b"), "a.csv"), "pasted": "a"},
            "文件和粘貼只能用一種，請清空其中一個。",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(office, data, reason):
    answer = office.post("/children/import", data=data)

    assert (answer.status_code, refusal(answer)) == (422, reason)
    assert ImportDraft.select().count() == 0


def test_pasted_cells_come_back_with_a_refusal(office):
    answer = office.post("/children/import", data={"pasted": ",".join("x" * 200)})

    assert refusal(answer) == "表格超過 100 欄。請刪去用不到的欄後再上傳。"
    assert soup(answer).textarea.text.strip() == ",".join("x" * 200)


def test_a_roster_is_its_owners_alone(office, client_for):
    columns = begin(office)
    stranger = client_for(make.staff(roles=["office"]))

    answer = stranger.get(columns)

    assert answer.status_code == 404
    assert heading(answer) == "這次導入已過期或不存在，請重新選擇文件。"


def test_a_roster_is_kept_for_a_day(office, client_for, at):
    columns = begin(office)
    at(MONDAY_4PM + timedelta(hours=25))

    answer = client_for(Staff.get()).get(columns)

    assert (answer.status_code, heading(answer)) == (
        404,
        "這次導入已過期或不存在，請重新選擇文件。",
    )


def test_the_empty_template_is_read_back_as_a_roster(office):
    answer = office.get("/children/import/template.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="roster.xlsx"'
    )
    assert book.sheet_names == ["名冊", "填寫說明"]
    assert len(book.get_sheet_by_index(0).to_python()) == 1


def test_what_was_typed_is_shown_as_text(office):
    evil = "三(1)班\t李小明\t男\t2017.3.5\t<script>alert(1)</script>\t=1+1\t13800138000\n"

    preview = understood(office, begin(office, ROSTER + evil))

    assert "<script>alert" not in office.get(preview).get_data(as_text=True)
    confirmed(office, preview)
    file = ChildFile.get()
    assert (file.carer_name, file.carer_relation) == ("<script>alert(1)</script>", "=1+1")


PAGES = ["/children/import", "/children/import/template.xlsx"]
TOKEN = "x" * 22
DEEDS = [f"/children/import/{TOKEN}/columns", f"/children/import/{TOKEN}/confirm"]


@pytest.mark.parametrize("role", ["duty", "helper", "head", "counsellor", "admin"])
@pytest.mark.parametrize(
    "path",
    [*PAGES, f"/children/import/{TOKEN}", *DEEDS[:1], f"/children/import/{TOKEN}/done"],
)
def test_only_the_office_imports(request, role, path):
    answer = request.getfixturevalue(role).get(path)

    assert (answer.status_code, heading(answer)) == (403, "您的角色不能使用這個頁面。")


@pytest.mark.parametrize("role", ["duty", "helper", "head", "counsellor", "admin"])
@pytest.mark.parametrize("path", ["/children/import", *DEEDS])
def test_only_the_office_writes(request, role, path):
    answer = request.getfixturevalue(role).post(path, data={"pasted": ROSTER + MING})

    assert (answer.status_code, heading(answer)) == (403, "您的角色不能使用這個頁面。")
    assert ImportDraft.select().count() == Child.select().count() == 0


@pytest.mark.parametrize("path", [*PAGES, f"/children/import/{TOKEN}"])
def test_nobody_is_sent_to_the_login_page(app, path):
    answer = app.test_client().get(path)

    assert (answer.status_code, answer.location) == (303, f"/login?next={path}")


@pytest.mark.parametrize("path", DEEDS)
def test_a_roster_that_is_not_there_is_told(office, path):
    answer = office.post(path)

    assert (answer.status_code, heading(answer)) == (
        404,
        "這次導入已過期或不存在，請重新選擇文件。",
    )


def test_the_preview_in_simplified_script_leaves_names_alone(client_for, at):
    at(MONDAY_4PM)
    client = client_for(make.staff(roles=["office"], script="hans"))

    page = soup(client.get(understood(client, begin(client, ROSTER + MING))))

    assert page.h1.text == "导入名册 · 第 2 步：预览"
    assert [cell.text for cell in page.select("#new tbody tr > *")][1:3] == [
        "李小明",
        "三年级1班",
    ]
    assert page.select("#new tbody td")[5].text == "李桂蘭（奶奶）"
