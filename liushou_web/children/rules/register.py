"""What is kept of a child, in which words, and what two people's changes come to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from unicodedata import normalize

from liushou_web.refusal import Refused
from liushou_web.school.rules.trail import differences

from .names import tidy_name


class Arrangement(StrEnum):
    """With whom a child lives; exclusive, so that the county's columns add up."""

    UNKNOWN = ""
    GRANDPARENTS = "grandparents"
    RELATIVES = "relatives"
    CARE_PARENT = "care_parent"
    BOARDING = "boarding"
    ALONE = "alone"
    ONE_PARENT = "one_parent"
    OTHER = "other"

    @property
    def label(self) -> str:
        return ARRANGEMENT_LABELS[self]


ARRANGEMENT_LABELS = {
    Arrangement.UNKNOWN: "未登記",
    Arrangement.GRANDPARENTS: "隨祖輩生活",
    Arrangement.RELATIVES: "隨其他親戚生活",
    Arrangement.CARE_PARENT: "隨代管家長生活",
    Arrangement.BOARDING: "在校寄宿",
    Arrangement.ALONE: "獨自生活",
    Arrangement.ONE_PARENT: "隨父母一方生活",
    Arrangement.OTHER: "其他",
}

SEX_LABELS = {"": "未登記", "m": "男", "f": "女"}


LEFT_LABELS = {
    "moved": "轉走",
    "graduated": "畢業",
    "suspended": "休學",
    "parents_back": "父母返鄉，不再留守",
    "other": "其他",
}

FIELD_LABELS = {
    "name": "姓名",
    "class_id": "班級",
    "number": "學籍號",
    "sex": "性別",
    "birth_date": "出生日期",
    "boards": "住校",
    "arrangement": "居住情況",
    "carer_name": "監護人",
    "carer_relation": "與學生關係",
    "carer_phone": "監護人電話",
    "father_name": "父親姓名",
    "father_phone": "父親電話",
    "mother_name": "母親姓名",
    "mother_phone": "母親電話",
    "parents_work": "父母務工地",
    "parents_free": "父母方便接電話的時間",
    "address": "家庭住址",
    "note": "備註",
}
OUR_WORDS = ("class_id", "sex", "boards", "arrangement")  # the rest is people's own
PHONES = ("carer_phone", "father_phone", "mother_phone")
PEOPLE = ("name", "carer_name", "father_name", "mother_name")
LONGEST_BY_FIELD = {
    "name": 40,
    "number": 30,
    "parents_work": 100,
    "parents_free": 60,
    "address": 100,
    "note": 1000,
}
LONGEST_FIELD = 40
DASH = re.compile("[‐-―−－—]+")
PHONE = re.compile(r"\+?\d[\d-]*")
NOT_DIGIT = re.compile(r"\D")
OLDEST_PUPIL = 25  # years; an older child is a slip of the pen


@dataclass(frozen=True)
class ChildFields:
    """All that the register keeps of a child and its family."""

    name: str
    class_id: int
    number: str | None = None
    sex: str = ""
    birth_date: date | None = None
    boards: bool = False
    arrangement: str = ""
    carer_name: str = ""
    carer_relation: str = ""
    carer_phone: str = ""
    father_name: str = ""
    father_phone: str = ""
    mother_name: str = ""
    mother_phone: str = ""
    parents_work: str = ""
    parents_free: str = ""
    address: str = ""
    note: str = ""


class FieldChange(NamedTuple):
    """One field of a file, before and after, in the school's words."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return FIELD_LABELS[self.field]

    def __str__(self) -> str:
        return differences([(self.label, self.old, self.new)])


def tidied(fields: ChildFields) -> ChildFields:
    """The fields with names, numbers and phones as the register keeps them.

    Refuses a child without a name, and phones that cannot be dialled.
    """
    tidy: dict[str, Any] = {"number": tidy_number(fields.number)}
    tidy |= {field: tidy_name(getattr(fields, field)) for field in PEOPLE}
    tidy |= {field: tidy_phone(getattr(fields, field)) for field in PHONES}
    if not tidy["name"]:
        raise Refused("請填寫學生姓名。")
    return replace(fields, **tidy)


def tidy_number(typed: str | None) -> str | None:
    """A student number without spaces, letters large; None where there is none."""
    return "".join(normalize("NFKC", typed or "").split()).upper() or None


def tidy_phone(typed: str) -> str:
    """A phone without spaces; 7 to 13 digits, a plus before and hyphens between."""
    phone = "".join(normalize("NFKC", typed).split())
    phone = DASH.sub("-", phone)
    if phone and not (PHONE.fullmatch(phone) and 7 <= len(NOT_DIGIT.sub("", phone)) <= 13):
        raise Refused("電話「{phone}」不像電話號碼，請填 7 到 13 位數字。", phone=typed)
    return phone


def check_birth_date(born: date, today: date) -> None:
    """Refuses a day to come and one that no pupil was born on."""
    if born > today:
        raise Refused("出生日期在今天以後，請核對。")
    if age(born, today) > OLDEST_PUPIL:
        raise Refused("按這個出生日期已超過 {years} 歲，請核對。", years=OLDEST_PUPIL)


def age(born: date, today: date) -> int:
    """Full years; a child born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def changes(
    old: ChildFields, new: ChildFields, class_names: Mapping[int, str]
) -> list[FieldChange]:
    """What is not the same, field by field, in the school's words."""
    return [
        FieldChange(field, words(field, was, class_names), words(field, now, class_names))
        for field in FIELD_LABELS
        if (was := getattr(old, field)) != (now := getattr(new, field))
    ]


def words(field: str, value: object, class_names: Mapping[int, str]) -> str:
    """A value as the school says it: 女, 是, 三年級2班, 2015-03-05."""
    if field == "sex":
        return SEX_LABELS[str(value)]
    if field == "boards":
        return "是" if value else "否"
    if field == "arrangement":
        return Arrangement(str(value)).label
    if field == "class_id" and isinstance(value, int):
        return class_names.get(value, "")
    return str(value or "")


def merged(base: ChildFields, mine: ChildFields, theirs: ChildFields) -> ChildFields:
    """Two people changed one file: what I left as it was takes their value, and what I
    changed stays as I typed it."""
    untouched = {
        field: getattr(theirs, field)
        for field in FIELD_LABELS
        if getattr(mine, field) == getattr(base, field)
    }
    return replace(mine, **untouched)


def contested(base: ChildFields, mine: ChildFields, theirs: ChildFields) -> set[str]:
    """The fields that both changed, and not to the same."""
    return {
        field
        for field in FIELD_LABELS
        if len({getattr(each, field) for each in (base, mine, theirs)}) == 3
    }
