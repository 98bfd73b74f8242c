"""What a class is called, in every list and on every sheet."""

from functools import cache

CHINESE_DIGITS = "〇一二三四五六七八九"


@cache
def class_name(grade: int, number: int) -> str:
    """'三年級2班', as the school writes it."""
    return f"{CHINESE_DIGITS[grade]}年級{number}班"
