"""The register: adding, changing, leaving; nothing merges, nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.children.rules.register import ChildFields
from liushou_web.children.store import child_files, register
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Child, ChildFile, Trail

TODAY = MONDAY_4PM.date()


def fields(name="王芳", **values):
    values.setdefault("class_id", make.school_class().id)
    return ChildFields(name, **values)


@pytest.fixture
def by(store):
    return {"by": make.actor(make.staff("張主任", roles=("office",))), "at": MONDAY_4PM}


def deeds():
    return [(line.deed, line.subject_id, line.detail) for line in Trail.select()]


def test_add_keeps_every_field(by):
    given = fields(
        number="G1", sex="f", birth_date=date(2015, 3, 5), boards=True, arrangement="alone",
        carer_name="王秀英", carer_relation="奶奶", carer_phone="13812345678",
        father_name="王強", father_phone="1", mother_name="李麗", mother_phone="",
        parents_work="東莞", parents_free="晚上", address="東村", note="過敏",
    )  # fmt: skip
    given = replace(given, father_phone="0730-6221234")

    child = register.add(given, **by)

    file = child_files.file_of(child.id)
    assert (file.fields, file.class_name, file.version) == (given, "三年級1班", 1)
    assert (child.folded, child.pinyin) == ("王芳", "wang fang")
    assert deeds() == [("children.add", child.id, "王芳")]


def test_add_tidies_what_was_typed(by):
    child = register.add(fields("李  明", carer_phone="138 1234 5678"), **by)

    kept = child_files.file_of(child.id).fields
    assert (kept.name, kept.carer_phone) == ("李明", "13812345678")


def test_add_refuses_a_number_that_is_taken_and_names_the_class(by):
    register.add(fields("小明", number="G1"), **by)
    other = fields("小紅", number="g1", class_id=make.school_class(4, 2).id)

    with pytest.raises(Refused) as refusal:
        register.add(other, **by)

    assert str(refusal.value) == "學籍號 G1 已屬於三年級1班的小明，請核對。"
    assert (Child.select().count(), ChildFile.select().count(), len(deeds())) == (1, 1, 1)


def test_add_asks_about_a_second_child_of_one_name_in_the_class(by):
    one = register.add(fields("單雨萱"), **by)

    with pytest.raises(register.SameName, match="已有一名學生叫单雨萱"):
        register.add(fields("单雨萱"), **by)
    other = register.add(fields("单雨萱"), another=True, **by)

    assert one.id != other.id
    assert [child.name for child in Child.select()] == ["單雨萱", "单雨萱"]


def test_add_asks_differently_about_one_who_left(by):
    make.child("王芳", left_on=TODAY)

    with pytest.raises(register.SameName, match="已離開的學生叫王芳"):
        register.add(fields(), **by)


def test_the_same_name_in_another_class_is_nobodys_question(by):
    register.add(fields(), **by)
    register.add(fields(class_id=make.school_class(4, 1).id), **by)

    assert Child.select().count() == 2


def test_add_refuses_a_class_that_is_gone(by):
    with pytest.raises(Refused, match="這個班級已不在"):
        register.add(fields(class_id=999), **by)


def test_add_all_adds_many_at_once(by):
    make.child("在前")

    ids = register.add_all([fields("一", note="甲"), fields("二", number="G2")], **by)

    kept = [child_files.file_of(row_id).fields for row_id in ids]
    assert [(each.name, each.note, each.number) for each in kept] == [
        ("一", "甲", None),
        ("二", "", "G2"),
    ]
    assert deeds() == [("children.add", ids[0], "一"), ("children.add", ids[1], "二")]
    assert [child.name for child in register.find("er")] == ["二"]


def test_add_all_adds_none_if_one_number_is_taken(by):
    make.child("在前", number="G2")

    with pytest.raises(Refused, match="一個也沒有保存"):
        register.add_all([fields("一"), fields("二", number="G2")], **by)

    assert (Child.select().count(), deeds()) == (1, [])


def test_change_writes_and_tells_old_and_new(by):
    child = register.add(fields("王芳", address="東村"), **by)

    register.change(child.id, fields("王方", address="西村"), version=1, **by)

    file = child_files.file_of(child.id)
    assert (file.fields.name, file.fields.address, file.version) == ("王方", "西村", 2)
    assert Child.get_by_id(child.id).pinyin == "wang fang"
    assert deeds()[1:] == [
        ("children.change", child.id, "姓名：王芳 → 王方；家庭住址：東村 → 西村")
    ]


def test_change_of_nothing_leaves_no_trace(by):
    child = register.add(fields(), **by)

    assert register.change(child.id, fields(), version=1, **by) == []
    assert (child_files.file_of(child.id).version, len(deeds())) == (1, 1)


def test_change_of_an_older_version_is_refused(by):
    child = register.add(fields(), **by)
    register.change(child.id, fields(address="西村"), version=1, **by)

    with pytest.raises(register.OutdatedFile):
        register.change(child.id, fields(address="南村"), version=1, **by)

    assert child_files.file_of(child.id).fields.address == "西村"


def test_told_since_says_who_changed_what_after_a_version(by):
    child = register.add(fields(), **by)
    register.change(child.id, fields(address="西村"), version=1, **by)
    register.leave(child.id, on=TODAY, reason="moved", **by)
    register.come_back(child.id, **by)

    assert [line.detail for line in child_files.changes_since(child.id, 1)] == [
        "家庭住址：（空） → 西村",
        "2026-11-23 轉走",
        "",
    ]
    assert child_files.changes_since(child.id, 3)[0][:2] == (MONDAY_4PM, "張主任")
    assert child_files.changes_since(child.id, 4) == []


def test_change_refuses_a_number_that_is_taken(by):
    make.child("小明", number="G1")
    child = register.add(fields(), **by)

    with pytest.raises(Refused, match="學籍號 G1 已屬於三年級1班的小明"):
        register.change(child.id, fields(number="G1"), version=1, **by)

    assert child_files.file_of(child.id).fields.number is None


def test_change_into_a_name_that_is_there_asks(by):
    make.child("王芳")
    child = register.add(fields("王方"), **by)

    with pytest.raises(register.SameName):
        register.change(child.id, fields("王芳"), version=1, **by)
    register.change(child.id, fields("王芳"), version=1, another=True, **by)

    assert child_files.file_of(child.id).fields.name == "王芳"


def test_change_of_one_of_two_of_one_name_does_not_ask_again(by):
    make.child("王芳")
    child = make.child("王芳")

    register.change(child.id, fields("王芳", address="西村"), version=1, **by)

    assert child_files.file_of(child.id).fields.address == "西村"


def test_a_child_is_not_asked_about_for_its_own_name_in_the_other_script(by):
    child = register.add(fields("單雨萱"), **by)

    register.change(child.id, fields("单雨萱"), version=1, **by)

    assert child_files.file_of(child.id).fields.name == "单雨萱"


def test_leave_keeps_the_file_and_come_back_undoes_it(by):
    child = register.add(fields(), **by)

    register.leave(child.id, on=date(2026, 11, 20), reason="moved", **by)
    left = child_files.file_of(child.id)
    register.come_back(child.id, **by)
    back = child_files.file_of(child.id)

    assert (left.left_on, left.left_reason, left.version) == (
        date(2026, 11, 20),
        "moved",
        2,
    )
    assert (back.left_on, back.left_reason, back.version) == (None, "", 3)
    assert deeds()[1:] == [
        ("children.leave", child.id, "2026-11-20 轉走"),
        ("children.come_back", child.id, ""),
    ]


def test_leave_twice_is_refused(by):
    child = make.child("王芳", left_on=date(2026, 11, 1), left_reason="graduated")

    with pytest.raises(Refused, match="王芳已於 2026-11-01 離開。"):
        register.leave(child.id, on=TODAY, reason="moved", **by)

    assert Child.get_by_id(child.id).left_reason == "graduated"


def test_nobody_leaves_in_the_future(by):
    child = make.child()

    with pytest.raises(Refused, match="離開日期在今天以後"):
        register.leave(child.id, on=TODAY + timedelta(days=1), reason="moved", **by)


def test_come_back_of_an_active_child_does_nothing(by):
    child = make.child()

    register.come_back(child.id, **by)

    assert (Child.get_by_id(child.id).version, deeds()) == (1, [])


def test_view_leaves_a_line_in_the_trail(by):
    child = make.child("王芳")

    assert child_files.view(child.id, **by).fields.name == "王芳"
    assert deeds() == [("children.view", child.id, "")]


def test_a_teacher_sees_only_the_children_of_own_classes(by):
    li = make.staff(roles=("helper",))
    own = make.child(school_class=make.school_class(1, 1, teacher=li))
    other = make.child(school_class=make.school_class(1, 2))

    assert child_files.view(own.id, of_teacher=li.id, **by).teacher == "李老師"
    with pytest.raises(NotFound):
        child_files.view(other.id, of_teacher=li.id, **by)
    assert [subject for _, subject, _ in deeds()] == [own.id]


def test_of_two_at_one_file_only_one_is_first(database):
    with db.connection_context():
        child, by = make.child("王芳"), make.actor()
        class_id = child.school_class_id
    gate, outcomes = Barrier(6), []

    def race(number):
        with db.connection_context():
            gate.wait()
            try:
                wanted = ChildFields("王芳", class_id, address=f"{number}村")
                register.change(child.id, wanted, version=1, by=by, at=MONDAY_4PM)
                outcomes.append("saved")
            except register.OutdatedFile:
                outcomes.append("told")

    racers = [Thread(target=race, args=(number,)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    with db.connection_context():
        assert sorted(outcomes) == ["saved"] + ["told"] * 5
        assert child_files.file_of(child.id).version == 2
