"""What is frozen of a weekly sheet, and how a week stands against its versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from liushou_web.access import Kind
from liushou_web.refusal import NotFound
from liushou_web.school.auth import own_only
from liushou_web.web.filters import moment
from liushou_web.web.zh import render

from ..rules.frozen import (
    Doubt,
    KeptSheet,
    MarkChange,
    changes,
    digest,
    doubts,
    keep,
    mark_in_words,
)
from ..rules.weekly_sheet import SheetActivity
from ..store import frozen, weekly_sheet
from ..store.frozen import SheetVersion, StoredVersion, WhichSheet
from .sheet_html import LEGEND_WORDS, PrintedSheet
from .sheet_pages import Edition, sheet_pages
from .which_week import WeekChoice, choice_of

OpenDoubts = Sequence[tuple[SheetActivity, Doubt]]


class WeekStanding(NamedTuple):
    """The versions of a week, and what has changed since the newest."""

    versions: list[SheetVersion]
    newest: StoredVersion | None
    changes: list[MarkChange]


class Draft(NamedTuple):
    """The next version, as it would be now."""

    which: WhichSheet
    number: int
    paper: PrintedSheet
    figures: KeptSheet
    doubts: OpenDoubts
    same: bool  # as the version before: nothing has changed

    @property
    def questionable(self) -> bool:
        return bool(self.doubts) or self.same

    @property
    def seen(self) -> str:
        """Stands for all that the person who finalises was shown."""
        marks = [(key, mark_in_words(mark)) for key, _, _, mark in self.figures.cells()]
        open_yet = [(held.id, doubt.value) for held, doubt in self.doubts]
        return digest(self.number, self.same, open_yet, marks)[:16]


def which_of(chosen: WeekChoice) -> WhichSheet | None:
    """The sheet that the choice means; None for the classes of a teacher who has several:
    no one sheet is theirs."""
    group = chosen.groups[0] if len(chosen.groups) == 1 and chosen.own else chosen.group
    if chosen.own and not group:
        return None
    class_id = group.id if group else None
    return WhichSheet(chosen.term.id, chosen.number, class_id, chosen.days[0])


def standing(chosen: WeekChoice, paper: PrintedSheet) -> WeekStanding:
    """How the week stands: no version and no changes where nobody has signed it yet."""
    which = which_of(chosen)
    versions = frozen.versions(which) if which else []
    newest = frozen.version_of(which, versions[0].number) if which and versions else None
    usable = newest is not None and newest.intact
    changed = changes(newest.figures, keep(paper.sheet)) if newest and usable else []
    return WeekStanding(versions, newest, changed)


def draft(which: WhichSheet, paper: PrintedSheet, *, now: datetime) -> Draft:
    """The version that would follow the newest, were it signed now."""
    before = frozen.newest(which)
    figures = keep(paper.sheet)
    same = bool(before and before.intact and not changes(before.figures, figures))
    number = before.number + 1 if before else 1
    return Draft(which, number, paper, figures, doubts(paper.held, now), same)


def html_of(made: Draft, *, who: str, at: datetime) -> str:
    """The sheet as it is printed, with its version, time and name on it."""
    pages = sheet_pages(made.paper, Edition(made.number, moment(at), who))
    return render(
        "reports/weekly_sheet/_paper.html", made=pages, first=True, **LEGEND_WORDS
    )


def readable_version(sheet_id: int) -> tuple[StoredVersion, WeekChoice]:
    """A version and the week it is of; somebody else's class is not found."""
    found = frozen.one(sheet_id)
    teacher = own_only(Kind.SHEET)
    groups = weekly_sheet.classes(of_teacher=teacher)
    group = next((each for each in groups if each.id == found.which.class_id), None)
    if group is None and (teacher is not None or found.which.class_id is not None):
        raise NotFound
    return found, choice_of(found.which.monday, groups, group)
