"""Logging in and out."""

from flask import Blueprint, redirect, request, session
from flask_login import current_user, login_user
from werkzeug import Response
from werkzeug.security import check_password_hash
from wtforms import PasswordField

from .. import clock
from ..auth import open_to_anyone
from ..forms import Form, Line, required
from ..htmx import go, page
from ..schema import Staff
from ..store import logins

bp = Blueprint("login", __name__)


class LoginForm(Form):
    login = Line("賬號", [required()])
    password = PasswordField("密碼", [required()])


@bp.route("/login", methods=["GET", "POST"])
@open_to_anyone
def sign_in() -> Response:
    form = LoginForm()
    if form.validate_on_submit():
        person = Staff.get_or_none(Staff.login == form.login.data)
        if person and check_password_hash(person.password_hash, form.password.data or ""):
            person.token = logins.begin(
                person, address=request.remote_addr or "", at=clock.now()
            )
            login_user(person)
            return redirect("/", 303)
    return page("login/sign_in.html", form=form)


@bp.post("/logout")
@open_to_anyone
def sign_out() -> Response:
    if current_user.is_authenticated:
        logins.end(current_user.token, at=clock.now())
    session.clear()
    return go("/login")
