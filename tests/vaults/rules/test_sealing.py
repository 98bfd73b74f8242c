"""Sealing: what one passphrase opens and nothing else does; a code copied by hand."""

import subprocess
import sys

import pytest

from liushou_web.vaults.rules import sealing
from liushou_web.vaults.rules.sealing import Broken, WrongSecret

WORDS = "孩子說夜裏睡不著。\n" * 40
PASSPHRASE = "門前大橋下游過一群鴨"


@pytest.fixture(scope="module")
def vault():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COST", sealing.Cost(passes=1, mebibytes=1))
        return sealing.new_vault(PASSPHRASE)


def test_what_is_sealed_is_opened_by_the_passphrase_and_by_the_code(vault):
    sealed = sealing.seal(WORDS, vault.public_key)

    by_passphrase = sealing.unlock(vault.wrapped, PASSPHRASE)
    by_code = sealing.unlock_by_code(vault.wrapped_by_code, vault.code)

    assert sealing.open_sealed(sealed, by_passphrase) == WORDS
    assert by_code == by_passphrase
    assert sealing.public_of(by_code) == vault.public_key


def test_sealed_twice_the_same_words_look_different(vault):
    first, second = (sealing.seal("安", vault.public_key) for _ in range(2))

    assert first != second
    assert "安".encode() not in first + second


def test_a_passphrase_typed_in_full_width_is_the_same(vault):
    wrapped = sealing.wrap(b"k" * 32, "abc １２３ 小河")

    assert sealing.unlock(wrapped, "ａｂｃ 123 小河") == b"k" * 32


@pytest.mark.parametrize("wrong", ["", "門前大橋下游過一群鵝", PASSPHRASE + " "])
def test_another_passphrase_opens_nothing(vault, wrong):
    with pytest.raises(WrongSecret, match="筆記口令不對，沒有打開。"):
        sealing.unlock(vault.wrapped, wrong)


def test_the_passphrase_does_not_open_what_the_code_closed(vault):
    with pytest.raises(WrongSecret):
        sealing.unlock(vault.wrapped_by_code, PASSPHRASE)


def test_another_key_opens_nothing(vault):
    sealed = sealing.seal(WORDS, vault.public_key)
    other = sealing.unlock(sealing.new_vault("x").wrapped, "x")

    with pytest.raises(Broken):
        sealing.open_sealed(sealed, other)


@pytest.mark.parametrize("at", [0, 1, 20, 60, -1])
def test_one_changed_bit_is_noticed(vault, at):
    sealed = bytearray(sealing.seal(WORDS, vault.public_key))
    sealed[at] ^= 1

    with pytest.raises(Broken):
        sealing.open_sealed(bytes(sealed), sealing.unlock(vault.wrapped, PASSPHRASE))


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x02" + bytes(90)])
def test_a_blob_of_no_known_version_is_broken(blob):
    with pytest.raises(Broken):
        sealing.unlock(blob, PASSPHRASE)
    with pytest.raises(Broken):
        sealing.open_sealed(blob, bytes(range(32)))


def test_codes_differ_and_hold_no_letter_that_looks_like_another():
    codes = {sealing.new_code() for _ in range(200)}

    assert len(codes) == 200
    assert not set("".join(codes)) & set("0O1I")
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(4,) * 6}


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        " {code} ",
        "{lower}",
        "{spaced}",
        "{joined}",
        "{wide}",
    ],
)
def test_a_code_may_be_typed_in_any_way(typed):
    code = "ABCD-EFGH-JKLM-NPQR-STUV-" + sealing.check_group("ABCDEFGHJKLMNPQRSTUV")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    ways = {"code": code, "lower": code.lower(), "spaced": code.replace("-", " ")}
    ways |= {"joined": code.replace("-", ""), "wide": wide}

    assert sealing.bare(typed.format(**ways)) == code.replace("-", "")


def test_a_slip_of_the_pen_is_told_from_a_wrong_code(vault):
    first = "3" if vault.code[0] == "2" else "2"

    with pytest.raises(WrongSecret, match="抄錯了"):
        sealing.unlock_by_code(vault.wrapped_by_code, first + vault.code[1:])
    with pytest.raises(WrongSecret, match="六組"):
        sealing.unlock_by_code(vault.wrapped_by_code, vault.code[:-1])
    with pytest.raises(WrongSecret, match="恢復碼不對"):
        sealing.unlock_by_code(vault.wrapped_by_code, sealing.new_code())


def test_a_blob_tells_its_own_cost(vault):
    made = sealing.wrap(b"k" * 32, "x")

    assert made[:3] == b"\x01\x01\x01"


def test_the_library_is_not_loaded_before_it_is_needed():
    program = (
        "import sys, liushou_web, liushou_web.vaults.store.vaults; "
        "import liushou_web.vaults.keyring; "
        "liushou_web.create_app({'SECRET_KEY': 'x'}); print('nacl' in sys.modules)"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert told.stdout.strip() == "False"
