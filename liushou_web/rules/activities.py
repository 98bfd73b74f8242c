"""What happens in the home's rooms, and which children are expected at it."""

from enum import StrEnum


class ActivityKind(StrEnum):
    HOMEWORK = "homework"
    READING = "reading"
    INTEREST = "interest"
    THEME_MEETING = "theme_meeting"
    LECTURE = "lecture"
    DRILL = "drill"
    FESTIVAL = "festival"
    HOLIDAY = "holiday"
    PARENT_MEETING = "parent_meeting"
    OTHER = "other"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    ActivityKind.HOMEWORK: "作業輔導",
    ActivityKind.READING: "閱讀",
    ActivityKind.INTEREST: "興趣小組",
    ActivityKind.THEME_MEETING: "主題班會",
    ActivityKind.LECTURE: "法制／安全講座",
    ActivityKind.DRILL: "消防演練",
    ActivityKind.FESTIVAL: "節日活動",
    ActivityKind.HOLIDAY: "假期活動",
    ActivityKind.PARENT_MEETING: "家長會",
    ActivityKind.OTHER: "其他",
}

EXPECTS_LABELS = {"all": "全體在冊學生", "classes": "指定班級", "children": "指定學生"}

MIN_ON_DUTY = 2  # two teachers on site, as such homes are run
