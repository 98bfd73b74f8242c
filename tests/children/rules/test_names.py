"""Names: tidied, folded and read, in every spelling that a roster brings."""

import subprocess
import sys

import pytest

from liushou_web.children.rules.names import fold, search_columns, tidy_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("李  明", "李明"),
        ("\u3000李\u3000明 ", "李明"),  # ideographic spaces, as WPS pads names
        ("李\u200b明", "李明"),  # a zero-width space from a chat
        ("阿依古麗 • 買買提", "阿依古麗·買買提"),
        ("阿依古麗．買買提", "阿依古麗·買買提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("Anna   Li", "Anna Li"),
        ("J. Smith", "J. Smith"),
        ("王芳 A", "王芳A"),
        ("王芳Ａ２", "王芳A2"),
        ("王㛃", "王㛃"),
        ("𠮷田", "𠮷田"),  # a rare character is never exchanged for a common one
        ("單雨萱", "單雨萱"),
        ("·", ""),
    ],
)
def test_tidy_name(typed, kept):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("單雨萱", "单雨萱"),
        ("阿依古麗·買買提", "阿依古丽•买买提"),
        ("阿依古麗·買買提", "阿依古麗 買買提"),
        ("Anna Li", "ＡＮＮＡＬＩ"),
        ("𠮷田", "吉田"),
        ("陳頔", "陈𬱖"),
    ],
)
def test_fold_is_the_same_for_every_way_to_write_a_name(one, other):
    assert fold(one) == fold(other)


def test_fold_of_a_part_is_a_part_of_the_whole():
    assert fold("乾") in fold("李乾隆")  # OpenCC turns 乾 alone, but not in 乾隆


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("單雨萱", "shan/dan/chan yu xuan"),
        ("单雨萱", "shan/dan/chan yu xuan"),
        ("歐陽雪", "ou yang xue"),
        ("尉遲雪", "yu/wei/yun chi xue"),
        ("長孫雪", "zhang/chang sun xue"),
        ("萬俟雪", "mo/wan qi/si xue"),
        ("澹臺雪", "tan/dan/shan tai xue"),
        ("單于雪", "chan/dan/shan yu xue"),
        ("司馬雪", "si ma xue"),
        ("曾雪", "zeng/ceng xue"),
        ("仇雪", "qiu/chou/ju xue"),
        ("查雪", "zha/cha/chai xue"),
        ("解雪", "xie/jie xue"),
        ("區雪", "ou/qu xue"),
        ("覃雪", "qin/tan/yan xue"),
        ("呂雪", "lv/lu xue"),
        ("王㛃", "wang jie"),
        ("𠮷田", "ji tian"),
        ("陳𬱖", "chen di"),
        ("李乾", "li qian/gan/an"),
        ("Anna Li", "anna li"),
        ("王芳2", "wang fang 2"),
        ("", ""),
    ],
)
def test_pinyin_gives_every_likely_reading_the_surnames_first(name, pinyin):
    assert search_columns(name).pinyin == pinyin


def test_neither_dictionary_is_loaded_before_the_first_name():
    program = (
        "import sys, liushou_web.children.rules.names as names; "
        "assert not {'pypinyin', 'opencc'} & set(sys.modules); "
        "names.search_columns('單雨萱'); "
        "assert 'pypinyin.phrases_dict' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stderr == ""
