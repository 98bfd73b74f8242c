"""How often each teacher is on duty in a term: counted once, for the page and the print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

HOUR = timedelta(hours=1)


class Turn(NamedTuple):
    """One person on duty at one activity."""

    staff_id: int
    starts: datetime
    ends: datetime
    cancelled: bool


class TeacherDuties(NamedTuple):
    """What one person, or everybody, comes to. A duty is `held` once it has begun."""

    name: str
    retired: bool = False
    held: int = 0
    coming: int = 0
    cancelled: int = 0
    spent: timedelta = timedelta()  # at those held
    taken: int = 0  # of others
    given: int = 0  # to others

    @property
    def times(self) -> int:
        return self.held + self.coming

    @property
    def hours(self) -> str:
        """'13.5', '12'"""
        return f"{round(self.spent / HOUR, 1):g}"

    def with_turn(self, turn: Turn, at: datetime) -> TeacherDuties:
        if turn.cancelled:
            return self._replace(cancelled=self.cancelled + 1)
        if turn.starts > at:
            return self._replace(coming=self.coming + 1)
        spent = self.spent + (turn.ends - turn.starts)
        return self._replace(held=self.held + 1, spent=spent)


def tally(
    people: Iterable[tuple[int, str, bool]],
    turns: Iterable[Turn],
    handed: Iterable[tuple[int, int]],
    at: datetime,
) -> list[TeacherDuties]:
    """A line for each of `people` (id, name, whether retired), those most on duty first;
    0 for who never was. `handed` are the duties handed over: from whom, to whom."""
    lines = {id_: TeacherDuties(name, retired) for id_, name, retired in people}
    for turn in turns:
        lines[turn.staff_id] = lines[turn.staff_id].with_turn(turn, at)
    for gave, took in handed:
        lines[gave] = lines[gave]._replace(given=lines[gave].given + 1)
        lines[took] = lines[took]._replace(taken=lines[took].taken + 1)
    return sorted(lines.values(), key=lambda line: (-line.times, -line.held, line.retired))


def total(lines: Iterable[TeacherDuties]) -> TeacherDuties:
    """All teachers together. A duty handed over counts once as taken and once as given."""
    every = list(lines)
    return TeacherDuties(
        "合計",
        held=sum(line.held for line in every),
        coming=sum(line.coming for line in every),
        cancelled=sum(line.cancelled for line in every),
        spent=sum((line.spent for line in every), timedelta()),
        taken=sum(line.taken for line in every),
        given=sum(line.given for line in every),
    )
