"""One's own vault: set it up, change its passphrase and code, see who opened it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, flash, g, request, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import PasswordField
from wtforms.validators import EqualTo

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Vault
from liushou_web.school.auth import allow, me
from liushou_web.school.rules import passwords
from liushou_web.web.forms import Form, Line, at_most, outcome, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from .. import keyring
from ..rules import sealing
from ..store import openings, vaults
from .unlocking import BY_HEART, hiding_itself, key_by_passphrase

bp = Blueprint("vaults", __name__, url_prefix="/notes/vault")

NEW = {"autocomplete": "new-password", "spellcheck": "false"}
COPIED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class NewPassphraseForm(Form):
    passphrase = PasswordField("筆記口令", [required(), at_most(200)], render_kw=NEW)
    passphrase_again = PasswordField(
        "再輸一次口令",
        [required(), EqualTo("passphrase", "兩次輸入的口令不一樣。")],
        render_kw=NEW,
    )


class ReplaceForm(NewPassphraseForm):
    passphrase = PasswordField("新的口令", [required(), at_most(200)], render_kw=NEW)


class ChangeForm(ReplaceForm):
    passphrase_old = PasswordField("現在的口令", [required()], render_kw=BY_HEART)


class RecoverForm(ReplaceForm):
    passphrase_code = Line("恢復碼", [required(), at_most(60)], render_kw=COPIED)


class CodeForm(Form):
    passphrase = PasswordField("筆記口令", [required()], render_kw=BY_HEART)


class ConfirmForm(Form):
    last = Line("恢復碼的最後一組", [required(), at_most(10)], render_kw=COPIED)


@bp.get("")
@allow(Kind.NOTE)
def index() -> Response:
    return index_page(NewPassphraseForm())


def index_page(form: Form) -> Response:
    """The vault as it stands; without one, the form that makes it."""
    vault = vaults.of(current_user.id)
    last = None if vault else vaults.newest(current_user.id)
    template = "vaults/index.html" if vault else "vaults/set_up.html"
    return page(template, form=form, vault=vault, handed_over=last, status=form.status)


@bp.post("/set-up")
@allow(Kind.NOTE, "w")
def set_up() -> Response:
    form = NewPassphraseForm()

    def make_slip() -> Response:
        if vaults.of(current_user.id):
            return index_page(form)
        new = sealing.new_vault(checked_passphrase(form.passphrase.data or ""))
        return slip_page(new.code, new._replace(code=""))

    return outcome(form, make_slip) or index_page(form)


def checked_passphrase(passphrase: str) -> str:
    """The new passphrase; refuses what is guessed easily, or opens the login as well."""
    about = (current_user.login, current_user.name, g.school.name, g.school.home_name)
    passwords.check_passphrase(passphrase, about=about)
    if passwords.matches(current_user.password_hash, passphrase):
        raise Refused("筆記口令不能和登錄密碼一樣。")
    return passphrase


def slip_page(code: str, keys: sealing.NewVault | bytes) -> Response:
    """Shows the code, once; the keys wait in memory until it is on paper."""
    keyring.hand_out(keys, sealing.last_group(code))
    form = ConfirmForm(formdata=None)
    return page("vaults/slip.html", form=form, code=code, now=clock.now())


@bp.post("/confirm")
@allow(Kind.NOTE, "w")
def confirm() -> Response:
    """Saves what the slip belongs to; nothing, before its last group was typed back."""
    form, slip = ConfirmForm(), keyring.slip()
    if slip is None:
        raise Refused("這張恢復碼已過期，什麼也沒有改。請重新開始，把舊的紙條撕掉。")
    if form.validate():
        if (form.last.data or "").strip().upper() == slip.last_group:
            return save_keys_of(slip)
        form.refuse(Refused("最後一組不對。請看着打印或抄下來的紙輸入。"))
    return page("vaults/confirm.html", form=form, status=422)


def save_keys_of(slip: keyring.Slip) -> Response:
    if isinstance(slip.keys, sealing.NewVault):
        vaults.set_up(current_user.id, slip.keys, by=me(), at=clock.now())
        words = "密封筆記設置好了。現在用口令打開一次試試。"
    else:
        vaults.renew_code(mine(), slip.keys, by=me(), at=clock.now())
        words = "恢復碼已更換，舊的已作廢。請把信封裏舊的一張換掉。"
    keyring.forget_slip()
    flash(said(words))
    return go(url_for("notes.index"))


def mine() -> Vault:
    vault = vaults.of(current_user.id)
    if vault is None:
        raise NotFound
    return vault


@bp.route("/passphrase", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
def passphrase() -> Response:
    form = ChangeForm()

    def change() -> str:
        vault, new = mine(), checked_passphrase(form.passphrase.data or "")
        key = key_by_passphrase(vault, form.passphrase_old.data or "")
        wrapped = sealing.wrap(key, new)
        vaults.change_passphrase(vault, wrapped, by=me(), at=clock.now())
        flash(said("筆記口令已修改，舊的不能用了。恢復碼不變。"))
        return url_for(".index")

    return saved(form, change) or page(
        "vaults/passphrase.html", form=form, status=form.status
    )


@bp.route("/recover", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
def recover() -> Response:
    form = RecoverForm()

    def replace() -> str:
        vault, new = mine(), checked_passphrase(form.passphrase.data or "")
        key = key_by_code(vault, form.passphrase_code.data or "", wrong="wrong")
        vaults.recover(vault, sealing.wrap(key, new), by=me(), at=clock.now())
        flash(said("口令已重設。恢復碼離開過信封，請馬上更換一張新的。"))
        return url_for(".index")

    return saved(form, replace) or page(
        "vaults/recover.html", form=form, status=form.status
    )


def key_by_code(vault: Vault, code: str, *, wrong: str) -> bytes:
    """The private key, by the code in the envelope. A slip of the pen is refused at once; a
    code that could be one is counted, and recorded as the deed `wrong` if it is not it."""
    sealing.bare(code)
    vaults.guess_code(vault, at=clock.now())
    try:
        return sealing.unlock_by_code(bytes(vault.wrapped_by_code), code)
    except sealing.WrongSecret:
        openings.record(vault, wrong, by=me(), at=clock.now())
        raise


@bp.route("/code", methods=["GET", "POST"])
@allow(Kind.NOTE, "w")
def code() -> Response:
    form = CodeForm()

    def make_slip() -> Response:
        key, made = key_by_passphrase(mine(), form.passphrase.data), sealing.new_code()
        return slip_page(made, sealing.wrap(key, sealing.bare(made)))

    return outcome(form, make_slip) or page(
        "vaults/code.html", form=form, status=form.status
    )


class OpeningShown(NamedTuple):
    """An opening as its owner reads it; why, only while the vault is unlocked."""

    opening: openings.Opening
    reason: str


@bp.get("/openings")
@allow(Kind.NOTE)
def opened() -> Response:
    """Who opened what. Open to the owner of a vault that is locked, or handed over."""
    vault = vaults.newest(current_user.id)
    found = openings.of_vault(vault) if vault else []
    unseen = openings.unseen_of_others(vault) if vault else []
    latest = max((opening.id for opening in unseen), default=0)
    shown = page("vaults/openings.html", openings=with_reasons(found), latest=latest)
    return hiding_itself(shown) if keyring.is_open() else shown


def with_reasons(found: Iterable[openings.Opening]) -> list[OpeningShown]:
    key = keyring.my_key()
    return [OpeningShown(each, reason_of(each, key)) for each in found]


def reason_of(opening: openings.Opening, key: bytes | None) -> str:
    """Nothing while locked; a reason that this key does not open is left out as well."""
    try:
        return sealing.open_sealed(bytes(opening.reason or b""), key) if key else ""
    except sealing.Broken:
        return ""


@bp.post("/openings/seen")
@allow(Kind.NOTE, "w")
def seen() -> Response:
    vault = vaults.newest(current_user.id)
    latest = request.form.get("latest", 0, type=int)
    if vault is None or not 0 <= latest < 2**31:
        raise NotFound
    openings.mark_seen(vault, latest)
    return go(url_for(".opened"))
