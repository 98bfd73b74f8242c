"""Follow-ups of a booking: how often and how many, each date looked at, then booked."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, me
from liushou_web.web.fields import deed
from liushou_web.web.forms import saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..rules.series import SeriesPreview
from ..store import booking_lists, series
from .booking_forms import FollowForm
from .sealed_words import words_of

bp = Blueprint("counselling_series", __name__, url_prefix="/counselling/desk")


@bp.route("/<id:booking_id>/follow", methods=["GET", "POST"])
@allow(Kind.COUNSELLING, "w")
def follow(booking_id: int) -> Response:
    item = booking_lists.one(booking_id, me().id or 0)
    form, shown = FollowForm(), None
    if form.validate_on_submit():
        if deed() == "save" and (done := saved(form, lambda: _follow(form, booking_id))):
            return done
        shown = dates(form, booking_id)
    return page(
        "counselling/series/follow.html",
        form=form,
        item=item,
        shown=shown,
        words=words_of([item]).get(item.id),
        status=form.status,
    )


def dates(form: FollowForm, booking_id: int) -> SeriesPreview:
    """What would be booked, which the form then agrees to."""
    shown = series.plan(booking_id, form.rhythm(), by=me())
    form.seen.data = shown.fingerprint
    return shown


def _follow(form: FollowForm, booking_id: int) -> str:
    made = series.book(booking_id, form.rhythm(), form.consent(), by=me(), at=clock.now())
    flash(said("已預約 {n} 次。").format(n=len(made)))
    return url_for("counselling_desk.week", day=made[0].starts.date())
