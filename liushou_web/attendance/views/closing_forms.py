"""The forms of a closing and of a correction afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from wtforms import BooleanField, RadioField, SelectField, TimeField
from wtforms.validators import Length, Optional

from liushou_web.refusal import SHORTEST_REASON
from liushou_web.schema import CheckItem
from liushou_web.web.forms import Form, Line, at_most, choices, required
from liushou_web.web.zh import said

from ..rules.closing import DEFAULT_ITEMS, Check, Closing
from ..rules.corrections import RollFacts
from ..rules.marks import LEAVE_LABELS

UNKNOWN = (0, "不清楚")


class ItemOnForm(NamedTuple):
    """One thing of the room check on the form."""

    item_id: int
    name: str
    ok: Any
    note: Any


class ChildOnForm(NamedTuple):
    """One child that was never signed out."""

    child_id: int
    name: str
    reason: Any


class ClosingForm(Form):
    locked_by = SelectField("誰鎖門", coerce=int)
    note = Line("說明（可以不填）", [at_most(200)])

    asked: list[ItemOnForm]
    waiting: list[ChildOnForm]

    def tick_all(self) -> None:
        """Puts a tick everywhere but where something was noted; nothing is saved yet."""
        for each in self.asked:
            each.ok.data = each.ok.data or not each.note.data

    def said(self) -> Closing:
        return Closing(
            tuple(Check(a.item_id, a.ok.data, a.note.data or "") for a in self.asked),
            self.locked_by.data or None,
            self.note.data or "",
            {w.child_id: w.reason.data or "" for w in self.waiting},
        )


def closing_form(items: Iterable[CheckItem], here: Mapping[int, str]) -> ClosingForm:
    """A form with a tick and a note for each item, and a reason for each child."""
    items, fields = list(items), {}
    for item in items:
        fields[f"ok_{item.id}"] = BooleanField(item_name(item.name))
        fields[f"note_{item.id}"] = Line("情況", [at_most(100)])
    for child_id in here:
        fields[f"reason_{child_id}"] = Line("原因", [required(), *enough(), at_most(100)])
    form: ClosingForm = type("ClosingFormOfDay", (ClosingForm,), fields)()
    form.asked = [
        ItemOnForm(i.id, item_name(i.name), form[f"ok_{i.id}"], form[f"note_{i.id}"])
        for i in items
    ]
    form.waiting = [ChildOnForm(id_, here[id_], form[f"reason_{id_}"]) for id_ in here]
    return form


def enough() -> list[Length]:
    message = f"請寫明原因，至少 {SHORTEST_REASON} 個字。"
    return [Length(min=SHORTEST_REASON, message=message)]


def item_name(name: str) -> str:
    """Items of ours in the reader's script; those that the school added as typed."""
    return said(name) if name in DEFAULT_ITEMS else name


class CorrectionForm(Form):
    came = TimeField("簽到時間", [Optional()])
    went = TimeField("簽退時間", [Optional()])
    leave = RadioField("請假", choices=choices([("", "沒有請假"), *LEAVE_LABELS.items()]))
    reason = Line("更正的原因", [required(), *enough(), at_most(100)])

    def facts(self, old: RollFacts, day: datetime) -> RollFacts:
        """The facts as typed; a time left as it was keeps its seconds."""
        came = moment(self.came.data, old.came_at, day)
        went = moment(self.went.data, old.went_at, day)
        if came and went and f"{came:%H:%M}" == f"{went:%H:%M}":
            went = max(came, went)
        return RollFacts(came, went, self.leave.data or "")


def moment(typed: time | None, old: datetime | None, day: datetime) -> datetime | None:
    if typed is None:
        return None
    if old and f"{old:%H:%M}" == f"{typed:%H:%M}":
        return old
    return datetime.combine(day, typed)
