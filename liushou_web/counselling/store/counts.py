"""What was held, as the counts want it: no name, no reason, no alias."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN

from liushou_web.db.table import within
from liushou_web.schedule.rules.activities import ActivityKind
from liushou_web.schema import Activity, Attendance, CounsellingBooking, School

from ..rules.bookings import BookingKind, BookingState
from ..rules.counts import Group, KindCounts, Session, individual, of_kind

LONGEST_MONTH = timedelta(days=31)
GROUPS = (ActivityKind.GROUP_SESSION, ActivityKind.PSYCHOLOGY)


class Counts(NamedTuple):
    """The three kinds of work, by month."""

    months: list[date]
    individual: KindCounts
    groups: list[tuple[ActivityKind, KindCounts]]
    threshold: int


def counts(months: list[date]) -> Counts:
    """What was done in the months whose first days are given, in order."""
    threshold = School.get_by_id(1).counselling_threshold
    sessions, groups = (_sessions(months), _groups(months)) if months else ([], [])
    return Counts(
        months,
        individual(sessions, months, threshold),
        [(kind, of_kind(groups, kind, months, threshold)) for kind in GROUPS],
        threshold,
    )


def _sessions(months: list[date]) -> list[Session]:
    """The individual sessions, held or missed. A child without a name is one within its
    series, and another in each other."""
    rows: Any = (
        CounsellingBooking.select(
            CounsellingBooking.id,
            CounsellingBooking.starts,
            CounsellingBooking.child,
            CounsellingBooking.series,
            CounsellingBooking.state,
        )
        .where(
            CounsellingBooking.kind == BookingKind.CHILD,
            CounsellingBooking.state.in_((BookingState.DONE, BookingState.MISSED)),
            within(CounsellingBooking.starts, *_days(months)),
        )
        .tuples()
    )
    return [
        Session(
            starts,
            ("child", child) if child else ("series", series or id_),
            state == BookingState.MISSED,
        )
        for id_, starts, child, series, state in rows
    ]


def _groups(months: list[date]) -> list[Group]:
    """Group sessions and lessons whose roll was taken."""
    rows: Any = (
        Activity.select(Activity.id, Activity.starts, Activity.kind, Attendance.child)
        .join(
            Attendance,
            JOIN.LEFT_OUTER,
            on=(Attendance.activity == Activity.id) & Attendance.came_at.is_null(False),
        )
        .where(
            Activity.kind.in_(GROUPS),
            Activity.opened_at.is_null(False),
            Activity.cancelled_at.is_null(),
            within(Activity.starts, *_days(months)),
        )
        .tuples()
    )
    came: defaultdict[tuple[int, datetime, str], set[int]] = defaultdict(set)
    for id_, starts, kind, child in rows:
        came[id_, starts, kind] |= {child} - {None}
    return [Group(starts, kind, frozenset(who)) for (_, starts, kind), who in came.items()]


def _days(months: list[date]) -> tuple[date, date]:
    """From the first to the last. Some days of the month after may be among them, and are
    counted with no month."""
    return months[0], months[-1] + LONGEST_MONTH
