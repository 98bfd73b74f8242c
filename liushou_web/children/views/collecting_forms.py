"""What is typed about who collects a child, and about its usual way home."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.validators import Length, ValidationError

from liushou_web.refusal import SHORTEST_REASON, Refused
from liushou_web.web.fields import DayField
from liushou_web.web.forms import CreatingForm, Form, Line, at_most, choices, required
from liushou_web.web.zh import said

from ..files import portraits
from ..rules.collecting import FIELD_LABELS, WAY_LABELS, CollectorFields, Release, Way
from ..store.collectors import Card, Person
from .register_forms import can_be_dialled, is_a_name

PHOTO_KINDS = {"accept": "image/jpeg,image/png,image/webp"}
EACH_TIME = "沒有固定的，每次選擇"


class PhotoField(FileField):
    """A photo, made small and plain as it is looked over; told beside it if bad."""

    portrait = b""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            self.portrait = portraits.portrait(self.data.read(portraits.LARGEST_FILE + 1))
        except Refused as refusal:
            raise ValidationError(refusal) from refusal


class CollectorForm(CreatingForm):
    name = Line(FIELD_LABELS["name"], [required(), is_a_name, at_most(40)])
    relation = Line(FIELD_LABELS["relation"], [required(), at_most(20)])
    phone = Line(
        FIELD_LABELS["phone"], [can_be_dialled, at_most(40)], render_kw={"inputmode": "tel"}
    )
    guardian = BooleanField("是監護人")
    first_day = DayField(FIELD_LABELS["first_day"], [required()])
    last_day = DayField(FIELD_LABELS["last_day"])
    usual = BooleanField("平時就由這個人接")
    photo = PhotoField("照片", render_kw=PHOTO_KINDS)
    without = BooleanField("去掉現在的照片")

    def fields(self) -> CollectorFields:
        return CollectorFields(
            self.name.data or "",
            self.relation.data or "",
            self.phone.data or "",
            self.guardian.data,
            self.first_day.day,
            self.last_day.data,
        )

    @property
    def asks_again(self) -> bool:
        """A browser forgets a chosen file when the form comes back."""
        return bool(self.errors and self.photo.data)


def form_of(person: Person) -> CollectorForm:
    """The form of somebody who is on the list."""
    return CollectorForm(data={name: getattr(person.fields, name) for name in FIELD_LABELS})


class HomeForm(Form):
    usual = SelectField("平時怎麼回家", validate_choice=False)
    consent_by = Line("誰同意孩子自行回家", [at_most(40)])
    consent_on = DayField("哪天同意的")

    def offer(self, card: Card) -> None:
        """The people as typed, the ways in the reader's script."""
        people = [(str(p.id), f"{p.called} {said('接')}") for p in card.collecting]
        ways = [
            (way.value, said(label))
            for way, label in WAY_LABELS.items()
            if way is not Way.DORMITORY or card.home.boards
        ]
        self.usual.choices = choices([*people, *ways, ("", said(EACH_TIME))])


class ReleaseForm(Form):
    name = Line("接的人叫什麼", [required(), is_a_name, at_most(40)])
    relation = Line("和孩子是什麼關係", [required(), at_most(20)])
    reason = Line(
        "為什麼讓他接",
        [
            required(),
            Length(SHORTEST_REASON, message=f"請寫明原因，至少 {SHORTEST_REASON} 個字。"),
            at_most(100),
        ],
    )
    teacher = SelectField("哪位老師放行", coerce=int)

    def release(self) -> Release:
        return Release(
            self.name.data or "",
            self.relation.data or "",
            self.reason.data or "",
            self.teacher.data,
        )
