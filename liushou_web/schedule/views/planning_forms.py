"""The forms of the schedule: what is held, where and when, with whom, and consent."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    TimeField,
)

from liushou_web.access import Kind
from liushou_web.children.store import register as children
from liushou_web.consent import Consent
from liushou_web.refusal import Refused
from liushou_web.school.auth import own_only
from liushou_web.span import Span
from liushou_web.web.fields import ANY_DAY, Checks, deed, span_on
from liushou_web.web.filters import WEEKDAYS
from liushou_web.web.forms import (
    AgreedForm,
    CreatingForm,
    Form,
    Line,
    WordsField,
    at_most,
    choices,
    required,
)
from liushou_web.web.zh import said

from ..rules.activities import (
    EXPECTS_LABELS,
    ActivityKind,
    ActivityPlan,
    Expected,
    SlotPlan,
    expected,
)
from ..rules.swaps import HandedOver
from ..store import duties, rooms, timetables

MOST_SHOWN = 30  # children at a time, in answer to a search


class ConsentForm(AgreedForm):
    """A form whose clashes may be skipped, and whose worries may be accepted."""

    skip = BooleanField("跳過衝突的日期")

    def consent(self) -> Consent:
        return super().consent()._replace(skip=self.skip.data)


class ContentForm(ConsentForm, CreatingForm):
    """What is held and with whom; its room and times are elsewhere."""

    title = Line("名稱", [at_most(30)])
    kind = WordsField(
        "種類", choices=choices((kind.value, kind.label) for kind in ActivityKind)
    )
    duty = Checks("值班教師", coerce=int)
    expects = RadioField("誰參加", choices=choices(EXPECTS_LABELS.items()), default="all")
    classes = Checks("班級", coerce=int)
    children = Checks("學生", coerce=int)
    find = Line("查找學生")
    found = HiddenField(default="")  # what `find` was when the children were last listed
    handed = HiddenField(default="")  # how many duties had been handed over by then

    def refuse(self, refusal: Exception) -> None:
        super().refuse(refusal)
        if isinstance(refusal, HandedOver):
            self.handed.data = str(refusal.count)

    @property
    def handed_over(self) -> int | None:
        seen = self.handed.data or ""
        return int(seen) if seen.isdecimal() else None

    def offer(self) -> None:
        """Fills in what there is to choose from."""
        self.duty.choices = choices(duties.teachers(also=self.duty.data or ()))
        self.classes.choices = choices(timetables.classes())
        register = children.find(of_teacher=own_only(Kind.CHILD))
        chosen = set(self.children.data or ())
        self.chosen = [child for child in register if child.id in chosen]
        self.children.choices = choices((child.id, child.name) for child in self.chosen)
        query = self.find.data or ""
        matches = children.find(query, of_teacher=own_only(Kind.CHILD)) if query else []
        fresh = [child for child in matches if child.id not in chosen]
        self.matches, self.more = fresh[:MOST_SHOWN], len(fresh[MOST_SHOWN:])

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form is filled in and asks to go on, rather than to look for a child
        or to come back. A search that was typed and not yet made comes first."""
        asked = self.is_submitted() and deed() in ("preview", "save")
        to_find = (self.find.data or "") != (self.found.data or "")
        if self.expects.data == "children" and to_find:
            asked = False
        goes: bool = asked and self.validate(extra_validators)
        if not goes:
            self.found.data = self.find.data
        return goes

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.check()
        except Refused as refusal:
            self.refuse(refusal)
        return not self.form_errors

    def check(self) -> None:
        """Raises `Refused` for what needs two fields."""
        self.expected()

    def expected(self) -> Expected:
        return expected(
            self.expects.data,
            frozenset(self.classes.data or ()),
            frozenset(self.children.data or ()),
        )

    def named(self) -> str:
        """Without a title the name of the kind."""
        return self.title.data or said(ActivityKind(self.kind.data).label)

    def plan_at(self, room_id: int, span: Span) -> ActivityPlan:
        duty = frozenset(self.duty.data or ())
        return ActivityPlan(
            room_id, span, self.named(), self.kind.data, duty, self.expected()
        )


class PlacedForm(ContentForm):
    """What is held, with whom, in which room and at which times."""

    room_id = SelectField("房間", coerce=int)
    starts = TimeField("開始時間", [required()])
    ends = TimeField("結束時間", [required()])

    def offer(self) -> None:
        super().offer()
        self.room_id.choices = choices(rooms.in_use())

    def check(self) -> None:
        super().check()
        self.span_on(ANY_DAY)

    def span_on(self, day: date) -> Span:
        return span_on(day, self.starts.data, self.ends.data)


class ActivityForm(PlacedForm):
    """One activity on its own."""

    day = DateField("日期", [required()])
    held = BooleanField("已經舉行過，事先沒有安排，現在補登（60 天以內）")

    def plan(self) -> ActivityPlan:
        return self.plan_at(self.room_id.data, self.span_on(self.day.data or ANY_DAY))


class SlotForm(PlacedForm):
    """A weekly opening of a term."""

    term_id = SelectField("學期", coerce=int)
    weekday = WordsField(
        "星期", coerce=int, choices=choices((n, f"星期{WEEKDAYS[n]}") for n in range(7))
    )

    def plan(self) -> SlotPlan:
        span = self.span_on(ANY_DAY)
        return SlotPlan(
            self.term_id.data,
            self.room_id.data,
            self.weekday.data,
            span.starts.time(),
            span.ends.time(),
            *self.plan_at(self.room_id.data, span)[2:],
        )


class SlotChangeForm(SlotForm):
    """A weekly opening as it is to be from some day on."""

    first_day = DateField("從哪天開始", [required()])


class MoveForm(ConsentForm):
    """Another day, other times or another room, for one date."""

    day = DateField("日期", [required()])
    starts = TimeField("開始時間", [required()])
    ends = TimeField("結束時間", [required()])
    room_id = SelectField("房間", coerce=int)
    reason = Line("原因", [required(), at_most(60)])

    def span(self) -> Span:
        return span_on(self.day.data, self.starts.data, self.ends.data)


class ReasonForm(Form):
    reason = Line("原因", [required(), at_most(60)])


class EndForm(ReasonForm):
    first_day = DateField("從哪天開始取消", [required()])
