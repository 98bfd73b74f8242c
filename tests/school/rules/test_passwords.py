"""Passwords: what is refused, and how they are kept."""

import re

import pytest

from liushou_web.refusal import Refused
from liushou_web.school.rules import passwords

COMMON = "這個密碼太常見，很容易被猜到，請換一個。"
PERSONAL = "密碼裏不要包含賬號、姓名或學校的名稱。"
ABOUT = ("liming", "李明", "董崗鎮中心學校", "向陽留守兒童之家")


@pytest.mark.parametrize(
    "password",
    [
        "eight--8",
        "我家門前有條小河",  # eight characters in any script
        "correct horse battery staple",
        "19851314",  # no such day
        "p" * 3 + "ässwort ist lang",
        "<script>alert(1)</script>",
        "{braces} and 'quotes'",
        "x1" + "y2" * 99,  # two hundred
    ],
)
def test_any_characters_will_do(password):
    assert passwords.check(password, about=ABOUT) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven-7", "密碼至少要 8 個字符，最好 12 個以上。"),
        ("123456", "密碼至少要 8 個字符，最好 12 個以上。"),
        ("qwerty", "密碼至少要 8 個字符，最好 12 個以上。"),
        ("", "密碼至少要 8 個字符，最好 12 個以上。"),
        ("x1" * 101, "密碼請不要超過 200 個字符。"),
        ("woaini1314", COMMON),
        ("WoAiNi1314", COMMON),  # case
        ("ｗｏａｉｎｉ１３１４", COMMON),  # full width
        ("5201314 520", COMMON),  # spaces
        ("88888888", COMMON),
        ("12121212", COMMON),
        ("34567890", COMMON),
        ("09876543", COMMON),
        ("poiuytrewq", COMMON),
        ("19850214", COMMON),  # a birthday
        ("1985-02-14", COMMON),
        ("1985年2月14日", None),  # one digit short of the usual form
        ("liming2026!", PERSONAL),
        ("I am LiMing", PERSONAL),
        ("李明的密碼是什麼呢", PERSONAL),
        ("在董崗鎮中心學校上班", PERSONAL),
    ],
)
def test_what_is_easily_guessed_is_refused(password, reason):
    if reason is None:
        passwords.check(password, about=ABOUT)
        return
    with pytest.raises(Refused) as refusal:
        passwords.check(password, about=ABOUT)
    assert str(refusal.value) == reason


def test_words_of_one_letter_forbid_nothing():
    assert passwords.check("anything at all", about=("a", "", "李")) is None


def test_a_hash_matches_its_own_password_only(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")
    kept = passwords.hash_of("right one")

    assert [passwords.matches(kept, text) for text in ("right one", "wrong one")] == [
        True,
        False,
    ]


def test_nobody_matches_no_password(monkeypatch):
    assert passwords.matches(None, "0" * 64) is False
    monkeypatch.setattr(passwords, "check_password_hash", lambda *_: True)
    assert passwords.matches(None, "by a miracle") is False


def test_nobody_costs_as_much_as_somebody():
    assert passwords.HASH_OF_NOBODY.split("$")[0] == passwords.METHOD == "scrypt:32768:8:1"
    assert len(passwords.HASH_OF_NOBODY) == len(passwords.hash_of("anything"))


def test_one_time_passwords_can_be_read_aloud_and_pass_the_rules():
    some = {passwords.one_time() for _ in range(50)}

    assert len(some) == 50
    for password in some:
        assert re.fullmatch(r"[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){2}", password)
        passwords.check(password, about=ABOUT)
