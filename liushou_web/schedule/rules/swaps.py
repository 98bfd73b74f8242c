"""Handing a duty to a colleague: when it may be asked, answered, and what then holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from liushou_web.refusal import Refused

from .holds import Hold


class Answer(StrEnum):
    """What was said to a request; nothing yet is ''."""

    NONE = ""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SwapState(StrEnum):
    """How a request stands at a moment."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    SwapState.WAITING: "等待答覆",
    SwapState.ACCEPTED: "已接受",
    SwapState.DECLINED: "已謝絕",
    SwapState.WITHDRAWN: "已撤回",
    SwapState.LAPSED: "已過期",
}


class Duty(NamedTuple):
    """One activity and who is on duty there, as far as a swap is concerned."""

    starts: datetime
    cancelled_at: datetime | None
    on_duty: frozenset[int]


def state(
    answer: str,
    starts: datetime,
    cancelled_at: datetime | None,
    still_on_duty: bool,
    at: datetime,
) -> SwapState:
    """A request without an answer lapses when the activity begins or is cancelled, or
    when the asker is no longer on duty there."""
    if answer:
        return SwapState(answer)
    alive = starts > at and not cancelled_at and still_on_duty
    return SwapState.WAITING if alive else SwapState.LAPSED


def check_can_hand_over(person: int, duty: Duty, at: datetime) -> None:
    """Refuses a duty that has begun, is cancelled, or is not the person's."""
    if duty.cancelled_at:
        raise Refused("這次活動已取消，不用再調換值班。")
    if duty.starts <= at:
        raise Refused("這次活動已經開始，不能再調換值班。請直接告訴留守兒童辦公室。")
    if person not in duty.on_duty:
        raise Refused("這次活動的值班教師已經不同了，不能調換。")


def check_can_take(person: int, name: str, duty: Duty, busy: Iterable[Hold]) -> None:
    """Refuses whoever is on duty there already, or elsewhere at that time."""
    if person in duty.on_duty:
        raise Refused("{name}本來就在這次活動值班，請另請一位老師。", name=name)
    for other in busy:
        raise Refused(
            "{name}那個時間（{time}）要在{room}值班，不能兼顧。",
            name=name,
            time=other.span,
            room=other.room,
        )


def check_only_one(waiting: bool) -> None:
    """Refuses a second request for a duty that somebody is asked to take already."""
    if waiting:
        raise Refused("這次值班已經請了一位老師，還在等答覆。要改請別人，請先撤回。")


def check_answer(now: str, wanted: Answer) -> bool:
    """Whether the answer is still to be given; given already, it stays. Refuses another."""
    if now == wanted:
        return False
    if now:
        raise Refused(GIVEN[Answer(now)])
    return True


GIVEN = {
    Answer.ACCEPTED: "這個請求已經被接受，值班已經換了。",
    Answer.DECLINED: "這個請求已經謝絕了。",
    Answer.WITHDRAWN: "這個請求已經被撤回。",
}


class HandedOver(Refused):
    """A duty went to somebody else while the form was open; `count` is how many have."""

    def __init__(self, count: int, gave: str, took: str) -> None:
        sentence = "您打開這一頁以後，{gave}的值班改由{took}。請核對值班教師，再保存。"
        super().__init__(sentence, gave=gave, took=took)
        self.count = count


def check_none_since(seen: int | None, handed: Sequence[tuple[str, str]]) -> None:
    """Refuses to overwrite a swap that the planner has not seen. `handed` are all of them
    so far, (from, to); None was `seen` where nobody looked at a form."""
    if seen is not None and len(handed) > seen:
        raise HandedOver(len(handed), *handed[-1])


def with_swaps(
    planned: frozenset[int], swaps: Iterable[tuple[int, int]], now: frozenset[int]
) -> frozenset[int]:
    """The teachers of a plan for an activity on which duties were handed over.

    `swaps` are the accepted ones in order, (from, to); `now` who is on duty there now. A
    swap that no longer holds, because the office put somebody else, is not done again.
    """
    stands_for = {person: person for person in planned}
    for gave, took in swaps:
        for person, other in stands_for.items():
            if other == gave:
                stands_for[person] = took
    return frozenset(
        other if other in now - planned and person not in now else person
        for person, other in stands_for.items()
    )
