"""Children who keep missing, and classes in which many are sick: what is worth a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import fn

from liushou_web.actor import Actor
from liushou_web.children.store.classes import taught_by
from liushou_web.children.store.search import REGISTER_ORDER
from liushou_web.class_names import class_name
from liushou_web.db import db
from liushou_web.db.inserts import insert_or_change
from liushou_web.db.table import within
from liushou_web.db.words import later_of, start_of
from liushou_web.schema import (
    Activity,
    Attendance,
    CaseSeen,
    Child,
    Leave,
    School,
    SchoolClass,
)

from ..rules.leave import Outcome, Sick, fell_sick, is_news, missed_in_a_row, week_before

LOOK_BACK = timedelta(days=30)


class OftenAbsent(NamedTuple):
    """A child that missed one activity after the other, without leave."""

    subject_id: int  # the child
    name: str
    class_name: str
    days: tuple[date, ...]
    newest: datetime

    @property
    def key(self) -> tuple[str, int]:
        return "absent", self.subject_id


class ManySick(NamedTuple):
    """A class with several children on sick leave within a week."""

    subject_id: int  # the class
    class_name: str
    names: Mapping[int, str]  # by child id
    newest: datetime

    @property
    def key(self) -> tuple[str, int]:
        return "sick", self.subject_id


class Cases(NamedTuple):
    absent: list[OftenAbsent]
    sick: list[ManySick]


def cases(*, of_teacher: int | None, reader: int, at: datetime) -> Cases | None:
    """What this reader has not put aside, class by class; None where nothing is left."""
    school = School.get_by_id(1)
    seen = _seen_by(reader)
    absent = _absent(school.absences_in_row, of_teacher, at)
    sick = _sick(school.sick_alike, of_teacher, at)
    news = Cases(
        [case for case in absent if is_news(case.newest, seen.get(case.key))],
        [case for case in sick if is_news(case.newest, seen.get(case.key))],
    )
    return news if any(news) else None


@db.atomic()
def put_aside(kind: str, subject_id: int, *, by: Actor, at: datetime) -> None:
    """For this reader alone, until something new happens in it; no deed for the trail."""
    key = CaseSeen.staff, CaseSeen.kind, CaseSeen.subject_id
    case = {"staff": by.id, "kind": kind, "subject_id": subject_id}
    insert_or_change(CaseSeen, key, **case, seen_at=at)


def _seen_by(reader: int) -> dict[tuple[str, int], datetime]:
    rows = CaseSeen.select().where(CaseSeen.staff == reader)
    return {(row.kind, row.subject_id): row.seen_at for row in rows}


def _absent(enough: int, of_teacher: int | None, at: datetime) -> list[OftenAbsent]:
    found: list[OftenAbsent] = []
    for child, name, group, outcomes in _by_child(_outcomes(enough, of_teacher, at)):
        missed = missed_in_a_row(outcomes)
        if len(missed) >= enough:
            days = tuple(outcome.starts.date() for outcome in missed)
            found.append(OftenAbsent(child, name, group, days, missed[-1].ends))
    return found


def _by_child(rows: Iterable[Any]) -> list[tuple[int, str, str, list[Outcome]]]:
    """In the order of the rows, which is that of the register."""
    outcomes: dict[int, list[Outcome]] = defaultdict(list)
    who = {}
    for child, name, grade, number, starts, ends, came_at, leave in rows:
        who[child] = name, class_name(grade, number)
        outcomes[child].append(Outcome(starts, ends, bool(came_at), bool(leave)))
    return [(child, *who[child], outcomes[child]) for child in who]


def _outcomes(enough: int, of_teacher: int | None, at: datetime) -> Any:
    """Every row of late of those children who were absent often enough to be meant."""
    of_late = Attendance.activity.in_(_of_late(at))
    absent = Attendance.came_at.is_null() & (Attendance.leave == "")
    often = (
        Attendance.select(Attendance.child)
        .where(of_late, absent)
        .group_by(Attendance.child)
        .having(fn.COUNT(Attendance.id) >= enough)
    )
    rows = (
        Attendance.select(
            Child.id,
            Child.name,
            SchoolClass.grade,
            SchoolClass.number,
            Activity.starts,
            Activity.ends,
            Attendance.came_at,
            Attendance.leave,
        )
        .join(Activity)
        .switch(Attendance)
        .join(Child)
        .join(SchoolClass)
        .where(of_late, Attendance.child.in_(often), Child.left_on.is_null())
        .order_by(*REGISTER_ORDER)
    )
    return taught_by(rows, of_teacher).tuples()


def _of_late(at: datetime) -> Any:
    """Activities that are over; one that nobody took the roll of has no rows. Asked as a
    list of ids, for SQLite reads ten years of rolls where it is asked as a join."""
    return Activity.select(Activity.id).where(
        Activity.starts >= at - LOOK_BACK,
        Activity.ends <= at,
        Activity.cancelled_at.is_null(),
    )


def _sick(enough: int, of_teacher: int | None, at: datetime) -> list[ManySick]:
    classes: dict[int, str] = {}
    names: dict[int, str] = {}
    facts: dict[int, list[Sick]] = defaultdict(list)
    for group, grade, number, child, name, known_at in _facts(of_teacher, at):
        classes[group], names[child] = class_name(grade, number), name
        facts[group].append(Sick(child, known_at))
    found = []
    for group, called in classes.items():
        first = fell_sick(facts[group])
        if len(first) >= enough:
            them = {child: names[child] for child in sorted(first, key=first.__getitem__)}
            found.append(ManySick(group, called, them, max(first.values())))
    return found


def _facts(of_teacher: int | None, at: datetime) -> list[Any]:
    """Sick leaves of the last seven days, on rolls and entered ahead, in class order."""
    first, today = week_before(at.date())
    on_rolls = (
        Attendance.select(*_columns(Activity.starts))
        .join(Activity)
        .switch(Attendance)
        .join(Child)
        .join(SchoolClass)
        .where(
            Attendance.leave == "sick",
            within(Activity.starts, first, today),
            Activity.starts <= at,
            Activity.cancelled_at.is_null(),
        )
    )
    ahead = (
        Leave.select(*_columns(later_of(Leave.entered_at, start_of(Leave.first_day))))
        .join(Child)
        .join(SchoolClass)
        .where(
            Leave.kind == "sick",
            Leave.withdrawn_at.is_null(),
            Leave.first_day <= today,
            Leave.last_day >= first,
        )
    )
    rows = [
        row
        for query in (on_rolls, ahead)
        for row in taught_by(query.where(Child.left_on.is_null()), of_teacher).tuples()
    ]
    return sorted(rows, key=lambda row: row[1:3])


def _columns(known_at: Any) -> tuple[Any, ...]:
    group = SchoolClass.id, SchoolClass.grade, SchoolClass.number
    return (*group, Child.id, Child.name, known_at)
