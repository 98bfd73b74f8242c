"""The self-check, for those who look after the program."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug import Response

from .. import clock
from ..auth import allow
from ..backups import house
from ..check import findings
from ..htmx import page
from ..rules.access import Kind
from ..script import said

bp = Blueprint("check", __name__)


@bp.get("/check")
@allow(Kind.SETTINGS)
def index() -> Response:
    _, colon, port = request.host.rpartition(":")
    found = findings(
        house(), clock.now(), port=f":{port}" if colon and port.isdigit() else ""
    )
    lines = [(each, each.told(said)) for each in found]
    return page("check/index.html", lines=lines)
