"""At the door: who collects this child today, be they on its list or not."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.store import collectors
from liushou_web.children.views.collecting_forms import ReleaseForm
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import duties
from liushou_web.school.auth import allow, me
from liushou_web.web.forms import choices, saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..store import rolls, taps
from .roll import roll_context

bp = Blueprint("picking", __name__, url_prefix="/attendance")


@bp.route("/<id:activity_id>/children/<id:child_id>/pick", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def pick(activity_id: int, child_id: int) -> Response:
    form = ReleaseForm(teacher=me().id)
    form.teacher.choices = choices(duties.teachers(also=filter(None, [me().id])))
    return saved(form, lambda: _release(form, activity_id, child_id)) or form_page(
        form, activity_id, child_id
    )


def form_page(form: ReleaseForm, activity_id: int, child_id: int) -> Response:
    now, activity = clock.now(), rolls.activity(activity_id)
    row = rolls.roll_row(activity, child_id, at=now)
    if row is None:
        raise NotFound
    return page(
        "attendance/pickup/pick.html",
        status=form.status,
        form=form,
        activity=activity,
        row=row,
        can_tap=roll_context(activity)["can_tap"],
        card=collectors.card_of(child_id, day=now.date()),
        back=roll_url(activity_id, child_id),
    )


def _release(form: ReleaseForm, activity_id: int, child_id: int) -> str:
    taps.release(
        activity_id,
        child_id,
        form.release(),
        teachers=[value for value, *_ in form.teacher.choices],
        by=me(),
        at=clock.now(),
    )
    flash(said("已簽退，並告訴了留守兒童辦公室。"))
    return roll_url(activity_id, child_id)


def roll_url(activity_id: int, child_id: int) -> str:
    return url_for("attendance.roll", activity_id=activity_id, _anchor=f"row-{child_id}")
