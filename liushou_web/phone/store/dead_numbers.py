"""Phone numbers that reach nobody: found by a call, settled by a new number."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.rules.register import tidy_phone
from liushou_web.children.store import register
from liushou_web.children.store.child_files import file_of
from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.inserts import insert_if_new
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Call, Child, ChildFile, NumberFault, SchoolClass, Staff
from liushou_web.school.store import trail

from ..rules.calls import CONTACT_LABELS, Result, Way

NUMBER_COLUMNS = {contact: f"{contact}_phone" for contact in CONTACT_LABELS}


class DeadNumber(NamedTuple):
    """A number that does not reach its person, as long as the file still has it."""

    id: int
    child_id: int
    name: str
    grade: int
    class_number: int
    contact: str
    callee: str
    relation: str
    number: str
    found_at: datetime
    found_by: str

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def contact_label(self) -> str:
        return CONTACT_LABELS[self.contact]


def waiting(*, of_teacher: int | None = None) -> list[DeadNumber]:
    """What waits for a new number, in the order of the register."""
    rows = _numbers(of_teacher).where(NumberFault.settled_at.is_null(), _is_in_file())
    rows = rows.where(Child.left_on.is_null())
    order = (*REGISTER_ORDER, NumberFault.id)
    return [DeadNumber(*row) for row in rows.order_by(*order).tuples()]


def one(fault_id: int, *, of_teacher: int | None = None) -> DeadNumber:
    """One number, settled or not; raises `NotFound`, also for a child of another teacher's
    class."""
    row = _numbers(of_teacher).where(NumberFault.id == fault_id).tuples().first()
    if row is None:
        raise NotFound
    return DeadNumber(*row)


def _is_in_file() -> Any:
    """The file names this number for this person: any change of it settles the fault."""
    return reduce(
        or_,
        (
            (NumberFault.contact == contact)
            & (getattr(ChildFile, column) == NumberFault.number)
            for contact, column in NUMBER_COLUMNS.items()
        ),
    )


def _numbers(of_teacher: int | None) -> Any:
    rows: Any = (
        NumberFault.select(
            NumberFault.id,
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            NumberFault.contact,
            Call.callee,
            Call.relation,
            NumberFault.number,
            NumberFault.found_at,
            Staff.name,
        )
        .join(Child)
        .join(ChildFile, on=ChildFile.child == Child.id)
        .switch(Child)
        .join(SchoolClass)
        .switch(NumberFault)
        .join(Call)
        .switch(NumberFault)
        .join(Staff, on=NumberFault.found_by == Staff.id)
    )
    return taught_by(rows, of_teacher)


def follow(call: Call, *, by: Actor, at: datetime) -> None:
    """Opens a fault for a call that met a dead number, and takes back the one of a call
    that did not after all. Inside the write that gave the call its result."""
    _take_back.execute(call.id)
    if call.result != Result.OUT_OF_ORDER or call.way != Way.PHONE:
        return
    number = getattr(file_of(call.child_id).fields, NUMBER_COLUMNS[call.contact])
    if number:
        insert_if_new(
            NumberFault,
            child=call.child_id,
            contact=call.contact,
            number=number,
            call=call.id,
            found_at=at,
            found_by=by.id,
        )


@Prepared
def _take_back(call_id: Any) -> Any:
    fault = NumberFault
    return fault.delete().where(fault.call == call_id, fault.settled_at.is_null())


@db.atomic()
def forget(call: Call) -> None:
    """Drops every fault that this call opened, settled ones too: the call never was."""
    NumberFault.delete().where(NumberFault.call == call.id).execute()


@db.atomic()
def renew(
    fault_id: int,
    number: str,
    *,
    version: int,
    by: Actor,
    at: datetime,
    of_teacher: int | None = None,
) -> None:
    """Writes a new number for this person into the file. Refuses the number that is there,
    and with `Outdated` where the file is another by now."""
    fault = one(fault_id, of_teacher=of_teacher)
    file = file_of(fault.child_id)
    column = NUMBER_COLUMNS[fault.contact]
    number = tidy_phone(number)
    if number == getattr(file.fields, column) == fault.number:
        raise Refused("這還是原來的號碼。如果號碼沒有錯，請點「號碼沒有錯」。")
    changed: dict[str, Any] = {column: number}
    fields = replace(file.fields, **changed)
    register.change(fault.child_id, fields, version=version, by=by, at=at)


@db.atomic()
def call_right(
    fault_id: int, *, by: Actor, at: datetime, of_teacher: int | None = None
) -> DeadNumber:
    """Settles a number that somebody says is right; settled already, it stays so."""
    fault = one(fault_id, of_teacher=of_teacher)
    open_one = NumberFault.id == fault_id, NumberFault.settled_at.is_null()
    settled: Any = NumberFault.update(settled_at=at, settled_by=by.id).where(*open_one)
    if settled.execute():
        row = NumberFault(id=fault_id)
        detail = f"child={fault.child_id}; {fault.contact_label}"
        trail.record("numbers.right", row, by=by, at=at, detail=detail)
    return fault
