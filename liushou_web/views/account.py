"""One's own account: password, script, logins."""

from flask import Blueprint
from werkzeug import Response

from ..auth import allow
from ..htmx import page
from ..rules.access import Kind

bp = Blueprint("account", __name__)


@bp.get("/account")
@allow(Kind.ACCOUNT)
def index() -> Response:
    return page("home/today.html")
