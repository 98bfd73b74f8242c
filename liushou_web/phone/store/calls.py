"""A call on the family phone: begun and ended by one tap each, or told afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError, fn

from liushou_web.actor import Actor
from liushou_web.children.store.child_files import File, file_of
from liushou_web.db import db
from liushou_web.db.prepared import Prepared, as_row, change_row, new_row
from liushou_web.db.table import midnights, within
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Call, Child
from liushou_web.school.store import trail

from ..rules import calls as rules
from ..rules.calls import Contact, Result, contacts_of
from . import dead_numbers, phones
from .entries import IS_OPEN, CallEntry, calls_where, entries_where

LINE_BUSY = "這條線正在通話。"


def one(call_id: int) -> CallEntry:
    """One call; raises `NotFound`."""
    found = entries_where(Call.id == call_id)
    if not found:
        raise NotFound
    return found[0]


def open_calls() -> list[CallEntry]:
    """Whoever is talking, and every call that nobody ended, whatever its day."""
    return [CallEntry(*row) for row in _open.rows()]


@Prepared
def _open() -> Any:
    return calls_where(IS_OPEN).order_by(Call.started_at, Call.id)


def latest(day: date, *, limit: int) -> list[CallEntry]:
    """The attempts of a day that are over, the last to begin first."""
    rows = _latest.rows(*midnights(day, day), limit)
    return [CallEntry(*row) for row in rows]


@Prepared
def _latest(begins: Any, ends: Any, limit: Any) -> Any:
    rows = calls_where(*_over_between(begins, ends))
    return rows.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit)


def _over_between(begins: Any, ends: Any) -> tuple[Any, ...]:
    return Call.result != "", Call.started_at >= begins, Call.started_at < ends


def how_many(day: date) -> int:
    """How many attempts of a day are over."""
    return int(_how_many.rows(*midnights(day, day))[0][0])


@Prepared
def _how_many(begins: Any, ends: Any) -> Any:
    return Call.select(fn.COUNT(Call.id)).where(*_over_between(begins, ends))


def forgotten(at: datetime) -> list[CallEntry]:
    """The calls of earlier days that nobody has ended yet."""
    midnight = datetime.combine(at.date(), datetime.min.time())
    return entries_where(IS_OPEN, Call.started_at < midnight)


def connected_in(child_ids: Collection[int], first: date, last: date) -> set[int]:
    """Those of the children who were called, and answered, on one of these days: whatever
    duty a call fulfils is fulfilled by this query."""
    rows: Any = (
        Call.select(Call.child)
        .where(
            Call.child.in_(list(child_ids)),
            Call.result == Result.CONNECTED.value,
            within(Call.started_at, first, last),
        )
        .distinct()
        .tuples()
    )
    return {child_id for (child_id,) in rows}


def contact_of(file: File, key: str) -> Contact:
    """Whom the key means in this child's file; raises `NotFound`."""
    found = [contact for contact in contacts_of(file.fields) if contact.key == key]
    if not found:
        raise NotFound
    return found[0]


@db.atomic()
def reveal(child_id: int, key: str, *, by: Actor, at: datetime) -> tuple[File, Contact]:
    """The contact with the whole number, for who dials it; each look is on the trail."""
    file = file_of(child_id)
    contact = contact_of(file, key)
    trail.record("calls.reveal", Child(id=child_id), by=by, at=at, detail=contact.label)
    return file, contact


@db.atomic()
def reveal_again(call: CallEntry, *, by: Actor, at: datetime) -> tuple[File, Contact]:
    """The contact of a call while it is dialled, without a number if the file lost it
    since. Each look is on the trail."""
    file = file_of(call.child_id)
    if call.contact in (contact.key for contact in contacts_of(file.fields)):
        return reveal(call.child_id, call.contact, by=by, at=at)
    return file, Contact(call.contact, call.callee, "", call.relation)


@db.atomic()
def start(child_id: int, key: str, phone_id: int, *, by: Actor, at: datetime) -> int:
    """The id of the call, which is open from now on; a second tap answers like the first.

    Refused while the line holds another call, or the child is in one; by the database, so
    that of many who tap at once exactly one wins.
    """
    file, line = file_of(child_id), phones.line(phone_id)
    if file.left_on:
        raise Refused("{name}已離開，不能打電話。", name=file.fields.name)
    if line.retired:
        raise Refused("「{line}」已停用。", line=line.name)
    contact = contact_of(file, key)
    rules.check_reachable(contact, line.way)
    try:
        made = new_row(
            Call,
            child=child_id,
            school_class=file.fields.class_id,
            phone=phone_id,
            way=line.way,
            contact=key,
            callee=contact.name,
            relation=contact.relation,
            started_at=at,
            started_by=by.id,
        )
    except IntegrityError:
        return _in_the_way(child_id, phone_id, at)
    detail = f"child={child_id}; {line.name}; {contact.label}"
    trail.record("calls.start", made, by=by, at=at, detail=detail)
    return made.id


def _in_the_way(child_id: int, phone_id: int, at: datetime) -> int:
    """The call that is open already, if it is this very one; else why there is none."""
    for call in open_calls():
        if (call.child_id, call.phone_id) == (child_id, phone_id):
            return call.id
        if call.phone_id == phone_id and call.started_at.date() < at.date():
            raise Refused("這條線上次的通話還沒有結束，請先補記結束時間。")
        if call.phone_id == phone_id:
            raise Refused(LINE_BUSY)
    raise Refused("這名學生正在另一條線上通話。")


@db.atomic()
def end(call_id: int, result: str, *, by: Actor, at: datetime) -> None:
    """Ends a call by the tap that says how it went; ended so already, nothing is done.

    Refused for a call that nobody ended in time: now is not when it was over.
    """
    call = _row(call_id)
    if call.result == result:
        return
    if call.result:
        was = rules.RESULT_LABELS[Result(call.result)]
        raise Refused("這次通話已記為「{was}」。記錯了請先撤銷，或用「更正」。", was=was)
    rules.check_not_forgotten(call.started_at, at)
    _write(call, result=result, ended_at=at, ended_by=by.id)
    dead_numbers.follow(call, by=by, at=at)
    detail = f"child={call.child_id}; {result}"
    trail.record("calls.end", call, by=by, at=at, detail=detail)


@db.atomic()
def feel(call_id: int, feeling: str, *, by: Actor, at: datetime) -> None:
    """Keeps one of three faces, on the day of the call; the last tap counts."""
    call = _row(call_id)
    if not call.result:
        raise Refused("通話結束以後再記孩子的心情。")
    if call.started_at.date() != at.date():
        raise Refused("過了當天，心情不能再記。")
    if call.feeling != feeling:
        _write(call, feeling=feeling)
        detail = f"child={call.child_id}"
        trail.record("calls.feel", call, by=by, at=at, detail=detail)


@db.atomic()
def undo_start(call_id: int, *, by: Actor, at: datetime) -> None:
    """Takes a call back as if it had never begun; only for a few minutes, and not once it
    has ended."""
    call = _row(call_id)
    if call.result:
        raise Refused("這次通話已經結束。請先撤銷結束。")
    rules.check_undo(call.started_at, at)
    detail = f"child={call.child_id}"
    trail.record("calls.undo_start", call, by=by, at=at, detail=detail)
    dead_numbers.forget(call)
    Call.delete().where(Call.id == call_id).execute()


@db.atomic()
def undo_end(call_id: int, *, by: Actor, at: datetime) -> None:
    """Opens a call again that was ended by mistake; one that is open stays so. Refused
    where the line or the child is in another call by now."""
    call = _row(call_id)
    if not call.result:
        return
    rules.check_undo(None if call.end_told_at else call.ended_at, at)
    try:
        _write(call, result="", ended_at=None, ended_by=None, feeling="")
    except IntegrityError:
        raise Refused(LINE_BUSY) from None
    dead_numbers.follow(call, by=by, at=at)
    detail = f"child={call.child_id}"
    trail.record("calls.undo_end", call, by=by, at=at, detail=detail)


@db.atomic()
def tell(
    call_id: int, result: str, ended_at: datetime | None, *, by: Actor, at: datetime
) -> None:
    """Keeps how a call went that nobody ended, or that went otherwise than was tapped, and
    marks it as told later. No end: nobody remembers, and none is invented.

    After the day of the call only the office corrects what was said already.
    """
    call = _row(call_id)
    if call.result:
        rules.check_may_correct(by, call.started_at, at)
    rules.check_end(call.started_at, ended_at, at)
    ended_at = ended_at and max(ended_at, call.started_at)  # typed to the minute
    before, after = _in_words(call.result, call.ended_at), _in_words(result, ended_at)
    if call.result and before == after:
        return
    _write(call, result=result, ended_at=ended_at, end_told_at=at, ended_by=by.id)
    dead_numbers.follow(call, by=by, at=at)
    detail = f"child={call.child_id}; {before} → {after}"
    trail.record("calls.tell", call, by=by, at=at, detail=detail)


def _in_words(result: str, ended_at: datetime | None) -> str:
    word = rules.RESULT_LABELS[Result(result)] if result else "—"
    return f"{word} {ended_at:%H:%M}" if ended_at else f"{word} —"


def _row(call_id: int) -> Call:
    found = _of_id.row(call_id)
    if found is None:
        raise NotFound
    return as_row(Call, found)


@Prepared
def _of_id(call_id: Any) -> Any:
    return Call.select().where(Call.id == call_id)


def _write(call: Call, **values: Any) -> None:
    """Writes to the database, and to the row in hand."""
    change_row(Call, call.id, values)
    for name, value in values.items():
        setattr(call, name, value)
