"""The trail, for those who answer for the system."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request
from flask_login import current_user
from werkzeug import Response

from liushou_web.access import Kind
from liushou_web.web.htmx import page

from ..auth import allow
from ..rules import trail as words
from ..store import staff, trail

bp = Blueprint("trail", __name__)
LINES = 100


@bp.get("/trail")
@allow(Kind.TRAIL)
def index() -> Response:
    everything = words.sees_all(current_user.roles)
    lines = trail.latest(
        features=() if everything else words.TECHNICAL,
        staff_id=request.args.get("who", type=number),
        day=request.args.get("day", type=date.fromisoformat),
        before=request.args.get("before", type=number),
        limit=LINES,
    )
    return page(
        "school/trail/index.html",
        lines=lines,
        people=staff.everyone(),
        older=lines[-1].id if len(lines) == LINES else None,
        everything=everything,
        words=words,
    )


def number(text: str) -> int:
    """An id as the address gives it; anything that no table could hold is no filter."""
    value = int(text)
    if not 0 < value < 2**31:
        raise ValueError(text)
    return value
