"""Duties handed over in the invented school: one in its first weeks, one still asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from liushou_web.actor import Actor
from liushou_web.schedule.rules.calendar import ONE_DAY
from liushou_web.schedule.store import swaps
from liushou_web.schema import Activity, Staff

ANSWERED_AFTER = timedelta(hours=3)


def hand_over(title: str, gives: str, takes: str, actor: Callable[[Staff], Actor]) -> None:
    """Hands over the third of these activities, two days before, as the two of these logins
    agree."""
    *_, third = _activities(title).limit(3)
    giver, taker = actor(_staff(gives)), actor(_staff(takes))
    asked = swaps.ask(
        third.id,
        taker.id or 0,
        words="那天要去縣裏開會。",
        by=giver,
        at=third.starts - 2 * ONE_DAY,
    )
    swaps.accept(asked.id, by=taker, at=third.starts - 2 * ONE_DAY + ANSWERED_AFTER)


def ask(
    title: str, gives: str, takes: str, now: datetime, actor: Callable[[Staff], Actor]
) -> None:
    """Asks for the next of these activities after tomorrow; nobody has answered yet."""
    coming = _activities(title).where(Activity.starts > now + ONE_DAY).first()
    if coming:
        swaps.ask(
            coming.id,
            _staff(takes).id,
            words="那天要帶孩子去縣醫院複查，請您代一次，謝謝！",
            by=actor(_staff(gives)),
            at=now,
        )


def _activities(title: str) -> Any:
    """The activities of this title that are held, by time."""
    return (
        Activity.select()
        .where(Activity.title == title, Activity.cancelled_at.is_null())
        .order_by(Activity.starts)
    )


def _staff(login: str) -> Staff:
    return Staff.get(Staff.login == login)
