"""How to use it, and the duty teacher's card."""

from flask import Blueprint
from werkzeug import Response

from liushou_web.access import Kind
from liushou_web.web.htmx import page

from ..auth import allow

bp = Blueprint("help", __name__)


@bp.get("/help")
@allow(Kind.ACCOUNT)
def index() -> Response:
    return page("help/index.html")


@bp.get("/help/duty-card")
@allow(Kind.ACCOUNT)
def duty_card() -> Response:
    return page("help/duty_card.html")
