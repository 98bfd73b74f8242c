"""What is typed about a child: the file's form, and who left when and why."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from liushou_web import clock
from liushou_web.refusal import Refused
from liushou_web.web.forms import (
    CreatingForm,
    Form,
    Line,
    Text,
    WordsField,
    at_most,
    choices,
    required,
)

from ..rules.register import (
    ARRANGEMENT_LABELS,
    FIELD_LABELS,
    LEFT_LABELS,
    LONGEST_BY_FIELD,
    LONGEST_FIELD,
    SEX_LABELS,
    ChildFields,
    check_birth_date,
    tidied,
    tidy_name,
    tidy_phone,
)
from ..store.child_files import File
from ..store.register import SameName


def line(name: str, *more: Any, **attributes: str) -> Line:
    limit = at_most(LONGEST_BY_FIELD.get(name, LONGEST_FIELD))
    return Line(FIELD_LABELS[name], [*more, limit], render_kw=attributes)


def phone(name: str) -> Line:
    return line(name, can_be_dialled, inputmode="tel")


def can_be_dialled(_form: Form, field: Line) -> None:
    refuse_beside(lambda: tidy_phone(field.data or ""))


def is_a_pupils(_form: Form, field: DateField) -> None:
    if field.data:
        refuse_beside(lambda: check_birth_date(field.data, clock.now().date()))


def is_a_name(_form: Form, field: Line) -> None:
    if not tidy_name(field.data or ""):
        raise ValidationError("請填寫這一項。")


def refuse_beside(check: Any) -> None:
    """A refusal of the rules, shown beside the field that it is about."""
    try:
        check()
    except Refused as refusal:
        raise ValidationError(refusal) from refusal


class ChildForm(Form):
    name = line("name", required(), is_a_name)
    class_id = WordsField(FIELD_LABELS["class_id"], [required()], coerce=int)
    number = line("number")
    sex = RadioField(FIELD_LABELS["sex"], choices=choices(SEX_LABELS.items()), default="")
    birth_date = DateField(FIELD_LABELS["birth_date"], [Optional(), is_a_pupils])
    boards = BooleanField(FIELD_LABELS["boards"])
    arrangement = WordsField(
        FIELD_LABELS["arrangement"], choices=choices(ARRANGEMENT_LABELS.items())
    )
    carer_name = line("carer_name")
    carer_relation = line("carer_relation")
    carer_phone = phone("carer_phone")
    father_name = line("father_name")
    father_phone = phone("father_phone")
    mother_name = line("mother_name")
    mother_phone = phone("mother_phone")
    parents_work = line("parents_work")
    parents_free = line("parents_free")
    address = line("address")
    note = Text(
        FIELD_LABELS["note"], [at_most(LONGEST_BY_FIELD["note"])], render_kw={"rows": 4}
    )
    another = BooleanField("確認是另一名學生")
    same_name = False  # whether it is asked if this is another child

    def refuse(self, refusal: Exception) -> None:
        super().refuse(refusal)
        self.same_name = isinstance(refusal, SameName)

    def fields(self) -> ChildFields:
        """What was typed, tidied as the register keeps it."""
        return tidied(ChildFields(**{each.name: self[each.name].data for each in FIELDS}))

    def offer(self, class_names: dict[int, str]) -> None:
        self.class_id.choices = choices(class_names.items())


FIELDS = fields(ChildFields)


class NewForm(ChildForm, CreatingForm):
    """A child that is not in the register yet."""


class EditForm(ChildForm):
    """A file as it was opened: its version, and its values to tell my changes by."""

    version = IntegerField(widget=HiddenInput())
    was = HiddenField()

    @classmethod
    def of(cls, file: File, typed: ChildFields | None = None) -> EditForm:
        """The file as it is now, or with what was typed in its place."""
        shown = asdict(typed or file.fields)
        return cls(
            formdata=None, data={**shown, "version": file.version, "was": packed(file)}
        )

    def base(self) -> ChildFields | None:
        """The values that the form was opened with."""
        return unpacked(self.was.data or "")


def packed(file: File) -> str:
    return json.dumps(asdict(file.fields), default=date.isoformat, ensure_ascii=False)


def unpacked(text: str) -> ChildFields | None:
    try:
        values = json.loads(text)
        born = values["birth_date"]
        values["birth_date"] = date.fromisoformat(born) if born else None
        return ChildFields(**values)
    except (ValueError, TypeError, KeyError):
        return None


class LeaveForm(Form):
    on = DateField("離開日期", [InputRequired("請填寫這一項。")])
    reason = RadioField(
        "原因", [InputRequired("請選擇原因。")], choices=choices(LEFT_LABELS.items())
    )
    words = Line("其他原因", [at_most(40)])

    def full_reason(self) -> str:
        """A word of `LEFT_LABELS`, or one's own where it is another reason."""
        chosen = str(self.reason.data)
        return (self.words.data or chosen) if chosen == "other" else chosen
