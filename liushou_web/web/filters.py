"""Jinja filters: dates, weekdays, times, masked phones, as the school writes them."""

from collections.abc import Iterable
from datetime import date, datetime, time

from flask import Flask

from .zh import said

WEEKDAYS = "一二三四五六日"


def full_date(day: date) -> str:
    """'2026年11月23日'"""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date) -> str:
    """'11月23日'"""
    return f"{day.month}月{day.day}日"


def short_dates(days: Iterable[date]) -> str:
    """'11月19日、11月23日'"""
    return "、".join(map(short_date, days))


def days_of(first: date, last: date) -> str:
    """'11月23日 週一', or '11月23日–11月25日' where there are several."""
    if first == last:
        return f"{short_date(first)} {said(week_name(first))}"
    return f"{short_date(first)}–{short_date(last)}"


def weekday(day: date | int) -> str:
    """'星期一', from a date or from 0 for Monday."""
    return f"星期{WEEKDAYS[day if isinstance(day, int) else day.weekday()]}"


def week_name(day: date | int) -> str:
    """'週一', from a date or from 0 for Monday."""
    return f"週{WEEKDAYS[day if isinstance(day, int) else day.weekday()]}"


def hhmm(moment: datetime | time | None) -> str:
    """'16:30', or nothing."""
    return f"{moment:%H:%M}" if moment else ""


def moment(at: datetime | None) -> str:
    """'2026-11-23 16:30', or nothing."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def masked(phone: str) -> str:
    """'138****4321': enough to recognise a number, not to dial it."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****" if phone else ""


NAMES = (
    full_date,
    short_date,
    short_dates,
    days_of,
    weekday,
    week_name,
    hhmm,
    moment,
    masked,
)


def init_app(app: Flask) -> None:
    for name in NAMES:
        app.jinja_env.filters[name.__name__] = name
