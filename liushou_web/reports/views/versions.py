"""What is frozen of a weekly sheet, and how a week stands against its versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from liushou_web.access import Kind
from liushou_web.refusal import NotFound
from liushou_web.schedule.store import calendar
from liushou_web.school.auth import own_only
from liushou_web.web.zh import render

from ..rules.frozen import Change, Doubt, Kept, changes, doubts, kept, seal, shown
from ..rules.weekly_sheet import Held
from ..store import frozen, weekly_sheet
from ..store.frozen import Stored, Version, Which
from .sheet_html import WORDING, Paper
from .which_week import Choice

Doubts = Sequence[tuple[Held, Doubt]]


class Standing(NamedTuple):
    """The versions of a week, and what has changed since the newest."""

    versions: list[Version]
    newest: Stored | None
    changes: list[Change]


class Draft(NamedTuple):
    """The next version, as it would be now."""

    which: Which
    number: int
    paper: Paper
    figures: Kept
    doubts: Doubts
    same: bool  # as the version before: nothing has changed

    @property
    def questionable(self) -> bool:
        return bool(self.doubts) or self.same

    @property
    def seen(self) -> str:
        """Stands for all that the person who finalises was shown."""
        marks = [(key, shown(mark)) for key, _, _, mark in self.figures.cells()]
        open_yet = [(held.id, doubt.value) for held, doubt in self.doubts]
        return seal(self.number, self.same, open_yet, marks)[:16]


class Edition(NamedTuple):
    """What a frozen sheet says of itself."""

    number: int
    at: datetime
    who: str


def which_of(chosen: Choice) -> Which | None:
    """None for the classes of a teacher who has several: no one sheet is theirs."""
    if chosen.group:
        return Which(chosen.term.id, chosen.number, chosen.group.id)
    if not chosen.own:
        return Which(chosen.term.id, chosen.number, None)
    if len(chosen.groups) == 1:
        return Which(chosen.term.id, chosen.number, chosen.groups[0].id)
    return None


def standing(chosen: Choice, paper: Paper) -> Standing:
    """Nothing where there is no version yet."""
    which = which_of(chosen)
    versions = frozen.versions(which) if which else []
    newest = frozen.version_of(which, versions[0].number) if which and versions else None
    usable = newest is not None and newest.intact
    changed = changes(newest.figures, kept(paper.sheet)) if newest and usable else []
    return Standing(versions, newest, changed)


def draft(which: Which, paper: Paper, *, now: datetime) -> Draft:
    before = frozen.newest(which)
    figures = kept(paper.sheet)
    same = bool(before and before.intact and not changes(before.figures, figures))
    number = before.number + 1 if before else 1
    return Draft(which, number, paper, figures, doubts(paper.held, now), same)


def html_of(made: Draft, *, who: str, at: datetime) -> str:
    """The sheet as it is printed, with its version, time and name on it."""
    edition = Edition(made.number, at, who)
    shown_as = {"paper": made.paper, "edition": edition, "first": True}
    return render("reports/weekly_sheet/_paper.html", **shown_as, **WORDING)


def readable(sheet_id: int) -> tuple[Stored, Choice]:
    """A version and the week it is of; somebody else's class is not found."""
    found = frozen.stored(sheet_id)
    teacher = own_only(Kind.SHEET)
    groups = weekly_sheet.groups(of_teacher=teacher)
    group = next((each for each in groups if each.id == found.which.class_id), None)
    if group is None and (teacher is not None or found.which.class_id is not None):
        raise NotFound
    return found, _choice(found.which, groups, group)


def _choice(
    which: Which, groups: list[weekly_sheet.Group], group: weekly_sheet.Group | None
) -> Choice:
    terms = calendar.terms()
    term = next(each for each in terms if each.id == which.term_id)
    return Choice(terms, term, which.week, which.week, groups, group, own=False)
