"""A call home: whom it may reach, how it ends, until when a tap can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.children.rules.register import ChildFields
from liushou_web.refusal import NotAllowed, Refused

UNDO_WITHIN = timedelta(minutes=5)
LONGEST_CALL = timedelta(hours=3)  # a longer call is one that nobody ended
# Parents who are away call at least weekly: art. 23 of the law.
LONGEST_SILENCE = timedelta(days=7)


class Way(StrEnum):
    PHONE = "phone"
    VIDEO = "video"

    @property
    def label(self) -> str:
        return WAY_LABELS[self]


WAY_LABELS = {Way.PHONE: "電話", Way.VIDEO: "視頻"}


class Result(StrEnum):
    """How an attempt ended. Only `CONNECTED` is a call; every one is an attempt."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    OUT_OF_ORDER = "out_of_order"
    UNKNOWN = "unknown"  # told on a later day, when nobody remembers

    @property
    def label(self) -> str:
        return RESULT_LABELS[self]


RESULT_LABELS = {
    Result.CONNECTED: "接通",
    Result.NO_ANSWER: "未接",
    Result.BUSY: "忙",
    Result.OUT_OF_ORDER: "停用",
    Result.UNKNOWN: "不清楚",
}
TAPPED_RESULTS = tuple(result for result in Result if result is not Result.UNKNOWN)


class Feeling(StrEnum):
    """How the child felt afterwards, by one of three faces; never what was said."""

    HAPPY = "happy"
    CALM = "calm"
    SAD = "sad"

    @property
    def label(self) -> str:
        return FEELING_LABELS[self]


FEELING_LABELS = {Feeling.HAPPY: "高興", Feeling.CALM: "平靜", Feeling.SAD: "難過"}
CONTACT_LABELS = {"mother": "媽媽", "father": "爸爸", "carer": "監護人"}


class Contact(NamedTuple):
    """Somebody in a child's file who can be called; `relation` as typed, of a carer."""

    key: str
    name: str
    phone: str
    relation: str = ""

    @property
    def label(self) -> str:
        return CONTACT_LABELS[self.key]


def contacts_of(file: ChildFields) -> list[Contact]:
    """Mother, father and carer, as far as the file knows a name or a number."""
    known = (
        Contact("mother", file.mother_name, file.mother_phone),
        Contact("father", file.father_name, file.father_phone),
        Contact("carer", file.carer_name, file.carer_phone, file.carer_relation),
    )
    return [contact for contact in known if contact.name or contact.phone]


def check_reachable(contact: Contact, way: str) -> None:
    """Refuses a telephone for somebody without a number; a video call needs none."""
    if way == Way.PHONE and not contact.phone:
        raise Refused("檔案裏沒有這位家人的電話號碼，不能用電話打。")


def minutes(started_at: datetime, ended_at: datetime | None) -> int | None:
    """How many minutes lie between the times as they are written, so that the paper adds
    up."""
    if ended_at is None:
        return None
    last, first = (moment.replace(second=0) for moment in (ended_at, started_at))
    return int((last - first).total_seconds()) // 60


def suggested_end(started_at: datetime, slot_minutes: int) -> datetime:
    """When a call that nobody ended may have ended: offered, never written by itself."""
    return started_at + timedelta(minutes=slot_minutes)


def is_over_time(started_at: datetime, slot_minutes: int, at: datetime) -> bool:
    """Whether the call has outlasted its slot."""
    return at >= suggested_end(started_at, slot_minutes)


def is_forgotten(started_at: datetime, at: datetime) -> bool:
    """Whether it began on an earlier day, or longer ago than any call lasts: now is not
    when it ended."""
    return at.date() != started_at.date() or at - started_at > LONGEST_CALL


def check_not_forgotten(started_at: datetime, at: datetime) -> None:
    """Refuses to end a call now that ended long ago."""
    if is_forgotten(started_at, at):
        raise Refused("這次通話早就結束了，現在不是它的結束時間。請補記結束時間。")


def check_end(started_at: datetime, ended_at: datetime | None, at: datetime) -> None:
    """Refuses an end before the start, one that has yet to come, and one too late."""
    if ended_at is None:
        return
    if ended_at.replace(second=0) < started_at.replace(second=0):
        raise Refused("結束時間不能早於開始時間 {at}。", at=f"{started_at:%H:%M}")
    if ended_at > at:
        raise Refused("結束時間還沒有到，請核對。")
    if ended_at - started_at > LONGEST_CALL:
        hours = LONGEST_CALL // timedelta(hours=1)
        raise Refused("一次通話不會超過 {hours} 小時，請核對結束時間。", hours=hours)


def may_undo(moment: datetime | None, at: datetime) -> bool:
    """Whether what was tapped at that moment can still be taken back."""
    return moment is not None and at - moment <= UNDO_WITHIN


def check_undo(moment: datetime | None, at: datetime) -> None:
    """Refuses to take back what was tapped too long ago."""
    if not may_undo(moment, at):
        n = UNDO_WITHIN // timedelta(minutes=1)
        raise Refused("過了 {n} 分鐘，不能再撤銷。記錯了請用「更正」。", n=n)


def check_may_correct(by: Actor, started_at: datetime, at: datetime) -> None:
    """Refuses a correction on a later day, unless it is the office that corrects."""
    if started_at.date() != at.date() and Role.OFFICE not in by.roles:
        raise NotAllowed("過了當天，只有辦公室可以更正通話記錄。")


class CallSums(NamedTuple):
    """Attempts, those that were answered, and the minutes that these took together."""

    attempts: int
    connected: int
    minutes: int


def sums(calls: Iterable[tuple[str, int | None]]) -> CallSums:
    """Adds up results and minutes; a call still open counts for nothing."""
    over = [(result, minutes) for result, minutes in calls if result]
    talked = [minutes or 0 for result, minutes in over if result == Result.CONNECTED]
    return CallSums(len(over), len(talked), sum(talked))
