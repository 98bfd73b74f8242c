"""Words about a child: classes, sexes, living arrangements."""

from enum import StrEnum

CHINESE_DIGITS = "〇一二三四五六七八九"


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


def class_name(grade: int, number: int) -> str:
    """'三年級2班', as the school writes it."""
    return f"{CHINESE_DIGITS[grade]}年級{number}班"
