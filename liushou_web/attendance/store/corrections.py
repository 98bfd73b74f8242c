"""Corrections of a closed roll: the new fact in the row, the old one kept beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.store.classes import taught_by
from liushou_web.db import db
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import roll_state
from liushou_web.schema import Activity, Attendance, Child, Correction, SchoolClass, Staff
from liushou_web.school.store import trail

from ..rules import corrections as rules
from ..rules.corrections import RollFacts
from . import closing


class CorrectionShown(NamedTuple):
    """One corrected fact, in words."""

    at: datetime
    who: str
    child_id: int
    child: str
    field: str
    old: str
    new: str
    reason: str


def facts_of(activity_id: int, child_id: int) -> RollFacts:
    """What the row says now; raises `NotFound` where there is none."""
    row = _row(activity_id, child_id)
    return RollFacts(row.came_at, row.went_at, row.leave)


def _row(activity_id: int, child_id: int) -> Attendance:
    of_child = (Attendance.activity == activity_id) & (Attendance.child == child_id)
    row = Attendance.get_or_none(of_child)
    if row is None:
        raise NotFound
    return row


@db.atomic()
def correct(
    activity_id: int,
    child_id: int,
    facts: RollFacts,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Each fact that changes is kept as it was, with who, when and why. A child left
    without a departure keeps a reason for it; none is invented."""
    held = closing.held(activity_id)
    rules.check_may_correct(by, held.duty, held.closed_at, at)
    rules.check_facts(facts, reason, at)
    row = _row(activity_id, child_id)
    changes = rules.changes(RollFacts(row.came_at, row.went_at, row.leave), facts)
    for change in changes:
        Correction.create(
            attendance=row, at=at, staff=by.id, reason=reason, **change._asdict()
        )
    lost = [] if facts.went_at else _way_home(row)
    _write(row, facts, reason, by)
    told = "; ".join([*(f"{c.field}={c.old} → {c.new}" for c in changes), *lost])
    trail.record("corrections.correct", row, by=by, at=at, detail=f"{told}; {reason}")


def _way_home(row: Attendance) -> list[str]:
    """How the child went, for the trail: without a departure the row cannot tell it."""
    names = "way_home", "collected_by", "release_reason"
    return [f"{name}={getattr(row, name)}" for name in names if getattr(row, name)]


def _write(row: Attendance, facts: RollFacts, reason: str, by: Actor) -> None:
    """Who came and went by stays where the time stays; a new time is the corrector's."""
    if facts.came_at != row.came_at:
        row.came_at, row.came_by = facts.came_at, by.id if facts.came_at else None
    if facts.went_at != row.went_at:
        row.went_at, row.went_by = facts.went_at, by.id if facts.went_at else None
    if facts.went_at is None:
        row.way_home = row.collected_by = row.release_reason = ""
        row.released_by = row.release_seen_at = row.release_seen_by = None
    if facts.leave != row.leave:
        row.leave, row.leave_by = facts.leave, by.id if facts.leave else None
        row.leave_note = ""
    not_out = facts.came_at and not facts.went_at
    row.unsettled_reason = (row.unsettled_reason or reason) if not_out else ""
    row.version = Activity.get_by_id(row.activity_id).version + 1
    row.save()
    roll_state.set_version(row.activity_id, row.version)


def of_activity(
    activity_id: int, *, of_teacher: int | None = None
) -> list[CorrectionShown]:
    """All corrections of one roll, the oldest first; of own classes only if asked."""
    rows: Any = (
        Correction.select(
            Correction.at,
            Staff.name,
            Child.id,
            Child.name,
            Correction.field,
            Correction.old,
            Correction.new,
            Correction.reason,
        )
        .join(Staff)
        .switch(Correction)
        .join(Attendance)
        .join(Child)
        .switch(Attendance)
        .join(SchoolClass)
        .where(Attendance.activity == activity_id)
        .order_by(Correction.id)
    )
    return [_line(*row) for row in taught_by(rows, of_teacher).tuples()]


def _line(
    at: datetime,
    who: str,
    child_id: int,
    child: str,
    field: str,
    old: str,
    new: str,
    reason: str,
) -> CorrectionShown:
    before, after = rules.in_words(field, old), rules.in_words(field, new)
    label = rules.FIELD_LABELS[field]
    return CorrectionShown(at, who, child_id, child, label, before, after, reason)
