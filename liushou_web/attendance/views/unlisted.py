"""名單外接走: the office's list of children let go with somebody not on their list."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.school.auth import allow, local_path, me, my_scope
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import unlisted

bp = Blueprint("released", __name__, url_prefix="/released")

MOST_SHOWN = 300  # of those put aside; the newest


@bp.get("")
@allow(Kind.RELEASED)
def index() -> Response:
    return page(
        "attendance/unlisted/index.html",
        waiting=unlisted.waiting(),
        seen=unlisted.seen(limit=MOST_SHOWN),
        now=clock.now(),
    )


def to_look_at() -> list[unlisted.UnlistedPickup]:
    """For 今日: what waits for a reader who may put it aside."""
    can = my_scope(Kind.RELEASED, "w") is Scope.ALL
    return unlisted.waiting() if can else []


@bp.post("/<id:row_id>/seen")
@allow(Kind.RELEASED, "w")
def put_aside(row_id: int) -> Response:
    unlisted.put_aside(row_id, by=me(), at=clock.now())
    flash(said("知道了。要再看，打開「名單外接走」點「恢復」。"))
    return go(local_path(request.form.get("from")))


@bp.post("/<id:row_id>/waiting")
@allow(Kind.RELEASED, "w")
def bring_back(row_id: int) -> Response:
    unlisted.bring_back(row_id, by=me(), at=clock.now())
    return go(url_for(".index"))
