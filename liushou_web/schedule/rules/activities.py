"""What happens in the home's rooms, which children are expected, and when it is over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused
from liushou_web.span import Span


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
    GROUP_SESSION = "group_session"
    PSYCHOLOGY = "psychology"
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
    ActivityKind.GROUP_SESSION: "團體輔導",
    ActivityKind.PSYCHOLOGY: "心理健康課",
    ActivityKind.OTHER: "其他",
}

EXPECTS_LABELS = {"all": "全體在冊學生", "classes": "指定班級", "children": "指定學生"}

MIN_ON_DUTY = 2  # two teachers on site, as such homes are run


class Expected(NamedTuple):
    """Which children are expected: all, those of some classes, or those chosen by id."""

    kind: str = "all"
    classes: frozenset[int] = frozenset()
    children: frozenset[int] = frozenset()


def expected(kind: str, classes: frozenset[int], children: frozenset[int]) -> Expected:
    """Keeps only what the kind asks for; refuses a choice of none."""
    if kind == "classes" and not classes:
        raise Refused("請至少選一個班級，或改為全體在冊學生。")
    if kind == "children" and not children:
        raise Refused("請至少選一名學生，或改為全體在冊學生。")
    return Expected(
        kind,
        classes if kind == "classes" else frozenset(),
        children if kind == "children" else frozenset(),
    )


class ActivityPlan(NamedTuple):
    """One activity as it is wanted: where, when, what, with whom."""

    room_id: int
    span: Span
    title: str
    kind: str
    duty: frozenset[int] = frozenset()
    expected: Expected = Expected()


class SlotPlan(NamedTuple):
    """A weekly opening as it is wanted; `weekday` 0 is Monday."""

    term_id: int
    room_id: int
    weekday: int
    starts: time
    ends: time
    title: str
    kind: str
    duty: frozenset[int] = frozenset()
    expected: Expected = Expected()

    def on(self, day: date) -> ActivityPlan:
        """The activity of one date."""
        span = Span(datetime.combine(day, self.starts), datetime.combine(day, self.ends))
        return ActivityPlan(
            self.room_id, span, self.title, self.kind, self.duty, self.expected
        )


class Phase(IntEnum):
    """Where an activity stands at a moment, in the order in which 今日 lists them."""

    ON = 0
    AHEAD = 1
    OVER = 2

    @property
    def label(self) -> str:
        return ("進行中", "未開始", "已結束")[self]


def phase(starts: datetime, ends: datetime, now: datetime) -> Phase:
    """An activity is on from its first moment until the last is over."""
    if now >= ends:
        return Phase.OVER
    return Phase.ON if now >= starts else Phase.AHEAD


def check_changeable(
    ends: datetime, opened_at: datetime | None, cancelled_at: datetime | None, at: datetime
) -> None:
    """What was held, or is being held with a roll, stays as it was."""
    if cancelled_at:
        raise Refused("這次活動已取消。請先恢復，再修改。")
    if opened_at:
        raise Refused("這次活動的簽到已經開始，不能再改時間、房間或取消。")
    if ends <= at:
        raise Refused("這次活動已經結束，過去的記錄不能修改。")


def check_cancellable(opened_at: datetime | None) -> None:
    """Refuses once the roll is opened. What was never held may be cancelled afterwards
    too: it then says so, instead of nothing."""
    if opened_at:
        raise Refused("這次活動的簽到已經開始，不能再改時間、房間或取消。")


def check_ahead(span: Span, at: datetime) -> None:
    """Refuses to plan for a time that is over: most likely the date is mistyped."""
    if span.ends <= at:
        raise Refused("這個時間已經過去了。請檢查日期和時間。")


ADDED_WITHIN = timedelta(days=60)  # as long as its paper may be entered


def check_held(span: Span, at: datetime) -> None:
    """Refuses to enter as held what is not over, or so long ago that it is on signed
    sheets."""
    if span.ends > at:
        raise Refused("這次活動還沒有結束，請去掉「補登」，照常安排。")
    if span.starts < at - ADDED_WITHIN:
        raise Refused("已經過了 {days} 天，不能再補登。", days=ADDED_WITHIN.days)
