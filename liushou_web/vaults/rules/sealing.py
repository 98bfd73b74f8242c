"""Words that only one reader can open: the one module that knows how they are sealed.

Everything rests on libsodium (PyNaCl): a sealed box to the reader's public key, and a
secret box around the reader's private key, whose key argon2id makes from a passphrase or
from the recovery code. It is loaded when it is first needed, for start-up is felt.
"""

from __future__ import annotations

import secrets
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from liushou_web.refusal import Refused

if TYPE_CHECKING:
    from nacl.secret import SecretBox

SEALED, WRAPPED = b"\x01", b"\x01"  # the version that each blob begins with
SALT = 16
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: the code is copied by hand
GROUP, GROUPS = 4, 5  # a hundred bits, and one group more that tells a slip of the pen


class Cost(NamedTuple):
    """What one guess of a passphrase costs: half a second on a PC of ten years."""

    passes: int
    mebibytes: int


COST = Cost(passes=6, mebibytes=64)


class WrongSecret(Refused):
    """The passphrase or the code is not the one."""

    status = 422

    def __init__(self, sentence: str = "筆記口令不對，沒有打開。") -> None:
        super().__init__(sentence)


class Broken(Refused):
    """Not what was sealed: another reader's, cut short, or changed since."""

    status = 422

    def __init__(self) -> None:
        super().__init__("這段密封的內容打不開，它可能已損壞。請告訴系統管理員檢查備份。")


class NewVault(NamedTuple):
    """A fresh pair of keys as it is kept, and the code that is shown once and not kept."""

    public_key: bytes
    wrapped: bytes
    wrapped_by_code: bytes
    code: str


def new_vault(passphrase: str, code: str = "") -> NewVault:
    """Slow by design, twice over: never inside a transaction. Without `code`, a new one."""
    from nacl.public import PrivateKey

    key, code = PrivateKey.generate(), code or new_code()
    private = bytes(key)
    public = bytes(key.public_key)
    return NewVault(public, wrap(private, passphrase), wrap(private, bare(code)), code)


def wrap(private_key: bytes, secret: str) -> bytes:
    """The private key, closed by a passphrase (or by the letters of a code). Slow."""
    salt = secrets.token_bytes(SALT)
    box = _box(secret, salt, COST)
    return WRAPPED + bytes(COST) + salt + bytes(box.encrypt(private_key))


def unlock(wrapped: bytes, passphrase: str) -> bytes:
    """The private key. As slow as `wrap`; refuses a wrong passphrase with `WrongSecret`."""
    from nacl.exceptions import CryptoError

    if len(wrapped) < 3 + SALT or wrapped[:1] != WRAPPED:
        raise Broken
    cost, salt = Cost(wrapped[1], wrapped[2]), wrapped[3 : 3 + SALT]
    try:
        return _box(passphrase, salt, cost).decrypt(wrapped[3 + SALT :])
    except CryptoError:
        raise WrongSecret from None


def unlock_by_code(wrapped_by_code: bytes, code: str) -> bytes:
    """The private key. Refuses a code that was copied wrongly, or is another one."""
    letters = bare(code)
    try:
        return unlock(wrapped_by_code, letters)
    except WrongSecret:
        raise WrongSecret("恢復碼不對，沒有打開。可能是舊的一張，或者是別人的。") from None


def public_of(private_key: bytes) -> bytes:
    from nacl.public import PrivateKey

    return bytes(PrivateKey(private_key).public_key)


def seal(text: str, public_key: bytes) -> bytes:
    """Anyone can seal; each time the same words look different."""
    from nacl.public import PublicKey, SealedBox

    return SEALED + SealedBox(PublicKey(public_key)).encrypt(text.encode())


def open_sealed(sealed: bytes, private_key: bytes) -> str:
    """The words again; `Broken` where this key does not open them."""
    from nacl.exceptions import CryptoError
    from nacl.public import PrivateKey, SealedBox

    if sealed[:1] != SEALED:
        raise Broken
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed[1:]).decode()
    except (CryptoError, ValueError):
        raise Broken from None


def new_code() -> str:
    """'K7M4-P9TX-…': five groups by chance, and a sixth that checks them."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(GROUP * GROUPS))
    return spaced(letters + check_group(letters))


def spaced(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def last_group(code: str) -> str:
    return code[-GROUP:]


def bare(code: str) -> str:
    """The letters of a code as somebody typed it: in any case, width and spacing.

    Refuses what no code can be, so that a slip of the pen is told from a wrong code.
    """
    plain = unicodedata.normalize("NFKC", code).upper()
    letters = "".join(letter for letter in plain if letter.isalnum())
    if len(letters) != GROUP * (GROUPS + 1):
        raise WrongSecret("恢復碼有六組，每組 4 個字符，請照紙上抄全。")
    if set(letters) - set(LETTERS) or check_group(letters[:-GROUP]) != letters[-GROUP:]:
        raise WrongSecret("恢復碼抄錯了，請逐組核對。裏面沒有 0、O、1、I 這四個字符。")
    return letters


def check_group(letters: str) -> str:
    digest = sha256(letters.encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:GROUP])


def _box(secret: str, salt: bytes, cost: Cost) -> SecretBox:
    from nacl.pwhash import argon2id
    from nacl.secret import SecretBox

    plain = unicodedata.normalize("NFKC", secret).encode()
    size = SecretBox.KEY_SIZE
    memory = cost.mebibytes * 2**20
    return SecretBox(argon2id.kdf(size, plain, salt, opslimit=cost.passes, memlimit=memory))
