"""Blank sheets: how they are ruled, and what their lines say and may change afterwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from math import ceil
from typing import NamedTuple

from liushou_web.actor import Actor
from liushou_web.children.rules.collecting import Way
from liushou_web.refusal import NotAllowed, Refused
from liushou_web.span import Span

from .closing import ClosingFacts, in_charge
from .corrections import RollFacts, check_may_correct, check_possible, may_correct

BLANK_ROWS = 6  # rows for children who were not expected
BLANK_ROWS_ALONE = 20  # where nobody is expected by name
PAGE_BODY = 242.0  # millimetres of an A4 page under the head and over the foot
# Millimetres of a row; each is a class in attendance-print.css.
ROW_HEIGHTS = (8.0, 7.5, 7.0)  # none lower: a row holds a phone number, and a pen


ENTERED_WITHIN = timedelta(days=60)  # what is older is on signed sheets
FURTHEST_OFF = timedelta(hours=3)  # before the start or after the end: most likely mistyped
TIME = re.compile(r"(\d{1,2})[:.,。點点]?(\d{2})")
DITTO = {"=", "+", '"', "''", "〃", "“", "”", "同上"}
LEAVE_WORDS = {
    **dict.fromkeys(("事", "事假", "s"), "personal"),
    **dict.fromkeys(("病", "病假", "b"), "sick"),
}

WAY_WORDS = {
    **dict.fromkeys(("自己", "自行", "自己走", "自己回家", "自行回家"), Way.ALONE),
    **dict.fromkeys(("校車", "校车", "坐校車", "坐校车"), Way.BUS),
    **dict.fromkeys(("宿舍", "回宿舍", "住校"), Way.DORMITORY),
}
UNLISTED_ON_PAPER = (
    "紙上寫的，不在名單上"  # why a child went with somebody, as the office reads it
)

Above = list[datetime | None]  # the last times of the two columns


class Ruling(NamedTuple):
    """The numbers of the blank rows, and the class of the rows' height."""

    blanks: range
    height: str


def ruling(children: int) -> Ruling:
    """As few pages as rows of 7 mm allow, and rows as high as those pages allow."""
    blanks = range(
        children + 1, children + 1 + (BLANK_ROWS if children else BLANK_ROWS_ALONE)
    )
    rows = children + len(blanks)
    most = _pages(rows, ROW_HEIGHTS[-1])
    height = next(each for each in ROW_HEIGHTS if _pages(rows, each) <= most)
    return Ruling(blanks, f"tall-{height * 10:.0f}")


def _pages(rows: int, height: float) -> int:
    return ceil(rows / (PAGE_BODY // height))


class TypedLine(NamedTuple):
    """One line of the grid, as typed."""

    came: str = ""
    went: str = ""
    taker: str = ""


class GridReading(NamedTuple):
    """What the lines say, by their keys, and the sentence for each that says nothing."""

    facts: dict[str, RollFacts]
    faults: dict[str, Refused]


def read(lines: Mapping[str, TypedLine], span: Span) -> GridReading:
    """Times as one types them fast, in the order of the sheet.

    `1605`, `16:05`, `4.05` are times, the last one the nearest to the activity; `=` or `"`
    is the last time above; 事 or 病 (`s`, `b`) under 到 is leave; nothing is absent.
    """
    reading = GridReading({}, {})
    above: Above = [None, None]
    for key, typed in lines.items():
        try:
            reading.facts[key] = _line(typed, above, span)
        except Refused as fault:
            reading.faults[key] = fault
    return reading


def _line(typed: TypedLine, above: Above, span: Span) -> RollFacts:
    came, went = _plain(typed.came), _plain(typed.went)
    if came in LEAVE_WORDS:
        if went:
            raise Refused("請假的孩子不用填走的時間。")
        return RollFacts(leave=LEAVE_WORDS[came])
    facts = RollFacts(_moment(came, above[0], span), _moment(went, above[1], span))
    above[:] = [facts.came_at or above[0], facts.went_at or above[1]]
    return facts


def _plain(text: str) -> str:
    """The text without spaces, in half-width and small letters."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _moment(text: str, above: datetime | None, span: Span) -> datetime | None:
    if not text:
        return None
    if text in DITTO:
        if above is None:
            raise Refused("上面還沒有時間，請先填一個，例如 1605。")
        return above
    return _time(text, span)


def _time(text: str, span: Span) -> datetime:
    found = TIME.fullmatch(text)
    hour, minute = (int(part) for part in found.groups()) if found else (99, 99)
    if hour > 23 or minute > 59:
        raise Refused("看不懂「{text}」。時間填 1605，請假填「事」或「病」。", text=text)
    hours = [hour, hour + 12] if 0 < hour < 12 else [hour]
    day = span.starts.date()
    moments = [datetime.combine(day, time(each, minute)) for each in hours]
    nearest = min(moments, key=lambda moment: _apart(moment, span))
    if _apart(nearest, span) > FURTHEST_OFF:
        raise Refused("{time:%H:%M} 離活動的時間太遠，請核對。", time=nearest)
    return nearest


def _apart(moment: datetime, span: Span) -> timedelta:
    return max(span.starts - moment, moment - span.ends, timedelta())


class Taker(NamedTuple):
    """How a child went home, as a row of the roll keeps it."""

    way: Way = Way.UNKNOWN
    person: str = ""


def taker_of(text: str, people: Iterable[str], open_ways: Collection[Way]) -> Taker:
    """Who is meant: one of the child's list by name, by relation or by both, a way without
    anybody that is open to it, or somebody else in the words of the paper.

    Refuses what could be two of the list.
    """
    plain = _plain(text)
    way = WAY_WORDS.get(plain)
    if way and way in open_ways:
        return Taker(way)
    found = [
        person
        for person in people
        if plain in (_plain(person), *map(_plain, person.split()))
    ]
    if len(found) > 1:
        raise Refused(
            "「{text}」不止一人：{who}。請寫姓名。", text=text, who="、".join(found)
        )
    return Taker(Way.COLLECTOR, found[0]) if found else Taker(Way.OTHER, text)


class KnownRow(NamedTuple):
    """What a row of the roll says before the paper comes. `fixed` are the facts that were
    tapped on a device, entered ahead or corrected: all that did not come from paper."""

    facts: RollFacts = RollFacts()
    fixed: frozenset[str] = frozenset()

    @property
    def from_paper(self) -> RollFacts:
        """What was entered from paper before, and can be typed over."""
        return self.facts._replace(
            **{name: RollFacts()._asdict()[name] for name in self.fixed}
        )


ADVICE = "記得對的，請清空這一格；紙上對的，請先在簽到表上撤銷，或關閉活動以後更正。"
OTHER_TIME = {
    "came_at": f"已記簽到 {{known:%H:%M}}，紙上是 {{paper:%H:%M}}，不直接改寫。{ADVICE}",
    "went_at": f"已記簽退 {{known:%H:%M}}，紙上是 {{paper:%H:%M}}，不直接改寫。{ADVICE}",
}


def settled(
    known: KnownRow, paper: RollFacts, at: datetime, *, corrects: bool
) -> RollFacts:
    """What the row says afterwards. An empty cell keeps what did not come from paper.

    Refuses another time than the one that was tapped, unless it `corrects` a closed roll;
    an arrival takes the place of a leave, as a tap does.
    """
    came, went = (_fact(name, known, paper, corrects) for name in OTHER_TIME)
    leave = known.facts.leave if "leave" in known.fixed else ""
    if paper.leave:
        if not corrects:
            _check_leave(known, paper.leave)
        came, went, leave = None, None, paper.leave
    elif came:
        leave = ""
    if came and went and _same_minute(came, went):
        went = max(came, went)
    facts = RollFacts(came, went, leave)
    check_possible(facts, at)
    return facts


def _fact(name: str, known: KnownRow, paper: RollFacts, corrects: bool) -> datetime | None:
    before: datetime | None = getattr(known.facts, name)
    said: datetime | None = getattr(paper, name)
    fixed = name in known.fixed
    if said is None:
        return before if fixed else None
    if before and _same_minute(before, said):
        return before  # with its seconds
    if fixed and not corrects:
        raise Refused(OTHER_TIME[name], known=before, paper=said)
    return said


def _same_minute(one: datetime, other: datetime) -> bool:
    return f"{one:%H:%M}" == f"{other:%H:%M}"


def _check_leave(known: KnownRow, leave: str) -> None:
    if "came_at" in known.fixed:
        raise Refused(
            "已經記了 {time:%H:%M} 簽到，紙上是請假。請核對，記錯了的請先在簽到表上撤銷。",
            time=known.facts.came_at,
        )
    if "leave" in known.fixed and known.facts.leave != leave:
        raise Refused("已經登記的請假和紙上的不一樣（事假、病假），請清空這一格。")


def check_taker(text: str, facts: RollFacts, known: KnownRow, told: str) -> None:
    """Refuses somebody who took a child that did not go, and another than was `told` where
    the child was signed out on a device."""
    if not facts.went_at:
        raise Refused("寫了「{text}」接走，請填走的時間。", text=text)
    if told and "went_at" in known.fixed:
        raise Refused(
            "簽退時已經記了「{told}」，和紙上的「{text}」不一樣，不直接改寫。"
            "記得對的，請清空這一格；紙上對的，請先在簽到表上撤銷。",
            told=told,
            text=text,
        )


def check_in_charge(by: Actor, duty: Collection[int]) -> None:
    if not in_charge(by, duty):
        raise NotAllowed("只有這次活動的值班教師和辦公室可以按紙本補錄。")


def check_may_enter(by: Actor, held: ClosingFacts, at: datetime) -> None:
    """On the day of the activity or within 60 days after; a closed roll by those who may
    correct it. Refuses what was cancelled, or is still to come."""
    check_in_charge(by, held.duty)
    if held.cancelled_at:
        raise Refused("這次活動已取消，不能補錄。")
    if held.starts.date() > at.date():
        raise Refused("這次活動還沒有到，不能補錄。")
    if held.starts < at - ENTERED_WITHIN:
        raise Refused("這次活動已經過了 {days} 天，不能再補錄。", days=ENTERED_WITHIN.days)
    if held.closed_at:
        check_may_correct(by, held.duty, held.closed_at, at)


def may_enter(by: Actor, held: ClosingFacts, at: datetime) -> bool:
    """Whether to offer the entering of paper: what `check_may_enter` would let pass."""
    of_age = at - ENTERED_WITHIN <= held.starts and held.starts.date() <= at.date()
    if not of_age or held.cancelled_at or not in_charge(by, held.duty):
        return False
    return held.closed_at is None or may_correct(by, held.duty, held.closed_at, at)


def check_something(facts: Iterable[RollFacts]) -> None:
    """An empty grid would make a whole roll absent."""
    if not any(map(any, facts)):
        raise Refused("一行也沒有填，沒有保存。活動沒有舉行的，請補記取消。")


class Faulty(Refused):
    """Nothing was saved: a sentence for each line at fault, by its key."""

    status = 422

    def __init__(self, faults: Mapping[str, Refused]) -> None:
        super().__init__("有 {n} 行要修改，什麼都還沒有保存。", n=len(faults))
        self.faults = faults
