"""What a change of the calendar moves: worked out once, for the preview and the deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from liushou_web.consent import fingerprint
from liushou_web.refusal import Refused
from liushou_web.span import Span

from .calendar import Calendar, changed_days, plan_of
from .holds import Hold, clashing

TERM_CHANGED = "學期日期調整"
CALENDAR_CHANGED = "校曆調整"


class Series(NamedTuple):
    """A weekly opening, as far as its dates are concerned."""

    slot_id: int
    term_id: int
    weekday: int
    room_id: int
    room: str
    starts: time
    ends: time
    title: str
    goes_on: bool = True  # neither ended nor in a retired room

    def span_on(self, day: date) -> Span:
        return Span(datetime.combine(day, self.starts), datetime.combine(day, self.ends))

    def held_on(self, day: date, calendar: Calendar) -> bool:
        plan = plan_of(day, calendar.special)
        in_term = calendar.terms[self.term_id].holds(day)
        return in_term and plan is not None and plan.weekday() == self.weekday


class Planned(NamedTuple):
    """An activity as it stands; `home` is the date of its series that it was made for."""

    id: int
    slot_id: int | None
    room_id: int
    room: str
    span: Span
    title: str
    home: date
    begun: bool  # its roll is opened, or its time has come
    moved: bool
    cancelled: bool
    reason: str


class Act(StrEnum):
    CANCEL = "cancel"
    ADD = "add"
    RESTORE = "restore"
    CLASH = "clash"
    STAY = "stay"

    @property
    def label(self) -> str:
        return ACT_LABELS[self]


ACT_LABELS = {
    Act.CANCEL: "取消",
    Act.ADD: "新增",
    Act.RESTORE: "恢復",
    Act.CLASH: "衝突，不新增",
    Act.STAY: "保留不動",
}


class Move(NamedTuple):
    """One line of the preview, and what is then done: `slot_id` where a date is made,
    `activity_id` where one exists. `why` is a holiday's name, or what is in the way."""

    act: Act
    span: Span
    room: str
    title: str
    why: str
    slot_id: int | None = None
    activity_id: int | None = None

    @property
    def day(self) -> date:
        return self.span.starts.date()


def seen_as(moves: Sequence[Move]) -> str:
    """The fingerprint of a preview; empty when nothing moves."""
    return fingerprint(moves) if moves else ""


class Unconfirmed(Refused):
    """Nothing was changed: somebody has to look at `moves` first."""

    def __init__(self, moves: Sequence[Move]) -> None:
        super().__init__("這個改動會影響已排好的活動。請看過下面的清單，再點「確認保存」。")
        self.moves = moves


def check_seen(moves: Sequence[Move], seen: str) -> None:
    """Refuses to move what was not previewed, or is no longer as it was previewed."""
    if seen_as(moves) != seen:
        raise Unconfirmed(moves)


class CalendarChange(NamedTuple):
    """The calendar before and after, and all that is planned on the days between."""

    old: Calendar
    new: Calendar
    series: Sequence[Series]
    planned: Sequence[Planned]
    now: datetime
    taken: Sequence[Hold] = ()  # rooms held for what nobody is told

    @property
    def days(self) -> list[date]:
        """The dates to look at: what is past stays as it was."""
        changed = changed_days(self.old, self.new)
        return [day for day in changed if day >= self.now.date()]

    def dates(self) -> Iterator[tuple[Series, date, bool, bool]]:
        """Each opening on each date: was it held, and will it be?"""
        for day in self.days:
            for each in self.series:
                was, will = each.held_on(day, self.old), each.held_on(day, self.new)
                yield each, day, was, will

    def made_for(self, series: Series, day: date) -> list[Planned]:
        wanted = (series.slot_id, day)
        return [one for one in self.planned if (one.slot_id, one.home) == wanted]


def replan(change: CalendarChange) -> list[Move]:
    """What becomes of each date that the change touches, by time; nothing that has begun.

    Only dates whose plan changes are looked at: one that somebody skipped, cancelled or
    moved by hand stays so, whatever else the calendar does.
    """
    closings = _closings(change)
    gone = {move.activity_id for move in closings}
    held = [one for one in change.planned if not one.cancelled and one.id not in gone]
    moves = closings + _stays(change, held) + _openings(change, held)
    return sorted(moves, key=lambda move: (move.span.starts, move.room, move.act))


def new_reasons(change: CalendarChange) -> list[tuple[int, str]]:
    """Activities that stay cancelled, but for a reason that now has another name."""
    found = []
    for each, day, was, will in change.dates():
        before = reason(each.term_id, day, change.old)
        after = reason(each.term_id, day, change.new)
        if not was and not will and before != after:
            found += [
                (one.id, after)
                for one in change.made_for(each, day)
                if one.cancelled and one.reason == before
            ]
    return found


def _closings(change: CalendarChange) -> list[Move]:
    """Moved dates keep the day that they were given."""
    return [
        _move(Act.CANCEL, one, reason(each.term_id, day, change.new))
        for each, day, was, will in change.dates()
        if was and not will
        for one in change.made_for(each, day)
        if not (one.cancelled or one.begun or one.moved)
    ]


def _stays(change: CalendarChange, held: Iterable[Planned]) -> list[Move]:
    """What is still held on a day that becomes closed: to be looked at by somebody."""
    closing = {*change.days} & (change.new.closed - change.old.closed)
    return [
        _move(Act.STAY, one, _why_it_stays(one))
        for one in held
        if one.span.starts.date() in closing
    ]


def _why_it_stays(one: Planned) -> str:
    if one.begun:
        return "已經開始"
    return "單獨改過期" if one.moved else "單獨安排的活動"


def _openings(change: CalendarChange, held: Iterable[Planned]) -> list[Move]:
    """One after the other: what gets a room first is in the way of the next."""
    taken = [Hold(one.span, one.title, one.room_id) for one in held]
    taken += change.taken
    moves = []
    for each, day, was, will in change.dates():
        if will and not was and each.goes_on and each.span_on(day).starts > change.now:
            reason_before = reason(each.term_id, day, change.old)
            existing = change.made_for(each, day)
            if move := _opening(each, day, existing, reason_before, taken):
                moves.append(move)
            if move and move.act is not Act.CLASH:
                taken.append(Hold(move.span, each.title, each.room_id))
    return moves


def _opening(
    series: Series,
    day: date,
    existing: Sequence[Planned],
    reason_before: str,
    taken: Iterable[Hold],
) -> Move | None:
    """What an opening gets on a date that is now its own: what the calendar took away
    comes back; nothing where somebody settled the date by hand."""
    ours = [one.id for one in existing if one.cancelled and one.reason == reason_before]
    if existing and not ours:
        return None
    span = series.span_on(day)
    in_room = (each for each in taken if each.room_id == series.room_id)
    in_the_way = clashing(span, in_room)
    act = Act.CLASH if in_the_way else Act.RESTORE if ours else Act.ADD
    back = ours[0] if ours else None
    why = "、".join(each.title for each in in_the_way if each.title)
    return Move(act, span, series.room, series.title, why, series.slot_id, back)


def reason(term_id: int, day: date, calendar: Calendar) -> str:
    """Why an opening of this term is not held on `day`: what a cancelled one tells."""
    if not calendar.terms[term_id].holds(day):
        return TERM_CHANGED
    special = calendar.special.get(day)
    if special is None:
        return CALENDAR_CHANGED
    return special.name if special.closed else f"{special.name}調休"


def _move(act: Act, one: Planned, why: str) -> Move:
    return Move(act, one.span, one.room, one.title, why, one.slot_id, one.id)
