"""Names of people: tidied when they come in, and found again in any script or spelling."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
DOTS = re.compile(r"\s*[·•．・‧∙⋅･]\s*")
PLAIN_DOT = re.compile(rf"(?<=[{HAN}])\s*[.。]\s*(?=[{HAN}])")
SPACE_BY_HAN = re.compile(rf"(?<=[{HAN}·]) | (?=[{HAN}·])")
FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+")
PIECE = re.compile(r"[a-z0-9]+|.")
MOST_READINGS = 3  # beyond the third a reading is seldom a name's, and finds too much

# Frequent in names, and read in one way only; a dictionary knows others, long out of use.
ONE_READING = frozenset(
    "王吴朱许冯邓彭董潘于蔡余杜叶丁任沈姚陆汪石贾夏方白尹陶郝万莫汤英强洋明超平红鑫波浩俊宁思桐月可"
    "若莉胜南地立信勤喜家和大祖培育桃果草莎蕊蝶淑婕露冰洁昕景奋达会奇炎焱熙尚桂花春小阳清佳加司马台灭"
)

# Written two ways in one script; OpenCC keeps them apart.
VARIANTS = {"𠮷": "吉", "著": "着", "鑑": "鉴", "峯": "峰", "羣": "群", "喦": "岩"}

# Surnames that are read unlike the word, folded into simplified characters.
COMPOUND_SURNAMES = dict(
    line.split(maxsplit=1)
    for line in """
    欧阳 ou yang/尉迟 yu chi/长孙 zhang sun/万俟 mo qi/澹台 tan tai/单于 chan yu/司马 si ma
    令狐 ling hu/皇甫 huang fu/夏侯 xia hou/诸葛 zhu ge/闻人 wen ren/东方 dong fang
    赫连 he lian/濮阳 pu yang/淳于 chun yu/公孙 gong sun/仲孙 zhong sun/轩辕 xuan yuan
    钟离 zhong li/宇文 yu wen/慕容 mu rong/鲜于 xian yu/闾丘 lv qiu/司徒 si tu/司空 si kong
    亓官 qi guan/司寇 si kou/子车 zi ju/颛孙 zhuan sun/端木 duan mu/巫马 wu ma/漆雕 qi diao
    乐正 yue zheng/拓跋 tuo ba/夹谷 jia gu/宰父 zai fu/谷梁 gu liang/百里 bai li
    东郭 dong guo/南门 nan men/呼延 hu yan/羊舌 yang she/左丘 zuo qiu/西门 xi men
    南宫 nan gong/第五 di wu/完颜 wan yan/纳兰 na lan/上官 shang guan/独孤 du gu
    哥舒 ge shu/太叔 tai shu/申屠 shen tu
    """.replace("\n", "/").split("/")
    if line.strip()
)
SURNAMES = dict(
    pair.split()
    for pair in """
    单 shan/曾 zeng/仇 qiu/查 zha/解 xie/区 ou/覃 qin/乐 yue/翟 zhai/隗 wei/折 she/召 shao
    种 chong/祭 zhai/佴 nai/秘 bi/重 chong/朴 piao/盖 ge/缪 miao/员 yun/尉 wei/谌 chen
    盛 sheng/能 nai/黑 he/冼 xian/洗 xian/繁 po/薄 bo/柏 bai/牟 mu/郗 xi/乜 nie/仉 zhang
    莘 shen/钭 tou/瞿 qu/宁 ning/任 ren/华 hua/纪 ji/石 shi/沈 shen/车 che/过 guo/哈 ha
    应 ying/占 zhan/相 xiang/殷 yin/曲 qu/万 wan/冯 feng/贾 jia/都 du/干 gan/晁 chao
    逄 pang/阚 kan/撒 sa/适 kuo/卜 bu/叶 ye/阿 a/那 na/麻 ma/俞 yu/於 yu/于 yu/臧 zang
    """.replace("\n", "/").split("/")
    if pair.strip()
)


class SearchColumns(NamedTuple):
    """What is kept beside a name to find it by; see `rules/search.py`."""

    folded: str
    pinyin: str


def tidy_name(text: str) -> str:
    """The name as it is kept: no spaces inside 「李  明」, one inside 「Anna Li」, and
    every middle dot in 「阿依古麗·買買提」 as `·`. Characters are never exchanged."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if _is_seen(c))
    latin = FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), seen)
    dotted = PLAIN_DOT.sub("·", DOTS.sub("·", latin))
    return SPACE_BY_HAN.sub("", " ".join(dotted.split())).strip("·")


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf")


def fold(text: str) -> str:
    """Simplified, lower case, letters and digits only: the same for every way to write it.

    Character by character, so that a part of a name folds as it does within the whole.
    """
    return "".join(map(_folded, _bare(text)))


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())


def search_columns(name: str) -> SearchColumns:
    """'單雨萱' → ('单雨萱', 'shan/dan/chan yu xuan'): per character every likely reading,
    that of the surname first; letters and characters without a reading as they are."""
    words = [_bare(word) for word in re.split(r"[\s·]+", name)]
    pieces = [piece for word in words for piece in PIECE.findall(word)]
    folded = fold(name)
    surname = _surname(folded)
    first = surname + [""] * (len(pieces) - len(surname))
    readings = map(_readings_led_by, pieces, first)
    return SearchColumns(folded, " ".join("/".join(each) for each in readings))


def _surname(folded: str) -> list[str]:
    """How the surname is read, a word a character; none where nothing is special."""
    compound = COMPOUND_SURNAMES.get(folded[:2]) if len(folded) > 2 else None
    return (compound or SURNAMES.get(folded[:1], "")).split()


def _readings_led_by(piece: str, first: str) -> list[str]:
    every = dict.fromkeys([first, *_readings(piece)] if first else _readings(piece))
    with_u = [reading.replace("v", "u") for reading in every if reading[:2] in ("lv", "nv")]
    return list(dict.fromkeys([*every, *with_u]))


@lru_cache(maxsize=8192)
def _readings(piece: str) -> tuple[str, ...]:
    """As it folds, so that both scripts read alike; led by what only the character as
    written tells: 乾 is not read like 干."""
    if piece.isascii():
        return (piece,)
    folded, look_up = _folded(piece), _dictionary()
    most = 1 if folded in ONE_READING else MOST_READINGS
    both = dict.fromkeys([*look_up(piece)[:1], *look_up(folded)[:most]])
    return tuple(both) or (folded,)


@cache
def _dictionary() -> Callable[[str], tuple[str, ...]]:
    """Loaded at the first name, and without its phrases: they would take 45 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin

    def look_up(character: str) -> tuple[str, ...]:
        found = pinyin(
            character, style=Style.NORMAL, heteronym=True, errors="ignore", strict=False
        )
        return tuple(found[0]) if found else ()

    return look_up


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    if character.isascii():
        return character
    simplified = _simplifier()(character)
    return VARIANTS.get(simplified, simplified)


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
