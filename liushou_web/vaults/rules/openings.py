"""What is done with a vault, as its owner reads it, and why one may open another's."""

from __future__ import annotations

from liushou_web.refusal import Refused

SHORTEST_REASON = 10  # characters, spaces not counted: a life is at stake

LABELS = {
    "unlock": "用口令打開",
    "read": "閱讀",
    "print": "打印",
    "wrong": "口令不對，沒有打開",
    "passphrase": "修改口令",
    "code": "更換恢復碼",
    "recover": "用恢復碼重設口令",
    "hand_over": "交接",
    "break_glass": "緊急打開",
    "break_read": "緊急打開後閱讀",
    "break_wrong": "緊急打開：恢復碼不對",
    "break_hand_over": "用恢復碼交接",
}
BY_OTHERS = ("break_glass", "break_read", "break_wrong", "break_hand_over")
HANDED = ("hand_over", "break_hand_over")  # told in both vaults


def check_reason(reason: str) -> None:
    """Refuses a reason of a few words, to void a note or to open what is not one's own."""
    if len("".join(reason.split())) < SHORTEST_REASON:
        raise Refused("請寫明原因，至少 {count} 個字。", count=SHORTEST_REASON)
