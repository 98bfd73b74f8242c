"""Calls as lists show them, and the standing of each child, as columns of any query."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from liushou_web.children.store.classes import taught_by
from liushou_web.class_names import class_name
from liushou_web.db.words import spelt_out
from liushou_web.schema import Call, Child, Phone, SchoolClass, Staff

from ..rules.calls import (
    CONTACT_LABELS,
    FEELING_LABELS,
    RESULT_LABELS,
    WAY_LABELS,
    Feeling,
    Result,
    Way,
    minutes,
)
from ..rules.queue import CallStanding

EndedBy: Any = Staff.alias("ended_by")
# In these very words, line by line, the database goes by its index of open calls; asked
# for a result by its value, it reads ten years of them.
IS_OPEN: Any = spelt_out(Call.result == "") & Call.phone.in_(Phone.select(Phone.id))


class CallEntry(NamedTuple):
    """One attempt. `result` is '' while somebody is talking; no number, no content."""

    id: int
    child_id: int
    name: str
    grade: int
    class_number: int
    phone_id: int
    line: str
    way: str
    contact: str
    callee: str
    relation: str
    started_at: datetime
    ended_at: datetime | None
    end_told_at: datetime | None
    result: str
    feeling: str
    started_by: str
    ended_by: str | None

    @property
    def class_name(self) -> str:
        return class_name(self.grade, self.class_number)

    @property
    def way_label(self) -> str:
        return WAY_LABELS[Way(self.way)]

    @property
    def contact_label(self) -> str:
        return CONTACT_LABELS[self.contact]

    @property
    def result_label(self) -> str:
        return RESULT_LABELS[Result(self.result)] if self.result else ""

    @property
    def feeling_label(self) -> str:
        return FEELING_LABELS[Feeling(self.feeling)] if self.feeling else ""

    @property
    def minutes(self) -> int | None:
        """How long a call that was answered took; None for a mere attempt."""
        connected = self.result == Result.CONNECTED
        return minutes(self.started_at, self.ended_at) if connected else None


def entries_where(*conditions: Any) -> list[CallEntry]:
    """The calls that meet the conditions, in the order in which they began: one query."""
    rows = calls_where(*conditions).order_by(Call.started_at, Call.id)
    return [CallEntry(*row) for row in rows.tuples()]


def calls_where(*conditions: Any) -> Any:
    """The query of a `CallEntry` a row, in no order."""
    return (
        Call.select(
            Call.id,
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            Phone.id,
            Phone.name,
            Call.way,
            Call.contact,
            Call.callee,
            Call.relation,
            Call.started_at,
            Call.ended_at,
            Call.end_told_at,
            Call.result,
            Call.feeling,
            Staff.name,
            EndedBy.name,
        )
        .join(Child)
        .switch(Call)
        .join(SchoolClass)
        .switch(Call)
        .join(Phone)
        .switch(Call)
        .join(Staff, on=Call.started_by == Staff.id)
        .switch(Call)
        .join(EndedBy, JOIN.LEFT_OUTER, on=Call.ended_by == EndedBy.id)
        .where(*conditions)
    )


def of_children_taught_by(teacher: int | None) -> tuple[Any, ...]:
    """Only children who are in one of this teacher's classes now; all without a teacher."""
    if teacher is None:
        return ()
    mine = taught_by(Child.select(Child.id).join(SchoolClass), teacher)
    return (Call.child.in_(mine),)


def last_connected() -> Any:
    """The column of a child's last answered call, in a query over `Child`: one look into
    an index."""
    answered = Call.result == Result.CONNECTED.value
    return Call.select(fn.MAX(Call.started_at)).where(Call.child == Child.id, answered)


def standing_columns(begins: Any, ends: Any) -> tuple[Any, Any, Any]:
    """Columns of a query over `Child` from which `standing` is made, between the midnights
    of today. Asked for each result by its word, the database goes by its index to the
    calls of today; for any result, it would read those of ten years."""
    tried = Call.select(Call.id).where(Call.child == Child.id, Call.result != "")
    of_today = Call.select(fn.COUNT(Call.id)).where(
        Call.child == Child.id,
        Call.result.in_([result.value for result in Result]),
        Call.started_at >= begins,
        Call.started_at < ends,
    )
    return last_connected(), fn.EXISTS(tried), of_today


def standing(connected: str | datetime | None, ever: int, of_today: int) -> CallStanding:
    """How the calls of a child stand, from the values of `standing_columns`."""
    moment = datetime.fromisoformat(connected) if isinstance(connected, str) else connected
    return CallStanding(moment.date() if moment else None, bool(ever), of_today)
