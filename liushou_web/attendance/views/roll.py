"""The roll of one activity: see who is here, tap them in, tap them out."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug import Response
from wtforms import RadioField
from wtforms.validators import AnyOf

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.refusal import NotFound
from liushou_web.schema import Activity
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.web.forms import Form, Line, at_most, choices, saved
from liushou_web.web.htmx import go, page, part, unchanged
from liushou_web.web.zh import said

from ..rules.marks import LEAVE_LABELS, may_tap
from ..rules.roll import sections_of
from ..store import head_counts, rolls, taps
from ..store.rolls import RollRow, meeting_of
from .closing import closable, closing_context
from .paper import paper_context

bp = Blueprint("attendance", __name__, url_prefix="/attendance")


@bp.get("/<id:activity_id>")
@allow(Kind.ROLL)
def roll(activity_id: int) -> Response:
    activity = rolls.activity(activity_id)
    rows = rolls.roll_of(activity, at=clock.now(), of_teacher=own_only(Kind.ROLL))
    order = request.args.get("order", "waiting")
    return page(
        "attendance/roll/roll.html",
        sections=sections_of(rows, order, meeting_of(activity), clock.now()),
        walk_ins=[row for row in rows if row.walk_in],
        undecided=[r.name for r in rows if r.came_at and not (r.went_at or r.choice)],
        order=order,
        batch=last_batch(activity),
        **closing_context(activity),
        **paper_context(activity, rows),
        **roll_context(activity),
    )


def roll_context(activity: Activity) -> dict[str, Any]:
    """What every part of a roll wants to know beside its rows."""
    tappable = may_tap(activity.starts, activity.cancelled_at, clock.now())
    tappable = tappable and activity.closed_at is None
    count = head_counts.head_count(activity, of_teacher=own_only(Kind.ROLL))
    return {
        "activity": activity,
        "count": count,
        "can_tap": tappable and my_scope(Kind.ROLL, "w") is Scope.ALL,
        "can_close": closable(activity, count),
        "base": url_for("attendance.roll", activity_id=activity.id),
    }


def last_batch(activity: Activity) -> tuple[str, int, int] | None:
    """What 全部簽到 or 全部簽退 just did, while it can be undone: deed, version, size."""
    version = request.args.get("batch", 0, int)
    was = "in" if request.args.get("was") == "in" else "out"
    size = rolls.size_of_batch(activity.id, version) if 0 < version < 2**31 else 0
    return (was, version, size) if size else None


@bp.get("/<id:activity_id>/changes")
@allow(Kind.ROLL)
def changes(activity_id: int) -> Response:
    activity = rolls.activity(activity_id)
    seen = request.args.get("since", 0, int)
    if seen == activity.version:
        return unchanged()
    if activity.closed_at:
        return go(url_for(".roll", activity_id=activity_id))
    rows = rolls.rows_since(activity, seen, at=clock.now(), of_teacher=own_only(Kind.ROLL))
    return part(
        "attendance/roll/_changes.html",
        otherwise=url_for(".roll", activity_id=activity_id),
        rows=[row for row in rows if not row.walk_in],
        walk_ins=walk_ins_of(activity),
        **roll_context(activity),
    )


def walk_ins_of(activity: Activity) -> list[RollRow]:
    rows = rolls.roll_of(activity, at=clock.now(), of_teacher=own_only(Kind.ROLL))
    return [row for row in rows if row.walk_in]


@bp.post("/<id:activity_id>/children/<id:child_id>/sign-in")
@allow(Kind.ROLL, "w")
def sign_in(activity_id: int, child_id: int) -> Response:
    taps.sign_in(activity_id, child_id, by=me(), at=clock.now())
    return answer_tap(activity_id, child_id)


@bp.post("/<id:activity_id>/children/<id:child_id>/sign-out")
@allow(Kind.ROLL, "w")
def sign_out(activity_id: int, child_id: int) -> Response:
    choice = request.form.get("choice", "")
    taps.sign_out(activity_id, child_id, choice=choice, by=me(), at=clock.now())
    return answer_tap(activity_id, child_id)


@bp.post("/<id:activity_id>/children/<id:child_id>/undo-<any('in', out, leave):was>")
@allow(Kind.ROLL, "w")
def undo(activity_id: int, child_id: int, was: str) -> Response:
    taps.undo(activity_id, child_id, was=was, by=me(), at=clock.now())
    return answer_tap(activity_id, child_id)


def answer_tap(activity_id: int, child_id: int) -> Response:
    """The changed row and the counts; a row to delete if the child is off the roll."""
    activity = rolls.activity(activity_id)
    return part(
        "attendance/roll/_tapped.html",
        otherwise=url_for(".roll", activity_id=activity_id, _anchor=f"row-{child_id}"),
        row=rolls.roll_row(activity, child_id, at=clock.now()),
        child_id=child_id,
        **roll_context(activity),
    )


class LeaveForm(Form):
    kind = RadioField(
        "請什麼假",
        choices=choices(LEAVE_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(LEAVE_LABELS, message="請選擇事假或病假。")],
    )
    note = Line("說明（可以不填）", [at_most(100)])


@bp.route("/<id:activity_id>/children/<id:child_id>/leave", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def leave(activity_id: int, child_id: int) -> Response:
    form, activity = LeaveForm(), rolls.activity(activity_id)
    back = url_for(".roll", activity_id=activity_id, _anchor=f"row-{child_id}")

    def grant() -> str:
        note = form.note.data or ""
        taps.grant_leave(
            activity_id, child_id, kind=form.kind.data, note=note, by=me(), at=clock.now()
        )
        return back

    return saved(form, grant) or page(
        "attendance/roll/leave.html",
        status=form.status,
        form=form,
        row=expected_row(activity, child_id),
        activity=activity,
        back=back,
    )


def expected_row(activity: Activity, child_id: int) -> RollRow:
    rows = rolls.roll_of(activity, at=clock.now())
    row = next((row for row in rows if row.child_id == child_id), None)
    if row is None:
        raise NotFound
    return row


@bp.post("/<id:activity_id>/sign-all-<any('in', out):way>")
@allow(Kind.ROLL, "w")
def sign_all(activity_id: int, way: str) -> Response:
    deed = taps.sign_all_in if way == "in" else taps.sign_all_out
    batch = deed(activity_id, by=me(), at=clock.now())
    if batch.left:
        words = said("還有 {n} 人要先選擇誰來接，沒有簽退：{names}。")
        flash(words.format(n=len(batch.left), names="、".join(batch.left)), "warn")
    return go(url_for(".roll", activity_id=activity_id, batch=batch.version, was=way))


@bp.post("/<id:activity_id>/batches/<id:batch>/undo-<any('in', out):was>")
@allow(Kind.ROLL, "w")
def undo_all(activity_id: int, batch: int, was: str) -> Response:
    taps.undo_all(activity_id, batch, was=was, by=me(), at=clock.now())
    return go(url_for(".roll", activity_id=activity_id))
