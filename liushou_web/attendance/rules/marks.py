"""What an arrival and a departure mean, and how they are counted."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused


class Mark(StrEnum):
    """A child's state at one activity; also the CSS class of its row."""

    EXPECTED = "expected"
    HERE = "here"
    LATE = "late"
    LEFT = "left"  # came in time, and signed out
    LATE_LEFT = "late-left"
    NOT_OUT = "not-out"  # came, and was never signed out: no time is invented
    LATE_NOT_OUT = "late-not-out"
    ON_LEAVE = "on-leave"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return MARK_LABELS[self]

    @property
    def symbol(self) -> str:
        return SYMBOLS[self]

    @property
    def shape(self) -> str:
        """On the roll: as on the sheet, but for who is awaited and who has gone."""
        return ROLL_SHAPES.get(self, SYMBOLS[self])

    @property
    def came(self) -> bool:
        return self in CAME_MARKS


MARK_LABELS = {
    Mark.EXPECTED: "未到",
    Mark.HERE: "在場",
    Mark.LATE: "遲到",
    Mark.LEFT: "已離開",
    Mark.LATE_LEFT: "遲到，已離開",
    Mark.NOT_OUT: "未簽退",
    Mark.LATE_NOT_OUT: "遲到，未簽退",
    Mark.ON_LEAVE: "請假",
    Mark.ABSENT: "缺席",
}

# Of the printed weekly sheet; told apart without colour.
SYMBOLS = {
    Mark.EXPECTED: "",
    Mark.HERE: "√",
    Mark.LATE: "○",
    Mark.LEFT: "√",
    Mark.LATE_LEFT: "○",
    Mark.NOT_OUT: "⊙",
    Mark.LATE_NOT_OUT: "○⊙",
    Mark.ON_LEAVE: "△",
    Mark.ABSENT: "×",
}
NOT_LISTED = "—"
ROLL_SHAPES = {Mark.EXPECTED: "…", Mark.LEFT: "→", Mark.LATE_LEFT: "→"}

NOT_OUT_MARKS = frozenset({Mark.NOT_OUT, Mark.LATE_NOT_OUT})
CAME_MARKS = NOT_OUT_MARKS | {Mark.HERE, Mark.LATE, Mark.LEFT, Mark.LATE_LEFT}

LEAVE_LABELS = {"personal": "事假", "sick": "病假"}


TAP_BEFORE = TAP_AFTER = timedelta(hours=1)


class Meeting(NamedTuple):
    """The times of an activity that decide what an arrival means."""

    starts: datetime
    ends: datetime
    grace_minutes: int

    @property
    def late_from(self) -> datetime:
        """The last moment that is still in time."""
        return self.starts + timedelta(minutes=self.grace_minutes)


def mark(
    meeting: Meeting,
    came_at: datetime | None,
    went_at: datetime | None,
    leave: str,
    now: datetime,
) -> Mark:
    """The state at `now`. The grace is inclusive: its last second is still in time."""
    if came_at:
        late = came_at > meeting.late_from
        if went_at:
            return Mark.LATE_LEFT if late else Mark.LEFT
        if now >= meeting.ends:
            return Mark.LATE_NOT_OUT if late else Mark.NOT_OUT
        return Mark.LATE if late else Mark.HERE
    if leave:
        return Mark.ON_LEAVE
    return Mark.ABSENT if now >= meeting.ends else Mark.EXPECTED


NIGHT_IS_OVER = timedelta(hours=4)  # after midnight: until then it is still the day before


def house_day(at: datetime) -> date:
    """The day whose evening this moment belongs to."""
    return (at - NIGHT_IS_OVER).date()


def check_tap(
    starts: datetime, ends: datetime, cancelled_at: datetime | None, at: datetime
) -> None:
    """Refuses a tap on a cancelled activity, and one whose time would be invented."""
    if cancelled_at:
        raise Refused("這次活動已取消，不能簽到。")
    if at < starts - TAP_BEFORE:
        raise Refused(
            "活動開始前一小時才能點名。來得更早的，請在「按紙本補錄」填真實的時間。"
        )
    if at > ends + TAP_AFTER:
        raise Refused(
            "活動結束已超過一小時，現在點會記錯時間。請在「按紙本補錄」填真實的時間。"
        )


def may_tap(
    starts: datetime, ends: datetime, cancelled_at: datetime | None, at: datetime
) -> bool:
    """Whether the moment of a tap may be taken for that of an arrival or a departure: from
    an hour before the start to an hour after the end, be that past midnight."""
    return cancelled_at is None and starts - TAP_BEFORE <= at <= ends + TAP_AFTER


class Tally(NamedTuple):
    """應到 = 實到 + 請假 + 缺席 (or still expected). Leave is not in the rate's divisor."""

    expected: int  # 應到: everyone on the roll, children who walked in included
    came: int  # 實到
    on_leave: int  # 請假
    absent: int  # 缺席; before the end, those still awaited
    present: int  # 在場: came and not signed out
    not_out: int = 0  # 未簽退, once the roll is closed: nobody is here any more

    @property
    def accountable(self) -> int:
        """應到 less 請假: the divisor of 出勤率."""
        return self.expected - self.on_leave


def tally(marks: Iterable[Mark]) -> Tally:
    counts = Counter(marks)
    came = sum(counts[mark] for mark in CAME_MARKS)
    return Tally(
        expected=counts.total(),
        came=came,
        on_leave=counts[Mark.ON_LEAVE],
        absent=counts[Mark.ABSENT] + counts[Mark.EXPECTED],
        present=sum(counts[mark] for mark in (Mark.HERE, Mark.LATE, *NOT_OUT_MARKS)),
    )
