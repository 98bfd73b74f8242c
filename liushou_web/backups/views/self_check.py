"""The self-check, for those who look after the program."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.db.paths import paths
from liushou_web.files.qr import qr
from liushou_web.school.auth import allow
from liushou_web.web.address import school_address
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..self_check import findings

bp = Blueprint("check", __name__)


@bp.get("/check")
@allow(Kind.SETTINGS)
def index() -> Response:
    _, colon, port = request.host.rpartition(":")
    found = findings(
        paths(), clock.now(), port=f":{port}" if colon and port.isdigit() else ""
    )
    lines = [(each, each.in_words(said)) for each in found]
    address = school_address()
    return page(
        "backups/self_check/index.html", lines=lines, address=address, code=qr(address.url)
    )
