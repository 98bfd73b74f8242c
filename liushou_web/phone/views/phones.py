"""Family phones and their open hours, as the office sets them up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms import RadioField, SelectField, TimeField
from wtforms.validators import AnyOf, InputRequired

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.schedule.store import rooms
from liushou_web.school.auth import allow, me
from liushou_web.school.views import retirable
from liushou_web.web.fields import Checks
from liushou_web.web.filters import weekday
from liushou_web.web.forms import (
    CreatingForm,
    Form,
    Line,
    at_most,
    choices,
    required,
    saved,
)
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.calls import WAY_LABELS, Way
from ..store import phones

bp = Blueprint("phones", __name__, url_prefix="/phones")


class RoomField(SelectField):
    """A room in use; suggested is the one where the latest phone is."""

    data: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("房間", [InputRequired("請選擇房間。")], coerce=int, **kwargs)

    def offer(self) -> None:
        self.choices = choices(rooms.in_use())
        if self.data is None and (lines := phones.in_use()):
            self.data = lines[-1].room_id


class PhoneForm(CreatingForm):
    name = Line("名稱", [required(), at_most(20)])
    way = RadioField(
        "用來",
        choices=choices(WAY_LABELS.items()),
        default=Way.PHONE.value,
        validate_choice=False,
        validators=[AnyOf(list(WAY_LABELS), message="請選擇電話或視頻。")],
    )
    room_id = RoomField()


class NameForm(Form):
    name = Line("名稱", [required(), at_most(20)])


class HoursForm(CreatingForm):
    room_id = RoomField()
    weekdays = Checks(
        "星期幾",
        [required()],
        coerce=int,
        choices=choices((n, weekday(n)) for n in range(7)),
    )
    starts = TimeField("開始時間", [InputRequired("請填寫時間。")])
    ends = TimeField("結束時間", [InputRequired("請填寫時間。")])


@bp.get("")
@allow(Kind.SCHEDULE, "w")
def index() -> Response:
    return page(
        "phone/phones/index.html",
        lines=phones.all_lines(),
        opening=phones.all_hours(),
        rooms=rooms.in_use(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def new() -> Response:
    form = PhoneForm()
    form.room_id.offer()
    return saved(form, lambda: _add(form)) or page(
        "phone/phones/new.html", form=form, status=form.status
    )


def _add(form: PhoneForm) -> str:
    name = form.name.data or ""
    phones.add(name, form.way.data, form.room_id.data, by=me(), at=clock.now())
    flash(said("已添加「{name}」。").format(name=name))
    return url_for(".index")


@bp.route("/<id:phone_id>/rename", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def rename(phone_id: int) -> Response:
    return retirable.rename(phones.PHONES, phone_id, NameForm, "phone/phones/rename.html")


@bp.post("/<id:phone_id>/retire")
@allow(Kind.SCHEDULE, "w")
def retire(phone_id: int) -> Response:
    return retirable.retire(phones.PHONES, phone_id)


@bp.post("/<id:phone_id>/bring-back")
@allow(Kind.SCHEDULE, "w")
def bring_back(phone_id: int) -> Response:
    return retirable.bring_back(phones.PHONES, phone_id)


@bp.route("/hours/new", methods=["GET", "POST"])
@allow(Kind.SCHEDULE, "w")
def open_hours() -> Response:
    form = HoursForm()
    form.room_id.offer()
    return saved(form, lambda: _open_hours(form)) or page(
        "phone/phones/hours.html", form=form, status=form.status
    )


def _open_hours(form: HoursForm) -> str:
    phones.open_hours(
        form.room_id.data,
        form.weekdays.data or [],
        form.starts.data,
        form.ends.data,
        by=me(),
        at=clock.now(),
    )
    flash(said("開放時間已添加。"))
    return url_for(".index")


@bp.post("/hours/<id:hours_id>/close")
@allow(Kind.SCHEDULE, "w")
def close_hours(hours_id: int) -> Response:
    phones.close_hours(hours_id, by=me(), at=clock.now())
    return go(url_for(".index"))
