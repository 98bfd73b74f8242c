"""Who is in the building right now: the page for a fire alarm."""

from flask import Blueprint
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, me
from liushou_web.web.htmx import page

from ..store import presence

bp = Blueprint("presence", __name__)


@bp.get("/present")
@allow(Kind.PRESENT)
def index() -> Response:
    now = clock.now()
    listed = presence.present(now)
    presence.note_seen(len(listed), by=me(), at=now)
    return page("attendance/presence/index.html", listed=listed, now=now)
