"""Numbers that reach nobody: a new one from the class teacher, or 號碼沒有錯."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from liushou_web import clock
from liushou_web.access import Kind, Scope
from liushou_web.children.store import child_files, register
from liushou_web.children.views.namesakes import named
from liushou_web.children.views.register_forms import can_be_dialled
from liushou_web.school.auth import allow, me, my_scope, own_only
from liushou_web.web.forms import Form, Line, at_most, required, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import dead_numbers as numbers

bp = Blueprint("numbers", __name__, url_prefix="/numbers")


class NumberForm(Form):
    phone = Line(
        "新號碼",
        [required(), can_be_dialled, at_most(40)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    version = IntegerField(widget=HiddenInput())

    def refuse(self, refusal: Exception) -> None:
        """Where the file was changed meanwhile, the next press means the file as it is."""
        super().refuse(refusal)
        if isinstance(refusal, register.OutdatedFile):
            self.version.raw_data = [str(self.version.object_data)]


@bp.route("/<id:fault_id>", methods=["GET", "POST"])
@allow(Kind.NUMBER, "w")
def renew(fault_id: int) -> Response:
    own = own_only(Kind.NUMBER, "w")
    fault = numbers.one(fault_id, of_teacher=own)
    file = child_files.file_of(fault.child_id)
    form = NumberForm(data={"version": file.version})
    return saved(form, lambda: _renew(form, fault, own)) or page(
        "phone/dead_numbers/renew.html",
        form=form,
        fault=fault,
        number=getattr(file.fields, numbers.NUMBER_COLUMNS[fault.contact]),
        status=form.status,
    )


def _renew(form: NumberForm, fault: numbers.DeadNumber, own: int | None) -> str:
    numbers.renew(
        fault.id,
        form.phone.data or "",
        version=form.version.data or 0,
        by=me(),
        at=clock.now(),
        of_teacher=own,
    )
    flash(said("{name}的家人電話已更新。").format(name=named(fault.child_id, fault.name)))
    return url_for("home.today")


@bp.post("/<id:fault_id>/right")
@allow(Kind.NUMBER, "w")
def call_right(fault_id: int) -> Response:
    own = own_only(Kind.NUMBER, "w")
    fault = numbers.call_right(fault_id, by=me(), at=clock.now(), of_teacher=own)
    flash(said("{name}的號碼保持不變。").format(name=named(fault.child_id, fault.name)))
    return go(url_for("home.today"))


def dead_numbers() -> list[numbers.DeadNumber]:
    """For 今日: what waits for a new number, as far as it is the reader's to settle."""
    if my_scope(Kind.NUMBER, "w") is Scope.NONE:
        return []
    return numbers.waiting(of_teacher=own_only(Kind.NUMBER, "w"))
