"""The rooms of the home: add one, rename it, retire it, bring it back."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, may_open, me
from liushou_web.school.views import retirable
from liushou_web.web.forms import CreatingForm, Form, Line, at_most, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import rooms

bp = Blueprint("rooms", __name__, url_prefix="/rooms")


class RoomForm(CreatingForm):
    name = Line("房間名稱", [required(), at_most(20)])


class NameForm(Form):
    name = Line("房間名稱", [required(), at_most(20)])


@bp.get("")
@allow(Kind.SCHEDULE)
def index() -> Response:
    return listed(RoomForm())


def listed(form: RoomForm) -> Response:
    return page(
        "schedule/rooms/index.html",
        form=form,
        rooms=rooms.everything(at=clock.now()),
        writes=may_open("rooms.add"),
        status=form.status,
    )


@bp.post("")
@allow(Kind.SCHEDULE, "w")
def add() -> Response:
    form = RoomForm()
    return saved(form, lambda: _add(form.name.data or "")) or listed(form)


def _add(name: str) -> str:
    rooms.add(name, by=me(), at=clock.now())
    flash(said("已添加房間「{name}」。").format(name=name))
    return url_for(".index")


@bp.route("/<id:room_id>/rename", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def rename(room_id: int) -> Response:
    return retirable.rename(rooms.ROOMS, room_id, NameForm, "schedule/rooms/rename.html")


@bp.post("/<id:room_id>/retire")
@allow(Kind.SCHEDULE, "w")
def retire(room_id: int) -> Response:
    return retirable.retire(rooms.ROOMS, room_id)


@bp.post("/<id:room_id>/bring-back")
@allow(Kind.SCHEDULE, "w")
def bring_back(room_id: int) -> Response:
    return retirable.bring_back(rooms.ROOMS, room_id)


@bp.post("/<id:room_id>/counselling")
@allow(Kind.SCHEDULE, "w")
def counselling(room_id: int) -> Response:
    rooms.mark_counselling(room_id, True, by=me(), at=clock.now())
    flash(said("已用作心理輔導室。輔導老師現在可以設置輔導時間。"))
    return go(url_for(".index"))


@bp.post("/<id:room_id>/no-counselling")
@allow(Kind.SCHEDULE, "w")
def no_counselling(room_id: int) -> Response:
    rooms.mark_counselling(room_id, False, by=me(), at=clock.now())
    flash(said("不再用作心理輔導室。"))
    return go(url_for(".index"))
