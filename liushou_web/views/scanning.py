"""The box above a roll: finds any child, and takes a scanned student number."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from .. import clock
from ..auth import allow, me
from ..forms import tidy
from ..htmx import page, part
from ..rules.access import Kind
from ..store import attendance, children, rolls
from .attendance import around, walk_ins_of

bp = Blueprint("scanning", __name__, url_prefix="/attendance")

MOST_FOUND = 12


@bp.get("/<id:activity_id>/find")
@allow(Kind.ROLL, "w")
def find(activity_id: int) -> Response:
    return page(
        "attendance/find.html",
        part="attendance/_found.html",
        **matches(activity_id, tidy(request.args.get("q"))),
        **around(rolls.activity(activity_id)),
    )


def matches(activity_id: int, query: str) -> dict[str, Any]:
    """Children of the whole school that answer the query, with their row on this roll."""
    found = children.found(query, limit=MOST_FOUND + 1) if query else []
    roll = rolls.roll_of(rolls.activity(activity_id), at=clock.now())
    return {
        "query": query,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "on_roll": {row.child_id: row for row in roll},
    }


@bp.post("/<id:activity_id>/scan")
@allow(Kind.ROLL, "w")
def scan(activity_id: int) -> Response:
    query = tidy(request.form.get("q"))
    answer = matches(activity_id, query)
    exact = next((child.id for child in answer["found"] if child.number == query), 0)
    if exact in answer["on_roll"]:
        attendance.sign_in(activity_id, exact, by=me(), at=clock.now())
        return scanned(activity_id, exact)
    return part(
        "attendance/_scan.html",
        otherwise=url_for(".find", activity_id=activity_id, q=query),
        **answer,
        **around(rolls.activity(activity_id)),
    )


@bp.post("/<id:activity_id>/children/<id:child_id>/walk-in")
@allow(Kind.ROLL, "w")
def walk_in(activity_id: int, child_id: int) -> Response:
    attendance.walk_in(activity_id, child_id, by=me(), at=clock.now())
    return scanned(activity_id, child_id)


def scanned(activity_id: int, child_id: int) -> Response:
    """The box, emptied for the next child, with who was signed in; row and counts aside."""
    activity = rolls.activity(activity_id)
    return part(
        "attendance/_scanned.html",
        otherwise=url_for(
            "attendance.roll", activity_id=activity_id, _anchor=f"row-{child_id}"
        ),
        row=rolls.roll_row(activity, child_id, at=clock.now()),
        walk_ins=walk_ins_of(activity),
        **around(activity),
    )
