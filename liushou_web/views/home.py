"""Today: what is on, and one tap to its roll."""

from flask import Blueprint
from werkzeug import Response

from ..auth import allow
from ..htmx import page
from ..rules.access import Kind

bp = Blueprint("home", __name__)


@bp.get("/")
@allow(Kind.ACCOUNT)
def today() -> Response:
    return page("home/today.html")
