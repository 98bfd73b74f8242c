"""The first visit of an empty installation."""

from __future__ import annotations

import hmac

from flask import Blueprint, current_app, flash, g, request, session, url_for
from werkzeug import Response
from wtforms import BooleanField, DateField, PasswordField, RadioField
from wtforms.validators import EqualTo

from liushou_web import clock
from liushou_web.refusal import NotFound, Refused
from liushou_web.school.auth import BY_HEART, log_in, open_to_anyone
from liushou_web.school.rules import passwords
from liushou_web.school.rules.staff import check_login, login_name
from liushou_web.school.store import logins
from liushou_web.school.views.account import NEW
from liushou_web.web.forms import Form, Line, Text, at_most, choices, csrf, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import SCRIPTS, said, turned

from ..rules.setup import ROOMS, is_this_computer, room_names, term_name
from ..store import setup

bp = Blueprint("setup", __name__)


class SetupForm(Form):
    name = Line("學校名稱", [required(), at_most(40)])
    home_name = Line("留守兒童之家的名稱", [required(), at_most(40)])
    script = RadioField("文字", choices=choices(SCRIPTS.items()))
    term_name = Line("學期名稱", [required(), at_most(30)])
    first_day = DateField("學期第一天", [required()])
    last_day = DateField("學期最後一天", [required()])
    rooms = Text("房間（一行一個）", [required(), at_most(1000)], render_kw={"rows": 5})
    person = Line("您的姓名", [required(), at_most(30)])
    login = Line("登錄用的賬號", [required(), at_most(40)], render_kw=BY_HEART)
    password = PasswordField("密碼", [required()], render_kw=NEW)
    again = PasswordField(
        "再輸一次密碼",
        [required(), EqualTo("password", "兩次輸入的密碼不一樣。")],
        render_kw=NEW,
    )
    in_office = BooleanField("我也負責留守兒童辦公室的工作", default=True)

    def begins(self) -> setup.Beginning:
        """What was typed, with the password hashed; refuses a weak one."""
        password, login = self.password.data or "", login_name(self.login.data or "")
        check_login(login)
        about = (login, self.person.data, self.name.data, self.home_name.data)
        passwords.check(password, about=about)
        return setup.Beginning(
            name=self.name.data,
            home_name=self.home_name.data,
            script=self.script.data,
            term_name=self.term_name.data,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            rooms=room_names(self.rooms.data),
            login=login,
            person=self.person.data,
            password_hash=passwords.hash_of(password),
            roles=frozenset({"admin", "office"} if self.in_office.data else {"admin"}),
        )


class CodeForm(Form):
    code = Line("安裝碼", [required(), at_most(60)])


@bp.before_request
def only_once() -> None:
    if g.school is not None:
        raise NotFound


@bp.route("/setup", methods=["GET", "POST"])
@csrf.exempt  # the form checks its own token and keeps what was typed
@open_to_anyone
def begin() -> Response:
    if not is_let_in():
        return go(url_for(".code"))
    form = SetupForm(**suggestions())
    on = None if turned() else saved(form, lambda: set_up(form))
    return on or page("setup/begin.html", form=form, status=form.status)


@bp.route("/setup/code", methods=["GET", "POST"])
@csrf.exempt  # the form checks its own token and keeps what was typed
@open_to_anyone
def code() -> Response:
    form = CodeForm()
    on = None if turned() else saved(form, lambda: let_in(form.code.data or ""))
    return on or page("setup/code.html", form=form, status=form.status)


def is_let_in() -> bool:
    """This computer itself, or a browser that the code was typed into."""
    return is_this_computer(request.remote_addr) or is_code(session.get("setup", ""))


def is_code(text: str) -> bool:
    wanted = str(current_app.config["SETUP_CODE"])
    return bool(wanted) and hmac.compare_digest(text.encode(), wanted.encode())


def let_in(text: str) -> str:
    """On to the setup; wrong codes are counted like wrong passwords."""
    address = request.remote_addr or ""
    logins.attempt("setup code", address=address, at=clock.now())
    if not is_code(text):
        raise Refused("安裝碼不對。它顯示在運行程序的那臺電腦的窗口裏。")
    logins.forgive("setup code", address=address, at=clock.now())
    session["setup"] = text
    return url_for(".begin")


def set_up(form: SetupForm) -> str:
    """On to the first page, logged in as the first administrator."""
    address = request.remote_addr or ""
    log_in(setup.set_up(form.begins(), address=address, at=clock.now()))
    flash(said("設置完成。接下來請導入學生名冊，並給老師們添加賬號。"))
    return "/"


def suggestions() -> dict[str, object]:
    return {
        "home_name": said("留守兒童之家"),
        "script": g.script,
        "term_name": said(term_name(clock.now().date())),
        "rooms": said("\n".join(ROOMS)),
    }
