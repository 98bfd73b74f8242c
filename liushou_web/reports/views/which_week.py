"""Which weekly sheet is asked for: the week of a term, and whose classes."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, TypeVar

from flask import request, url_for

from liushou_web.access import Kind
from liushou_web.refusal import NotFound
from liushou_web.schedule.rules.calendar import (
    Bounds,
    days_of_week,
    is_teaching,
    last_week,
    teaching_week,
    term_meant,
)
from liushou_web.schedule.store import calendar
from liushou_web.schema import Term
from liushou_web.school.auth import own_only
from liushou_web.web.zh import said

from ..rules.weekly_sheet import SheetClass
from ..store import weekly_sheet

T = TypeVar("T")


class WeekChoice(NamedTuple):
    """A week of a term, for one class or for all that the reader may see."""

    terms: list[Term]
    term: Term
    number: int
    first: int  # the first week that can be asked for: 1, or of days before the term
    last: int
    groups: list[SheetClass]
    group: SheetClass | None
    own: bool  # `groups` are the reader's own classes

    @property
    def chosen(self) -> list[SheetClass]:
        return [self.group] if self.group else self.groups

    @property
    def days(self) -> list[date]:
        return days_of_week(self.term.first_day, self.number)

    @property
    def name(self) -> str:
        """'第13周', or the holidays after the term."""
        return self.name_of(self.number)

    @property
    def whose(self) -> str:
        if self.group:
            return said(self.group.name)
        return said("我的班級" if self.own else "全校")

    @property
    def weeks(self) -> list[tuple[int, str, date]]:
        """Every week that can be asked for: number, name and Monday."""
        first = self.term.first_day
        return [
            (number, self.name_of(number), days_of_week(first, number)[0])
            for number in range(self.first, self.last + 1)
        ]

    def name_of(self, number: int) -> str:
        if number < 1:
            return said("開學前")
        return said(f"第{number}周" if is_teaching(_bounds(self.term), number) else "假期")

    def then(self, week: int) -> str:
        """'定稿時為第9周', if the week was counted otherwise when it was signed."""
        if week == self.number:
            return ""
        return said(f"定稿時為第{week}周" if week > 0 else "定稿時為開學前")

    def url(self, endpoint: str, **changes: object) -> str:
        """The address of this sheet on another page, or with something changed."""
        here: dict[str, Any] = {"term": self.term.id, "week": self.number}
        if self.group:
            here["class"] = self.group.id
        return url_for(endpoint, **here | changes)


def choice(today: date) -> WeekChoice | None:
    """What the address asks for; None before the first term. Somebody else's class is
    not found; a week past the last is taken for the last, one before the first for it."""
    terms = calendar.terms()
    if not terms:
        return None
    bounds = [_bounds(term) for term in terms]
    place = _place_of_term(terms, bounds, today)
    following = bounds[place - 1] if place else None
    last = last_week(bounds[place], following, today)
    this = teaching_week(bounds[place].first_day, today)
    number = request.args.get("week", this, type=int)
    teacher = own_only(Kind.SHEET)
    groups = weekly_sheet.classes(of_teacher=teacher)
    own = teacher is not None
    first = _first_week(bounds, place)
    number = max(first, min(number, last))
    group = _class_asked_for(groups)
    return WeekChoice(terms, terms[place], number, first, last, groups, group, own)


def choice_of(
    monday: date, groups: list[SheetClass], group: SheetClass | None
) -> WeekChoice:
    """The week of that Monday, as it is counted now."""
    terms = calendar.terms()
    term = terms[term_meant([_bounds(term) for term in terms], monday)]
    number = teaching_week(term.first_day, monday)
    return WeekChoice(terms, term, number, number, number, groups, group, own=False)


def _first_week(bounds: list[Bounds], place: int) -> int:
    """1; of the first term ever the week of the first activity, if that was before it.
    Other weeks before a term are holidays of the one before."""
    if place < len(bounds) - 1:
        return 1
    earliest = weekly_sheet.first_day()
    first_day = bounds[place].first_day
    return min(1, teaching_week(first_day, earliest)) if earliest else 1


def _bounds(term: Term) -> Bounds:
    return Bounds(term.first_day, term.last_day)


def _place_of_term(terms: list[Term], bounds: list[Bounds], today: date) -> int:
    wanted = request.args.get("term", type=int)
    if wanted is None:
        return term_meant(bounds, today)
    return _only_one([place for place, term in enumerate(terms) if term.id == wanted])


def _class_asked_for(groups: list[SheetClass]) -> SheetClass | None:
    wanted = request.args.get("class", type=int)
    return _only_one([group for group in groups if group.id == wanted]) if wanted else None


def _only_one(found: list[T]) -> T:
    if not found:
        raise NotFound
    return found[0]
