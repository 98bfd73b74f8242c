"""The counsellor's weekly hours, the days that are unlike them, and the lengths."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, url_for
from werkzeug import Response
from wtforms import IntegerField, RadioField, SelectField, TimeField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.school.auth import allow, me
from liushou_web.web.fields import ANY_DAY, DayField, span_on
from liushou_web.web.filters import WEEKDAYS
from liushou_web.web.forms import CreatingForm, Form, WordsField, choices, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..rules.hours import Away, Extra, Weekly
from ..store import hours as counselling_hours

bp = Blueprint("counselling_hours", __name__, url_prefix="/counselling/hours")

UNUSUAL = {"away": "不在（外出、休假、開會）", "extra": "加開"}


class HoursForm(CreatingForm):
    weekday = WordsField(
        "星期", coerce=int, choices=choices((n, f"星期{WEEKDAYS[n]}") for n in range(7))
    )
    starts = TimeField("開始時間", [required()])
    ends = TimeField("結束時間", [required()])
    room_id = SelectField("房間", coerce=int)

    def hours(self) -> Weekly:
        span_on(ANY_DAY, self.starts.data, self.ends.data)
        times = self.starts.data, self.ends.data
        return Weekly(self.weekday.data, *times, self.room_id.data)


class ExceptionForm(CreatingForm):
    kind = RadioField(
        "哪一種",
        choices=choices(UNUSUAL.items()),
        default="away",
        validate_choice=False,
        validators=[AnyOf(list(UNUSUAL), message="請選一項。")],
    )
    first_day = DayField("第一天", [required()])
    last_day = DayField("最後一天（只有一天可以不填）")
    starts = TimeField("開始時間", [Optional()])
    ends = TimeField("結束時間", [Optional()])
    room_id = SelectField("房間（加開時）", coerce=int)

    def exception(self) -> Away | Extra:
        first = self.first_day.day
        days, times = (
            (first, self.last_day.data or first),
            (self.starts.data, self.ends.data),
        )
        if self.kind.data == "away" and times == (None, None):
            return Away(*days)
        span_on(ANY_DAY, *times)
        if self.kind.data == "away":
            return Away(*days, *times)
        return Extra(*days, *times, self.room_id.data)


def minutes(label: str, least: int, most: int, what: str = "分鐘") -> Any:
    words = f"請填寫 {least} 到 {most} 的整數。"
    return IntegerField(
        f"{label}（{what}）", [InputRequired(words), NumberRange(least, most, words)]
    )


class LengthsForm(Form):
    counselling_minutes = minutes("一次輔導多長", 10, 180)
    counselling_pause = minutes("兩次之間空多長", 0, 60)
    counselling_threshold = minutes("統計中少於多少不列出", 3, 20, "人或次")


@bp.get("")
@allow(Kind.COUNSELLING)
def index() -> Response:
    return listed()


def listed(**forms: Form) -> Response:
    """The page, with the form that was refused in place of a fresh one."""
    rooms, mine = counselling_hours.counselling_rooms(), me().id or 0
    if not rooms:
        return page("counselling/hours/no_room.html")
    made: dict[str, Any] = {
        "hours": forms.get("hours") or HoursForm(formdata=None),
        "exception": forms.get("exception") or ExceptionForm(formdata=None),
        "lengths": forms.get("lengths") or LengthsForm(formdata=None, obj=g.school),
    }
    made["hours"].room_id.choices = made["exception"].room_id.choices = choices(rooms)
    return page(
        "counselling/hours/index.html",
        lines=counselling_hours.weekly(mine),
        unusual=counselling_hours.exceptions(mine, since=clock.now().date()),
        labels=UNUSUAL,
        **made,
        status=422 if forms else 200,
    )


def in_rooms(form: Any) -> Any:
    """The form with the rooms that may be chosen."""
    form.room_id.choices = choices(counselling_hours.counselling_rooms())
    return form


@bp.post("")
@allow(Kind.COUNSELLING, "w")
def add() -> Response:
    form = in_rooms(HoursForm())
    return saved(form, lambda: _add(form)) or listed(hours=form)


def _add(form: HoursForm) -> str:
    counselling_hours.add(me().id or 0, form.hours(), by=me(), at=clock.now())
    flash(said("已添加。"))
    return url_for(".index")


@bp.post("/<id:hours_id>/remove")
@allow(Kind.COUNSELLING, "w")
def remove(hours_id: int) -> Response:
    counselling_hours.remove(me().id or 0, hours_id, by=me(), at=clock.now())
    flash(said("已刪除。已經約好的時間不變。"))
    return go(url_for(".index"))


@bp.post("/exceptions")
@allow(Kind.COUNSELLING, "w")
def add_exception() -> Response:
    form = in_rooms(ExceptionForm())
    return saved(form, lambda: _add_exception(form)) or listed(exception=form)


def _add_exception(form: ExceptionForm) -> str:
    unusual = form.exception()
    counselling_hours.add_exception(me().id or 0, unusual, by=me(), at=clock.now())
    flash(said("已登記。已經約好的時間不變，請看看要不要改期。"))
    return url_for(".index")


@bp.post("/exceptions/<id:exception_id>/remove")
@allow(Kind.COUNSELLING, "w")
def remove_exception(exception_id: int) -> Response:
    mine = me().id or 0
    counselling_hours.remove_exception(mine, exception_id, by=me(), at=clock.now())
    flash(said("已刪除，恢復平常的時間。"))
    return go(url_for(".index"))


@bp.post("/lengths")
@allow(Kind.COUNSELLING, "w")
def lengths() -> Response:
    form = LengthsForm()
    return saved(form, lambda: _set_lengths(form)) or listed(lengths=form)


def _set_lengths(form: LengthsForm) -> str:
    counselling_hours.set_lengths(
        minutes=form.counselling_minutes.data,
        pause=form.counselling_pause.data,
        threshold=form.counselling_threshold.data,
        by=me(),
        at=clock.now(),
    )
    flash(said("設置已保存。"))
    return url_for(".index")
