"""What an import would do, to be looked over; and what is to be written once decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from liushou_web.consent import fingerprint
from liushou_web.refusal import Refused

from .changes import KnownChild, RosterChange, changes, overlay, words
from .matching import Kind, Verdict, judge_rows
from .rows import Fault, Passed, Record, RosterRow, RosterRows

SKIP, NEW = "skip", "new"
PARTNER_GONE = "第 {row} 行要合併到的那一行沒有導入，請重新選擇。"


class ImportPreview:
    """Everything that the import would do, before anything is written."""

    def __init__(
        self, rows: RosterRows, register: Sequence[KnownChild], classes: set[str]
    ) -> None:
        self.verdicts, unplaced = judge_rows(rows.lines, register)
        self.faults: list[Fault] = sorted([*rows.faults, *unplaced], key=lambda f: f.row)
        self.passed: list[Passed] = rows.passed
        self.total = rows.total
        self.classes = classes
        self.known = {known.id: known for known in register}

    def of_kind(self, kind: str) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.kind == kind]

    @cached_property
    def new(self) -> list[Verdict]:
        return self.of_kind(Kind.NEW)

    @cached_property
    def changed(self) -> list[Verdict]:
        return self.of_kind(Kind.CHANGED)

    @cached_property
    def unchanged(self) -> list[Verdict]:
        return self.of_kind(Kind.UNCHANGED)

    @cached_property
    def asked(self) -> list[Verdict]:
        return self.of_kind(Kind.ASKED)

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})

    @cached_property
    def new_classes(self) -> list[str]:
        """Classes ('3.2') that the new and changed children need and that are not there."""
        named = {verdict.line.record.school_class for verdict in self.new + self.changed}
        return sorted(named - self.classes - {""}, key=_class_order)

    @cached_property
    def digest(self) -> str:
        """Stands for all of it: another one means that the register has changed."""
        told = [tuple(verdict) for verdict in self.verdicts]
        return fingerprint((told, self.new_classes))


class Update(NamedTuple):
    """A known child that gets other values; `comes_back` if it had left."""

    child_id: int
    record: Record
    changes: tuple[RosterChange, ...]
    comes_back: bool

    def __str__(self) -> str:
        """'監護人電話：13800138000 → 13900139000；恢復在校', for the trail."""
        told = [str(change) for change in self.changes]
        return "；".join([*told, "恢復在校"] if self.comes_back else told)


class ImportPlan(NamedTuple):
    """Exactly what is written: nothing else, and nothing less."""

    new: list[Record]
    updates: list[Update]
    unchanged: int
    skipped: int
    faulty: int

    @property
    def classes(self) -> list[str]:
        """The classes that its children are in."""
        records = [*self.new, *(update.record for update in self.updates)]
        return sorted({record.school_class for record in records}, key=_class_order)


def decide(preview: ImportPreview, choices: Mapping[int, str]) -> ImportPlan:
    """The plan with each asked row as chosen: by row 'new', 'child:7', 'row:4' or 'skip',
    which is also what no choice means. Refuses a choice that was not offered."""
    new: dict[str, Record] = {}
    known: dict[int, Record] = {}
    skipped = 0
    for verdict in preview.verdicts:
        choice = _choice(verdict, choices.get(verdict.line.row) or SKIP)
        if choice == NEW:
            new[f"row:{verdict.line.row}"] = verdict.line.record
        elif choice in new:
            new[choice] = overlay(new[choice], verdict.line.record)
        elif choice.startswith("child:"):
            child = preview.known[int(choice.removeprefix("child:"))]
            before = known.get(child.id, child.record)
            known[child.id] = overlay(before, verdict.line.record)
        elif choice == SKIP:
            skipped += verdict.kind is Kind.ASKED
        else:
            raise Refused(PARTNER_GONE, row=verdict.line.row)
    updates = [_update(preview.known[id_], record) for id_, record in known.items()]
    updates = [update for update in updates if update.changes or update.comes_back]
    return ImportPlan(
        list(new.values()), updates, len(preview.unchanged), skipped, preview.faulty_rows
    )


def _choice(verdict: Verdict, chosen: str) -> str:
    """What becomes of the row: a question as chosen, anything else as it was judged."""
    if verdict.kind is Kind.NEW:
        return NEW
    if verdict.kind is Kind.CHANGED and verdict.child:
        return f"child:{verdict.child.id}"
    if verdict.kind is Kind.UNCHANGED:
        return SKIP
    offered = {SKIP, *(candidate.value for candidate in verdict.candidates)}
    if chosen in offered or chosen == NEW and verdict.may_be_new:
        return chosen
    raise Refused("第 {row} 行的選擇不對，請重新選擇。", row=verdict.line.row)


def _update(child: KnownChild, record: Record) -> Update:
    return Update(child.id, record, changes(child.record, record), child.left)


def _class_order(school_class: str) -> list[int]:
    return [int(part) for part in school_class.split(".") if part]


def as_data(preview: ImportPreview) -> dict[str, Any]:
    """The preview in plain values, for JSON: counts, then each list."""
    return {
        "rows": preview.total,
        "new": [_row_data(verdict.line) for verdict in preview.new],
        "changed": [
            {
                **_row_data(verdict.line),
                "changes": [
                    {"field": c.label, "old": c.old, "new": c.new} for c in verdict.changes
                ],
            }
            for verdict in preview.changed
        ],
        "unchanged": [_row_data(verdict.line) for verdict in preview.unchanged],
        "asked": [
            {
                **_row_data(verdict.line),
                "reason": verdict.doubt.label if verdict.doubt else "",
            }
            for verdict in preview.asked
        ],
        "faults": [
            {"row": f.row, "column": f.label, "value": f.value, "reason": str(f.reason)}
            for f in preview.faults
        ],
        "passed": [passed._asdict() for passed in preview.passed],
        "new_classes": [words("school_class", one) for one in preview.new_classes],
    }


def _row_data(line: RosterRow) -> dict[str, Any]:
    record = line.record
    return {
        "row": line.row,
        "name": record.name,
        "number": record.number,
        "class": words("school_class", record.school_class),
    }
