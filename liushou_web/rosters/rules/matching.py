"""Compares a roster with the register: who is new, who has changed, who might be whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from liushou_web.children.rules.names import fold
from liushou_web.refusal import Refused

from .changes import KnownChild, RosterChange, changes
from .rows import Fault, Record, RosterRow
from .vocabulary import CLASS


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ASKED = "asked"


class Doubt(StrEnum):
    """Why a row is not decided without a person."""

    OTHER_NAME = "other_name"
    OTHER_NUMBER = "other_number"
    NO_NUMBER = "no_number"
    OTHER_BIRTH = "other_birth"
    OTHER_SPELLING = "other_spelling"
    OTHER_CLASS = "other_class"
    SEVERAL = "several"
    LEFT = "left"
    SAME_NUMBER_TWICE = "same_number_twice"
    TWICE = "twice"

    @property
    def label(self) -> str:
        return DOUBT_LABELS[self]


DOUBT_LABELS = {
    Doubt.OTHER_NAME: "學籍號相同，姓名不同",
    Doubt.OTHER_NUMBER: "同班同名，學籍號不同",
    Doubt.NO_NUMBER: "同班同名，名單上還沒有學籍號",
    Doubt.OTHER_BIRTH: "同班同名，出生日期不同",
    Doubt.OTHER_SPELLING: "同班，姓名只有字形不同",
    Doubt.OTHER_CLASS: "同名同生日，在另一個班",
    Doubt.SEVERAL: "同班有幾名同名的學生",
    Doubt.LEFT: "這名學生已登記離校",
    Doubt.SAME_NUMBER_TWICE: "這份名冊裏有相同的學籍號",
    Doubt.TWICE: "這份名冊裏有同班同名的學生",
}


class Candidate(NamedTuple):
    """Whom the row may mean: a child of the register ('child:7') or a row ('row:4')."""

    value: str
    record: Record

    @property
    def row(self) -> int:
        """The row of the roster that it is, or 0 for a child of the register."""
        kind, _, number = self.value.partition(":")
        return int(number) if kind == "row" else 0


class Verdict(NamedTuple):
    """What would become of one row. An asked one is passed over unless somebody decides."""

    line: RosterRow
    kind: Kind
    child: KnownChild | None = None
    changes: tuple[RosterChange, ...] = ()
    doubt: Doubt | None = None
    candidates: tuple[Candidate, ...] = ()
    may_be_new: bool = False


def judge_rows(
    lines: Iterable[RosterRow], register: Sequence[KnownChild]
) -> tuple[list[Verdict], list[Fault]]:
    """A verdict for each row, and faults of rows that name no class and no known child.

    A student number decides; else name and class, and birth dates that do not contradict.
    Whatever could be two children is asked.
    """
    judge = _Judge(register)
    verdicts: list[Verdict] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            verdicts.append(judge.verdict(line))
        except Refused as reason:
            faults.append(Fault(line.row, CLASS, "", reason))
    return verdicts, faults


class _Judge:
    """Goes through the rows in order and remembers those that it has seen."""

    def __init__(self, register: Sequence[KnownChild]) -> None:
        self.by_number = {known.record.number: known for known in register}
        self.by_number.pop("", None)
        self.by_name: dict[str, list[KnownChild]] = defaultdict(list)
        for known in register:
            self.by_name[fold(known.record.name)].append(known)
        self.meant: set[int] = set()
        self.numbers: dict[str, RosterRow] = {}
        self.added: dict[tuple[str, str], list[RosterRow]] = defaultdict(list)

    def verdict(self, line: RosterRow) -> Verdict:
        twice = self.numbers.get(line.record.number)
        if line.record.number:
            self.numbers.setdefault(line.record.number, line)
        if twice:
            return self._same_number(line, twice)
        known = self.by_number.get(line.record.number)
        return self._numbered(line, known) if known else self._named(line)

    def _same_number(self, line: RosterRow, first: RosterRow) -> Verdict:
        known = self.by_number.get(line.record.number)
        if known and _says_nothing_new(line.record, known.record):
            return Verdict(line, Kind.UNCHANGED, known)
        whom = _child(known) if known else _row(first)
        return _ask(line, Doubt.SAME_NUMBER_TWICE, [whom])

    def _numbered(self, line: RosterRow, known: KnownChild) -> Verdict:
        if fold(known.record.name) != fold(line.record.name):
            return _ask(line, Doubt.OTHER_NAME, [_child(known)])
        if known.left:
            return _ask(line, Doubt.LEFT, [_child(known)])
        return self._matched(line, known)

    def _named(self, line: RosterRow) -> Verdict:
        record = line.record
        if not record.school_class:
            raise Refused("班級空缺。")
        wanted = record.school_class
        namesakes = self.by_name.get(fold(record.name), [])
        here = [known for known in namesakes if known.record.school_class == wanted]
        if here:
            return self._one_of(line, here)
        moved = [known for known in namesakes if _may_have_moved(record, known.record)]
        if moved:
            return _ask(line, Doubt.OTHER_CLASS, map(_child, moved), may_be_new=True)
        return self._new(line)

    def _one_of(self, line: RosterRow, here: list[KnownChild]) -> Verdict:
        """One child of the class if there is no doubt, else a question."""
        sure = [known for known in here if _born_alike(line.record, known.record)]
        known = here[0] if len(here) == 1 else sure[0] if len(sure) == 1 else None
        doubt = _doubt(line.record, known) if known else Doubt.SEVERAL
        if known is None or doubt:
            return _ask(line, doubt, map(_child, here), may_be_new=True)
        return self._matched(line, known)

    def _matched(self, line: RosterRow, known: KnownChild) -> Verdict:
        changed = changes(known.record, line.record)
        if changed and known.id in self.meant:
            may_be_new = not line.record.number
            return _ask(line, Doubt.TWICE, [_child(known)], may_be_new=may_be_new)
        self.meant.add(known.id)
        return Verdict(line, Kind.CHANGED if changed else Kind.UNCHANGED, known, changed)

    def _new(self, line: RosterRow) -> Verdict:
        record = line.record
        same = self.added[fold(record.name), record.school_class]
        doubles = [o for o in same if not (record.number and o.record.number)]
        if doubles:
            return _ask(line, Doubt.TWICE, map(_row, doubles), may_be_new=True)
        same.append(line)
        return Verdict(line, Kind.NEW)


def _doubt(record: Record, known: KnownChild) -> Doubt | None:
    """What speaks against a row of the same name and class being this child."""
    theirs = known.record
    alike = _born_alike(record, theirs)
    if record.number and theirs.number:
        return Doubt.OTHER_NUMBER
    if record.birth_date and theirs.birth_date and not alike:
        return Doubt.OTHER_BIRTH
    if known.left:
        return Doubt.LEFT
    if record.number and not alike:
        return Doubt.NO_NUMBER
    return Doubt.OTHER_SPELLING if record.name != theirs.name and not alike else None


def _says_nothing_new(record: Record, known: Record) -> bool:
    return fold(record.name) == fold(known.name) and not changes(known, record)


def _born_alike(one: Record, other: Record) -> bool:
    return bool(one.birth_date) and one.birth_date == other.birth_date


def _may_have_moved(record: Record, known: Record) -> bool:
    return _born_alike(record, known) and not (record.number and known.number)


def _ask(
    line: RosterRow,
    doubt: Doubt | None,
    whom: Iterable[Candidate],
    *,
    may_be_new: bool = False,
) -> Verdict:
    return Verdict(
        line, Kind.ASKED, doubt=doubt, candidates=tuple(whom), may_be_new=may_be_new
    )


def _child(known: KnownChild) -> Candidate:
    return Candidate(f"child:{known.id}", known.record)


def _row(line: RosterRow) -> Candidate:
    return Candidate(f"row:{line.row}", line.record)
