"""Who may collect a child, which ways home are open to it on a day, in which words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import SHORTEST_REASON, Refused
from liushou_web.school.rules.trail import differences

from .names import tidy_name
from .register import tidy_phone


class Way(StrEnum):
    """How a child goes home. Empty: not told, or to be chosen each time."""

    UNKNOWN = ""
    COLLECTOR = "collector"
    ALONE = "alone"
    BUS = "bus"
    DORMITORY = "dormitory"
    OTHER = "other"  # with somebody who is not on the child's list


WAY_LABELS = {Way.ALONE: "自行回家", Way.BUS: "坐校車", Way.DORMITORY: "回宿舍"}
TO_CHOOSE = "接的人：請選擇"
ID = re.compile("[1-9][0-9]{0,8}")

NO_WAY = "{name}沒有固定的回家方式。請刷新頁面，選擇誰來接。"
MAY_NOT = "「{person}」現在不能接{name}。請刷新頁面，看名單上誰可以接。"
NOT_LISTED = "這個人不在{name}的名單上。請刷新頁面，重新選擇。"
NO_CONSENT = "沒有監護人同意的記錄，{name}不能自行回家。"
NOT_BOARDING = "{name}不住校，不能回宿舍。"


class WayInWords(NamedTuple):
    """A way home in words: the person as typed, then words of ours."""

    person: str
    words: str


def in_words(way: str, person: str = "") -> WayInWords:
    """'爺爺 王大山' '接'; '自行回家'; nothing where nothing is known."""
    if way == Way.COLLECTOR:
        return WayInWords(person, "接")
    if way == Way.OTHER:
        return WayInWords(person, "接走，不在名單上")
    return WayInWords("", WAY_LABELS.get(Way(way), ""))


def called(relation: str, name: str) -> str:
    """'爺爺 王大山', or the name alone."""
    return f"{relation} {name}".strip()


class Stay(NamedTuple):
    """From when to when somebody is on the list; ended at once, if something happened."""

    first_day: date
    last_day: date | None
    ended_at: datetime | None

    def holds(self, day: date) -> bool:
        """Both days included. One that was ended holds on no day any more."""
        over = self.last_day is not None and self.last_day < day
        return self.ended_at is None and self.first_day <= day and not over

    def is_over(self, day: date) -> bool:
        """Ended, or past; not one that is yet to begin."""
        return not self.holds(max(day, self.first_day))


class HomeChoice(NamedTuple):
    """What is chosen at the door: a way, and which person of the list."""

    way: Way
    collector_id: int | None = None

    def __str__(self) -> str:
        """As forms carry it: '12', 'alone', or nothing."""
        return str(self.collector_id or self.way)


def choice(text: str) -> HomeChoice:
    """What a form carries. Refuses what no form of ours does."""
    if ID.fullmatch(text):
        return HomeChoice(Way.COLLECTOR, int(text))
    if text in WAY_LABELS or not text:
        return HomeChoice(Way(text))
    raise Refused("請選擇怎麼回家。")


def usual(way: str, collector_id: int | None, boards: bool) -> str:
    """The usual way as a tap carries it; nothing where it is not open any more.

    `collector_id` is that of a person who may collect on the day. That there is a consent
    to going alone is promised by the table.
    """
    if way == Way.COLLECTOR:
        return str(collector_id or "")
    return "" if way == Way.DORMITORY and not boards else way


class ChildFacts(NamedTuple):
    """What the register says of a child, where a way home is to be judged."""

    boards: bool
    consent: bool  # that it may go alone


def is_open(wanted: HomeChoice, facts: ChildFacts, stay: Stay | None, day: date) -> bool:
    """Whether this child may go this way on the day; `stay` is that of the person."""
    if wanted.way is Way.COLLECTOR:
        return stay is not None and stay.holds(day)
    if wanted.way is Way.ALONE:
        return facts.consent
    return wanted.way is Way.BUS or (wanted.way is Way.DORMITORY and facts.boards)


def check_open(
    wanted: HomeChoice,
    facts: ChildFacts,
    stay: Stay | None,
    day: date,
    *,
    name: str,
    person: str,
) -> None:
    """Refuses a way that is not open, and says why. `name` is the child's."""
    if is_open(wanted, facts, stay, day):
        return
    if wanted.way is Way.COLLECTOR:
        raise Refused(MAY_NOT if stay else NOT_LISTED, name=name, person=person)
    refusals = {Way.ALONE: NO_CONSENT, Way.DORMITORY: NOT_BOARDING}
    raise Refused(refusals.get(wanted.way, NO_WAY), name=name)


@dataclass(frozen=True)
class CollectorFields:
    """What is kept of a person who may collect a child."""

    name: str
    relation: str
    phone: str
    guardian: bool
    first_day: date
    last_day: date | None = None


FIELD_LABELS = {
    "name": "姓名",
    "relation": "與學生關係",
    "phone": "電話",
    "guardian": "監護人",
    "first_day": "從哪天起",
    "last_day": "到哪天止",
}


def tidied(fields: CollectorFields) -> CollectorFields:
    """Names and phones as the register keeps them. Refuses a nameless person, a phone that
    cannot be dialled, and days in the wrong order."""
    name = tidy_name(fields.name)
    if not name:
        raise Refused("請填寫接的人的姓名。")
    if fields.last_day and fields.last_day < fields.first_day:
        raise Refused("最後一天不能早於第一天。")
    return replace(fields, name=name, phone=tidy_phone(fields.phone))


def changes(old: CollectorFields, new: CollectorFields) -> str:
    """What is not the same, for the trail: '電話：138… → 139…'; nothing if nothing."""
    return differences(
        (label, getattr(old, field), getattr(new, field))
        for field, label in FIELD_LABELS.items()
    )


def check_consent(way: Way, by: str, on: date | None, today: date) -> None:
    """Who agreed and when belong together; going alone needs both."""
    if way is Way.ALONE and not (by and on):
        raise Refused("自行回家要有監護人同意：請填寫誰同意、哪天同意的。")
    if bool(by) != bool(on):
        raise Refused("請把誰同意、哪天同意都填上；沒有同意的，兩項都留空。")
    if on and on > today:
        raise Refused("同意的日期在今天以後，請核對。")


def check_resuming(ended_at: datetime, today: date) -> None:
    """Only on the day that it was ended: later, others rely on it."""
    if ended_at.date() < today:
        raise Refused("不是今天停用的，不能恢復。請重新添加。")


class Release(NamedTuple):
    """A child is let go with somebody who is not on its list."""

    name: str
    relation: str
    reason: str
    teacher_id: int

    @property
    def person(self) -> str:
        return called(self.relation, self.name)


def check_release(release: Release, teachers: Collection[int]) -> None:
    if not release.name:
        raise Refused("請填寫接的人的姓名。")
    if len(release.reason) < SHORTEST_REASON:
        raise Refused("請寫明原因，至少 {n} 個字。", n=SHORTEST_REASON)
    if release.teacher_id not in teachers:
        raise Refused("請選擇放行的老師。")
