"""Danger to life: the head reads sealed notes by the code from the envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms import SelectField

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.schema import Vault
from liushou_web.school.auth import allow, me
from liushou_web.vaults import keyring
from liushou_web.vaults.rules import sealing
from liushou_web.vaults.rules.openings import check_reason
from liushou_web.vaults.store import vaults
from liushou_web.vaults.views.vaults import COPIED
from liushou_web.web.forms import Form, Line, Text, at_most, choices, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import notes
from .notes import classes_of

bp = Blueprint("glass", __name__, url_prefix="/break-glass")


class GlassForm(Form):
    vault_id = SelectField("誰的輔導記錄", coerce=int, validators=[required()])
    passphrase_code = Line("信封裏的恢復碼", [required(), at_most(60)], render_kw=COPIED)
    passphrase_reason = Text("原因", [required(), at_most(400)], render_kw={"rows": 3})

    def offer(self, owned: list[vaults.Owned]) -> None:
        self.vault_id.choices = choices(
            (each.vault_id, each.name + ("" if each.serves else said("（已離任）")))
            for each in owned
        )


@bp.route("", methods=["GET", "POST"])
@allow(Kind.BREAK_GLASS, "w")
def begin() -> Response:
    form, owned = GlassForm(), vaults.everyones()
    form.offer(owned)
    return saved(form, lambda: _break(form)) or page(
        "counselling/break_glass/begin.html", form=form, owned=owned, status=form.status
    )


def _break(form: GlassForm) -> str:
    vault, key = open_by_code(form)
    reason = form.passphrase_reason.data or ""
    vaults.break_glass(vault, reason=reason, by=me(), at=clock.now())
    keyring.break_glass(vault.id, key)
    return url_for(".index")


def open_by_code(form: GlassForm) -> tuple[Vault, bytes]:
    """The vault and its key. Every code that could be one is counted and recorded."""
    check_reason(form.passphrase_reason.data or "")
    vault, code = vaults.one(form.vault_id.data), form.passphrase_code.data or ""
    sealing.bare(code)
    vaults.guess_code(vault, at=clock.now())
    try:
        return vault, sealing.unlock_by_code(bytes(vault.wrapped_by_code), code)
    except sealing.WrongSecret:
        vaults.record_wrong_code(vault, by=me(), at=clock.now())
        raise


def while_open(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view gets the vault and its sitting, and leaves by itself when the time is over.
    Then, or if it never began, there is nothing but the way to the code."""

    @wraps(view)
    def when_open(**values: Any) -> Response:
        found = keyring.glass()
        if found is None:
            flash(said("緊急打開的時間已過，記錄鎖上了。還需要看，請再輸一次恢復碼。"))
            return go(url_for(".begin"))
        response = view(vaults.one(found.vault_id), found, **values)
        after = found.minutes * 60 + 1
        response.headers["Refresh"] = f"{after}; url={url_for('.begin')}"
        return response

    return when_open


@bp.get("/notes")
@allow(Kind.BREAK_GLASS)
@while_open
def index(vault: Vault, glass: keyring.Glass) -> Response:
    entries = notes.all_of(vault, glass.key)
    classes = classes_of(entries)
    return page(
        "counselling/break_glass/index.html", entries=entries, classes=classes, glass=glass
    )


@bp.get("/notes/<id:note_id>")
@allow(Kind.BREAK_GLASS)
@while_open
def show(vault: Vault, glass: keyring.Glass, note_id: int) -> Response:
    entry = notes.view(
        note_id, vault, glass.key, by=me(), at=clock.now(), deed="break_read"
    )
    classes = classes_of([entry])
    return page(
        "counselling/break_glass/show.html", entry=entry, classes=classes, glass=glass
    )


@bp.post("/end")
@allow(Kind.BREAK_GLASS, "w")
def end() -> Response:
    keyring.lock()
    flash(said("已鎖上。打開過哪些記錄，輔導教師都能看到。"))
    return go(url_for(".begin"))
