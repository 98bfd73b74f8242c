"""Passwords: which are refused, how they are kept and compared, one-time ones."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from werkzeug.security import check_password_hash, generate_password_hash

from liushou_web.refusal import Refused

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
ONE_TIME_LASTS = timedelta(days=7)
SHORTEST_PASSPHRASE = 10
METHOD = "scrypt:32768:8:1"
# Compared with when there is no such account, so that both answers take as long.
HASH_OF_NOBODY = (
    "scrypt:32768:8:1$NOBODYNOBODYNOBO$"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000"
)
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
ROWS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", *KEYS)
COMMON_WORDS = """
    123456 12345678 123456789 1234567890 12344321 1234qwer 123qwe123 123123123 12341234
    11223344 112233445566 123321123 123456123 123654789 147258369 147852369 159357159
    741852963 789456123 963852741 987654321 520131400 5201314520 13145200 1314520520
    woaini woaini1314 woaini520 woaini521 woaini123 woaini123456 woaini5201314 woaiwojia
    woaimama woaibaba woaizhongguo zhongguo zhongguo123 wodemima mima1234 mima123456
    wangyut2 jiushiaini aini1314 aini5201314 caonima123 nihao123 nihaoma123 wobuzhidao
    laoshi123 laoshi123456 jiaoshi123 xuexiao123 xuesheng123 liushou123 liushouertong
    xinlizixun banzhuren banzhuren123 xiaozhang xiaozhang123 guanliyuan yuwen123 shuxue123
    a1234567 a12345678 a123456789 a123456a aa123456 aa123456789 abc12345 abc123456 abc123abc
    123456aa 123456ab 123456abc 123456qq qq123456 qq123456789 q1234567 q123456789 w123456789
    z123456789 zxc123456 asd123456 asd123asd asdf1234 qaz123456 qwe123456 qwer1234 qwerty123
    qwerty12345 qwertyui qwertyuiop qwertyuiop123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc
    qazwsxedc qazwsx123 zaq12wsx zxcvbnm123 zxcvbnm1 asdfghjkl1 asdfghjkl123 p@ssw0rd
    passw0rd password password1 password12 password123 pass1234 admin123 admin1234
    admin123456 administrator root1234 root123456 system123 test1234 test123456 user1234
    guest123 welcome1 welcome123 iloveyou iloveyou1 iloveyou520 letmein1 sunshine princess
    football baseball superman starwars whatever trustno1 dragon123 monkey123 computer
    internet changeme default1 1234567a 12345678a 123456789a 1a2b3c4d a1b2c3d4 5201314a
    wang1234 wang123456 li123456 zhang123456 liu123456 chen123456 yang123456 huang123456
"""
COMMON = frozenset(COMMON_WORDS.split())


def hash_of(password: str) -> str:
    """Takes a fifth of a second, by design: never inside a transaction."""
    return generate_password_hash(password, method=METHOD)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one of the hash `kept`; as slow when there is none."""
    same = check_password_hash(kept or HASH_OF_NOBODY, password)
    return same and kept is not None


def lapses_at(handed_out_at: datetime) -> datetime:
    """The last moment of a one-time password: a slip of paper lies about for a week."""
    return handed_out_at + ONE_TIME_LASTS


def check_not_lapsed(one_time_until: datetime | None, at: datetime) -> None:
    """None is a password that a person chose."""
    if one_time_until and at > one_time_until:
        raise Refused("這個一次性密碼已經過期。請系統管理員再重置一次密碼。")


def one_time() -> str:
    """A password to hand over on a slip of paper: 'k7m4-p9tx-2hwd'."""
    groups = ("".join(secrets.choice(PLAIN_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def check(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuses what is short, common, a run of keys, a date, or holds one of the words
    `about` the person or the school. Any character may be used; none has to be."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("密碼至少要 8 個字符，最好 12 個以上。")
    if len(password) > LONGEST_PASSWORD:
        raise Refused("密碼請不要超過 200 個字符。")
    plain = _plain(password)
    if plain in COMMON or _is_run(plain) or _is_date(plain):
        raise Refused("這個密碼太常見，很容易被猜到，請換一個。")
    if any(len(word) > 1 and word in plain for word in map(_plain, about)):
        raise Refused("密碼裏不要包含賬號、姓名或學校的名稱。")


def check_passphrase(passphrase: str, *, about: Iterable[str] = ()) -> None:
    """Refuses, for sealed notes, what no password may be and what has fewer than 10
    characters: a stolen database can be guessed at for as long as the thief likes."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(
            "筆記口令至少要 {count} 個字符，一句話最好記。", count=SHORTEST_PASSPHRASE
        )
    check(passphrase, about=about)


def _plain(text: str) -> str:
    """Width, case and spaces do not make a password any harder to guess."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_run(plain: str) -> bool:
    """'aaaaaaaa', '12121212', '23456789', 'lkjhgfdsa'."""
    unrolled = len(set(plain)) <= 2
    return unrolled or any(plain in row or plain[::-1] in row for row in ROWS)


def _is_date(plain: str) -> bool:
    """'19850214', '1985-02-14': a birthday is the first thing that people try."""
    digits = re.sub(r"[-./年月日]", "", plain)
    if not re.fullmatch(r"(19|20)\d{6}", digits):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
