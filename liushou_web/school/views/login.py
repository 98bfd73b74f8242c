"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, flash, g, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from liushou_web import clock
from liushou_web.refusal import Refused
from liushou_web.schema import Staff
from liushou_web.web import unsaved
from liushou_web.web.forms import csrf
from liushou_web.web.htmx import announce, go, wants_part
from liushou_web.web.zh import said, turned

from .. import auth
from ..auth import LoginForm, last_owner, local_path, log_in, login_page, open_to_anyone
from ..rules import passwords
from ..store import logins
from .account import must_change_page

bp = Blueprint("login", __name__)


@bp.route("/login", methods=["GET", "POST"])
@csrf.exempt  # the form checks its own token and keeps what it carries
@open_to_anyone
def sign_in() -> Response:
    if g.school is None:
        return go(url_for("setup.begin"))
    if request.method == "GET" and current_user.is_authenticated:
        return go(local_path(request.args.get("next")))
    form = LoginForm()
    if turned() or not form.is_submitted():
        return login_page(form)
    if not form.validate():
        return login_page(form, status=422)
    try:
        person = person_with(form.login.data or "", form.password.data or "")
        same = str(person.id) == request.form.get("owner")
        again = same or last_owner() == person.id
        log_in(person)
    except Refused as refusal:
        form.refuse(refusal)
        return login_page(form, status=refusal.status)
    if wants_part() and again:
        return announce("signed-in", said("已登錄，可以繼續了。"), token=generate_csrf())
    return welcome(person, unsaved.unsealed(form.typed.data))


@bp.post("/logout")
@open_to_anyone
def sign_out() -> Response:
    if current_user.is_authenticated:
        for hear in auth.when_signed_out:
            hear()
        logins.end(current_user.token, at=clock.now())
    session.clear()
    return go(url_for(".sign_in"))


def person_with(login: str, password: str) -> Staff:
    """The person with this name and password; refuses in the same words, after the same
    time, whether it was the name or the password that was wrong."""
    address, at = request.remote_addr or "", clock.now()
    logins.attempt(login, address=address, at=at)
    person = logins.by_name(login)
    if passwords.matches(person.password_hash if person else None, password) and person:
        return person
    logins.record_failure(person, address=address, at=at)
    raise WrongPassword


class WrongPassword(Refused):
    status = 422

    def __init__(self) -> None:
        super().__init__(logins.WRONG)


def welcome(person: Staff, kept: unsaved.Typed | None) -> Response:
    """On to where they wanted; with what they had typed before, if it is theirs."""
    if kept and kept.owner != person.id:
        flash(said("上一位使用者填寫了一半的內容沒有保存，也不會顯示給您。"))
        kept = None
    if kept and person.must_change:
        return must_change_page(kept)
    if kept:
        return unsaved.give_back(kept, "登錄成功。您剛才填寫的內容還在，尚未保存。")
    return go(local_path(request.args.get("next")))
