"""A counsellor's note or referral: what it holds, and what must not be written in it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused

LONGEST_TEXT = 4000  # characters of one field


class NoteKind(StrEnum):
    SESSION = "session"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {NoteKind.SESSION: "輔導記錄", NoteKind.REFERRAL: "轉介"}
WAY_LABELS = {
    "face": "面談",
    "phone": "電話",
    "video": "視頻",
    "group": "團體輔導",
    "parent": "與家長面談",
    "teacher": "與教師面談",
}
RISK_LABELS = {
    "none": "未見危險",
    "watch": "需要留意",
    "high": "高危險",
    "life": "危及生命",
}
GRAVE = frozenset({"high", "life"})

# The words of a note in the order of its page.
SESSION_WORDS = {
    "issue": "主訴問題",
    "goal": "輔導目標",
    "course": "輔導過程",
    "observation": "情緒和行為觀察",
    "agreements": "約定或作業",
}
REFERRAL_WORDS = {
    "to_whom": "轉介到",
    "reason": "轉介原因",
    "outcome": "結果",
    "follow_up": "後續跟進",
}
WORDS = {NoteKind.SESSION: SESSION_WORDS, NoteKind.REFERRAL: REFERRAL_WORDS}


@dataclass(frozen=True)
class Note:
    """Everything in a note, as it is before sealing. `who` is a name, or an alias."""

    kind: str = NoteKind.SESSION
    child_id: int | None = None
    who: str = ""
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    place: str = ""
    way: str = ""
    issue: str = ""
    goal: str = ""
    course: str = ""
    observation: str = ""
    agreements: str = ""
    risk: str = ""
    next_day: date | None = None
    to_whom: str = ""
    reason: str = ""
    outcome: str = ""
    follow_up: str = ""
    void: str = ""  # why it does not hold; written by mistake

    @property
    def words(self) -> list[tuple[str, str]]:
        """Labels and texts, without those that are empty."""
        labels = WORDS[NoteKind(self.kind)]
        told = [(label, getattr(self, name)) for name, label in labels.items()]
        return [(label, text) for label, text in told if text]

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[NoteKind(self.kind)]

    @property
    def way_label(self) -> str:
        return WAY_LABELS.get(self.way, "")

    @property
    def risk_label(self) -> str:
        return RISK_LABELS.get(self.risk, "")

    @property
    def is_grave(self) -> bool:
        return self.risk in GRAVE and not self.void

    def same_person(self, other: Note) -> bool:
        """Whether both are about one child of the register, or one alias."""
        if self.child_id or other.child_id:
            return self.child_id == other.child_id
        return self.who == other.who


def pack(note: Note) -> str:
    """The text that is sealed."""
    return json.dumps(asdict(note), ensure_ascii=False, default=str)


def unpack(text: str) -> Note:
    """The note again; fields that a later program added are left alone."""
    known = {field.name for field in fields(Note)}
    values = {name: value for name, value in json.loads(text).items() if name in known}
    for name in ("day", "next_day"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    for name in ("starts", "ends"):
        values[name] = time.fromisoformat(values[name]) if values.get(name) else None
    return Note(**values)


def check(note: Note) -> None:
    """Refuses times out of order, and what would make a leak worse than it is."""
    if note.starts and note.ends and note.starts >= note.ends:
        raise Refused("結束時間必須晚於開始時間。")
    if note.day and note.next_day and note.next_day < note.day:
        raise Refused("下次日期不能早於這次。")
    for label, text in [("學生", note.who), ("地點", note.place), *note.words]:
        check_words(label, text)


def check_words(label: str, text: str) -> None:
    """No ID number and no address (rules of counselling rooms: neither helps the work)."""
    if has_id_number(text):
        raise Refused("請不要寫身份證號，「{field}」裏有一個。記錄用不着它。", field=label)
    if has_address(text):
        raise Refused("請不要寫詳細住址，「{field}」裏有。寫到村名就夠了。", field=label)


ID_NUMBER = re.compile(r"(?<!\d)[1-9](?:[ -]?\d){16}[ -]?[\dXx](?!\d)")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def has_id_number(text: str) -> bool:
    """Eighteen digits whose last one fits (GB 11643), however they are spaced."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_fits(found) for found in ID_NUMBER.findall(plain))


def _fits(number: str) -> bool:
    digits = re.sub(r"[ -]", "", number).upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return CHECK_DIGITS[total % 11] == digits[17]


ADDRESS = re.compile(
    r"[\u4e00-\u9fff](?:村|路(?!上)|街(?!上)|巷|大道|鎮|镇|鄉|乡|社區|社区|小區|小区|花園|花园)"
    r"[\u4e00-\u9fff]{0,4}?"
    r"(?:\d{1,5}|[一二三四五六七八九十百]{1,5})"
    r"(?:號|号|組|组|棟|栋|幢|室|單元|单元)"
)


def has_address(text: str) -> bool:
    """A village or street, and then the number of a house or a group."""
    plain = "".join(unicodedata.normalize("NFKC", text).split(" "))
    return ADDRESS.search(plain) is not None


class Pupil(NamedTuple):
    """A child of the register, to choose by name."""

    id: int
    name: str
    class_name: str
    mark: str = ""  # where another child has this name


def by_label(pupils: Iterable[Pupil]) -> dict[str, Pupil]:
    """'王芳 三年級1班' for each, and the mark of a name that others have too."""
    found: dict[str, Pupil] = {}
    for pupil in pupils:
        label = " ".join(filter(None, (pupil.name, pupil.class_name, pupil.mark)))
        if label in found:
            label = f"{label} {pupil.id}"
        found[label] = pupil
    return found


def pupil_meant(typed: str, labels: dict[str, Pupil]) -> Pupil | None:
    """Whom the words name; None for an alias. Refuses a name that several children have."""
    if typed in labels:
        return labels[typed]
    of_name = [
        pupil
        for pupil in labels.values()
        if typed in (pupil.name, f"{pupil.name} {pupil.class_name}")
    ]
    if len(of_name) > 1:
        raise Refused(
            "有 {count} 名學生叫{name}。請從名單裏選帶班級的一項，或者寫化名。",
            count=len(of_name),
            name=typed,
        )
    return of_name[0] if of_name else None
