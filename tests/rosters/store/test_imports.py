"""A roster in the register: written whole, once, and only as it was looked over."""

import threading
from datetime import date, timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.actor import CONSOLE
from liushou_web.backups import daily
from liushou_web.children.store import child_files, register
from liushou_web.db import db
from liushou_web.db.paths import Paths
from liushou_web.refusal import NotFound, Refused
from liushou_web.rosters.rules.book import Book, Reading, Worksheet
from liushou_web.rosters.rules.rows import Record, RosterRow, RosterRows
from liushou_web.rosters.store import drafts, imports
from liushou_web.schema import (
    Child,
    ChildFile,
    Collector,
    ImportDraft,
    SchoolClass,
    Trail,
    WayHome,
)

BOOK = Book(
    "名冊.xlsx",
    (Worksheet("一", [["姓名", 1, 2.5], []]), Worksheet("二", [["\ud800", "𠮷"]])),
)


def record(name="李明", **values):
    return Record(**{"name": name, "school_class": "3.1", **values})


def roster(*records):
    return RosterRows([RosterRow(n, each) for n, each in enumerate(records, 2)], [], [])


def confirm(rows, choices=(), by=None, **values):
    seen = imports.preview(rows).digest
    actor = by or make.actor()
    return imports.confirm(
        rows, seen=seen, choices=dict(choices), by=actor, at=MONDAY_4PM, **values
    )


def everyone():
    rows = Child.select(Child.name, Child.number, Child.version).order_by(Child.id)
    return list(rows.tuples())


def test_every_field_is_kept(store):
    confirm(
        roster(
            Record(
                number="G1",
                name="單雨萱",
                sex="f",
                birth_date="2017-03-05",
                school_class="3.2",
                boards="yes",
                arrangement="grandparents",
                carer_name="李桂蘭",
                carer_relation="奶奶",
                carer_phone="13800138000",
                father_name="單勇",
                father_phone="13900139000",
                mother_name="王芳",
                mother_phone="13700137000",
                parents_work="東莞",
                parents_free="週日休息",
                address="石橋村",
                note="=1+1",
            )
        )
    )

    file = child_files.file_of(Child.get().id)
    assert (file.class_name, file.version) == ("三年級2班", 1)
    kept = {**vars(file.fields)}
    kept.pop("class_id")
    assert kept == {
        "number": "G1",
        "name": "單雨萱",
        "sex": "f",
        "birth_date": date(2017, 3, 5),
        "boards": True,
        "arrangement": "grandparents",
        "carer_name": "李桂蘭",
        "carer_relation": "奶奶",
        "carer_phone": "13800138000",
        "father_name": "單勇",
        "father_phone": "13900139000",
        "mother_name": "王芳",
        "mother_phone": "13700137000",
        "parents_work": "東莞",
        "parents_free": "週日休息",
        "address": "石橋村",
        "note": "=1+1",
    }


def test_carers_may_collect_at_once_be_the_child_new_or_known(store):
    make.child("王芳", number="G2", school_class=make.school_class(3, 1), way=None)
    carer = {"carer_name": "李桂蘭", "carer_relation": "奶奶"}

    confirm(roster(record(**carer), record("王芳", number="G2", **carer)))
    carer["carer_phone"] = "13900000002"
    confirm(roster(record(**carer), record("王芳", number="G2", **carer)))

    assert {row.phone for row in Collector.select()} == {"13900000002"}
    assert sorted(row.child_id for row in Collector.select()) == [1, 2]
    assert [row.way for row in WayHome.select()] == ["collector"] * 2


def test_imported_children_are_found_by_pinyin(store):
    confirm(roster(record("單雨萱"), record("阿依古麗·買買提")))

    assert [child.name for child in register.find("syx")] == ["單雨萱"]


def test_two_children_without_numbers_both_come_in(store):
    result = confirm(roster(record("李明"), record("王芳")))

    assert (result.new, everyone()) == (2, [("李明", None, 1), ("王芳", None, 1)])


def test_a_second_import_changes_nothing(store):
    rows = roster(record(number="1", carer_phone="13800138000"), record("王芳"))
    confirm(rows)
    lines = Trail.select().count()

    result = confirm(rows)

    assert (result.new, result.changed, result.unchanged) == (0, 0, 2)
    assert everyone() == [("李明", "1", 1), ("王芳", None, 1)]
    assert Trail.select().count() == lines + 1  # that somebody tried


def test_a_change_keeps_all_that_the_roster_does_not_say(store):
    child = make.child(
        "李明", number="1", school_class=make.school_class(3, 1), boards=True, sex="m",
        address="石橋村", father_name="李勇", left_reason="",
    )  # fmt: skip

    confirm(roster(record(number="1", school_class="4.2", address="河口村")))

    file = child_files.file_of(child.id)
    assert (file.class_name, file.fields.address, file.version) == (
        "四年級2班",
        "河口村",
        2,
    )
    assert (file.fields.boards, file.fields.sex, file.fields.father_name) == (
        True,
        "m",
        "李勇",
    )


def test_a_changed_number_or_name_is_found_anew(store):
    child = make.child("王芳", number="1", school_class=make.school_class(3, 1))

    confirm(roster(record("單雨萱", number="1")), {2: f"child:{child.id}"})

    assert [found.name for found in register.find("syx")] == ["單雨萱"]


def test_a_child_that_left_comes_back_only_when_decided(store):
    left = date(2026, 9, 1)
    child = make.child(
        "李明", school_class=make.school_class(3, 1), left_on=left, left_reason="moved"
    )
    rows = roster(record())

    confirm(rows)
    assert Child.get().left_on == left

    confirm(rows, {2: f"child:{child.id}"})
    assert (Child.get().left_on, Child.get().left_reason) == (None, "")


def test_the_trail_tells_of_each_child_and_of_the_whole(store):
    child = make.child("李明", number="1", school_class=make.school_class(3, 1))
    by = make.actor()

    confirm(roster(record(number="1", sex="m"), record("王芳", school_class="4.1")), by=by)

    told = Trail.select(
        Trail.deed,
        Trail.subject,
        Trail.subject_id,
        Trail.detail,
        Trail.staff,
        Trail.address,
    ).order_by(Trail.id)
    new = Child.get(Child.name == "王芳").id
    made = SchoolClass.get(grade=4).id
    who = (by.id, by.address)
    assert list(told.tuples()) == [
        ("classes.add", "school_class", made, "四年級1班", *who),
        ("children.add", "child", new, "王芳", *who),
        ("children.change", "child", child.id, "性別：（空） → 男", *who),
        (
            "imports.confirm",
            "",
            None,
            "new=1; changed=1; unchanged=0; skipped=0; faulty=0; 四年級1班",
            *who,
        ),
    ]


def test_the_command_line_imports_without_a_person(store):
    confirm(roster(record()), by=CONSOLE)

    assert everyone() == [("李明", None, 1)]


def test_a_register_that_changed_is_refused(store):
    rows = roster(record())
    seen = imports.preview(rows).digest
    make.child("李明", school_class=make.school_class(3, 1))

    with pytest.raises(Refused) as refused:
        imports.confirm(rows, seen=seen, choices={}, by=make.actor(), at=MONDAY_4PM)

    assert str(refused.value) == imports.MOVED_ON
    assert Child.select().count() == 1


def test_a_register_that_changes_at_the_last_moment_is_refused(store, monkeypatch):
    rows = roster(record("王芳"))
    seen = imports.preview(rows).digest
    known = imports.search_columns

    def somebody_else_writes(name):
        make.child("張偉", school_class=make.school_class(3, 1))
        return known(name)

    monkeypatch.setattr(imports, "search_columns", somebody_else_writes)

    with pytest.raises(Refused) as refused:
        imports.confirm(rows, seen=seen, choices={}, by=make.actor(), at=MONDAY_4PM)
    assert str(refused.value) == imports.MOVED_ON
    assert [name for name, *_ in everyone()] == ["張偉"]


def test_a_change_elsewhere_that_matters_nothing_is_no_hindrance(store):
    rows = roster(record())
    seen = imports.preview(rows).digest
    make.child("張偉", school_class=make.school_class(3, 1))
    SchoolClass.delete().where(SchoolClass.grade == 9).execute()

    with pytest.raises(Refused):  # the class is there now, and was told as new
        imports.confirm(rows, seen=seen, choices={}, by=make.actor(), at=MONDAY_4PM)

    seen = imports.preview(rows).digest
    make.child("趙六", school_class=make.school_class(3, 1))
    done = imports.confirm(rows, seen=seen, choices={}, by=make.actor(), at=MONDAY_4PM)
    assert done.new == 1


def test_all_or_nothing(store, monkeypatch):
    monkeypatch.setattr(imports, "_change", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        confirm(roster(record()))

    assert Child.select().count() == ChildFile.select().count() == 0
    assert SchoolClass.select().count() == Trail.select().count() == 0


def test_two_presses_at_one_instant_import_once(store, database):
    by = make.actor()
    token = drafts.keep(BOOK, by=by, at=MONDAY_4PM)
    rows = roster(*(record(f"孩子{n}") for n in range(50)))
    seen = imports.preview(rows).digest
    answers, start = [], threading.Barrier(4)

    def press():
        with db.connection_context():
            start.wait()
            try:
                answers.append(
                    imports.confirm(
                        rows, seen=seen, choices={}, by=by, at=MONDAY_4PM, token=token
                    )
                )
            except Refused as refused:
                answers.append(str(refused))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Child.select().count() == 50
    done = imports.Result(50, 0, 0, 0, 0, ("三年級1班",))
    assert done in answers
    assert set(map(str, answers)) <= {str(done), imports.MOVED_ON}


def test_a_second_press_answers_like_the_first(store):
    by = make.actor()
    token = drafts.keep(BOOK, by=by, at=MONDAY_4PM)
    rows = roster(record())
    seen = imports.preview(rows).digest

    answers = [
        imports.confirm(rows, seen=seen, choices={}, by=by, at=MONDAY_4PM, token=token)
        for _ in range(2)
    ]

    assert answers == [imports.Result(1, 0, 0, 0, 0, ("三年級1班",))] * 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_preview_takes_two_queries_however_long(store, count):
    for n in range(count):
        make.child(f"孩子{n}", school_class=make.school_class(3, 1))

    with count_queries() as queries:
        seen = imports.preview(roster(*(record(f"孩子{n}") for n in range(count))))

    assert (len(seen.unchanged), queries.count) == (count, 2)


@pytest.mark.parametrize("count", [1, 30])
def test_writing_takes_as_many_statements_however_long(store, count):
    make.school_class(3, 1)
    make.actor()
    rows = roster(*(record(f"孩子{n}") for n in range(count)))
    seen = imports.preview(rows).digest
    by = make.actor()

    with count_queries() as queries:
        imports.confirm(rows, seen=seen, choices={}, by=by, at=MONDAY_4PM)

    assert queries.count <= 16


def test_a_draft_comes_back_as_it_was(store):
    by = make.actor()
    token = drafts.keep(BOOK, by=by, at=MONDAY_4PM)
    reading = Reading(1, 2, 1, ("name", ""), "三年級2班")

    drafts.understand(token, reading, by=by, at=MONDAY_4PM)

    assert drafts.draft(token, by=by, at=MONDAY_4PM) == (token, BOOK, reading)


def test_a_draft_is_its_owners_alone(store):
    token = drafts.keep(BOOK, by=make.actor(), at=MONDAY_4PM)

    for ask in (drafts.draft, drafts.result):
        with pytest.raises(NotFound):
            ask(token, by=make.actor(), at=MONDAY_4PM)


def test_old_drafts_are_thrown_away(store):
    by = make.actor()
    drafts.keep(BOOK, by=by, at=MONDAY_4PM)
    later = MONDAY_4PM + timedelta(days=1, seconds=1)

    drafts.keep(BOOK, by=by, at=later)

    assert [draft.made_at for draft in ImportDraft.select()] == [later]


def test_old_drafts_go_though_nobody_imports_again(store, database):
    make.school()
    drafts.keep(BOOK, by=make.actor(), at=MONDAY_4PM)

    daily.look(Paths(database), MONDAY_4PM + timedelta(hours=25))

    assert ImportDraft.select().count() == 0


def test_reading_a_roster_is_on_the_trail(store):
    by = make.actor()

    drafts.keep(BOOK, by=by, at=MONDAY_4PM)

    line = Trail.get()
    assert (line.deed, line.subject_id, line.detail) == (
        "imports.read",
        ImportDraft.get().id,
        "名冊.xlsx",
    )
