"""Frozen weekly sheets: added, read and proven; never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, IntegrityError

from liushou_web.actor import Actor
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schedule.rules.calendar import monday_of
from liushou_web.schema import Attendance, FrozenSheet, Staff, Trail
from liushou_web.school.store import trail

from ..rules.frozen import KeptSheet, as_text, digest, from_text

TAKEN_OFF = "attendance.undo_walk_in"  # its detail begins with 'child=7;'


class WhichSheet(NamedTuple):
    """The week of a Monday, of one class or (None) of the whole school. Which week of a
    term that is may change when the term is moved; the Monday does not."""

    term_id: int
    week: int
    class_id: int | None
    monday: date


class SheetVersion(NamedTuple):
    id: int
    number: int
    made_at: datetime
    who: str
    week: int  # as it was counted then


class StoredVersion(NamedTuple):
    """A version as it was stored; `proven` before any of it is used."""

    id: int
    which: WhichSheet
    number: int
    made_at: datetime
    who: str
    html: str
    text: str
    intact: bool

    @property
    def figures(self) -> KeptSheet:
        return from_text(self.text)

    def proven(self) -> StoredVersion:
        """Itself, or a refusal if anything in it is not as it was when it was made."""
        if not self.intact:
            raise Refused(
                "第{number}版的存檔被改動過，不能再當作定稿使用。"
                "請告訴系統管理員，從備份中恢復。",
                number=self.number,
            )
        return self


@db.atomic()
def finalise(
    which: WhichSheet,
    version: int,
    *,
    html: str,
    figures: KeptSheet,
    detail: str,
    by: Actor,
    at: datetime,
) -> FrozenSheet:
    """Stores `html`, which says of itself to be this version; of two people who finalise
    at once the second is refused."""
    text = as_text(figures)
    try:
        row = FrozenSheet.create(
            monday=which.monday,
            term=which.term_id,
            week=which.week,
            school_class=which.class_id,
            version=version,
            made_at=at,
            staff=by.id,
            html=html,
            figures=text,
            sha256=_digest(which, version, at, by.id, html, text),
        )
    except IntegrityError as error:
        raise Refused(
            "第{number}版剛剛已經定稿了，請返回周考勤表查看。", number=version
        ) from error
    trail.record("frozen.finalise", row, by=by, at=at, detail=detail)
    return row


def versions(which: WhichSheet) -> list[SheetVersion]:
    """All versions of that sheet, the newest first."""
    rows: Any = (
        FrozenSheet.select(
            FrozenSheet.id,
            FrozenSheet.version,
            FrozenSheet.made_at,
            Staff.name,
            FrozenSheet.week,
        )
        .join(Staff)
        .where(_is(which))
        .order_by(FrozenSheet.version.desc(), FrozenSheet.id.desc())
    )
    return [SheetVersion(*row) for row in rows.tuples()]


def one(sheet_id: int) -> StoredVersion:
    """One version by its id; raises `NotFound`."""
    found = _stored(FrozenSheet.id == sheet_id)
    if found is None:
        raise NotFound
    return found


def version_of(which: WhichSheet, number: int) -> StoredVersion | None:
    return _stored(_is(which) & (FrozenSheet.version == number))


def newest(which: WhichSheet) -> StoredVersion | None:
    return _stored(_is(which))


def _is(which: WhichSheet) -> Any:
    of_class = (
        FrozenSheet.school_class.is_null()
        if which.class_id is None
        else FrozenSheet.school_class == which.class_id
    )
    return (FrozenSheet.monday == which.monday) & of_class


def _stored(wanted: Any) -> StoredVersion | None:
    query = (
        FrozenSheet.select(FrozenSheet, Staff.id, Staff.name)
        .join(Staff)
        .where(wanted)
        .order_by(FrozenSheet.version.desc(), FrozenSheet.id.desc())
    )
    row = query.first()
    if row is None:
        return None
    which = WhichSheet(row.term_id, row.week, row.school_class_id, row.monday)
    facts = row.version, row.made_at, row.staff_id, row.html, row.figures
    intact = _digest(which, *facts) == row.sha256 and _is_of(row.monday, row.figures)
    who = row.staff.name
    return StoredVersion(
        row.id, which, row.version, row.made_at, who, row.html, row.figures, intact
    )


def _digest(which: WhichSheet, *facts: object) -> str:
    """Of all but the Monday, which is told by the figures: earlier releases kept none."""
    return digest(which.term_id, which.week, which.class_id, *facts)


def _is_of(monday: date, text: str) -> bool:
    columns = from_text(text).columns
    return not columns or monday_of(columns[0].starts.date()) == monday


class Explanation(NamedTuple):
    """A line of the trail that explains a change."""

    at: datetime
    who: str
    deed: str
    detail: str


def explanations(
    changed: Collection[tuple[int, int]], since: datetime, until: datetime
) -> Mapping[tuple[int, int], list[Explanation]]:
    """Who did what to these children at these activities, by activity and child, oldest
    first: the acts on the child alone, or where there is none those on the whole roll."""
    acts: dict[tuple[int | None, int | None], list[Explanation]] = defaultdict(list)
    activities = {activity for activity, _ in changed}
    for activity_id, child_id, act in _lines(activities, since, until):
        acts[activity_id, child_id].append(act)
    return {
        (activity, child): acts.get((activity, child))
        or acts.get((None, child))
        or acts.get((activity, None), [])
        for activity, child in changed
    }


def _lines(
    activities: Collection[int], since: datetime, until: datetime
) -> list[tuple[int | None, int | None, Explanation]]:
    """Of the trail, what concerns these activities: activity, child if it is about one;
    no activity for a child taken off a roll, whose row is gone."""
    own = (Trail.subject == "attendance") & (Trail.subject_id == Attendance.id)
    whole = (Trail.subject == "activity") & Trail.subject_id.in_(list(activities))
    rows: Any = (
        Trail.select(
            Attendance.activity,
            Attendance.child,
            Trail.subject_id,
            Trail.at,
            Staff.name,
            Trail.deed,
            Trail.detail,
        )
        .join(Attendance, JOIN.LEFT_OUTER, on=own)
        .switch(Trail)
        .join(Staff, JOIN.LEFT_OUTER)
        .where(
            Trail.at.between(since, until),
            whole
            | Attendance.activity.in_(list(activities))
            | (Trail.deed == TAKEN_OFF) & Attendance.id.is_null(),
        )
        .order_by(Trail.id)
        .tuples()
    )
    return [_line(*row) for row in rows]


def _line(
    activity_id: int | None, child_id: int | None, subject_id: int, *act: Any
) -> tuple[int | None, int | None, Explanation]:
    at, who, deed, detail = act
    explanation = Explanation(at, who or "", deed, detail)
    if deed == TAKEN_OFF:
        return None, int(detail.removeprefix("child=").split(";")[0]), explanation
    return activity_id or subject_id, child_id, explanation
