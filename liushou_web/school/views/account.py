"""One's own account: password, script, logins."""

from __future__ import annotations

from flask import Blueprint, flash, g, request, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo

from liushou_web import clock
from liushou_web.access import Kind, Role
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import Staff
from liushou_web.web import unsaved
from liushou_web.web.forms import Form, outcome, required
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import SCRIPTS, said

from ..auth import allow, me
from ..rules import passwords
from ..store import logins, staff

bp = Blueprint("account", __name__)


KNOWN = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}


class PasswordForm(Form):
    old = PasswordField("現在的密碼", [required()], render_kw=KNOWN)
    password = PasswordField("新密碼", [required()], render_kw=NEW)
    again = PasswordField(
        "再輸一次新密碼",
        [required(), EqualTo("password", "兩次輸入的新密碼不一樣。")],
        render_kw=NEW,
    )
    typed = HiddenField()  # what was in a form when the last login ended


@bp.get("/account")
@allow(Kind.ACCOUNT)
def index() -> Response:
    return page(
        "school/account/index.html",
        roles=[role for role in Role if role in current_user.roles],
        logins=logins.living(current_user.id, token=current_user.token, at=clock.now()),
    )


@bp.post("/account/script")
@allow(Kind.ACCOUNT, "w")
def script() -> Response:
    wanted = request.form.get("script", "")
    if wanted not in SCRIPTS:
        raise NotFound
    staff.read_in(wanted, by=me(), at=clock.now())
    return go(url_for(".index"))


@bp.post("/account/logins/end-others")
@allow(Kind.ACCOUNT, "w")
def end_others() -> Response:
    logins.end_others(current_user.token, by=me(), at=clock.now())
    flash(said("其他設備上的登錄都已結束。"))
    return go(url_for(".index"))


@bp.route("/account/password", methods=["GET", "POST"])
@allow(Kind.ACCOUNT, "w")
def password() -> Response:
    form = PasswordForm()
    return outcome(form, lambda: change_password(form)) or page(
        "school/account/password.html", form=form, status=form.status
    )


def change_password(form: PasswordForm) -> Response:
    """Back to the account, or to what was typed before the login. The old password is
    guessed no faster here than at the login."""
    person: Staff = current_user._get_current_object()
    new = form.password.data or ""
    if new == form.old.data:
        raise Refused("新密碼和現在的一樣，請換一個。")
    about = (person.login, person.name, g.school.name, g.school.home_name)
    passwords.check(new, about=about)
    logins.attempt(person.login, address=request.remote_addr or "", at=clock.now())
    if not passwords.matches(person.password_hash, form.old.data or ""):
        raise Refused("現在的密碼不對。")
    staff.change_password(person, passwords.hash_of(new), by=me(), at=clock.now())
    kept = unsaved.unsealed(form.typed.data)
    if kept and kept.owner == current_user.id:
        return unsaved.give_back(kept, "密碼已修改。您剛才填寫的內容還在，尚未保存。")
    flash(said("密碼已修改，其他設備上的登錄都已結束。"))
    return go(url_for(".index"))


def must_change_page(kept: unsaved.Typed) -> Response:
    """The page for a new password, carrying what was typed before the login."""
    form = PasswordForm(formdata=None, typed=unsaved.sealed(kept))
    return page("school/account/password.html", form=form)
