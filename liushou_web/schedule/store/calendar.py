"""Terms and special days: what every page that counts weeks or plans days asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from peewee import IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.db.prepared import Prepared
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import CalendarDay, Term
from liushou_web.school.store import trail

from ..rules.calendar import (
    LONGEST_HOLIDAY,
    LONGEST_TERM,
    PUBLISHED,
    Bounds,
    SpecialDay,
    Stretch,
    check_length,
    stretches,
)


def terms() -> list[Term]:
    """Every term, the latest first."""
    return list(Term.select().order_by(Term.first_day.desc()))


def last_days() -> list[date]:
    """When each term ends, the latest first."""
    return [term.last_day for term in terms()]


def term(term_id: int) -> Term:
    """One term; raises `Term.DoesNotExist`."""
    return Term.get_by_id(term_id)


def term_on(day: date) -> Term | None:
    """The term that `day` is in; terms do not overlap."""
    return Term.get_or_none(Term.first_day <= day, Term.last_day >= day)


def current_or_next(day: date) -> Term | None:
    """The term that `day` is in, or the next to begin; None when none is to come."""
    found: Term | None = (
        Term.select().where(Term.last_day >= day).order_by(Term.first_day).first()
    )
    return found


def special_days(first: date, last: date) -> dict[date, SpecialDay]:
    """Closed and make-up days from `first` to `last`, both inclusive, by date."""
    return {
        day: SpecialDay(kind == "closed", name, follows)
        for day, kind, name, follows in _days_between.rows(first, last)
    }


@Prepared
def _days_between(first: Any, last: Any) -> Any:
    columns = CalendarDay.day, CalendarDay.kind, CalendarDay.name, CalendarDay.follows
    return CalendarDay.select(*columns).where(CalendarDay.day.between(first, last))


def stretch_at(day: date) -> Stretch:
    """The closed days or the make-up day that `day` belongs to; raises `NotFound`."""
    around = timedelta(days=LONGEST_HOLIDAY)
    for stretch in stretches(special_days(day - around, day + around)):
        if stretch.days.holds(day):
            return stretch
    raise NotFound


def years_known() -> set[int]:
    """The years with at least one closed day: of others nothing is known."""
    closed = CalendarDay.select(CalendarDay.day).where(CalendarDay.kind == "closed")
    return {row.day.year for row in closed}


@db.atomic()
def seed_published_holidays(*, by: Actor, at: datetime) -> None:
    """Writes the published holidays into a calendar that nothing is planned by yet.

    A second time changes nothing, and no day that the school has entered is touched.
    """
    known = {row.day for row in CalendarDay.select(CalendarDay.day)}
    published = {
        day: special
        for holiday in PUBLISHED
        for day, special in holiday.special_days().items()
        if day not in known
    }
    if published:
        put_days(published)
        trail.record("calendar.seed", by=by, at=at, detail=f"{len(published)} 天")


def put_days(days: Mapping[date, SpecialDay | None]) -> None:
    """Writes these days as they are to be, over what was there; None leaves no mark.

    Inside a write that leaves the trail and moves what is planned by them.
    """
    CalendarDay.delete().where(CalendarDay.day.in_(list(days))).execute()
    rows = [
        {
            "day": day,
            "kind": "closed" if special.closed else "make_up",
            "name": special.name,
            "follows": special.follows,
        }
        for day, special in sorted(days.items())
        if special
    ]
    if rows:
        CalendarDay.insert_many(rows).execute()


def check_unmarked(days: Iterable[date]) -> None:
    """Refuses days that are closed or make-up days already."""
    marked = CalendarDay.select().where(CalendarDay.day.in_(list(days)))
    for row in marked.order_by(CalendarDay.day):
        raise Refused(
            "{day} 已登記為「{name}」，請在校曆的列表中修改。", day=row.day, name=row.name
        )


@db.atomic()
def add_term(name: str, bounds: Bounds, *, by: Actor, at: datetime) -> Term:
    """Refuses a name that is taken and days that lie in another term."""
    check_term(bounds)
    try:
        made = Term.create(name=name, first_day=bounds.first_day, last_day=bounds.last_day)
    except IntegrityError as taken:
        raise Refused("已有名為「{name}」的學期，請換一個名稱。", name=name) from taken
    trail.record("calendar.add_term", made, by=by, at=at, detail=f"{name}：{bounds}")
    return made


def check_term(bounds: Bounds, *, but: int | None = None) -> None:
    """Refuses days out of order, or shared with a term other than `but`."""
    check_length(bounds, LONGEST_TERM)
    for other in Term.select().where(
        Term.first_day <= bounds.last_day, Term.last_day >= bounds.first_day
    ):
        if other.id != but:
            raise Refused(
                "這些日子與「{name}」（{days}）重疊，請改日期。",
                name=other.name,
                days=bounds_of(other),
            )


def bounds_of(term: Term) -> Bounds:
    return Bounds(term.first_day, term.last_day)
