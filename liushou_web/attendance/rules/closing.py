"""When a roll may be closed and by whom, what is overdue, and what was never taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from liushou_web.access import Role
from liushou_web.actor import Actor
from liushou_web.refusal import SHORTEST_REASON, NotAllowed, Refused

NEVER_TAKEN_WITHIN = timedelta(days=14)
DEFAULT_ITEMS = frozenset(
    {
        "門已關好",
        "窗戶已關好",
        "燈和風扇已關",
        "插座已斷電",
        "出口通道暢通",
        "滅火器在位",
        "飲水機已關",
        "急救箱齊全",
        "桌椅和地面已整理",
        "簽到簽退齊全",
    }
)  # in words of ours; those that the school adds are its own


class Check(NamedTuple):
    """How one thing in the room was found."""

    item_id: int
    ok: bool
    note: str = ""


class Closing(NamedTuple):
    """What the closing teacher says: the room, who locks up, why a child is not out."""

    checks: tuple[Check, ...] = ()
    locked_by: int | None = None
    note: str = ""
    reasons: Mapping[int, str] = {}  # by child id, for those still signed in


class ClosingFacts(NamedTuple):
    """The facts of an activity that decide whether it may be closed."""

    starts: datetime
    ends: datetime
    opened_at: datetime | None
    cancelled_at: datetime | None
    closed_at: datetime | None
    duty: frozenset[int]


def in_charge(by: Actor, duty: Collection[int]) -> bool:
    """The office, and the duty teachers of the activity; of one without any, every one."""
    on_duty = by.id in duty or not duty
    return Role.OFFICE in by.roles or (Role.DUTY in by.roles and on_duty)


def check_in_charge(by: Actor, duty: Collection[int]) -> None:
    if not in_charge(by, duty):
        raise NotAllowed("只有這次活動的值班教師和辦公室可以關閉活動。")


def check_not_closed(closed_at: datetime | None) -> None:
    """Refuses a tap on a closed roll: from then on it takes corrections only."""
    if closed_at:
        raise Refused("這次活動已經關閉，簽到表不能再點。記錯了請用「更正」。")


def is_overdue(ends: datetime, grace_minutes: int, at: datetime) -> bool:
    """The grace is inclusive, as it is for arrivals."""
    return at > ends + timedelta(minutes=grace_minutes)


def is_late(held: ClosingFacts, at: datetime) -> bool:
    """On a later day nobody can say any more how the room was found."""
    return at.date() > held.starts.date()


def check_closable(held: ClosingFacts, at: datetime) -> None:
    if held.cancelled_at:
        raise Refused("這次活動已取消，不用關閉。")
    if at < held.starts:
        raise Refused("這次活動還沒有開始，不能關閉。")
    if held.opened_at is None:
        raise Refused("這次活動還沒有點名，不能關閉。沒有舉行的請取消活動。")


def check_all_settled(
    still_here: Mapping[int, str], reasons: Mapping[int, str], *, overdue: bool
) -> None:
    """Every child is out, or the activity is overdue and its 未簽退 has a reason.

    `still_here` are the names of those signed in and not out, by child id.
    """
    if still_here and not overdue:
        raise Refused("還有 {n} 名學生沒有簽退，不能關閉。請先簽退。", n=len(still_here))
    for child_id, name in still_here.items():
        if len(reasons.get(child_id, "")) < SHORTEST_REASON:
            raise Refused(
                "{name}沒有簽退，請寫明原因，至少 {n} 個字。", name=name, n=SHORTEST_REASON
            )


def check_room(checks: Iterable[Check], items: Collection[int]) -> None:
    """Every item is looked at; one that is not in order says what is wrong."""
    found = {check.item_id: check for check in checks}
    if found.keys() != set(items):
        raise Refused("檢查清單剛才有改動，請再逐項檢查一次。")
    if any(not check.ok and not check.note for check in found.values()):
        raise Refused("沒有打勾的項目，請寫明情況。")


def check_locked(locked_by: int | None, teachers: Collection[int]) -> None:
    if locked_by not in teachers:
        raise Refused("請選擇誰鎖門。")
