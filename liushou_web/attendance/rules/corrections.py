"""What may be corrected on a closed roll, by whom, and how each change is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.refusal import SHORTEST_REASON, NotAllowed, Refused

from .closing import in_charge
from .marks import LEAVE_LABELS

FIELD_LABELS = {"came_at": "簽到", "went_at": "簽退", "leave": "請假"}


class RollFacts(NamedTuple):
    """What a row of a roll says; none of it is 缺席."""

    came_at: datetime | None = None
    went_at: datetime | None = None
    leave: str = ""


class FactChange(NamedTuple):
    """One fact, before and after, as it is kept for ever."""

    field: str
    old: str
    new: str


def may_correct(
    by: Actor, duty: Collection[int], closed_at: datetime | None, at: datetime
) -> bool:
    """The office always, its duty teachers on the day of closing; never an open roll."""
    if closed_at is None or not in_charge(by, duty):
        return False
    return Role.OFFICE in by.roles or at.date() == closed_at.date()


def check_may_correct(
    by: Actor, duty: Collection[int], closed_at: datetime | None, at: datetime
) -> None:
    if closed_at is None:
        raise Refused("這次活動還沒有關閉，點錯了請直接撤銷。")
    if not may_correct(by, duty, closed_at, at):
        raise NotAllowed("活動關閉以後，當天由值班教師更正，過後請找辦公室。")


def check_facts(facts: RollFacts, reason: str, at: datetime) -> None:
    """Refuses what cannot be, and a bare reason."""
    check_possible(facts, at)
    if len(reason) < SHORTEST_REASON:
        raise Refused("請寫明更正的原因，至少 {n} 個字。", n=SHORTEST_REASON)


def check_possible(facts: RollFacts, at: datetime) -> None:
    """Refuses times that cannot be, and leave of a child who came."""
    if facts.came_at and facts.leave:
        raise Refused("來了的孩子不能記請假。請只填一項。")
    if facts.went_at and not facts.came_at:
        raise Refused("沒有簽到時間，不能有簽退時間。")
    if facts.came_at and facts.went_at and facts.went_at < facts.came_at:
        raise Refused("簽退時間不能早於簽到時間。")
    if any(moment and moment > at for moment in facts[:2]):
        raise Refused("這個時間還沒有到。")


def changes(old: RollFacts, new: RollFacts) -> list[FactChange]:
    """What differs; refuses when nothing does."""
    pairs = zip(RollFacts._fields, old, new, strict=True)
    found = [FactChange(name, _as_kept(a), _as_kept(b)) for name, a, b in pairs if a != b]
    if not found:
        raise Refused("內容沒有改動，不用更正。")
    return found


def _as_kept(fact: datetime | str | None) -> str:
    if isinstance(fact, datetime):
        return fact.isoformat(" ", "seconds")
    return fact or ""


def in_words(field: str, kept: str) -> str:
    """A kept fact in words: '16:02', '病假', or '無'."""
    if not kept:
        return "無"
    return (
        LEAVE_LABELS[kept] if field == "leave" else f"{datetime.fromisoformat(kept):%H:%M}"
    )
