"""Follow-ups of a booking: how often and how many, each date looked at, then booked."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from .. import clock
from ..auth import allow, me
from ..htmx import go, page
from ..rules.access import Kind
from ..rules.counselling_series import Preview
from ..rules.refusal import Refused
from ..script import said
from ..store import counselling_lists, counselling_series
from .counselling_forms import FollowForm
from .counselling_words import words_of
from .planning_forms import deed

bp = Blueprint("counselling_series", __name__, url_prefix="/counselling/desk")


@bp.route("/<id:booking_id>/follow", methods=["GET", "POST"])
@allow(Kind.COUNSELLING, "w")
def follow(booking_id: int) -> Response:
    item = counselling_lists.one(booking_id, me().id or 0)
    form, shown = FollowForm(), None
    if form.validate_on_submit():
        try:
            if deed() == "save":
                return go(form.once(lambda: followed(form, booking_id)))
        except Refused as refusal:
            form.refuse(refusal)
        shown = dates(form, booking_id)
    status = 422 if form.errors or form.form_errors else 200
    words = words_of([item]).get(item.id)
    return page(
        "counselling_desk/follow.html",
        form=form,
        item=item,
        shown=shown,
        words=words,
        status=status,
    )


def dates(form: FollowForm, booking_id: int) -> Preview:
    """What would be booked, which the form then agrees to."""
    shown = counselling_series.plan(booking_id, form.rhythm(), by=me())
    form.seen.data = shown.fingerprint
    return shown


def followed(form: FollowForm, booking_id: int) -> str:
    made = counselling_series.book(
        booking_id, form.rhythm(), form.consent(), by=me(), at=clock.now()
    )
    flash(said("已預約 {n} 次。").format(n=len(made)))
    return url_for("counselling_desk.week", day=made[0].starts.date())
