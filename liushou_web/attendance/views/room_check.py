"""The list of the room check: add an item, rename it, retire it, bring it back."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, me
from liushou_web.school.views import retirable
from liushou_web.web.forms import CreatingForm, Form, Line, at_most, required, saved
from liushou_web.web.htmx import page
from liushou_web.web.zh import said

from ..store import room_check
from .closing_forms import item_name

bp = Blueprint("check_items", __name__, url_prefix="/settings/room-check")


class ItemForm(CreatingForm):
    name = Line("檢查什麼", [required(), at_most(20)])


class NameForm(Form):
    name = Line("檢查什麼", [required(), at_most(20)])


@bp.get("")
@allow(Kind.SETTINGS, "w")
def index() -> Response:
    return index_page(ItemForm())


def index_page(form: ItemForm) -> Response:
    return page(
        "attendance/room_check/index.html",
        form=form,
        items=room_check.everything(),
        item_name=item_name,
        status=form.status,
    )


@bp.post("")
@allow(Kind.SETTINGS, "w")
def add() -> Response:
    form = ItemForm()
    return saved(form, lambda: _add(form.name.data or "")) or index_page(form)


def _add(name: str) -> str:
    room_check.add(name, by=me(), at=clock.now())
    flash(said("已添加「{name}」。").format(name=name))
    return url_for(".index")


@bp.route("/<id:item_id>/rename", methods=["GET", "POST"])
@allow(Kind.SETTINGS, "w")
def rename(item_id: int) -> Response:
    template = "attendance/room_check/rename.html"
    return retirable.rename(room_check.ITEMS, item_id, NameForm, template)


@bp.post("/<id:item_id>/retire")
@allow(Kind.SETTINGS, "w")
def retire(item_id: int) -> Response:
    return retirable.retire(room_check.ITEMS, item_id)


@bp.post("/<id:item_id>/bring-back")
@allow(Kind.SETTINGS, "w")
def bring_back(item_id: int) -> Response:
    return retirable.bring_back(room_check.ITEMS, item_id)
