"""Who is in the building right now: the page for a fire alarm."""

from flask import Blueprint
from werkzeug import Response

from .. import clock
from ..auth import allow, me
from ..htmx import page
from ..rules.access import Kind
from ..store import presence

bp = Blueprint("presence", __name__)


@bp.get("/present")
@allow(Kind.PRESENT)
def index() -> Response:
    now = clock.now()
    listed = presence.present(now.date())
    presence.note_seen(len(listed), by=me(), at=now)
    return page("presence/index.html", listed=listed, now=now)
