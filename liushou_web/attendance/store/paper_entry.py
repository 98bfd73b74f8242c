"""按紙本補錄: all lines of the grid in one write, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.rules.collecting import Way
from liushou_web.children.store import collectors
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schedule.store import roll_state
from liushou_web.schema import Activity, Attendance
from liushou_web.school.store import trail

from ..rules import paper as rules
from ..rules.closing import ClosingFacts
from ..rules.corrections import RollFacts, changes
from ..rules.paper import Faulty, KnownRow, Taker
from . import closing, corrections, paper, roll_changes, rolls, taps
from .paper_grid import GridRow, grid, rows_of
from .roll_changes import open_roll


class PaperEntry(NamedTuple):
    """What the paper says of one child."""

    child_id: int
    facts: RollFacts
    taker: str = ""  # 誰接走, as typed


class EntryChange(NamedTuple):
    line: GridRow
    facts: RollFacts
    taker: Taker  # as known, where the paper says nothing of it


def review(
    activity_id: int,
    sheet: int | None,
    entries: Mapping[str, PaperEntry],
    *,
    seen: int,
    by: Actor,
    at: datetime,
) -> list[EntryChange]:
    """What entering these would change; raises `Faulty` where it would be refused."""
    held = closing.held(activity_id)
    rules.check_may_enter(by, held, at)
    ids = [entry.child_id for entry in entries.values()]
    lines = grid(rolls.activity(activity_id), sheet, at=at, seen=seen, also=ids)
    return _weigh({line.child_id: line for line in lines}, entries, held, at)


def _weigh(
    lines: Mapping[int, GridRow],
    entries: Mapping[str, PaperEntry],
    held: ClosingFacts,
    at: datetime,
) -> list[EntryChange]:
    changed: dict[int, EntryChange] = {}
    met: set[int] = set()
    faults: dict[str, Refused] = {}
    for key, entry in entries.items():
        line = lines[entry.child_id]
        try:
            _check_line(line, entry, met)
            new = rules.settled(line.known, entry.facts, at, corrects=bool(held.closed_at))
            taker = _taker(line, entry.taker, new, held)
        except Refused as fault:
            faults[key] = fault
            continue
        if new != line.known.facts or taker != line.taker:
            changed[entry.child_id] = EntryChange(line, new, taker)
    if faults:
        raise Faulty(faults)
    return list(changed.values())


def _taker(line: GridRow, text: str, facts: RollFacts, held: ClosingFacts) -> Taker:
    if not text:
        return line.taker if facts.went_at else Taker()
    card = collectors.card_of(line.child_id, day=held.starts.date())
    people = [person.called for person in card.collecting]
    taker = rules.taker_of(text, people, {way for way, _ in card.ways})
    if taker != line.taker:
        rules.check_taker(text, facts, line.known, line.took)
    return taker


def _check_line(line: GridRow, entry: PaperEntry, met: set[int]) -> None:
    if entry.child_id in met:
        raise Refused("{name}已經有一行了，請填在那一行裏。", name=line.name)
    met.add(entry.child_id)
    if entry.facts.leave and not line.listed:
        raise Refused("{name}不在名單上，不用記請假。", name=line.name)


@db.atomic()
def enter(
    activity_id: int,
    sheet: int | None,
    entries: Mapping[str, PaperEntry],
    *,
    seen: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """All lines or none; answers with how many changed the roll. Sent again: none.

    Opens a roll that nobody opened, with the children of the sheet. A closed roll is
    corrected, with the `reason`. Refuses an empty grid, and lines at fault (`Faulty`).
    """
    changed = review(activity_id, sheet, entries, seen=seen, by=by, at=at)
    activity = rolls.activity(activity_id)
    if activity.opened_at is None:
        rules.check_something(entry.facts for entry in entries.values())
        open_roll(activity_id, at=at, sheet=sheet)
    elif not changed:
        return 0
    if activity.closed_at:
        _correct(activity_id, changed, reason, by, at)
    else:
        _write(activity, changed, by, at)
    detail = f"{paper.detail_of([sheet] if sheet else [])} {len(changed)}".strip()
    trail.record("paper.enter", activity, by=by, at=at, detail=detail)
    return len(changed)


def _correct(
    activity_id: int, changed: Iterable[EntryChange], reason: str, by: Actor, at: datetime
) -> None:
    for line, facts, taker in changed:
        if not line.listed:
            _add(activity_id, line)
        if facts != line.known.facts:
            corrections.correct(
                activity_id, line.child_id, facts, reason=reason, by=by, at=at
            )
        values = {"paper_by": by.id, "paper_at": at} | _going(line, taker, by)
        Attendance.update(values).where(_row(activity_id, line)).execute()
        if taker != line.taker and facts == line.known.facts:
            row = Attendance.get(_row(activity_id, line))
            told = _going_detail(line.taker, taker)
            trail.record("paper.enter", row, by=by, at=at, detail=f"{told}; {reason}")


def _add(activity_id: int, line: GridRow, **values: Any) -> None:
    """A row for a child who was not expected."""
    Attendance.create(
        activity=activity_id,
        child=line.child_id,
        school_class=line.class_id,
        walk_in=True,
        **values,
    )


def _row(activity_id: int, line: GridRow) -> Any:
    return (Attendance.activity == activity_id) & (Attendance.child == line.child_id)


def _write(activity: Activity, changed: list[EntryChange], by: Actor, at: datetime) -> None:
    version = activity.version + 1
    roll_state.set_version(activity.id, version)
    for line, facts, taker in changed:
        values = _values(line.known, facts, by, at) | {"version": version}
        values |= _going(line, taker, by)
        if not line.listed:
            _add(activity.id, line, **values)
        elif line.walk_in and not any(facts):
            gone = Attendance.get(_row(activity.id, line))
            roll_changes.take_off(gone, by=by, at=at)
        else:
            Attendance.update(values).where(_row(activity.id, line)).execute()
    ids = {row.child_id: row.id for row in rows_of(activity)}
    details = {
        ids[line.child_id]: _detail_of(line, facts, taker)
        for line, facts, taker in changed
        if line.child_id in ids
    }
    trail.record_each("paper.enter", Attendance, details, by=by, at=at)


def _going(line: GridRow, taker: Taker, by: Actor) -> dict[str, Any]:
    """The columns of how the child went home; the office is told of whoever is not on its
    list, whom the one who enters the paper vouches for."""
    if taker == line.taker or not taker.way:
        return {}
    unlisted = taker.way is Way.OTHER
    return {
        "way_home": taker.way.value,
        "collected_by": taker.person,
        "release_reason": rules.UNLISTED_ON_PAPER if unlisted else "",
        "released_by": by.id if unlisted else None,
        "release_seen_at": None,
        "release_seen_by": None,
    }


def _detail_of(line: GridRow, new: RollFacts, taker: Taker) -> str:
    old = line.known.facts
    told = [f"{c.field}={c.old} → {c.new}" for c in changes(old, new)] if old != new else []
    if taker != line.taker and taker.way:
        told.append(_going_detail(line.taker, taker))
    return "; ".join(told)


def _going_detail(old: Taker, new: Taker) -> str:
    before, after = (f"{each.way.value} {each.person}".strip() for each in (old, new))
    return f"way_home={before} → {after}"


WHO_COLUMNS = {"came_at": "came_by", "went_at": "went_by", "leave": "leave_by"}


def _values(known: KnownRow, facts: RollFacts, by: Actor, at: datetime) -> dict[str, Any]:
    """The columns that change. Nobody tapped what comes from paper; the row says who
    entered it, as long as anything in it does."""
    values: dict[str, Any] = {}
    for name, new in facts._asdict().items():
        if new != getattr(known.facts, name):
            values |= {name: new, WHO_COLUMNS[name]: None}
    if "leave" in values:
        values["leave_note"] = ""
    if facts.went_at is None:  # how a child went home stands and falls with it
        values |= taps.UNDOES["out"]
    from_paper = {name for name, fact in facts._asdict().items() if fact} - known.fixed
    marked = (by.id, at) if from_paper else (None, None)
    return values | dict(zip(("paper_by", "paper_at"), marked, strict=True))
