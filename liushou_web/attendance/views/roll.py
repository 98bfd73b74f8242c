"""The roll of one activity: see who is here, tap them in, tap them out."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from itertools import starmap
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, request, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf, ValidationError

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.views.namesakes import named, show_only
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.store import duties
from liushou_web.schema import Activity
from liushou_web.school.auth import allow, local_path, me, my_scope, own_only
from liushou_web.school.store import staff
from liushou_web.web.forms import Form, Line, at_most, choices, outcome, saved
from liushou_web.web.htmx import go, page, part, unchanged, wants_part
from liushou_web.web.zh import said

from ..rules.marks import LEAVE_LABELS, TAP_AFTER, TAP_BEFORE, may_tap
from ..rules.roll import ORDERS, Mode, mode_at, sections_of
from ..store import head_counts, rolls, stays, taps
from ..store.rolls import RollRow, meeting_of
from .closing import closable, closing_context
from .paper import paper_context

LONGEST_WAIT = 30 * 60  # seconds: an act that waited longer is taken for one of now
TICKED = re.compile(r"([1-9][0-9]{0,8}):([0-9]{1,9})")  # a child, and its row's version

bp = Blueprint("attendance", __name__, url_prefix="/attendance")


@bp.get("/now")
@allow(Kind.ROLL, "w")
def current() -> Response:
    """On to the roll whose turn it is, of one's own duty first; to 今日 without one."""
    found = rolls.current(of=me().id, at=clock.now())
    return go(
        url_for("attendance.roll", activity_id=found) if found else url_for("home.today")
    )


@bp.get("/<id:activity_id>")
@allow(Kind.ROLL)
def roll(activity_id: int) -> Response:
    activity = rolls.activity(activity_id)
    rows = rolls.roll_of(activity, at=clock.now(), of_teacher=own_only(Kind.ROLL))
    asked = request.args.get("order", "")
    order = asked if asked in ORDERS else ORDERS[0]
    shared = roll_context(activity)
    return page(
        "attendance/roll/roll.html",
        sections=sections_of(rows, order, shared["mode"]),
        walk_ins=[row for row in rows if row.walk_in],
        order=order,
        tiles=current_user.roll_view == "tiles",
        here=partial(roll_url, activity_id, mode=shared["mode"], order=order),
        batch=last_batch(activity),
        **closing_context(activity),
        **paper_context(activity, rows),
        **shared,
    )


def roll_url(activity_id: int, *, mode: str, order: str) -> str:
    return url_for("attendance.roll", activity_id=activity_id, mode=mode, order=order)


def roll_context(activity: Activity, child_id: int | None = None) -> dict[str, Any]:
    """What every part of a roll wants to know beside its rows; for one child's row, what
    concerns that child alone."""
    now = clock.now()
    open_now = may_tap(activity.starts, activity.ends, activity.cancelled_at, now)
    count = head_counts.head_count(activity, of_teacher=own_only(Kind.ROLL))
    is_late = _untaken(activity) and now > activity.ends + TAP_AFTER
    writes = my_scope(Kind.ROLL, "w") is Scope.ALL
    return {
        "activity": activity,
        "count": count,
        "mode": mode_of(activity),
        "can_tap": open_now and activity.closed_at is None and writes,
        "is_late": now > meeting_of(activity).late_from,
        "is_over": activity.closed_at is not None or (now > activity.ends and not open_now),
        "too_early": _untaken(activity) and now < activity.starts - TAP_BEFORE,
        "too_late": is_late and writes and activity.opened_at is not None,
        "can_close": closable(activity, count),
        "base": url_for("attendance.roll", activity_id=activity.id),
        "nearby": stays.nearby(activity.id, at=now, child_id=child_id),
    }


def _untaken(activity: Activity) -> bool:
    return activity.closed_at is None and activity.cancelled_at is None


def mode_of(activity: Activity) -> Mode:
    """The mode that the page is in; without one, the one whose turn it is."""
    asked = request.args.get("mode", "")
    if asked in set(Mode):
        return Mode(asked)
    return mode_at(meeting_of(activity), clock.now())


def last_batch(activity: Activity) -> tuple[str, int, int] | None:
    """What 全部簽到 or 多人簽退 just did, while it can be undone: deed, version, size."""
    version = request.args.get("batch", 0, int)
    was = "in" if request.args.get("was") == "in" else "out"
    size = rolls.size_of_batch(activity.id, version) if 0 < version < 2**31 else 0
    return (was, version, size) if size else None


@bp.post("/view")
@allow(Kind.ROLL, "w")
def view() -> Response:
    """Rolls as a list or as tiles, from now on, for whoever asks."""
    staff.see_rolls_as(request.form.get("view", ""), by=me(), at=clock.now())
    return go(local_path(request.form.get("from")))


@bp.get("/<id:activity_id>/changes")
@allow(Kind.ROLL)
def changes(activity_id: int) -> Response:
    activity = rolls.activity(activity_id)
    seen = request.args.get("since", 0, int)
    if seen == activity.version:
        return unchanged()
    if activity.closed_at:
        return go(url_for("attendance.roll", activity_id=activity_id))
    rows = rolls.rows_since(activity, seen, at=clock.now(), of_teacher=own_only(Kind.ROLL))
    return part(
        "attendance/roll/_changes.html",
        otherwise=url_for("attendance.roll", activity_id=activity_id),
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
    return tapped(activity_id, child_id, taps.sign_in)


@bp.post("/<id:activity_id>/children/<id:child_id>/sign-out")
@allow(Kind.ROLL, "w")
def sign_out(activity_id: int, child_id: int) -> Response:
    choice = request.form.get("choice", "")
    return tapped(activity_id, child_id, taps.sign_out, choice=choice)


@bp.post("/<id:activity_id>/children/<id:child_id>/undo-<any('in', out, leave):was>")
@allow(Kind.ROLL, "w")
def undo(activity_id: int, child_id: int, was: str) -> Response:
    return tapped(activity_id, child_id, taps.undo, was=was)


@bp.post("/<id:activity_id>/children/<id:child_id>/come-back")
@allow(Kind.ROLL, "w")
def come_back(activity_id: int, child_id: int) -> Response:
    return tapped(activity_id, child_id, taps.come_back)


@bp.post("/<id:activity_id>/children/<id:child_id>/undo-return")
@allow(Kind.ROLL, "w")
def undo_return(activity_id: int, child_id: int) -> Response:
    return tapped(activity_id, child_id, taps.undo_return)


@bp.post("/<id:activity_id>/children/<id:child_id>/move-on/<id:to>")
@allow(Kind.ROLL, "w")
def move_on(activity_id: int, child_id: int, to: int) -> Response:
    return tapped(activity_id, child_id, taps.move_on, to=to)


def tapped(
    activity_id: int, child_id: int, act: Callable[..., Any], **how: Any
) -> Response:
    """Does one act on a row, with the version that the page had seen; answers with the row
    as it is now. A refusal goes to the notice, and the row beside it shows why."""
    try:
        act(activity_id, child_id, seen=seen(), **doer(), **how)
    except NotFound:
        raise
    except Refused as refusal:
        if not wants_part():
            raise
        return row_changed(activity_id, child_id, refusal=refusal)
    return row_changed(activity_id, child_id)


def doer() -> dict[str, Any]:
    """Who acts, and when: an act that the network kept is some seconds old."""
    ago = request.form.get("ago", 0, int)
    waited = timedelta(seconds=ago if 0 < ago <= LONGEST_WAIT else 0)
    return {"by": me()._replace(waited=waited), "at": clock.now() - waited}


def seen() -> int | None:
    """The version of the row that was tapped on, as its page showed it."""
    return request.args.get("seen", None, int)


def row_changed(
    activity_id: int, child_id: int, *, refusal: Refused | None = None
) -> Response:
    """The row as it is and the counts; a row to delete if the child is off the roll."""
    activity = rolls.activity(activity_id)
    row = rolls.roll_row(activity, child_id, at=clock.now())
    alone = row is not None and not row.walk_in
    shared = roll_context(activity, child_id if alone else None)
    anchor = f"row-{child_id}"
    if row and alone:
        show_only(row.name)
    return part(
        "attendance/roll/_tapped.html",
        otherwise=url_for(
            "attendance.roll", activity_id=activity_id, mode=shared["mode"], _anchor=anchor
        ),
        refusal=refusal,
        row=row,
        walk_ins=None if alone else walk_ins_of(activity),
        child_id=child_id,
        place=request.args.get("place", ""),
        **shared,
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
    form = LeaveForm()

    def grant() -> Response:
        kind, note = form.kind.data, form.note.data or ""
        taps.grant_leave(activity_id, child_id, kind=kind, note=note, seen=seen(), **doer())
        return row_changed(activity_id, child_id)

    return outcome(form, grant) or child_page(
        "attendance/roll/leave.html",
        "attendance/roll/_leave.html",
        activity_id,
        child_id,
        form,
    )


def child_page(
    template: str,
    part: str,
    activity_id: int,
    child_id: int,
    form: Form | None = None,
    **more: Any,
) -> Response:
    """A page about one child of a roll; inside the roll, a sheet over it."""
    activity = rolls.activity(activity_id)
    shared = roll_context(activity)
    anchor = f"row-{child_id}"
    return page(
        template,
        part=part,
        status=form.status if form else 200,
        form=form,
        row=expected_row(activity, child_id),
        back=url_for(
            "attendance.roll", activity_id=activity_id, mode=shared["mode"], _anchor=anchor
        ),
        **more,
        **shared,
    )


def expected_row(activity: Activity, child_id: int) -> RollRow:
    rows = rolls.roll_of(activity, at=clock.now())
    row = next((row for row in rows if row.child_id == child_id), None)
    if row is None:
        raise NotFound
    return row


class AllInForm(Form):
    """After the start: who came in time is not late because the roll was taken late."""

    when = RadioField(
        "什麼時候到的",
        choices=choices((("now", "現在才到"), ("in_time", "都準時到"))),
        validate_choice=False,
        validators=[AnyOf(("now", "in_time"), message="請選擇什麼時候到的。")],
    )
    says = SelectField("誰說的（都準時到才要選）", default="")

    def validate_says(self, field: Any) -> None:
        if self.when.data == "in_time" and not field.data:
            raise ValidationError("請選擇是哪位老師說的。")


@bp.route("/<id:activity_id>/sign-all-in", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def sign_all_in(activity_id: int) -> Response:
    activity, form = rolls.activity(activity_id), AllInForm()
    names = [name for _, name in duties.teachers(also=filter(None, [me().id]))]
    form.says.choices = choices([("", said("請選擇")), *((name, name) for name in names)])
    in_time = clock.now() <= meeting_of(activity).late_from

    def all_in() -> str:
        says = (form.says.data or "") if form.when.data == "in_time" else ""
        batch = taps.sign_all_in(activity_id, by=me(), at=clock.now(), in_time_says=says)
        if batch.left:
            words = said("還有 {n} 人在別的活動或已經回家，沒有簽到：{names}。")
            flash(words.format(n=len(batch.left), names=_in_words(batch.left)), "warn")
        after = {"batch": str(batch.version), "was": "in", "mode": Mode.IN.value}
        return f"{url_for('.roll', activity_id=activity_id)}?{urlencode(after)}"

    if in_time and request.method == "POST":
        return go(all_in())
    return saved(form, all_in) or page(
        "attendance/roll/sign_all_in.html",
        form=form,
        status=form.status,
        **roll_context(activity),
    )


@bp.route("/<id:activity_id>/sign-out-many", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def sign_out_many(activity_id: int) -> Response:
    """Several at once, each looked at and ticked: only those who go without anybody are
    ticked beforehand, for a named person has to be seen."""
    activity = rolls.activity(activity_id)
    if request.method == "POST":
        ticked = map(TICKED.fullmatch, request.form.getlist("child"))
        seen = {int(tick[1]): int(tick[2]) for tick in ticked if tick}
        return go(_sign_out(activity_id, seen, request.form.get("to", 0, int)))
    rows = rolls.roll_of(activity, at=clock.now())
    here = [row for row in rows if row.came_at and not row.went_at]
    return page(
        "attendance/roll/sign_out_many.html",
        alone=[row for row in here if row.choice and not row.collector_id],
        collected=[row for row in here if row.choice and row.collector_id],
        undecided=[row for row in here if not row.choice],
        elsewhere=stays.next_of(activity, at=clock.now()),
        **roll_context(activity),
    )


def _sign_out(activity_id: int, seen: dict[int, int], to: int) -> str:
    """Signs out, or over to another activity, and says who stays; on to that roll."""
    left: Mapping[int, str]
    if to:
        _, left = taps.move_many(activity_id, seen, to=to, by=me(), at=clock.now())
        after = {"mode": Mode.IN.value}
    else:
        batch = taps.sign_out_many(activity_id, seen, by=me(), at=clock.now())
        left = batch.left
        after = {"batch": str(batch.version), "was": "out", "mode": Mode.OUT.value}
    if left:
        words = said("還有 {n} 人沒有簽退，請一個一個看：{names}。")
        flash(words.format(n=len(left), names=_in_words(left)), "warn")
    return f"{url_for('attendance.roll', activity_id=to or activity_id)}?{urlencode(after)}"


def _in_words(left: Mapping[int, str]) -> str:
    return "、".join(starmap(named, left.items()))


@bp.post("/<id:activity_id>/batches/<id:batch>/undo-<any('in', out):was>")
@allow(Kind.ROLL, "w")
def undo_all(activity_id: int, batch: int, was: str) -> Response:
    taps.undo_all(activity_id, batch, was=was, by=me(), at=clock.now())
    return go(url_for("attendance.roll", activity_id=activity_id))
