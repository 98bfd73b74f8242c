"""Fields and checks that several features share: days, times of a day, boxes to tick."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import request
from wtforms import DateField, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from liushou_web.refusal import NotFound, Refused
from liushou_web.span import Span

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # the days that a field or address takes
ANY_DAY = date(2000, 1, 3)  # for times whose day does not matter


def deed() -> str:
    """Which button sent the form; '' for a first visit."""
    return request.args.get("deed") or request.form.get("deed", "")


def date_of(text: str) -> date:
    """A day in an address; raises `NotFound` for what is none, or none of this century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if not FIRST <= day <= LAST:
        raise NotFound
    return day


def span_on(day: date | None, starts: time | None, ends: time | None) -> Span:
    """The times of a valid form on that day."""
    if day is None or starts is None or ends is None:
        raise Refused("請填寫日期和時間。")
    return Span(datetime.combine(day, starts), datetime.combine(day, ends))


class DayField(DateField):
    """A date of this century, given over as one; empty where it may be left out."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators or [Optional()], **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data and not FIRST <= self.data <= LAST:
            raise ValidationError("請核對年份。")

    @property
    def day(self) -> date:
        if self.data is None:
            raise Refused("請填寫日期。")
        day: date = self.data
        return day


class Checks(SelectMultipleField):
    """Any number of choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
