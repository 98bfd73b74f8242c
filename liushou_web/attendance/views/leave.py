"""Leave entered ahead: who will not come, entering it, taking it back."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, request, url_for
from werkzeug import Response
from wtforms import RadioField
from wtforms.validators import AnyOf

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.store import child_files, register
from liushou_web.children.views.namesakes import named
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.web.fields import DayField
from liushou_web.web.forms import (
    CreatingForm,
    Line,
    at_most,
    choices,
    required,
    saved,
    tidy,
)
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.leave import PART_LABELS, Part, Stretch
from ..rules.marks import LEAVE_LABELS
from ..store import absences, leave

bp = Blueprint("leave", __name__, url_prefix="/leave")

MOST_SHOWN = 60


@bp.get("")
@allow(Kind.LEAVE)
def index() -> Response:
    today = clock.now().date()
    return page(
        "attendance/leave/index.html",
        entries=leave.coming(today, of_teacher=own_only(Kind.LEAVE)),
        writable=writable(today),
        today=today,
    )


def writable(today: date) -> set[int]:
    """The leaves that the reader may take back: not all that a duty teacher reads."""
    if my_scope(Kind.LEAVE, "w") is Scope.NONE:
        return set()
    own = own_only(Kind.LEAVE, "w")
    return {entry.id for entry in leave.coming(today, of_teacher=own)}


@bp.get("/find")
@allow(Kind.LEAVE, "w")
def find() -> Response:
    query = tidy(request.args.get("q"))[:50]
    own = own_only(Kind.LEAVE, "w")
    return page(
        "attendance/leave/find.html",
        part="attendance/leave/_results.html",
        query=query,
        finding=register.find_counted(query, of_teacher=own, limit=MOST_SHOWN),
    )


class LeaveForm(CreatingForm):
    first_day = DayField("第一天", [required()])
    last_day = DayField("最後一天")
    part = RadioField(
        "全天還是半天",
        choices=choices(PART_LABELS.items()),
        default=Part.DAY.value,
        validate_choice=False,
        validators=[AnyOf(list(PART_LABELS), message="請選擇全天、上午或下午。")],
    )
    kind = RadioField(
        "請什麼假",
        choices=choices(LEAVE_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(list(LEAVE_LABELS), message="請選擇事假或病假。")],
    )
    note = Line("說明（可以不填）", [at_most(100)])

    def stretch(self) -> Stretch:
        first = self.first_day.day
        return Stretch(first, self.last_day.data or first, Part(self.part.data))


@bp.route("/children/<id:child_id>/new", methods=["GET", "POST"])
@allow(Kind.LEAVE, "w")
def new(child_id: int) -> Response:
    file = child_files.file_of(child_id, of_teacher=own_only(Kind.LEAVE, "w"))
    form = LeaveForm(first_day=clock.now().date())
    return saved(form, lambda: _enter(form, file)) or page(
        "attendance/leave/new.html", form=form, file=file, status=form.status
    )


def _enter(form: LeaveForm, file: child_files.File) -> str:
    leave.enter(
        file.id,
        form.stretch(),
        kind=form.kind.data,
        note=form.note.data or "",
        by=me(),
        at=clock.now(),
        of_teacher=own_only(Kind.LEAVE, "w"),
    )
    flash(said("{name}的請假已登記。").format(name=named(file.id, file.fields.name)))
    return url_for(".index")


@bp.post("/<id:leave_id>/withdraw")
@allow(Kind.LEAVE, "w")
def withdraw(leave_id: int) -> Response:
    own = own_only(Kind.LEAVE, "w")
    entry = leave.withdraw(leave_id, by=me(), at=clock.now(), of_teacher=own)
    words = said("{name}的請假已撤回。撤回錯了，今天可以點「恢復」。")
    flash(words.format(name=named(entry.child_id, entry.name)))
    return go(url_for(".index", _anchor=f"leave-{leave_id}"))


@bp.post("/<id:leave_id>/restore")
@allow(Kind.LEAVE, "w")
def restore(leave_id: int) -> Response:
    own = own_only(Kind.LEAVE, "w")
    entry = leave.restore(leave_id, by=me(), at=clock.now(), of_teacher=own)
    flash(said("{name}的請假已恢復。").format(name=named(entry.child_id, entry.name)))
    return go(url_for(".index", _anchor=f"leave-{leave_id}"))


@bp.post("/cases/<any('absent', 'sick'):kind>/<id:subject_id>/seen")
@allow(Kind.LEAVE, "w")
def seen(kind: str, subject_id: int) -> Response:
    absences.put_aside(kind, subject_id, by=me(), at=clock.now())
    return go(url_for("home.today"))
