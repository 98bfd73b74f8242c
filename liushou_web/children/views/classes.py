"""The classes and their teachers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from werkzeug import Response
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from liushou_web import clock
from liushou_web.access import Kind
from liushou_web.class_names import CHINESE_DIGITS
from liushou_web.school.auth import allow, me
from liushou_web.web.forms import CreatingForm, Form, WordsField, choices, saved
from liushou_web.web.htmx import go, page
from liushou_web.web.zh import said

from ..store import classes

bp = Blueprint("classes", __name__, url_prefix="/classes")

GRADES = [(grade, f"{CHINESE_DIGITS[grade]}年級") for grade in range(1, 10)]


def grade_field(label: str, first: int) -> WordsField:
    return WordsField(label, choices=choices(GRADES), coerce=int, default=first)


def number_field(label: str, most: int, **values: Any) -> IntegerField:
    return IntegerField(
        label,
        [
            InputRequired("請填寫這一項。"),
            NumberRange(1, most, message=f"請填 1 到 {most}。"),
        ],
        render_kw={"inputmode": "numeric"},
        **values,
    )


class ClassForm(Form):
    grade = grade_field("年級", 1)
    number = number_field("班號", 40)
    teacher_id = SelectField("班主任", coerce=lambda text: int(text) if text else None)

    def offer(self, line: classes.ClassLine | None = None) -> None:
        """The teachers to choose from; one who no longer is stays where they are."""
        people = dict(classes.teachers())
        if line and line.teacher_id:
            people.setdefault(line.teacher_id, line.teacher)
        self.teacher_id.choices = choices([("", said("未定")), *people.items()])


class OneForm(ClassForm, CreatingForm):
    """A class that is not there yet."""


class GradesForm(CreatingForm):
    first = grade_field("從哪個年級", 1)
    last = grade_field("到哪個年級", 6)
    per_grade = number_field("每個年級有幾個班", 40, default=2)


@bp.get("")
@allow(Kind.CLASS)
def index() -> Response:
    return page("children/classes/index.html", lines=classes.everything())


@bp.route("/new", methods=["GET", "POST"])
@allow(Kind.CLASS, "w")
def new() -> Response:
    form = OneForm()
    form.offer()
    return saved(form, lambda: _add(form)) or page(
        "children/classes/new.html", form=form, status=form.status
    )


def _add(form: OneForm) -> str:
    line = classes.add(
        form.grade.data,
        form.number.data or 0,
        teacher_id=form.teacher_id.data,
        by=me(),
        at=clock.now(),
    )
    flash(said(f"{line.name}已添加。"))
    return url_for(".index")


@bp.route("/new-grades", methods=["GET", "POST"])
@allow(Kind.CLASS, "w")
def new_grades() -> Response:
    form = GradesForm()
    return saved(form, lambda: _add_grades(form)) or page(
        "children/classes/grades.html", form=form, status=form.status
    )


def _add_grades(form: GradesForm) -> str:
    count = classes.add_grades(
        form.first.data,
        form.last.data,
        form.per_grade.data or 0,
        by=me(),
        at=clock.now(),
    )
    flash(said(f"添加了 {count} 個班。已有的班沒有改動。"))
    return url_for(".index")


@bp.route("/<id:class_id>", methods=["GET", "POST"])
@allow(Kind.CLASS, "w")
def edit(class_id: int) -> Response:
    line = classes.one(class_id)
    form = ClassForm(obj=line)
    form.offer(line)
    return saved(form, lambda: _change(form, class_id)) or page(
        "children/classes/edit.html", status=form.status, form=form, line=line
    )


def _change(form: ClassForm, class_id: int) -> str:
    classes.change(
        class_id,
        form.grade.data,
        form.number.data or 0,
        teacher_id=form.teacher_id.data,
        by=me(),
        at=clock.now(),
    )
    flash(said("已保存。"))
    return url_for(".index")


@bp.post("/<id:class_id>/remove")
@allow(Kind.CLASS, "w")
def remove(class_id: int) -> Response:
    classes.remove(class_id, by=me(), at=clock.now())
    flash(said("班級已刪除。"))
    return go(url_for(".index"))
