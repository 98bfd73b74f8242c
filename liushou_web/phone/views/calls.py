"""The desk at the family phone: whom to call next, 開始, 結束, and how the child felt."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, g, request, url_for
from werkzeug import Response
from wtforms import BooleanField, RadioField, TimeField
from wtforms.validators import AnyOf, Optional

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.store import child_files, register
from liushou_web.children.views.namesakes import named
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me, my_scope
from liushou_web.web.forms import Form, choices, saved, tidy
from liushou_web.web.htmx import go, page, part, unchanged, wants_part
from liushou_web.web.zh import said

from ..rules.calls import (
    CONTACT_LABELS,
    RESULT_LABELS,
    TAPPED_RESULTS,
    Feeling,
    contacts_of,
    suggested_end,
)
from ..store import calls, dead_numbers, queue
from ..store.entries import CallEntry
from .desk import BUTTONS, LineShown, desk, lines, talk

bp = Blueprint("calls", __name__, url_prefix="/calls")

MOST_FOUND = 30
RESULT, FEELING, CONTACT = (
    f"any({', '.join(words)})" for words in (TAPPED_RESULTS, Feeling, CONTACT_LABELS)
)


@bp.get("")
@allow(Kind.CALL, "w")
def index() -> Response:
    shown = desk()
    if wants_part() and request.args.get("seen", type=int) == shown["mark"]:
        return unchanged()
    return page("phone/calls/index.html", part="phone/calls/_desk.html", **shown)


@bp.get("/find")
@allow(Kind.CALL, "w")
def find() -> Response:
    query, now = tidy(request.args.get("q"))[:50], clock.now()
    finding = register.find_counted(query, limit=MOST_FOUND)
    found = queue.waiting_of([child.id for child in finding.children], at=now)
    return page(
        "phone/calls/find.html",
        part="phone/calls/_results.html",
        query=query,
        found=found,
        total=finding.total,
        today=now.date(),
        now=now,
    )


@bp.get("/children/<id:child_id>")
@allow(Kind.CALL, "w")
def dial(child_id: int) -> Response:
    """Whom of the family to call; the numbers are not in full yet."""
    file = child_files.file_of(child_id)
    (waiting,) = queue.waiting_of([child_id], at=clock.now()) or (None,)
    dead = {each.contact for each in dead_numbers.waiting() if each.child_id == child_id}
    return page(
        "phone/calls/dial.html",
        file=file,
        contacts=contacts_of(file.fields),
        dead=dead,
        waiting=waiting,
        today=clock.now().date(),
        free=free_lines(),
    )


def free_lines() -> list[LineShown]:
    return [each for each in lines([], clock.now()) if each.talk is None]


@bp.get(f"/children/<id:child_id>/<{CONTACT}:contact>")
@allow(Kind.CALL, "w")
def number(child_id: int, contact: str) -> Response:
    """The number in full, and a 開始 for each line that is free; while there is none, no
    number is shown for nothing."""
    free = free_lines()
    if not free:
        raise Refused("現在沒有空的線。等一條線空出來，再選打給誰。")
    file, chosen = calls.reveal(child_id, contact, by=me(), at=clock.now())
    return page("phone/calls/number.html", file=file, contact=chosen, lines=free, talk=None)


@bp.post(f"/children/<id:child_id>/<{CONTACT}:contact>/start/<id:phone_id>")
@allow(Kind.CALL, "w")
def start(child_id: int, contact: str, phone_id: int) -> Response:
    call_id = calls.start(child_id, contact, phone_id, by=me(), at=clock.now())
    return go(url_for(".talking", call_id=call_id))


@bp.get("/<id:call_id>")
@allow(Kind.CALL, "w")
def talking(call_id: int) -> Response:
    """The number stays in sight while it is dialled; of a call that is over, the desk."""
    call, now = calls.one(call_id), clock.now()
    if call.result:
        return go(url_on_desk(call_id))
    file, contact = calls.reveal_again(call, by=me(), at=now)
    return page(
        "phone/calls/number.html",
        file=file,
        contact=contact,
        talk=talk(call, now),
        now=now,
        **BUTTONS,
    )


def url_on_desk(call_id: int) -> str:
    return url_for(".index", _anchor=f"call-{call_id}")


def desk_after(call_id: int) -> Response:
    """The desk as it is now, with whatever the tap changed on it."""
    if not wants_part():
        return go(url_on_desk(call_id))
    return part("phone/calls/_desk.html", otherwise=url_on_desk(call_id), **desk())


@bp.post(f"/<id:call_id>/end/<{RESULT}:result>")
@allow(Kind.CALL, "w")
def end(call_id: int, result: str) -> Response:
    calls.end(call_id, result, by=me(), at=clock.now())
    return desk_after(call_id)


@bp.post(f"/<id:call_id>/feeling/<{FEELING}:feeling>")
@allow(Kind.CALL, "w")
def feel(call_id: int, feeling: str) -> Response:
    calls.feel(call_id, feeling, by=me(), at=clock.now())
    return desk_after(call_id)


@bp.post("/<id:call_id>/undo-start")
@allow(Kind.CALL, "w")
def undo_start(call_id: int) -> Response:
    calls.undo_start(call_id, by=me(), at=clock.now())
    return desk_after(call_id)


@bp.post("/<id:call_id>/undo-end")
@allow(Kind.CALL, "w")
def undo_end(call_id: int) -> Response:
    calls.undo_end(call_id, by=me(), at=clock.now())
    return desk_after(call_id)


class TellForm(Form):
    """How a call went: of one that nobody ended, or one that was tapped wrong."""

    result = RadioField(
        "結果",
        choices=choices(RESULT_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(list(RESULT_LABELS), message="請選擇結果。")],
    )
    ended = TimeField("結束時間", [Optional()])
    unknown = BooleanField("不記得幾點結束")

    def validate(self, extra_validators: object = None) -> bool:
        if not self.ended.raw_data:
            self.ended.data = None  # a suggestion that was not sent back is no answer
        good: bool = super().validate(extra_validators)
        if good and self.ended.data is None and not self.unknown.data:
            self.ended.errors = ["請填寫結束時間，或者勾選「不記得幾點結束」。"]
            return False
        return good

    def ended_at(self, call: CallEntry) -> datetime | None:
        """The end as typed, on the day of the call; to the second as it was, where the
        minute is the same."""
        if self.unknown.data or self.ended.data is None:
            return None
        typed = datetime.combine(call.started_at.date(), self.ended.data)
        was = call.ended_at
        return was if was and was.replace(second=0) == typed else typed


@bp.route("/<id:call_id>/tell", methods=["GET", "POST"])
@allow(Kind.CALL, "w")
def tell(call_id: int) -> Response:
    call = calls.one(call_id)
    form = tell_form(call)
    return saved(form, lambda: _tell(form, call)) or page(
        "phone/calls/tell.html", form=form, call=call, status=form.status
    )


def _tell(form: TellForm, call: CallEntry) -> str:
    ended_at = form.ended_at(call)
    calls.tell(call.id, form.result.data, ended_at, by=me(), at=clock.now())
    flash(said("{name}的通話已記下。").format(name=named(call.child_id, call.name)))
    return url_on_desk(call.id)


def tell_form(call: CallEntry) -> TellForm:
    """The form with what is known; of an open call the end of its slot, to be accepted or
    changed."""
    likely = call.ended_at or suggested_end(call.started_at, g.school.call_minutes)
    nobody_knows = bool(call.end_told_at and call.ended_at is None)
    return TellForm(
        data={
            "result": call.result or None,
            "ended": None if nobody_knows else min(likely, clock.now()).time(),
            "unknown": nobody_knows,
        }
    )


def unended_calls() -> list[CallEntry]:
    """For 今日: the calls of earlier days that nobody ended, for those who can tell."""
    if my_scope(Kind.CALL, "w") is Scope.NONE:
        return []
    return calls.forgotten(clock.now())
