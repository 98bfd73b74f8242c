"""Who is asking and may they: closed by default."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session, url_for
from flask_login import LoginManager, current_user, login_user
from werkzeug import Response
from wtforms import HiddenField, PasswordField

from liushou_web import clock
from liushou_web.access import Action, Kind, Role, Scope, roles_that, scope_of
from liushou_web.actor import Actor
from liushou_web.refusal import NotAllowed
from liushou_web.schema import Staff
from liushou_web.web import unsaved
from liushou_web.web.forms import Form, Line, at_most, required
from liushou_web.web.htmx import go, page, say, wants_part
from liushou_web.web.zh import said

from .store import logins, school

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = "anyone"
when_signed_out: tuple[Callable[[], None], ...] = ()  # asked while the login still lives
TOKEN = "_user_id"  # noqa: S105 - Flask-Login's own key; ours holds the session token


def allow(kind: Kind, action: Action = "r") -> Callable[[View], View]:
    """Marks a view with the roles that `rules/access.py` gives for this kind and action."""

    def note(view: View) -> View:
        view.roles = roles_that(kind, action)  # type: ignore[attr-defined]
        return view

    return note


def open_to_anyone(view: View) -> View:
    """For the few pages that come before a login."""
    view.roles = frozenset({ANYONE})  # type: ignore[attr-defined]
    return view


def roles_of_view(endpoint: str) -> frozenset[str]:
    """The roles that a view answers; none where it names none."""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "roles", frozenset())


def may_open(endpoint: str) -> bool:
    """Whether the person asking may open this view, for menus and links."""
    return bool(roles_of_view(endpoint) & my_roles())


def my_roles() -> frozenset[str]:
    """The roles of the person asking; none of nobody."""
    person: Staff | None = g.get("person")
    return person.roles if person else frozenset()


def me() -> Actor:
    """The person asking, as every write wants to know them."""
    person: Staff = g.person
    return Actor(person.id, person.name, person.roles, request.remote_addr or "")


def my_scope(kind: Kind, action: Action = "r") -> Scope:
    return scope_of(my_roles(), kind, action)


def own_only(kind: Kind, action: Action = "r") -> int | None:
    """The id of the reader if only the children of their own classes are theirs to see;
    None for a reader who may see all. For the `of_teacher` argument of store queries."""
    return g.person.id if my_scope(kind, action) is Scope.OWN else None


def guard() -> Response | None:
    if request.endpoint in (None, "static"):
        return None
    roles = roles_of_view(request.endpoint or "")
    if ANYONE in roles:
        return None
    if g.school is None:
        return go(url_for("setup.begin"))
    person: Staff | None = g.person
    if person is None:
        return ask_to_log_in()
    if not roles & person.roles:
        raise NotAllowed
    if person.must_change and request.endpoint not in MUST_CHANGE:
        return go(url_for("account.password"))
    return None


MUST_CHANGE = {"account.password", "login.sign_out"}


def ask_to_log_in() -> Response:
    """Nobody is logged in (any more): on to the login page, and nothing typed is lost.

    A page that talks by htmx stays as it is; a form sent whole is carried over the login.
    """
    if wants_part():
        words = said("您的登錄已結束，剛才的操作還沒有保存。")
        form = LoginForm(formdata=None)
        return say(words, 401, notice="school/login/_lapsed.html", form=form)
    if request.method != "POST":
        return go(url_for("login.sign_in", next=request.full_path.rstrip("?")))
    kept = unsaved.of_request(last_owner())
    if kept is None:
        return go(url_for("login.sign_in", next=_page_before()))
    return login_page(LoginForm(formdata=None, typed=unsaved.sealed(kept)), status=401)


def last_owner() -> int | None:
    """Whose login this browser holds, be it living or over."""
    return logins.last_owner(session[TOKEN]) if TOKEN in session else None


def local_path(address: str | None) -> str:
    """The address if it is a path of our own, else the first page."""
    path = address or ""
    if not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", path):
        return "/"
    return path


def _page_before() -> str | None:
    """The page that a form without text was on: its own address takes only posts."""
    before = urlsplit(request.referrer or "")
    return local_path(before.path) if before.netloc == request.host else None


BY_HEART = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class LoginForm(Form):
    login = Line("賬號", [required(), at_most(100)], render_kw=BY_HEART)
    password = PasswordField(
        "密碼", [required(), at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    typed = HiddenField()  # what was in the form when the last login ended


def login_page(form: LoginForm, *, status: int = 200) -> Response:
    too_long = len(form.typed.data or "") > unsaved.LONGEST_SEALED
    if too_long:
        form.typed.data = ""
    return page(
        "school/login/sign_in.html",
        part="school/login/_lapsed.html",
        form=form,
        too_long=too_long,
        status=status,
    )


def log_in(person: Staff) -> None:
    """A new session in place of whatever this browser held before. The form tokens of its
    open pages stay good for the same person, and for nobody else."""
    token = logins.begin(person, address=request.remote_addr or "", at=clock.now())
    if before := session.get(TOKEN):
        if last_owner() != person.id:
            _keep_only("script")
        logins.end(before, at=clock.now())
    person.token = token
    login_user(person)
    g.person = person
    g.script = script_of(person)


def _keep_only(name: str) -> None:
    kept = session.get(name)
    session.clear()
    if kept:
        session[name] = kept


def script_of(person: Staff | None) -> str:
    house = g.school.script if g.school else "hant"
    return str((person.script if person else "") or session.get("script") or house)


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # sessions live in our own table

    @manager.user_loader
    def load(token: str) -> Staff | None:
        return logins.staff_of(token, at=clock.now())

    @app.before_request
    def who_and_in_which_script() -> Response | None:
        if request.endpoint == "static":
            return None
        g.school, g.person = school.school(), None
        if current_user.is_authenticated:  # asks `load` once; the way there is long
            g.person = current_user._get_current_object()
        g.script = script_of(g.person)
        return guard()

    @app.context_processor
    def person() -> dict[str, object]:
        return {"school": g.get("school"), "may_open": may_open, "Role": Role}
