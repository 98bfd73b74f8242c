"""Counts of the counselling room for the leaders: by month and kind, nobody to guess."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow
from liushou_web.web.htmx import page

from ..rules.counts import months_over, school_year
from ..store import counts as counselling_counts

bp = Blueprint("counselling_counts", __name__, url_prefix="/counselling/counts")

OLDEST_YEAR = 2000


@bp.get("")
@allow(Kind.COUNSELLING_COUNTS)
def index() -> Response:
    today = clock.now().date()
    this = school_year(today)
    year = min(max(request.args.get("year", this, type=int), OLDEST_YEAR), this)
    months = months_over(year, today)
    counts = counselling_counts.counts(months)
    parts = [counts.individual, *(part for _, part in counts.groups)]
    return page(
        "counselling/counts/index.html",
        counts=counts,
        columns=[column for part in parts for column in part if column],
        year=year,
        this=this,
        today=today,
    )
