"""Classes as teachers write them: 一(2)班, 1.2, 一年級二班, 102, 2班 beside a grade."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from liushou_web.children.rules.names import fold
from liushou_web.class_names import class_name
from liushou_web.refusal import Refused

from .book import Cell

DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"两": 2}
FIGURE = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
GRADE = re.compile(rf"(?:小学)?(初(?:中)?)?({FIGURE})(?:年级|年)?")
NUMBER = re.compile(rf"[(.-]?({FIGURE})[)]?(?:班|班级)?")
WORDS = re.compile(rf"(?:小学)?(初(?:中)?)?({FIGURE})(?:年级|年)[(.-]?({FIGURE})[)]?班?")
SHORT = re.compile(rf"(初)?([一二三四五六七八九]|\d)[(.\-/]({FIGURE})[)]?班?")
CHINESE = re.compile(rf"(初)?([一二三四五六七八九])({FIGURE})班")
THREE = re.compile(r"()([1-9])([0-4]\d)班?")  # 102 is 一年級2班
DATE = re.compile(r"()\d{4}-0?(\d{1,2})-0?(\d{1,2})")  # 1-2, taken for a day
MONTH_DAY = re.compile(r"()(\d{1,2})月(\d{1,2})日")
WHOLE = (WORDS, SHORT, CHINESE, THREE, DATE, MONTH_DAY)
WITHIN = re.compile(rf"([一二三四五六七八九1-9])(?:年级|年)?[(（]?({FIGURE})[)）]?班")
HIGHEST, MOST = 9, 40
SIGNS = str.maketrans("·—–〔〕[]", ".--()()")


@lru_cache(maxsize=1024)
def school_class(cell: Cell, grade: Cell = "") -> str:
    """'3.2' for grade 3, class 2; '' where nothing is written.

    Refuses what names no class, a grade alone, and a class that contradicts its grade.
    """
    text, grade_text = _bare(cell), _bare(grade)
    written = grade_of(grade_text) if grade_text else 0
    if not text:
        if written:
            raise Refused("只寫了年級，沒有寫幾班。")
        return ""
    if found := _whole(text):
        if written and found[0] != written:
            raise Refused("班級和年級對不上。")
        return _checked(*found)
    if written and (match := NUMBER.fullmatch(text)):
        return _checked(written, figure(match[1]))
    raise Refused(_reason(text))


def grade_of(text: str) -> int:
    """一年級, 1, 七年級, 初一 → 7; refuses what is no grade of ours."""
    match = GRADE.fullmatch(text)
    grade = figure(match[2]) + 6 * bool(match[1]) if match else 0
    if not 1 <= grade <= HIGHEST:
        raise Refused("年級請寫成「一年級」到「九年級」。")
    return grade


def named_in(title: str) -> str:
    """The class that a title names, as a person writes it: '三年級2班', or nothing."""
    found = WITHIN.findall(_bare(title))
    if len(set(found)) != 1 or not 1 <= figure(found[0][1]) <= MOST:
        return ""
    return class_name(figure(found[0][0]), figure(found[0][1]))


def figure(text: str) -> int:
    """'12', '二', '十二' or '二十' as a number."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS.get(text, 0)
    return DIGITS.get(tens, 0 if tens else 1) * 10 + (DIGITS.get(ones, 0) if ones else 0)


def _whole(text: str) -> tuple[int, int] | None:
    for pattern in WHOLE:
        if match := pattern.fullmatch(text):
            return figure(match[2]) + 6 * bool(match[1]), figure(match[3])
    return None


def _checked(grade: int, number: int) -> str:
    if not 1 <= grade <= HIGHEST:
        raise Refused("年級請寫成「一年級」到「九年級」。")
    if not 1 <= number <= MOST:
        raise Refused("班號請寫 1 到 40。")
    return f"{grade}.{number}"


def _reason(text: str) -> str:
    if re.search(r"20\d\d[级届]?", text):
        return "請寫現在的年級，不要寫入學年份。"
    if GRADE.fullmatch(text) and not text.isdecimal():
        return "只寫了年級，沒有寫幾班。每個年級只有一個班時，請寫成「三年級1班」。"
    return "看不懂這個班級。請寫成「三年級2班」這樣。"


def _bare(cell: Cell) -> str:
    """Narrow signs, one script, no spaces: 一年級（2）班 and 一年级(2)班 look alike."""
    plain = unicodedata.normalize("NFKC", str(cell)).translate(SIGNS)
    return "".join(sign if sign in "(.-/)" else fold(sign) for sign in plain)
