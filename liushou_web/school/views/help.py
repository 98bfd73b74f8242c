"""How to use it, and the cards for the wall: the duty teacher's, and the phones'."""

from flask import Blueprint
from werkzeug import Response

from liushou_web.access import Kind
from liushou_web.files.qr import qr
from liushou_web.web.address import school_address
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
    return _card("help/duty_card.html")


@bp.get("/help/phone-card")
@allow(Kind.ACCOUNT)
def phone_card() -> Response:
    return _card("help/phone_card.html")


def _card(template: str) -> Response:
    address = school_address()
    return page(template, address=address, code=qr(address.url))
