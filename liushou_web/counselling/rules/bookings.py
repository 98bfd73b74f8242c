"""A request for the counsellor's time: what it is for, its states, and who may say what."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused

TAKEN = "這個時間已被佔用。"


class BookingKind(StrEnum):
    CHILD = "child"
    MEETING = "meeting"
    MAINTENANCE = "maintenance"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    BookingKind.CHILD: "個別輔導",
    BookingKind.MEETING: "會談、會議",
    BookingKind.MAINTENANCE: "整理、維修",
}
BLOCK_LABELS = {kind: KIND_LABELS[kind] for kind in list(BookingKind)[1:]}


class BookingState(StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    BookingState.WAITING: "待定",
    BookingState.BOOKED: "已定",
    BookingState.DONE: "完成",
    BookingState.MISSED: "未到",
    BookingState.CANCELLED: "取消",
}
OPEN = (BookingState.WAITING, BookingState.BOOKED)  # nothing is settled yet
STEPS = {
    BookingState.BOOKED: (BookingState.WAITING,),
    BookingState.DONE: OPEN,
    BookingState.MISSED: OPEN,
    BookingState.CANCELLED: OPEN,
}


class Channel(StrEnum):
    CHILD = "child"
    CLASS_TEACHER = "class_teacher"
    CARE_PARENT = "care_parent"
    CARER = "carer"

    @property
    def label(self) -> str:
        return CHANNEL_LABELS[self]


CHANNEL_LABELS = {
    Channel.CHILD: "孩子自己提出，老師代為預約",
    Channel.CLASS_TEACHER: "班主任提出",
    Channel.CARE_PARENT: "代管家長提出",
    Channel.CARER: "監護人來電提出",
}

WITHDRAWN = "withdrawn"
CANCEL_LABELS = {
    "child_away": "孩子不能來",
    "counsellor_away": "輔導老師有事",
    "not_needed": "不再需要",
    "mistake": "登記錯了",
    WITHDRAWN: "預約人撤回",
}


class Wish(NamedTuple):
    """What is asked for. Without a start the counsellor finds a time; without a child it
    is under an alias, or without any name."""

    counsellor_id: int
    starts: datetime | None = None
    child_id: int | None = None
    channel: str = ""
    urgent: bool = False


class Words(NamedTuple):
    """What only the counsellor reads."""

    alias: str = ""
    reason: str = ""


def to_seal(words: Words) -> str:
    """One text for one blob; empty where nothing was written."""
    return json.dumps(words, ensure_ascii=False) if any(words) else ""


def unsealed(text: str) -> Words:
    return Words(*json.loads(text))


def check_step(
    state: str, wanted: BookingState, starts: datetime | None, kind: str, at: datetime
) -> None:
    """Refuses a step that the booking's state or its time does not allow."""
    if state not in STEPS.get(wanted, ()):
        raise _settled(state)
    if wanted is BookingState.BOOKED and starts is None:
        raise Refused("還沒有時間，不能確認。請先安排時間。")
    if wanted in (BookingState.DONE, BookingState.MISSED):
        if starts is None or starts > at:
            raise Refused("時間還沒有到，不能登記結果。")
        if wanted is BookingState.MISSED and kind != BookingKind.CHILD:
            raise Refused("會議和整理沒有「未到」。可以登記完成或取消。")


def check_withdrawal(state: str, starts: datetime | None, at: datetime) -> None:
    """Refuses to take a request back that is settled, or whose time has come."""
    if state not in OPEN:
        raise Refused(
            "這次預約已是「{state}」，不能撤回。", state=BookingState(state).label
        )
    if starts is not None and starts <= at:
        raise Refused("這次輔導已經開始，不能撤回。")


def check_undo(state: str, before: str, shown: str) -> None:
    """Only the step that the page showed is undone, and only once."""
    if state != shown or not before:
        raise _settled(state)


def _settled(state: str) -> Refused:
    words = "這次預約已是「{state}」。請刷新頁面看最新的狀態。"
    return Refused(words, state=BookingState(state).label)
