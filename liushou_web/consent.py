"""What somebody was shown and agreed to: that, as it was shown, is what is then done."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from .refusal import Refused


def fingerprint(shown: object) -> str:
    """Changes with anything in what is shown."""
    return sha256(repr(shown).encode()).hexdigest()


class Consent(NamedTuple):
    """The fingerprint of what was seen, and what was ticked beside it."""

    seen: str
    skip: bool = True  # what clashes is passed over
    accepted: bool = False

    def covers(self, shown: object) -> bool:
        """Whether just this was seen and accepted."""
        return self.accepted and self.seen == fingerprint(shown)


class NotAgreed(Refused):
    """Nothing was done: somebody has to look at what is `shown`, and agree to it."""

    def __init__(self, sentence: str, shown: object) -> None:
        super().__init__(sentence)
        self.shown = shown
