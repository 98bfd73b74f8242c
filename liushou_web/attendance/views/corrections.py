"""Correcting one row of a closed roll."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, me
from liushou_web.web.forms import saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..rules.corrections import RollFacts, check_may_correct
from ..store import closing, corrections, rolls
from .closing_forms import CorrectionForm

bp = Blueprint("corrections", __name__, url_prefix="/attendance")


@bp.route("/<id:activity_id>/children/<id:child_id>/correct", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def correct(activity_id: int, child_id: int) -> Response:
    held = closing.held(activity_id)
    check_may_correct(me(), held.duty, held.closed_at, clock.now())
    old = corrections.facts_of(activity_id, child_id)
    form = CorrectionForm(
        data={"came": old.came_at, "went": old.went_at, "leave": old.leave}
    )
    return saved(
        form, lambda: _correct(activity_id, child_id, form.facts(old, held.starts), form)
    ) or form_page(activity_id, child_id, form)


def _correct(
    activity_id: int, child_id: int, facts: RollFacts, form: CorrectionForm
) -> str:
    corrections.correct(
        activity_id, child_id, facts, reason=form.reason.data or "", by=me(), at=clock.now()
    )
    flash(said("已更正，原來的記錄也保留著。"))
    return url_for("attendance.roll", activity_id=activity_id, _anchor=f"row-{child_id}")


def form_page(activity_id: int, child_id: int, form: CorrectionForm) -> Response:
    activity = rolls.activity(activity_id)
    return page(
        "attendance/corrections/correct.html",
        status=form.status,
        form=form,
        activity=activity,
        row=rolls.roll_row(activity, child_id, at=clock.now()),
        back=url_for("attendance.roll", activity_id=activity_id),
    )
