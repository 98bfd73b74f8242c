"""Numbers that reach nobody: whose they are to settle, and what settles them."""

import make
import pytest
from kit import MONDAY_4PM

from liushou_web.children.store import register
from liushou_web.phone.store import dead_numbers
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Child, ChildFile, NumberFault, Trail

OLD, NEW = "13900000001", "13900000002"


@pytest.fixture
def by(store):
    make.school()
    return {"by": make.actor(make.staff("孫老師", roles=("helper",))), "at": MONDAY_4PM}


@pytest.fixture
def fault(by):
    group = make.school_class(teacher=by["by"].id)
    child = make.child("小明", school_class=group, mother_phone=OLD, father_phone=OLD)
    call = make.call(child, result="out_of_order")
    found = {"found_at": MONDAY_4PM, "found_by": by["by"].id}
    return NumberFault.create(child=child, contact="mother", number=OLD, call=call, **found)


def waiting():
    return [each.id for each in dead_numbers.waiting()]


def test_a_fault_waits_for_the_class_teacher_and_the_office(by, fault):
    mine = dead_numbers.waiting(of_teacher=by["by"].id)

    assert [(each.name, each.contact_label) for each in mine] == [("小明", "媽媽")]
    assert dead_numbers.waiting(of_teacher=99) == []
    assert waiting() == [fault.id]


def test_a_new_number_settles_it_and_is_a_change_of_the_file(by, fault):
    dead_numbers.renew(fault.id, "139 0000 0002", version=1, **by)

    file, child = ChildFile.get(), Child.get()
    assert (file.mother_phone, file.father_phone, child.version) == (NEW, OLD, 2)
    assert waiting() == []
    line = Trail.get()
    assert (line.deed, line.subject_id) == ("children.change", child.id)
    assert line.detail == f"母親電話：{OLD} → {NEW}"


def test_any_other_change_of_that_number_settles_it_too(by, fault):
    ChildFile.update(father_phone="").execute()
    assert waiting() == [fault.id]

    ChildFile.update(mother_phone=NEW).execute()
    assert waiting() == []


def test_the_old_number_is_no_new_one(by, fault):
    with pytest.raises(Refused, match="還是原來的號碼"):
        dead_numbers.renew(fault.id, OLD, version=1, **by)
    with pytest.raises(Refused, match="不像電話號碼"):
        dead_numbers.renew(fault.id, "12", version=1, **by)

    assert (ChildFile.get().mother_phone, Trail.select().count()) == (OLD, 0)


def test_nothing_is_written_over_what_somebody_else_changed(by, fault):
    Child.update(version=2).execute()

    with pytest.raises(register.OutdatedFile):
        dead_numbers.renew(fault.id, NEW, version=1, **by)

    assert ChildFile.get().mother_phone == OLD


def test_said_to_be_right_it_waits_no_more_and_a_new_fault_can_come(by, fault):
    for _ in range(2):
        dead_numbers.call_right(fault.id, **by)

    assert waiting() == []
    assert NumberFault.get().settled_by_id == by["by"].id
    assert [row.deed for row in Trail.select()] == ["numbers.right"]


def test_anothers_fault_is_not_found(by, fault):
    for deed in (
        lambda: dead_numbers.one(fault.id, of_teacher=99),
        lambda: dead_numbers.renew(fault.id, NEW, version=1, **by, of_teacher=99),
        lambda: dead_numbers.call_right(fault.id, **by, of_teacher=99),
        lambda: dead_numbers.one(99),
    ):
        with pytest.raises(NotFound):
            deed()


def test_of_who_left_nothing_waits(by, fault):
    Child.update(left_on=MONDAY_4PM.date()).execute()

    assert waiting() == []
