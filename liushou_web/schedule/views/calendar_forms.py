"""The forms of the calendar: a change that moves openings is shown before it is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from wtforms import FieldList, FormField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from liushou_web.refusal import NotFound, Refused
from liushou_web.web.fields import FIRST, LAST, DayField
from liushou_web.web.forms import CreatingForm, Form, Line, Text, at_most, required

from ..rules.calendar import LONGEST_HOLIDAY, Bounds, SpecialDay, check_length
from ..rules.holiday_notice import Notice
from ..rules.replanning import Act, Move, Unconfirmed, seen_as
from ..store import calendar

SPARE_LINES = 1


def year_of(year: int) -> Bounds:
    """The year asked for, or the nearest that a calendar is kept of."""
    near = min(max(year, FIRST.year), LAST.year)
    return Bounds(date(near, 1, 1), date(near, 12, 31))


class ChangingForm(CreatingForm):
    """A form that may move openings: what would move comes back with it, to be confirmed
    by sending it once more."""

    seen = HiddenField()
    moves: Sequence[Move] = ()

    def refuse(self, refusal: Exception) -> None:
        if isinstance(refusal, Unconfirmed):
            self.show(refusal.moves)
        else:
            self.seen.data = ""
            super().refuse(refusal)

    def show(self, moves: Sequence[Move]) -> None:
        self.moves = moves
        self.seen.data = seen_as(moves)

    @property
    def counted(self) -> list[tuple[Act, int]]:
        counts = Counter(move.act for move in self.moves)
        return [(act, counts[act]) for act in Act if counts[act]]

    @property
    def status(self) -> int:
        sent = self.is_submitted()
        return 422 if sent and (self.errors or self.form_errors or self.moves) else 200


class TermForm(ChangingForm):
    name = Line("學期名稱", [required(), at_most(20)])
    first_day = DayField("第一天（開學）", [required()])
    last_day = DayField("最後一天（放假前）", [required()])

    def bounds(self) -> Bounds:
        return Bounds(self.first_day.day, self.last_day.day)


class ClosedForm(ChangingForm):
    name = Line("放假的名稱", [required(), at_most(20)])
    first_day = DayField("從哪天", [required()])
    last_day = DayField("到哪天（只放一天可以不填）")

    def days(self) -> dict[date, SpecialDay]:
        first = self.first_day.day
        return closed_days(self.name.data, first, self.last_day.data or first)


class MakeUpForm(ChangingForm):
    name = Line("因為哪個假期", [required(), at_most(20)])
    day = DayField("哪天補班", [required()])
    follows = DayField("按哪天的安排")

    def days(self) -> dict[date, SpecialDay]:
        return {self.day.day: made_up(self.name.data, self.day.day, self.follows.data)}


def closed_days(name: str | None, first: date, last: date) -> dict[date, SpecialDay]:
    bounds = Bounds(first, last)
    check_length(bounds, LONGEST_HOLIDAY)
    return dict.fromkeys(bounds.days(), SpecialDay(True, name or ""))


def made_up(name: str | None, day: date, follows: date | None) -> SpecialDay:
    if follows == day:
        raise Refused("補班那天要按另一天的安排，請改日期，或留空。")
    return SpecialDay(False, name or "", follows)


def closed_at(day: date) -> dict[str, object]:
    """What the form of the closed days around `day` is filled in with."""
    stretch = calendar.stretch_at(day)
    if not stretch.special.closed:
        raise NotFound
    return {"name": stretch.special.name, **stretch.days._asdict()}


def made_up_at(day: date) -> dict[str, object]:
    """What the form of the make-up day `day` is filled in with."""
    stretch = calendar.stretch_at(day)
    if stretch.special.closed:
        raise NotFound
    return {"name": stretch.special.name, "day": day, "follows": stretch.special.follows}


class RemoveForm(ChangingForm):
    """Nothing to fill in."""


class NoticeForm(Form):
    text = Text("通知全文", [required(), at_most(20_000)])
    year = IntegerField(
        "年份（通知裏沒有寫時才填）",
        [Optional(), NumberRange(2000, 2100, message="請填四位數的年份，例如 2027。")],
    )


class LineForm(Form):
    """One line of a longer form, which carries the token for all of them."""

    class Meta(Form.Meta):
        csrf = False

    name = Line("名稱", [at_most(20)])


class ClosedLine(LineForm):
    first_day = DayField("從哪天")
    last_day = DayField("到哪天")


class WorkedLine(LineForm):
    day = DayField("哪天補班")
    follows = DayField("按哪天的安排")


class HolidaysForm(ChangingForm):
    """What was read out of a notice, to be corrected. A line without its first date is
    left out; the notice itself travels along, so that nothing of it is lost."""

    text = HiddenField()
    year = IntegerField(widget=HiddenInput())
    closed = FieldList(FormField(ClosedLine), max_entries=60)
    worked = FieldList(FormField(WorkedLine), max_entries=60)

    def days(self) -> dict[date, SpecialDay]:
        """Refuses a date that is named twice, and a form without any."""
        days: dict[date, SpecialDay] = {}
        for special in self.each():
            if twice := sorted(days.keys() & special.keys()):
                raise Refused("{day} 出現了兩次，請核對。", day=twice[0])
            days |= special
        if not days:
            raise Refused("還沒有填寫日期。")
        return days

    def each(self) -> list[dict[date, SpecialDay]]:
        closed = [line.form for line in self.closed if line.form.first_day.data]
        worked = [line.form for line in self.worked if line.form.day.data]
        if any(not line.name.data for line in [*closed, *worked]):
            raise Refused("有日期的每一行都要寫名稱，例如「國慶節」。")
        return [
            closed_days(
                line.name.data,
                line.first_day.data,
                line.last_day.data or line.first_day.data,
            )
            for line in closed
        ] + [
            {line.day.data: made_up(line.name.data, line.day.data, line.follows.data)}
            for line in worked
        ]


def holidays_form(notice: Notice, text: str) -> HolidaysForm:
    """The form filled in from a notice, with empty lines for what it did not yield."""
    closed = [
        {
            "name": each.name,
            "first_day": each.days.first_day,
            "last_day": each.days.last_day,
        }
        for each in notice.closed
    ]
    return HolidaysForm(
        formdata=None,
        data={
            "text": text,
            "year": notice.year,
            "closed": closed + [{}] * SPARE_LINES,
            "worked": [each._asdict() for each in notice.worked] + [{}] * SPARE_LINES,
        },
    )
