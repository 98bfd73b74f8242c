"""The grid that a sheet of paper is entered by: what was typed, read, and given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import request
from wtforms import HiddenField

from liushou_web.refusal import Refused
from liushou_web.span import Span
from liushou_web.web.forms import Form, Line, at_most, required, tidy

from ..rules.corrections import RollFacts
from ..rules.paper import Faulty, GridReading, TypedLine, read
from ..store import paper_grid
from ..store.paper_entry import PaperEntry
from .closing_forms import enough

EXTRA_LINES = 6  # lines for children who are not on the sheet, as many as it has blank rows
LONGEST_CELL = 20
LETTERS = {"personal": "事", "sick": "病"}


class GridLine(NamedTuple):
    """One line of the grid as the page shows it; without a child, one to name."""

    key: str
    number: int | None
    child: paper_grid.GridRow | None
    typed: TypedLine
    who: str = ""
    fault: Refused | None = None


class EntryForm(Form):
    seen = HiddenField()  # the roll's version when the page was made
    unregistered = Line("名冊上沒有的孩子", [at_most(100)])

    children: list[paper_grid.GridRow]
    texts: dict[str, TypedLine]
    named: dict[str, str]  # who the extra lines are about
    faults: Mapping[str, Refused] = {}
    reading: GridReading | None = None

    @property
    def version(self) -> int:
        seen = str(self.seen.data or "")
        return int(seen) if seen.isdecimal() else 0

    def lines(self) -> list[GridLine]:
        """What is left of the paper, by its numbers; then the lines to name children in."""
        asked = [
            GridLine(
                str(c.child_id), c.number, c, self.texts.get(str(c.child_id), TypedLine())
            )
            for c in self.children
        ]
        count = max((each.number or 0 for each in asked), default=0)
        for n, (key, who) in enumerate(self.named.items(), count + 1):
            asked.append(GridLine(key, n, None, self.texts[key], who))
        return [each._replace(fault=self.faults.get(each.key)) for each in asked]

    def entries(self, span: Span) -> tuple[dict[str, PaperEntry], dict[str, Refused]]:
        """What the lines say, each with its child; and what those say that are not
        understood, which is a sentence for each."""
        unused = {k for k, who in self.named.items() if not (who or any(self.texts[k]))}
        texts = {k: typed for k, typed in self.texts.items() if k not in unused}
        self.reading = read(texts, span)
        entries, faults = {}, dict(self.reading.faults)
        for key, facts in self.reading.facts.items():
            try:
                taker = self.texts[key].taker
                entries[key] = PaperEntry(self._child(key, facts, span), facts, taker)
            except Refused as fault:
                faults[key] = fault
        return entries, faults

    def _child(self, key: str, facts: RollFacts, span: Span) -> int:
        if key not in self.named:
            return int(key)
        who = self.named[key]
        if not who:
            raise Refused("請寫上是誰：姓名或學籍號。")
        if not any(facts):
            raise Refused("請填{who}到的時間。", who=who)
        return paper_grid.meant(who, span.starts.date())

    def tidy_up(self) -> None:
        """What was understood, in place of what was typed."""
        for key, facts in (self.reading.facts if self.reading else {}).items():
            self.texts[key] = as_typed(facts, self.texts[key].taker)

    def refuse(self, refusal: Exception) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Faulty):
            self.faults = refusal.faults


class CorrectingForm(EntryForm):
    """The grid of a closed roll: all that changes in it needs one reason."""

    reason = Line("更正的原因", [required(), *enough(), at_most(100)])


def as_typed(facts: RollFacts, taker: str = "") -> TypedLine:
    came, went = (f"{moment:%H:%M}" if moment else "" for moment in facts[:2])
    return TypedLine(LETTERS.get(facts.leave, came), went, taker)


def lines_sent() -> dict[str, TypedLine]:
    """The children's lines of the form sent, by child id."""
    keys = [name[5:] for name in request.form if name.startswith("came_")]
    return {key: line_sent(key) for key in keys if key.isdecimal() and len(key) < 10}


def line_sent(key: str) -> TypedLine:
    cells = (
        tidy(request.form.get(f"{cell}_{key}"))[:LONGEST_CELL] for cell in TypedLine._fields
    )
    return TypedLine(*cells)


def fill(form: EntryForm, children: list[paper_grid.GridRow], version: int) -> EntryForm:
    """The form with its lines as typed, or at first as entered from paper before."""
    form.children = children
    extras = [f"x{n}" for n in range(1, EXTRA_LINES + 1)]
    form.named = {key: tidy(request.form.get(f"who_{key}"))[:60] for key in extras}
    if request.form:
        sent = lines_sent()
        keys = [str(c.child_id) for c in children if str(c.child_id) in sent]
        form.texts = {key: sent[key] for key in keys} | {
            key: line_sent(key) for key in extras
        }
    else:
        form.seen.data = version
        form.texts = {
            str(c.child_id): as_typed(
                c.known.from_paper, "" if "went_at" in c.known.fixed else c.took
            )
            for c in children
        }
        form.texts |= dict.fromkeys(extras, TypedLine())
    return form
