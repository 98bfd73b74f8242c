"""One cell of a roster at a time: cleaned into what the register keeps, or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from liushou_web.children.rules.names import fold, tidy_name
from liushou_web.children.rules.register import (
    LONGEST_BY_FIELD,
    LONGEST_FIELD,
    PEOPLE,
    PHONES,
    check_birth_date,
    tidy_number,
)
from liushou_web.refusal import Refused

from .book import Cell

EXACT = 10**15  # a spreadsheet keeps no more digits of a number
NO_ARRANGEMENT = (
    "看不懂這種監護類型。請寫祖輩、親屬、代管家長、寄宿、獨自、父母一方或其他。"
)
AS_TEXT = "號碼的後幾位已丟失，請先把這一欄設為文字，再重新填寫。"
NOTHING = "- — —— / \\ 無 无 沒有 没有 暫無 暂无 未登記 未登记 空 n/a #n/a null none"
BLANK = frozenset(NOTHING.split())
LONGEST_BLANK = max(map(len, BLANK))
UNSEEN = ("Cc", "Cf", "Cs")
DITTO = frozenset(("同上", "〃", "″", "同左"))
SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
WHOLE = re.compile(r"(\d+)\.0+")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3})-?([2-9]\d{6,7})")
LOCAL = re.compile(r"[2-8]\d{6,7}|400\d{7}")
ABROAD = re.compile(r"^(\+|00)?86-?(?=1)")
DAY = re.compile(
    r"(\d{4})[年./\-、](\d{1,2})[月./\-、](\d{1,2})[日号]?(?:[T\s]?\d{1,2}:\d.*)?"
)
EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(?:19|20)\d{2}(?:[年./\-、]\d{1,2}月?|(?:0[1-9]|1[0-2])|年)?")
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_415  # 1990-01-01 and 2100-12-31
SERIAL_ZERO = date(1899, 12, 30)

SEXES = {"男": "m", "m": "m", "male": "m", "女": "f", "f": "f", "female": "f"}
YES_WORDS = (
    "是 住校 寄宿 寄宿生 住校生 内宿 内宿生 住宿 住宿生 住读 住读生 在校寄宿 校内寄宿"
    " 有 y yes true √ ✓ ✔ ☑ 1"
)
NO_WORDS = (
    "否 走读 走读生 通学 通学生 不住校 不寄宿 非寄宿 非寄宿生 不是 不住宿 外宿"
    " n no false × x ✗ ✘ 0"
)
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())
ARRANGEMENTS = (
    ("care_parent", "代管|代理家长|代理妈妈|爱心妈妈|爱心家长"),
    ("grandparents", "隔代|祖|爷|奶|外公|外婆|姥"),
    ("relatives", "亲属|亲戚|亲友|舅|姑|姨|伯|叔|婶|兄|哥|姐"),
    ("boarding", "寄宿|住校|在校"),
    ("alone", "独自|独居|自己|自理|无人|单独"),
    ("one_parent", "单亲|一方|^父亲?监护|^母亲?监护|^[随跟与和]?(父亲|母亲|爸爸|妈妈)"),
    ("other", "^其他|^其它"),
)


def plain(cell: Cell) -> str:
    """One line of text as typed, without unseen characters; '' for 無 and the like."""
    if isinstance(cell, str):
        text = cell if cell.isprintable() else _seen(cell)
        text = " ".join(unicodedata.normalize("NFC", text).split())
        return "" if len(text) <= LONGEST_BLANK and text.casefold() in BLANK else text
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def _seen(text: str) -> str:
    kept = (c for c in text if c.isspace() or unicodedata.category(c) not in UNSEEN)
    return "".join(kept)


@lru_cache(maxsize=4096)
def clean(field: str, cell: Cell, today: date) -> str:
    """What the register keeps for this field, as text; '' where nothing is written.

    Refuses, in one sentence, what cannot be understood or would be a guess.
    """
    text = plain(cell)
    if not text:
        return ""
    if text in DITTO:
        raise Refused("請寫出內容，不要寫「同上」。")
    if field == "birth_date":
        return birth_date(cell, today).isoformat()
    value = CLEANERS.get(field, _text)(cell)
    if len(value) > (most := LONGEST_BY_FIELD.get(field, LONGEST_FIELD)):
        raise Refused("內容太長，請不要超過 {most} 個字。", most=most)
    return value


def name(cell: Cell) -> str:
    """A person's name; refuses a number or signs without a letter."""
    tidied = tidy_name(plain(cell))
    if not any(letter.isalpha() for letter in tidied):
        raise Refused("這不像姓名，請核對。")
    return tidied


def number(cell: Cell) -> str:
    """A student number; refuses one that was typed as a number and lost its last digits."""
    if not isinstance(cell, str) and abs(cell) >= EXACT:
        raise Refused(AS_TEXT)
    text = plain(cell)
    if SCIENTIFIC.fullmatch(text) and "." in text:
        raise Refused(AS_TEXT)
    if match := WHOLE.fullmatch(text):
        text = match[1]
    if not re.search(r"\w", text):
        raise Refused("這不像學籍號，請核對。")
    return tidy_number(text) or ""


def phone(cell: Cell) -> str:
    """Digits of a mobile phone, or of a fixed one with its code: '0730-6222345'."""
    text = re.sub(r"[—–]", "-", re.sub(r"[\s.·()]", "", _digits(cell)))
    for bare in (text.replace("-", ""), ABROAD.sub("", text).replace("-", "")):
        if MOBILE.fullmatch(bare) or LOCAL.fullmatch(bare):
            return bare
    if match := LANDLINE.fullmatch(re.sub(r"^(\+|00)86-?0?(?=\d)", "0", text)):
        return f"{match[1]}-{match[2]}"
    raise Refused(_phone_fault(text))


def _phone_fault(text: str) -> str:
    if len(re.findall(r"\d{7,}", text)) > 1:
        return "一格裏有兩個號碼，請只留一個，另一個寫到備註。"
    if re.search(r"[^\d+-]", text):
        return "這不像電話號碼，請核對。"
    return "電話號碼的位數不對，請核對。"


def _digits(cell: Cell) -> str:
    """The number as it was typed, before a spreadsheet made 1.38001E+10 of it."""
    text = unicodedata.normalize("NFKC", plain(cell))
    if match := SCIENTIFIC.fullmatch(text):
        figures, places = match[1].replace(".", ""), int(match[2])
        if isinstance(cell, str) and len(figures) <= places:
            raise Refused(AS_TEXT)
        return figures[: places + 1].ljust(places + 1, "0")
    match = WHOLE.fullmatch(text)
    return match[1] if match else text


def birth_date(cell: Cell, today: date) -> date:
    """A day in any of the usual spellings; refuses a month alone and impossible days."""
    born = _serial(cell) or _day(unicodedata.normalize("NFKC", plain(cell)))
    if born.year < 1990:
        raise Refused("出生年份太早，請核對。")
    check_birth_date(born, today)
    return born


def _serial(cell: Cell) -> date | None:
    """The day that a spreadsheet counts from 1899-12-30."""
    text = plain(cell)
    number = float(text) if re.fullmatch(r"\d{5}(\.\d+)?", text) else 0
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return None
    return SERIAL_ZERO + timedelta(days=int(number))


def _day(text: str) -> date:
    text = re.sub(r"\s*([年月日号./\-、])\s*", r"\1", text)
    match = DAY.fullmatch(text) or EIGHT.fullmatch(text)
    if not match:
        month = MONTH.fullmatch(text)
        raise Refused(
            "只有年月，請補上日。" if month else "看不懂這個日期。請寫成 2014-03-05。"
        )
    try:
        return date(*map(int, match.groups()))
    except ValueError as fault:
        raise Refused("沒有這一天，請核對。") from fault


def sex(cell: Cell) -> str:
    """'m' or 'f'."""
    word = fold(plain(cell)).removesuffix("性").removesuffix("孩").removesuffix("生")
    if word not in SEXES:
        raise Refused("性別請寫「男」或「女」。")
    return SEXES[word]


def boards(cell: Cell) -> str:
    """'yes' or 'no'."""
    text = plain(cell)
    words = {fold(text) or text.casefold(), text}
    if words & YES:
        return "yes"
    if words & NO:
        return "no"
    raise Refused("請寫「是」或「否」。")


def arrangement(cell: Cell) -> str:
    """The word of `Arrangement` for 隔代監護, 親屬監護, 住校 …"""
    folded = fold(plain(cell))
    for word, pattern in ARRANGEMENTS:
        if re.search(pattern, folded):
            return word
    raise Refused(NO_ARRANGEMENT)


def _text(cell: Cell) -> str:
    if not isinstance(cell, str) and abs(cell) >= EXACT:
        raise Refused(AS_TEXT)
    return plain(cell)


CLEANERS: dict[str, Callable[[Cell], str]] = {
    **dict.fromkeys(PEOPLE, name),
    **dict.fromkeys(PHONES, phone),
    "number": number,
    "sex": sex,
    "boards": boards,
    "arrangement": arrangement,
}
