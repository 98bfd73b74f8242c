"""One child at the door: all that can be done with it, who collects it, whom to call."""

from __future__ import annotations

from flask import Blueprint, flash
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.store import collectors, phones
from liushou_web.children.store.phones import FamilyPhone
from liushou_web.children.views.collecting_forms import ReleaseForm
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import duties
from liushou_web.school.auth import allow, me
from liushou_web.web.forms import choices, outcome
from liushou_web.web.htmx import wants_part
from liushou_web.web.zh import said

from ..rules.marks import house_day
from ..store import rolls, stays, taps
from .roll import child_page, doer, row_changed, seen

bp = Blueprint("picking", __name__, url_prefix="/attendance")


@bp.get("/<id:activity_id>/children/<id:child_id>/pick")
@allow(Kind.ROLL, "w")
def pick(activity_id: int, child_id: int) -> Response:
    return child_page(
        "attendance/pickup/pick.html",
        "attendance/pickup/_child.html",
        activity_id,
        child_id,
        card=collectors.card_of(child_id, day=house_day(clock.now())),
        outings=stays.outings(activity_id, child_id),
        elsewhere=stays.next_of(rolls.activity(activity_id), at=clock.now()),
    )


@bp.get("/<id:activity_id>/children/<id:child_id>/phones")
@allow(Kind.ROLL, "w")
def family_phones(activity_id: int, child_id: int) -> Response:
    """The family's numbers, to be tapped; that they were looked at is recorded."""
    return child_page(
        "attendance/pickup/phones.html",
        "attendance/pickup/_phones_of.html",
        activity_id,
        child_id,
        phones=family_of(activity_id, child_id),
    )


@bp.route("/<id:activity_id>/children/<id:child_id>/unlisted", methods=["GET", "POST"])
@allow(Kind.ROLL, "w")
def unlisted(activity_id: int, child_id: int) -> Response:
    """With somebody who is not on the child's list: who, why, and who let it go."""
    form = ReleaseForm(teacher=me().id)
    form.teacher.choices = choices(duties.teachers(also=filter(None, [me().id])))

    def release() -> Response:
        teachers = [value for value, *_ in form.teacher.choices]
        taps.release(
            activity_id,
            child_id,
            form.release(),
            teachers=teachers,
            seen=seen(),
            **doer(),
        )
        if not wants_part():
            flash(said("已簽退，並告訴了留守兒童辦公室。"))
        return row_changed(activity_id, child_id)

    return outcome(form, release) or child_page(
        "attendance/pickup/unlisted.html",
        "attendance/pickup/_unlisted.html",
        activity_id,
        child_id,
        form,
        phones=family_of(activity_id, child_id),
    )


def family_of(activity_id: int, child_id: int) -> list[FamilyPhone]:
    """The numbers of a child of this roll; raises `NotFound` for any other, unrecorded."""
    if not rolls.is_on(rolls.activity(activity_id), child_id):
        raise NotFound
    return phones.shown(child_id, by=me(), at=clock.now())
