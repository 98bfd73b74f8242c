"""Accounts of the staff, and what each role may do."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask_login import current_user
from werkzeug import Response
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from liushou_web import clock
from liushou_web.access import ROLE_LABELS, Kind, Scope
from liushou_web.web.forms import (
    CreatingForm,
    Form,
    Line,
    at_most,
    choices,
    outcome,
    required,
    saved,
)
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..auth import allow, me, my_scope
from ..rules import passwords, roles
from ..rules.staff import check_login, login_name
from ..store import staff

bp = Blueprint("staff", __name__)


class ChoicesField(SelectMultipleField):
    """A box to tick for each role."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def roles_field() -> ChoicesField:
    return ChoicesField("角色", choices=choices(ROLE_LABELS.items()))


class PersonForm(Form):
    name = Line("姓名", [required(), at_most(30)])
    roles = roles_field()


class OwnNameForm(Form):
    """Nobody edits their own roles."""

    name = Line("姓名", [required(), at_most(30)])


class AddForm(CreatingForm):
    name = Line("姓名", [required(), at_most(30)])
    login = Line("登錄用的賬號", [required(), at_most(40)])
    roles = roles_field()


@bp.get("/staff")
@allow(Kind.STAFF)
def index() -> Response:
    everyone = staff.everyone()
    return page(
        "school/staff/index.html",
        active=[person for person in everyone if not person.retired_at],
        retired=[person for person in everyone if person.retired_at],
        may_write=my_scope(Kind.STAFF, "w") is not Scope.NONE,
        labels=ROLE_LABELS,
        now=clock.now(),
    )


@bp.route("/staff/add", methods=["GET", "POST"])
@allow(Kind.STAFF, "w")
def add() -> Response:
    form = AddForm()
    return outcome(form, lambda: add_once(form)) or page(
        "school/staff/add.html", form=form, status=form.status
    )


def add_once(form: AddForm) -> Response:
    """The one-time password is shown on this answer alone: pressed again, it is gone."""
    check_login(login_name(form.login.data or ""))
    password = passwords.one_time()
    password_hash = passwords.hash_of(password)
    made = []

    def create() -> str:
        chosen = frozenset(form.roles.data or ())
        made.append(
            staff.add(
                form.login.data or "",
                form.name.data or "",
                chosen,
                password_hash,
                by=me(),
                at=clock.now(),
            )
        )
        return url_for(".edit", staff_id=made[0].id)

    address = form.once(create)
    if made:
        return page("school/staff/handed_over.html", person=made[0], password=password)
    flash(said("這個賬號已經添加過了。一次性密碼只顯示一次；沒有記下，就請重置密碼。"))
    return go(address)


@bp.route("/staff/<id:staff_id>", methods=["GET", "POST"])
@allow(Kind.STAFF, "w")
def edit(staff_id: int) -> Response:
    person = staff.one(staff_id)
    own = person.id == current_user.id
    form = OwnNameForm(obj=person) if own else PersonForm(obj=person)

    def change() -> str:
        chosen = person.roles if own else frozenset(form.roles.data or ())
        name = form.name.data or ""
        staff.change(staff_id, name=name, roles=chosen, by=me(), at=clock.now())
        return list_saying("{name}的賬號已保存。", name)

    return saved(form, change) or page(
        "school/staff/edit.html", form=form, person=person, own=own, status=form.status
    )


@bp.post("/staff/<id:staff_id>/reset-password")
@allow(Kind.STAFF, "w")
def reset_password(staff_id: int) -> Response:
    person = staff.one(staff_id)
    password = staff.reset_password(person.login, by=me(), at=clock.now())
    return page("school/staff/handed_over.html", person=person, password=password)


@bp.post("/staff/<id:staff_id>/retire")
@allow(Kind.STAFF, "w")
def retire(staff_id: int) -> Response:
    person = staff.retire(staff_id, by=me(), at=clock.now())
    return go(list_saying("{name}的賬號已停用，登錄已結束。", person.name))


@bp.post("/staff/<id:staff_id>/bring-back")
@allow(Kind.STAFF, "w")
def bring_back(staff_id: int) -> Response:
    person = staff.bring_back(staff_id, by=me(), at=clock.now())
    return go(list_saying("{name}的賬號已恢復。", person.name))


@bp.get("/roles", endpoint="roles")
@allow(Kind.ACCOUNT)
def roles_page() -> Response:
    return page(
        "school/staff/roles.html",
        lines=roles.table(),
        labels=ROLE_LABELS,
        sentences=roles.SENTENCES,
    )


def list_saying(sentence: str, name: str) -> str:
    """The address of the list, which says this sentence about the person with the name."""
    flash(said(sentence).format(name=name))
    return url_for(".index")
