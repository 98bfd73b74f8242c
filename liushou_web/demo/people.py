"""The people of the invented school: nobody here lives, and no number here rings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from liushou_web.access import Role
from liushou_web.children.rules.register import ChildFields

PASSWORD = "demo"  # noqa: S105 - everybody is to know it
SIZES = (13, 14, 14, 14, 14, 14)  # children of each grade, 83 in all
WITH_GRANDPARENTS = 0.8

STAFF = (
    ("zhou", "周建國", {Role.HEAD}),
    ("lin", "林曉燕", {Role.OFFICE}),
    ("wu", "吳志強", {Role.ADMIN}),
    ("li", "李秀英", {Role.DUTY}),
    ("chen", "陳明亮", {Role.DUTY}),
    ("huang", "黃麗華", {Role.DUTY, Role.HELPER}),
    ("zhang", "張海濤", {Role.DUTY, Role.HELPER}),
    ("he", "何靜怡", {Role.COUNSELLOR}),
    ("sun", "孫紅梅", {Role.HELPER}),
    ("zhao", "趙春生", {Role.HELPER}),
    ("xu", "徐文娟", {Role.HELPER}),
    ("tang", "唐國慶", {Role.HELPER}),
)
CLASS_TEACHERS = ("sun", "zhao", "xu", "tang", "huang", "zhang")  # of grades 1 to 6

# Names that a register gets wrong: rare, of another people, twice the same, read unlike.
HARD_NAMES = ("單雨萱", "阿依古麗·買買提", "𠮷田小雨", "王芳", "王芳", "歐陽子軒", "仇思源")
SURNAMES = (
    "李王張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂"
)
GIVEN_M = "子軒 浩然 宇航 俊杰 家豪 明輝 志遠 文博 天佑 嘉樂 建軍 小龍 鵬飛 思遠 永康 一鳴"
GIVEN_F = "雨桐 欣怡 詩涵 夢瑤 佳慧 思琪 曉雯 靜雅 美玲 小蘭 春燕 冬梅 雅婷 秋月 芷若 紫萱"
GRANDPARENTS = ("爺爺", "奶奶", "外公", "外婆")
RELATIVES = ("叔叔", "姑姑", "伯父", "姨媽", "舅舅")
MEN = {"爺爺", "外公", "叔叔", "伯父", "舅舅"}
OF_FATHER = {"爺爺", "叔叔", "姑姑", "伯父"}  # they have the child's surname
ELDERS_M = "德福 長貴 國強 有田 萬財 連生 大柱 興旺"
ELDERS_F = "桂英 秀珍 玉蘭 金鳳 翠花 淑芬 菊香 素琴"
PARENTS_M = "志剛 建華 大偉 海軍 國平 永強 小勇 立新"
PARENTS_F = "秀麗 紅霞 曉紅 春梅 小芳 麗娟 玉梅 艷萍"
WORKPLACES = (
    "廣東東莞",
    "浙江義烏",
    "江蘇崑山",
    "福建晉江",
    "上海松江",
    "廣東佛山",
    "北京大興",
)
FREE = ("晚上 7 點以後", "", "週日休息", "中午 12 點半前後", "", "兩班倒，單週白天")
VILLAGES = ("柳溪村", "石橋村", "上灣村", "楓樹村", "老屋村", "青石鎮街上")


class Person(NamedTuple):
    login: str
    name: str
    roles: frozenset[str]


def staff() -> list[Person]:
    return [Person(login, name, frozenset(roles)) for login, name, roles in STAFF]


def children(class_ids: list[int], today: date, chance: Random) -> list[ChildFields]:
    """83 children in the classes given, one class a grade, the same ones every time."""
    hard, given = iter(HARD_NAMES), {sex: _names(sex, chance) for sex in "mf"}
    invented = []
    for grade, (class_id, size) in enumerate(zip(class_ids, SIZES, strict=True), 1):
        entered = today.year - grade + (1 if today.month >= 8 else 0)
        for seat in range(1, size + 1):
            sex, surname = chance.choice("mf"), chance.choice(SURNAMES)
            name = surname + next(given[sex])
            child = ChildFields(
                name=next(hard, name) if seat % 12 == 5 else name,
                class_id=class_id,
                number=f"{entered}{grade:02}{seat:03}",
                sex=sex,
                birth_date=_born(entered, chance),
                parents_free=FREE[seat % len(FREE)],
            )
            invented.append(replace(child, **dict(_family(surname, chance))))
    return invented


def _names(sex: str, chance: Random) -> Iterator[str]:
    """Given names, none again before all others were given."""
    names = (GIVEN_M if sex == "m" else GIVEN_F).split()
    while True:
        yield from chance.sample(names, len(names))


def _born(entered: int, chance: Random) -> date:
    """A day of birth: six years old on the first of September of the year of entering
    school."""
    return date(entered - 7, 9, 1) + timedelta(days=chance.randrange(365))


def _family(surname: str, chance: Random) -> Iterator[tuple[str, Any]]:
    elders = chance.random() < WITH_GRANDPARENTS
    relation = chance.choice(GRANDPARENTS if elders else RELATIVES)
    carer = surname if relation in OF_FATHER else chance.choice(SURNAMES)
    given = ELDERS_M if relation in MEN else ELDERS_F
    yield "arrangement", "grandparents" if elders else "relatives"
    yield "carer_relation", relation
    yield "carer_name", carer + chance.choice(given.split())
    yield "carer_phone", _phone(chance)
    yield "father_name", surname + chance.choice(PARENTS_M.split())
    yield "father_phone", _phone(chance)
    yield "mother_name", chance.choice(SURNAMES) + chance.choice(PARENTS_F.split())
    yield "mother_phone", _phone(chance)
    yield "parents_work", chance.choice(WORKPLACES)
    yield "address", f"青石鎮{chance.choice(VILLAGES)}{chance.randrange(1, 90)}號"


def _phone(chance: Random) -> str:
    """A number of a range that no operator has given out."""
    return f"1000000{chance.randrange(10_000):04}"
