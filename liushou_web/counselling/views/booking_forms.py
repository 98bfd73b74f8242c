"""The forms of the counselling room: asking for a time, moving one, closing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import request
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TimeField,
)
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from liushou_web import clock
from liushou_web.consent import Consent
from liushou_web.refusal import Refused
from liushou_web.span import Span
from liushou_web.vaults import unsaved
from liushou_web.vaults.rules.sealing import seal
from liushou_web.vaults.store import vaults
from liushou_web.web.fields import DayField, span_on
from liushou_web.web.forms import (
    AgreedForm,
    CreatingForm,
    Form,
    Line,
    Text,
    at_most,
    choices,
    required,
    tidy,
)
from liushou_web.web.unsaved import WORDS

from ..rules.bookings import (
    BLOCK_LABELS,
    CANCEL_LABELS,
    CHANNEL_LABELS,
    WITHDRAWN,
    Words,
    to_seal,
)
from ..rules.series import MOST_DATES, RHYTHMS, Rhythm
from ..store import hours
from ..store import times as counselling_times
from ..store.times import Free

LATER = "later"
REASONS = {key: label for key, label in CANCEL_LABELS.items() if key != WITHDRAWN}
SOME_TIMES = f"請填寫 1 到 {MOST_DATES} 的整數。"


class TimesForm(CreatingForm):
    """A form with the free times to choose from, as they are when it is shown."""

    starts = Line("時間")
    days: Sequence[Free] = ()
    minutes = 0  # of one session

    def offer(self, counsellor_id: int, child_id: int | None) -> None:
        """Fills in the times that are free now."""
        self.days = counselling_times.free_times(
            counsellor_id, at=clock.now(), child_id=child_id
        )
        self.minutes = hours.length().session.seconds // 60

    def chosen(self) -> datetime | None:
        """The time; None for 請輔導老師安排. Refuses where neither was chosen."""
        if self.starts.data == LATER:
            return None
        try:
            return datetime.fromisoformat(self.starts.data or "").replace(tzinfo=None)
        except ValueError:
            raise Refused("還沒有選時間。請選一個，或請輔導老師安排。") from None


FOR_COUNSELLOR = ("alias", "reason")  # what she alone may read
LONGEST_CARRIED = 2000  # bytes of words that were carried


def words_for(counsellor_id: int | None) -> str:
    """The words of this request, closed for the counsellor; or those that came closed."""
    words = Words(*(tidy(request.form.get(name)) for name in FOR_COUNSELLOR))
    key = vaults.public_key_of(counsellor_id) if counsellor_id and any(words) else None
    if key:
        return unsaved.sealed_words(to_seal(words), key)
    return "" if any(words) else request.form.get(WORDS, "")


class SealedForm(CreatingForm):
    """Words for the counsellor alone: closed before they reach the database, or even
    before a login that had ended (`words`)."""

    words = HiddenField()
    alias = Line("化名（可以不填）", [at_most(20)])
    reason = Text("原因（可以不填，只有輔導老師能看）", [at_most(300)])

    def sealed(self, counsellor_id: int) -> bytes | None:
        """The words, closed; None where nothing was written. Refuses words that nobody
        could open."""
        text = to_seal(Words(self.alias.data or "", self.reason.data or ""))
        if not text and not self.words.data:
            return None
        key = vaults.public_key_of(counsellor_id)
        if not text:
            return self._carried(key)
        if key is None:
            raise Refused("輔導老師還不能接收密封的內容。請刪去化名和原因，再提交一次。")
        return seal(text, key)

    def _carried(self, key: bytes | None) -> bytes:
        sealed = unsaved.sealed_for(key, self.words.data or "") if key else None
        if sealed is None or len(sealed) > LONGEST_CARRIED:
            self.words.data = ""
            raise Refused("剛才寫的化名和原因沒有帶過來，請重新填寫，再提交一次。")
        return sealed


class BookForm(TimesForm, SealedForm, AgreedForm):
    """A request for the counsellor's time."""

    channel = RadioField(
        "誰提出的",
        choices=choices(CHANNEL_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(list(CHANNEL_LABELS), message="請選一項。")],
    )
    urgent = BooleanField("緊急，請輔導老師儘快看")
    seen = HiddenField()
    accepted = BooleanField("我知道了，仍要預約")


class MoveForm(TimesForm):
    """Another time: a free one, or any other that the counsellor types."""

    day = DayField("日期")
    begins = TimeField("開始時間", [Optional()])
    ends = TimeField("結束時間", [Optional()])
    room_id = SelectField("房間", coerce=int)

    def typed(self) -> Span | None:
        """The time that was typed, if one was."""
        if not (self.day.data or self.begins.data or self.ends.data):
            return None
        return span_on(self.day.data, self.begins.data, self.ends.data)


class BlockForm(SealedForm):
    """A time that the counsellor holds for something else than a child."""

    kind = RadioField(
        "用途（別人只看到「已佔用」）",
        choices=choices(BLOCK_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(list(BLOCK_LABELS), message="請選一項。")],
    )
    day = DayField("日期", [required()])
    begins = TimeField("開始時間", [required()])
    ends = TimeField("結束時間", [required()])
    room_id = SelectField("房間", coerce=int)

    def span(self) -> Span:
        return span_on(self.day.day, self.begins.data, self.ends.data)


class CancelForm(Form):
    reason = RadioField(
        "原因",
        choices=choices(REASONS.items()),
        validate_choice=False,
        validators=[AnyOf(list(REASONS), message="請選一項。")],
    )
    rest = BooleanField("以後的也一起取消")


class FollowForm(CreatingForm):
    """How often, how many times; then the dates, seen and agreed to."""

    weeks = RadioField("多久一次", coerce=int, choices=choices(RHYTHMS.items()), default=1)
    times = IntegerField(
        "再約幾次",
        [InputRequired(SOME_TIMES), NumberRange(1, MOST_DATES, SOME_TIMES)],
        default=4,
    )
    seen = HiddenField()
    skip = BooleanField("跳過衝突的日期")

    def rhythm(self) -> Rhythm:
        return Rhythm(self.weeks.data, self.times.data or 1)

    def consent(self) -> Consent:
        return Consent(self.seen.data or "", self.skip.data)
