"""A counsellor hands all notes to the next one, before leaving."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import BooleanField, SelectField

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.school.auth import allow, me
from liushou_web.vaults import keyring, unsaved
from liushou_web.vaults.store import vaults
from liushou_web.vaults.views.unlocking import Open, with_open_vault
from liushou_web.web.forms import Form, choices, required
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import handed_bookings, handover

bp = Blueprint("handover", __name__, url_prefix="/notes/hand-over")


class HandOverForm(Form):
    to = SelectField("交給誰", coerce=int, validators=[required()])
    sure = BooleanField("我知道交接以後，我自己再也打不開這些記錄", [required()])


@bp.route("", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def index(mine: Open) -> Response:
    form, own = HandOverForm(unsaved.formdata(mine.key)), current_user.id
    others = [each for each in vaults.counsellors_with_vault() if each.id != own]
    form.to.choices = choices(others)
    if form.validate_on_submit():
        try:
            return handed_over(form.to.data, mine)
        except Refused as refusal:
            form.refuse(refusal)
    return page(
        "counselling/handover/index.html",
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
    keyring.lock()
    flash(said("{count} 份記錄已重新密封，交給了新的輔導教師。").format(count=moved))
    return go(url_for("vaults.index"))
