"""A counsellor hands all notes to the next one, before leaving."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import BooleanField, SelectField

from .. import carried, clock, sittings
from ..auth import allow, me
from ..forms import Form, choices, required
from ..htmx import go, page
from ..rules.access import Kind
from ..rules.refusal import Refused
from ..script import said
from ..store import handed_bookings, handover, vaults
from .unlocking import Open, with_open_vault

bp = Blueprint("handover", __name__, url_prefix="/notes/hand-over")


class HandOverForm(Form):
    to = SelectField("交給誰", coerce=int, validators=[required()])
    sure = BooleanField("我知道交接以後，我自己再也打不開這些記錄", [required()])


@bp.route("", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def index(mine: Open) -> Response:
    form, own = HandOverForm(carried.formdata(mine.key)), current_user.id
    others = [each for each in vaults.counsellors_with_vault() if each.id != own]
    form.to.choices = choices(others)
    if form.validate_on_submit():
        try:
            return handed_over(form.to.data, mine)
        except Refused as refusal:
            form.refuse(refusal)
    return page(
        "handover/index.html",
        form=form,
        others=others,
        count=handover.count_of(mine.vault.id),
        bookings=handed_bookings.count_of(own, at=clock.now()),
        status=422 if form.errors else 200,
    )


def handed_over(staff_id: int, mine: Open) -> Response:
    to = vaults.of(staff_id)
    if to is None:
        raise Refused("這位老師的密封筆記已不在使用，請重新選擇。")
    moved = handover.hand_over(*mine, to, by=me(), at=clock.now())
    sittings.lock()
    flash(said("{count} 份記錄已重新密封，交給了新的輔導教師。").format(count=moved))
    return go(url_for("vaults.index"))
