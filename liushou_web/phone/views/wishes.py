"""Letting a child wait for a call, today or at a time of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug import Response
from wtforms import SelectField
from wtforms.validators import InputRequired

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.children.store import child_files
from liushou_web.children.views.namesakes import named
from liushou_web.school.auth import allow, may_open, me, own_only
from liushou_web.web.filters import days_of, hhmm
from liushou_web.web.forms import Form, saved
from liushou_web.web.htmx import go, page, part, wants_part
from liushou_web.web.zh import said

from ..store import wishes
from .desk import desk

bp = Blueprint("call_wishes", __name__, url_prefix="/calls")


def url_back() -> str:
    """The list that one came from, or the desk of those who have one."""
    if "list" in request.args or not may_open("calls.index"):
        return url_for("call_lists.index", **list_args())
    return url_for("calls.index")


def list_args() -> dict[str, Any]:
    """What the list was narrowed to, so that one comes back to the same."""
    return {key: request.args[key] for key in ("month", "class") if key in request.args}


def desk_or_list() -> Response:
    if wants_part() and may_open("calls.index"):
        return part("phone/calls/_desk.html", otherwise=url_back(), **desk())
    return go(url_back())


@bp.post("/children/<id:child_id>/ask")
@allow(Kind.CALL_WISH, "w")
def ask(child_id: int) -> Response:
    own = own_only(Kind.CALL_WISH, "w")
    wish = wishes.ask(child_id, by=me(), at=clock.now(), of_teacher=own)
    if not wants_part():
        flash(said("已排隊：{day}。").format(day=days_of(wish.day, wish.day)))
    return desk_or_list()


@bp.post("/wishes/<id:wish_id>/withdraw")
@allow(Kind.CALL_WISH, "w")
def withdraw(wish_id: int) -> Response:
    own = own_only(Kind.CALL_WISH, "w")
    wishes.withdraw(wish_id, by=me(), at=clock.now(), of_teacher=own)
    return desk_or_list()


class BookForm(Form):
    slot = SelectField("時間", [InputRequired("請選擇時間。")])

    def offer(self, free: list[wishes.FreeSlots]) -> None:
        """Each day and line with its slots: '7 2026-11-23T16:30'. Each says its day: the
        list, once it is closed, shows nothing but the slot."""
        self.slot.choices = {
            f"{days_of(each.day, each.day)} · {each.line.name}": [
                (f"{each.line.id} {span.starts.isoformat()}", day_and_time(span.starts))
                for span in each.slots
            ]
            for each in free
        }

    def chosen(self) -> tuple[int, datetime]:
        line, starts = self.slot.data.split(" ")
        return int(line), datetime.fromisoformat(starts)


@bp.route("/children/<id:child_id>/book", methods=["GET", "POST"])
@allow(Kind.CALL_WISH, "w")
def book(child_id: int) -> Response:
    own = own_only(Kind.CALL_WISH, "w")
    file = child_files.file_of(child_id, of_teacher=own)
    free = wishes.free(at=clock.now(), child_id=child_id)
    form = BookForm()
    form.offer(free)
    return saved(form, lambda: _book(form, file, own)) or page(
        "phone/wishes/book.html",
        form=form,
        file=file,
        free=free,
        back=url_back(),
        status=form.status,
    )


def _book(form: BookForm, file: child_files.File, own: int | None) -> str:
    line, starts = form.chosen()
    wishes.book(file.id, line, starts, by=me(), at=clock.now(), of_teacher=own)
    when = day_and_time(starts)
    flash(
        said("{name}約在{when}。").format(name=named(file.id, file.fields.name), when=when)
    )
    return url_back()


def day_and_time(starts: datetime) -> str:
    return f"{days_of(starts.date(), starts.date())} {hhmm(starts)}"
