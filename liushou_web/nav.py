"""The menu: two levels, and each reader sees only what is theirs."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flask import Flask, request, url_for

from liushou_web.access import Role
from liushou_web.school.auth import my_roles, roles_of_view

SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("今日", (("今日", "home.today"),)),
    ("在場", (("在場名單", "presence.index"),)),
    (
        "日程",
        (
            ("本週", "schedule.week"),
            ("我的值班", "schedule.mine"),
            ("值班統計", "duty_counts.index"),
            ("固定開放", "slots.index"),
            ("房間", "rooms.index"),
            ("校曆", "calendar.index"),
            ("停電包", "paper.index"),
        ),
    ),
    (
        "學生",
        (
            ("名單", "children.index"),
            ("請假", "leave.index"),
            ("名單外接走", "released.index"),
            ("名卡", "cards.index"),
            ("班級", "classes.index"),
            ("導入名冊", "imports.begin"),
        ),
    ),
    (
        "輔導",
        (
            ("我的安排", "counselling_desk.week"),
            ("預約", "counselling.mine"),
            ("輔導室日曆", "counselling_calendar.week"),
            ("輔導記錄", "notes.index"),
            ("轉介", "notes.referrals"),
            ("輔導時間", "counselling_hours.index"),
            ("輔導統計", "counselling_counts.index"),
            ("口令與恢復碼", "vaults.index"),
            ("誰打開過", "vaults.opened"),
            ("緊急打開", "glass.begin"),
            ("代為交接", "glass.hand_over"),
        ),
    ),
    (
        "電話",
        (
            ("打電話", "calls.index"),
            ("本月未通話", "call_lists.index"),
            ("使用記錄", "call_register.index"),
            ("電話和開放時間", "phones.index"),
        ),
    ),
    ("考勤表", (("周考勤表", "reports.week"),)),
    (
        "管理",
        (
            ("賬號", "staff.index"),
            ("學校設置", "settings.index"),
            ("房間檢查", "check_items.index"),
            ("操作記錄", "trail.index"),
            ("備份", "backups.index"),
            ("自檢", "check.index"),
        ),
    ),
    ("說明", (("使用說明", "help.index"), ("角色與權限", "staff.roles"))),
)

# Features without a place of their own in the menu.
ON_THE_ROLL = ("attendance", "scanning", "picking", "closing")
WITHIN = {
    "activities": "schedule",
    "collecting": "children",
    "frozen": "reports",
    "swaps": "schedule",
    "unlocking": "notes",
    "handover": "vaults",
    "counselling_series": "counselling_desk",
    "call_wishes": "calls",
}


# On a phone: the first three places of the bar, for the first of these roles that one has.
BARS: tuple[tuple[Role, tuple[tuple[str, str], ...]], ...] = (
    (
        Role.DUTY,
        (("今日", "home.today"), ("簽到", "attendance.current"), ("電話", "calls.index")),
    ),
    (
        Role.COUNSELLOR,
        (
            ("今日", "home.today"),
            ("安排", "counselling_desk.week"),
            ("記錄", "notes.index"),
        ),
    ),
    (
        Role.HELPER,
        (("今日", "home.today"), ("學生", "children.index"), ("電話", "calls.index")),
    ),
    (
        Role.OFFICE,
        (("今日", "home.today"), ("學生", "children.index"), ("日程", "schedule.week")),
    ),
    (
        Role.HEAD,
        (("今日", "home.today"), ("日程", "schedule.week"), ("考勤表", "reports.week")),
    ),
    (
        Role.ADMIN,
        (("今日", "home.today"), ("賬號", "staff.index"), ("備份", "backups.index")),
    ),
)


class Item(NamedTuple):
    label: str
    url: str
    here: bool


class Section(NamedTuple):
    label: str
    url: str
    here: bool
    items: tuple[Item, ...]


EVERY_PAGE = tuple(endpoint for _, pages in SECTIONS for _, endpoint in pages)
MENUS = 1024  # kept: of each set of roles, one for each page that it is seen from


def menu() -> tuple[Section, ...]:
    """The sections open to the reader; the first page of each is where its name leads."""
    return _menu(my_roles(), _page_here())


@lru_cache(MENUS)
def _menu(roles: frozenset[str], here: str) -> tuple[Section, ...]:
    sections = []
    for label, pages in SECTIONS:
        if items := _open_to(roles, pages, here):
            within = here in {endpoint for _, endpoint in pages}
            sections.append(Section(label, items[0].url, within, items))
    return tuple(sections)


def bar() -> tuple[Item, ...]:
    """The places of the bar at the foot of a phone, without 更多."""
    on_the_roll = request.blueprint in ON_THE_ROLL
    return _bar(my_roles(), "attendance.current" if on_the_roll else _page_here())


@lru_cache(MENUS)
def _bar(roles: frozenset[str], here: str) -> tuple[Item, ...]:
    places = next((places for role, places in BARS if role in roles), ())
    return _open_to(roles, places, here)


def _open_to(
    roles: frozenset[str], pages: tuple[tuple[str, str], ...], here: str
) -> tuple[Item, ...]:
    return tuple(
        Item(words, url_for(endpoint), endpoint == here)
        for words, endpoint in pages
        if roles & roles_of_view(endpoint)
    )


def _page_here() -> str:
    """The page of the menu that is shown, or the first of the same feature."""
    if request.endpoint in EVERY_PAGE:
        return request.endpoint
    feature = WITHIN.get(request.blueprint or "", request.blueprint)
    return next((page for page in EVERY_PAGE if page.split(".")[0] == feature), "")


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"menu": menu, "bar": bar})
