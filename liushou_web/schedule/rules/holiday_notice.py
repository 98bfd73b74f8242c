"""Reads the State Council's yearly notice of holidays, in either script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from liushou_web.refusal import Refused

from .calendar import LONGEST_HOLIDAY, ONE_DAY, SATURDAY, Bounds, stood_for

WEEKDAYS = "一二三四五六日"
HEADING_YEAR = re.compile(r"(20\d\d)\s*年(?!\s*\d)")  # 關於2027年…, no date's year
ANY_YEAR = re.compile(r"(20\d\d)\s*年")
SENTENCE = re.compile(r"[^。；;\n]+")
ITEM = re.compile(
    r"^\((?:[一二三四五六七八九十]+|\d+)\)|^(?:[一二三四五六七八九十]+|\d+)[、.](?=\D)"
)
HEADING = re.compile(r"^([^:,\d]{1,16}):(?=.*\d)")
DATED = re.compile(
    r"^(?!20\d\d年\d+月\d+日$).*\d\s*[月./-]\s*\d"
)  # not the signature's date
TOKEN = re.compile(
    r"(?:(?P<year>20\d\d)\s*年\s*)?(?:(?P<month>\d{1,2})\s*月\s*)?(?P<day>\d{1,2})\s*[日号號]"
    r"(?:\s*\([^()]{0,20}?(?:周|週|星期)(?P<said>[一二三四五六日天])[^()]{0,20}\))?"
    r"|(?P<to>[至到~—–-])"
    r"|(?P<weekend>[与與和](?:周末|週末|双休日|雙休日)[连連]休)"
    r"|(?P<off>放假|[补補连連]休|(?=[共计計]\s*\d))(?:[共计計]*\s*(?P<count>\d+)\s*天)?"
    r"|(?P<on>上班|上[课課]|[补補][班课課])"
    r"|(?P<urge>鼓[励勵]|倡[导導])"
)
NAMES = {
    "元旦": "元旦", "春节": "春節", "清明": "清明節", "劳动": "勞動節", "勞動": "勞動節",
    "五一": "勞動節", "端午": "端午節", "中秋": "中秋節", "国庆": "國慶節",
    "國慶": "國慶節", "春節": "春節",
}  # fmt: skip
NAME = re.compile("|".join(NAMES))


class Closed(NamedTuple):
    name: str
    days: Bounds


class Worked(NamedTuple):
    """A make-up day, and the closed day whose plan it most likely follows."""

    name: str
    day: date
    follows: date | None


class Unread(NamedTuple):
    """A sentence that was not used, or not wholly; `dated` ones deserve a look."""

    text: str
    dated: bool


class Notice(NamedTuple):
    """What was understood, and everything that was not."""

    year: int
    closed: tuple[Closed, ...]
    worked: tuple[Worked, ...]
    doubts: tuple[Refused, ...]
    unread: tuple[Unread, ...]


def read(text: str, year: int | None = None) -> Notice:
    """What the notice says; `year` counts only where the notice names none.

    Every sentence ends up as days or as unread. Refuses a text from which nothing can be
    read, and one whose year nobody tells.
    """
    found = HEADING_YEAR.search(text) or ANY_YEAR.search(text)
    year = int(found[1]) if found else year
    if year is None:
        raise Refused("通知裏沒有寫年份，請在「年份」一欄填寫。")
    notice = _read(SENTENCE.findall(text), year)
    if not notice.closed and not notice.worked:
        raise Refused("沒有讀出放假的日子。請貼上通知的正文，或用「添加放假」逐條填寫。")
    return notice


def _read(sentences: Sequence[str], year: int) -> Notice:
    items = [_Item("")]
    doubts: list[Refused] = []
    unread: list[Unread] = []
    for text in filter(str.strip, sentences):
        plain = unicodedata.normalize("NFKC", text).strip()
        if (name := _name(plain)) and name != items[-1].name:
            items.append(_Item(name))
        sentence = _Sentence(year, items[-1].name).read(plain)
        items[-1].closed += sentence.closed
        items[-1].worked += sentence.worked
        doubts += sentence.doubts
        if not sentence.understood:
            unread.append(Unread(text.strip(), bool(DATED.search(plain))))
    closed = [Closed(item.name, days) for item in items for days in item.stretches()]
    worked = [each for item in items for each in item.make_ups()]
    return Notice(year, tuple(closed), tuple(worked), tuple(doubts), tuple(unread))


def _name(plain: str) -> str:
    """The holiday named before a sentence's first date; '' where it goes on as before."""
    bare = ITEM.sub("", plain).strip()
    known = [NAMES[word] for word in NAME.findall(re.split(r"\d", bare)[0])]
    if known:
        return "、".join(dict.fromkeys(known))
    heading = HEADING.match(bare)
    return heading[1].strip() if heading else ""


@dataclass
class _Item:
    """One holiday of the notice."""

    name: str
    closed: list[Bounds] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)

    def days(self) -> list[date]:
        return sorted({day for stretch in self.closed for day in stretch.days()})

    def stretches(self) -> list[Bounds]:
        """Days that touch become one stretch."""
        joined: list[Bounds] = []
        for day in self.days():
            if joined and joined[-1].last_day + ONE_DAY == day:
                joined[-1] = Bounds(joined[-1].first_day, day)
            else:
                joined.append(Bounds(day, day))
        return joined

    def make_ups(self) -> list[Worked]:
        follows = stood_for(self.days(), len(self.worked))
        return [Worked(self.name, *pair) for pair in zip(self.worked, follows, strict=True)]


@dataclass
class _Sentence:
    """Dates are collected until a verb says what becomes of them."""

    year: int
    name: str
    closed: list[Bounds] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    doubts: list[Refused] = field(default_factory=list)
    pending: list[Bounds] = field(default_factory=list)
    last: date | None = None
    joining: bool = False
    understood: bool = True

    def read(self, plain: str) -> _Sentence:
        for token in TOKEN.finditer(plain):
            if token["urge"]:  # what follows is advice, not a holiday
                self.understood = False
                break
            self._take(token)
        if self.pending or not (self.closed or self.worked):
            self.understood = False
        return self

    def _take(self, token: re.Match[str]) -> None:
        if token["day"]:
            self._date(token)
        elif token["to"]:
            self.joining = bool(self.pending)
        elif token["weekend"]:
            self._close()
            self.closed[-1:] = [days.with_weekend() for days in self.closed[-1:]]
        elif token["on"]:
            self._work()
        else:
            self._close()
            self._check_count(token["count"])

    def _date(self, token: re.Match[str]) -> None:
        try:
            day = self._resolved(token["year"], token["month"], int(token["day"]))
        except ValueError:
            self.understood = False
            return
        self._check_weekday(day, token["said"])
        if self.joining:
            self._join(day)
        else:
            self.pending.append(Bounds(day, day))
        self.last = day

    def _resolved(self, year: str | None, month: str | None, day: int) -> date:
        """Month and year go on from the date before; December's New Year is last year's."""
        if self.last is None and month is None:
            raise ValueError
        before = self.last or date(self.year, int(month or 1), 1)
        number = int(month or before.month)
        if year:
            return date(int(year), number, day)
        if self.last is None:
            return date(self.year - ("元旦" in self.name and number == 12), number, day)
        return date(before.year + (before.month == 12 and number == 1), number, day)

    def _check_weekday(self, day: date, said: str | None) -> None:
        real = WEEKDAYS[day.weekday()]
        if said and said.replace("天", "日") != real:
            self.doubts.append(
                Refused(
                    "通知寫 {day} 是星期{said}，日曆上是星期{real}，請核對年份。",
                    day=day,
                    said=said,
                    real=real,
                )
            )

    def _join(self, day: date) -> None:
        first = self.pending[-1].first_day
        self.joining = False
        if 0 <= (day - first).days < LONGEST_HOLIDAY:  # longer is a misreading
            self.pending[-1] = Bounds(first, day)
        else:
            self.understood = False
            self.pending.pop()

    def _close(self) -> None:
        self.closed += self.pending
        self.pending.clear()

    def _work(self) -> None:
        """Only weekends are worked in exchange; 「8日起正常上班」 is no make-up day."""
        days = [day for stretch in self.pending for day in stretch.days()]
        self.worked += [day for day in days if day.weekday() >= SATURDAY]
        self.understood &= all(day.weekday() >= SATURDAY for day in days)
        self.pending.clear()

    def _check_count(self, count: str | None) -> None:
        counted = sum(len(stretch.days()) for stretch in self.closed)
        if count and int(count) != counted:
            self.doubts.append(
                Refused(
                    "「{name}」：通知寫共 {said} 天，這裏讀出 {counted} 天，請核對。",
                    name=self.name,
                    said=count,
                    counted=counted,
                )
            )
