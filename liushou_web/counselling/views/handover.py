"""All notes and open bookings go to the next counsellor: by the one who leaves, or by the
head with the code from the envelope."""

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
from liushou_web.web.forms import Form, choices, required, saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..store import handover
from . import break_glass
from .break_glass import GlassForm, open_by_code

bp = Blueprint("handover", __name__, url_prefix="/notes/hand-over")


class OwnHandOverForm(Form):
    to = SelectField("交給誰", coerce=int, validators=[required()])
    sure = BooleanField("我知道交接以後，我自己再也打不開這些記錄", [required()])


class HandOverForm(GlassForm):
    to = SelectField("交給誰", coerce=int, validators=[required()])

    def offer(self, owned: list[vaults.Owned]) -> None:
        super().offer(owned)
        heirs = [each for each in owned if each.serves]
        self.to.choices = choices((each.vault_id, each.name) for each in heirs)
        if self.to.data is None:
            others = (each.vault_id for each in heirs if each is not owned[0])
            self.to.data = next(others, None)


@bp.route("", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
@with_open_vault
def index(mine: Open) -> Response:
    form, own = OwnHandOverForm(unsaved.formdata(mine.key)), current_user.id
    others = [each for each in vaults.counsellors_with_vault() if each.id != own]
    form.to.choices = choices(others)
    return saved(form, lambda: _hand_over(form.to.data, mine)) or page(
        "counselling/handover/index.html",
        form=form,
        others=others,
        count=handover.notes_in(mine.vault.id),
        bookings=handover.bookings_with(own, at=clock.now()),
        status=form.status,
    )


def _hand_over(staff_id: int, mine: Open) -> str:
    to = vaults.of(staff_id)
    if to is None:
        raise Refused("這位老師的密封筆記已不在使用，請重新選擇。")
    moved = handover.hand_over(*mine, to, by=me(), at=clock.now())
    keyring.lock()
    flash(said("{count} 份記錄已重新密封，交給了新的輔導教師。").format(count=moved))
    return url_for("vaults.index")


@break_glass.bp.route("/hand-over", methods=["GET", "POST"])
@allow(Kind.BREAK_GLASS, "w")
def hand_over() -> Response:
    form, owned = HandOverForm(), vaults.everyones()
    form.offer(owned)
    if done := saved(form, lambda: _hand_over_by_code(form)):
        return done
    counts = {each.vault_id: handover.notes_in(each.vault_id) for each in owned}
    return page(
        "counselling/handover/by_another.html",
        form=form,
        owned=owned,
        counts=counts,
        status=form.status,
    )


def _hand_over_by_code(form: HandOverForm) -> str:
    vault, key = open_by_code(form)
    reason = form.passphrase_reason.data or ""
    to = vaults.one(form.to.data)
    moved = handover.hand_over(vault, key, to, reason=reason, by=me(), at=clock.now())
    flash(said("{count} 份記錄已重新密封，交給新的輔導教師。").format(count=moved))
    return url_for("glass.begin")
