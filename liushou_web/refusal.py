"""A refusal is an answer, not an error: one sentence that the user understands."""

from collections.abc import Callable

SHORTEST_REASON = 4  # characters: fewer explain nothing


class Refused(Exception):  # noqa: N818 - it is an answer
    """What the rules say no to. The sentence is kept apart from the values in it,
    so that it can be turned into the reader's script and people's names cannot."""

    status = 409

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.said(str)

    def said(self, script: Callable[[str], str]) -> str:
        """The sentence in the script given, with its values put in unconverted."""
        return script(self.sentence).format(**self.values)


class NotAllowed(Refused):
    """Not your role."""

    status = 403

    def __init__(self, sentence: str = "您的角色不能使用這個頁面。") -> None:
        super().__init__(sentence)


class NotFound(Refused):
    """No such thing, or none that the asker may know of."""

    status = 404

    def __init__(self, sentence: str = "找不到這個頁面或記錄，它可能已被移走。") -> None:
        super().__init__(sentence)
