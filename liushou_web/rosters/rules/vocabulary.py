"""The words that schools write over the columns of a roster, and what they mean."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from liushou_web.children.rules.names import fold
from liushou_web.children.rules.register import FIELD_LABELS

CLASS, GRADE = "school_class", "grade"
FIELDS = ("number", "name", "sex", "birth_date", CLASS, *list(FIELD_LABELS)[5:])
LABELS = {**FIELD_LABELS, CLASS: FIELD_LABELS["class_id"], GRADE: "年級（另成一欄時）"}
CHOICES = (*FIELDS[:4], GRADE, *FIELDS[4:])

PLAIN = {
    "number": "學籍號 學籍號碼 全國學籍號 學生學籍號 學籍編號 學號 學生編號 學生學號",
    "name": "姓名 學生姓名 學生 名字 兒童姓名 留守兒童姓名 留守學生姓名 孩子姓名 學生名字"
    " 留守兒童 留守學生 兒童 幼兒姓名",
    "sex": "性別 學生性別 男女",
    "birth_date": "出生日期 出生年月 出生年月日 生日 出生時間 出生 生年月日",
    GRADE: "年級 就讀年級 所在年級 現讀年級",
    CLASS: "班級 所在班級 班 班別 年級班級 就讀班級 所屬班級 班級名稱 年班 行政班 年級班"
    " 就讀年級班級 所在年級班級 現在班級 現就讀班級 學校班級 班次",
    "boards": "是否寄宿 寄宿 住校 是否住校 寄宿情況 住宿 是否住宿 是否寄宿生 寄宿生"
    " 寄宿走讀 走讀寄宿 住校走讀 走讀住校 住宿情況 住校情況 就讀方式 是否在校寄宿",
    "arrangement": "監護類型 監護方式 監護情況 看護類型 看護方式 監護人類型 居住情況"
    " 撫養方式 生活安排 與誰生活 跟誰生活 隨誰生活 現跟誰生活 委託監護類型 照護類型"
    " 照護方式 監護形式",
    "carer_relation": "關係 稱謂 稱呼",
    "carer_phone": "電話 聯繫電話 聯絡電話 手機 手機號 手機號碼 電話號碼 聯繫方式 聯絡方式"
    " 聯繫手機 聯繫號碼",
    "parents_work": "父母務工地 父母務工地點 父母務工地址 父母打工地 父母打工地點 務工地"
    " 務工地點 外出務工地點 外出務工地 外出務工地址 父母工作地點 父母工作單位"
    " 父母外出務工地點 父母外出務工地 父母去向 打工地點 打工地 父母在外地址"
    " 父母務工地及單位 務工地址",
    "parents_free": "父母方便接電話的時間 方便接電話的時間 方便接電話時間 接電話時間"
    " 父母接電話時間 通話時間 方便通話時間 父母方便通話時間",
    "address": "家庭住址 住址 地址 家庭地址 現住址 家庭詳細住址 居住地 居住地址 家庭居住地"
    " 現居住地 現居住地址 詳細地址 村組 所在村 家庭所在地 家庭現住址 詳細住址",
    "note": "備註 說明 附註 備考",
}
SUBJECTS = {
    "name": "學生 兒童 留守兒童 留守學生 孩子 幼兒 本人",
    "carer": "監護人 看護人 照護人 照料人 照顧人 臨時監護人 委託監護人 受委託監護人"
    " 被委託人 委託照護人 實際監護人 實際照護人 現監護人 法定監護人 代管人 撫養人"
    " 家長 第一監護人"
    " 主要監護人 監護人家長 受委託人 現在監護人 聯繫人",
    "father": "父親 爸爸 父",
    "mother": "母親 媽媽 母",
}
ASPECTS = {
    "name": "姓名 名字 名稱",
    "phone": PLAIN["carer_phone"] + " 號碼 電話手機 手機電話",
    "relation": PLAIN["carer_relation"],
    "work": "務工地 務工地點 打工地點 打工地 工作單位 工作地點 單位 務工單位 務工地址",
}
FILLERS = "情況 基本情況 信息 基本信息 資料 的"
BETWEEN = re.compile("[与和同跟].*关系")  # 與學生關係, 與兒童的關係 … in folded characters
ASIDE = re.compile(r"[(（\[【<《][^()（）\[\]【】<>《》]*[)）\]】>》]")
TRIMMINGS = re.compile("^[0-9]+|必填项?|选填项?")


class Meaning(NamedTuple):
    """A field's word, and whether the heading says whose it is or leaves it open."""

    field: str
    certain: bool = True


@cache
def _plain() -> dict[str, str]:
    return {fold(word): field for field, words in PLAIN.items() for word in words.split()}


@cache
def _aspects() -> dict[str, str]:
    return {fold(word): what for what, words in ASPECTS.items() for word in words.split()}


@cache
def _subjects() -> list[tuple[str, str]]:
    """Longest first: 臨時監護人 before 監護人."""
    pairs = [(fold(word), who) for who, words in SUBJECTS.items() for word in words.split()]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


@cache
def _fillers() -> list[str]:
    return sorted((fold(word) for word in FILLERS.split()), key=len, reverse=True)


def heading(text: str) -> str:
    """A heading as it is compared: one script, no spaces, no asides in brackets."""
    folded = fold(ASIDE.sub("", text)) or fold(text)
    return TRIMMINGS.sub("", folded) or folded


def meaning(parts: tuple[str, ...]) -> Meaning | None:
    """What a column is, from its headings top down: ('監護人情況', '聯繫電話')."""
    pieces = [piece for piece in map(heading, parts) if piece]
    if not pieces:
        return None
    ways = dict.fromkeys(("".join(pieces), pieces[-1] + pieces[0], pieces[-1]))
    owned = next((field for way in ways if (field := _owned(way))), None)
    if owned and len(pieces) > 1:
        return Meaning(owned)
    plain = next((_plain()[way] for way in ways if way in _plain()), None)
    if plain:
        return Meaning(plain, certain=plain not in ("carer_phone", "carer_relation"))
    if BETWEEN.fullmatch(pieces[-1]):
        return Meaning("carer_relation")
    return Meaning(owned) if owned else None


def _owned(text: str) -> str | None:
    """'监护人情况联系电话' → 'carer_phone'; 父親 alone is the father's name."""
    for word, who in _subjects():
        if text.startswith(word):
            aspect = _aspect(text.removeprefix(word))
            return None if aspect is None else _field(who, aspect)
    return None


def _aspect(rest: str) -> str | None:
    for filler in _fillers():
        rest = rest.removeprefix(filler)
    if not rest:
        return "name"
    return "relation" if BETWEEN.fullmatch(rest) else _aspects().get(rest)


def _field(who: str, aspect: str) -> str | None:
    if who == "name":
        return "name" if aspect == "name" else None
    if aspect == "work":
        return "parents_work"
    field = f"{who}_{aspect}"
    return field if field in FIELDS else None
