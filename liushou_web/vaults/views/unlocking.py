"""Unlocking one's sealed notes, and the views that need them open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, request, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import HiddenField, PasswordField

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import Refused
from liushou_web.schema import Vault
from liushou_web.school.auth import allow, local_path, me
from liushou_web.web.forms import Form, at_most, required, saved
from liushou_web.web.htmx import go, page, unchanged, wants_part
from liushou_web.web.zh import said

from .. import keyring, unsaved
from ..rules import sealing
from ..store import openings, vaults

bp = Blueprint("unlocking", __name__, url_prefix="/notes")

BY_HEART = {"autocomplete": "off", "spellcheck": "false"}


class UnlockForm(Form):
    passphrase = PasswordField("筆記口令", [required(), at_most(200)], render_kw=BY_HEART)
    next = HiddenField()  # the page to go on to
    sealed = HiddenField()  # or what was typed when it locked


class Open(NamedTuple):
    """The reader's own vault while it is unlocked."""

    vault: Vault
    key: bytes


def with_open_vault(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view gets the reader's open vault. Locked, it asks for the passphrase first and
    then does what was asked of it; what was typed waits, sealed to its reader."""

    @wraps(view)
    def when_open(**values: Any) -> Response:
        vault = vaults.of(current_user.id)
        if vault is None:
            return go(url_for("vaults.index"))
        if "lock" in request.form:
            keyring.lock()
        try:
            key = keyring.my_key() or try_passphrase(vault)
        except Refused as refusal:
            return locked_page(vault, refusal)
        if key is None:
            return unchanged() if wants_part() else locked_page(vault)
        return hiding_itself(view(Open(vault, key), **values))

    when_open.closes = unsaved.for_the_sender  # type: ignore[attr-defined]
    return when_open


def try_passphrase(vault: Vault) -> bytes | None:
    """The key, by the passphrase in this request; None where it has none. Every try is
    counted and recorded. Slow by design, and outside of any transaction."""
    passphrase = request.form.get("passphrase")
    if passphrase is None:
        return None
    key = key_by_passphrase(vault, passphrase)
    vaults.record_unlock(vault, by=me(), at=clock.now())
    keyring.unlock(key)
    return key


def key_by_passphrase(vault: Vault, passphrase: str) -> bytes:
    """Refuses a wrong one. So does a public key that somebody put in place of ours: what
    is sealed to it, others would read."""
    vaults.guess(vault, at=clock.now())
    try:
        key = sealing.unlock(bytes(vault.wrapped), passphrase)
    except sealing.WrongSecret:
        openings.record(vault, "wrong", by=me(), at=clock.now())
        raise
    if sealing.public_of(key) != bytes(vault.public_key):
        raise sealing.Broken
    return key


def locked_page(vault: Vault, refusal: Refused | None = None) -> Response:
    """The passphrase, and on: to the page that was asked for, or with what was sent."""
    sent = request.method == "POST"
    waiting = unsaved.close_form(bytes(vault.public_key)) if sent else ""
    here = request.full_path.rstrip("?")
    form = UnlockForm(formdata=None, sealed=waiting, next="" if sent else here)
    if refusal:
        form.refuse(refusal)
    status = refusal.status if refusal else 422 if sent else 200
    return page("vaults/unlocking/locked.html", form=form, here=here, status=status)


def hiding_itself(response: Response) -> Response:
    """A page left open hides what it shows once the vault has locked. One that is typed
    into does so by script, for a reload would lose the typing."""
    methods = request.url_rule.methods if request.url_rule else None
    if response.status_code == 200 and "POST" not in (methods or ()):
        after = g.school.vault_idle_minutes * 60 + 1
        url = url_for("unlocking.hidden", next=request.full_path.rstrip("?"))
        response.headers["Refresh"] = f"{after}; url={url}"
    return response


@bp.post("/unlock")
@allow(Kind.NOTE)
def unlock() -> Response:
    """Opens the vault, and on to the page that was asked for while it was locked."""
    form, vault = UnlockForm(), vaults.of(current_user.id)
    if vault is None:
        return go(url_for("vaults.index"))

    def open_and_go_on() -> str:
        try_passphrase(vault)
        return local_path(form.next.data or url_for("notes.index"))

    return saved(form, open_and_go_on) or page(
        "vaults/unlocking/locked.html", form=form, here="", status=422
    )


@bp.post("/lock")
@allow(Kind.NOTE)
def lock() -> Response:
    keyring.lock()
    flash(said("已鎖上。"))
    return go(url_for("notes.index"))


@bp.get("/hidden")
@allow(Kind.NOTE)
def hidden() -> Response:
    """Where an idle page goes by itself. To come here does not count as reading."""
    onward = local_path(request.args.get("next") or url_for("notes.index"))
    form = UnlockForm(formdata=None, next=onward)
    if keyring.is_open():
        return page("vaults/unlocking/hidden.html", onward=onward)
    return page("vaults/unlocking/locked.html", form=form, here="")


@bp.get("/still")
@allow(Kind.NOTE)
def still() -> Response:
    """Somebody is typing into a note: that is no idle minute."""
    keyring.my_key()
    return unchanged()
