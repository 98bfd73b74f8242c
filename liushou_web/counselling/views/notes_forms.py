"""The forms of a session note and of a referral, whose text only their reader may see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from flask_login import current_user
from wtforms import HiddenField, IntegerField, RadioField, TimeField
from wtforms.validators import AnyOf, Optional
from wtforms.widgets import HiddenInput

from liushou_web.children.views.namesakes import mark_of
from liushou_web.refusal import NotFound, Refused
from liushou_web.web.fields import DayField
from liushou_web.web.forms import CreatingForm, Line, Text, at_most, choices, required
from liushou_web.web.zh import said

from ..rules.bookings import BookingState, Words
from ..rules.notes import (
    LONGEST_TEXT,
    RISK_LABELS,
    WAY_LABELS,
    Note,
    NoteKind,
    Pupil,
    by_label,
    pupil_meant,
)
from ..store import notes
from ..store.booking_lists import BookingEntry

CHOSEN = {"list": "pupils", "autocomplete": "off"}


def words(label: str) -> Text:
    return Text(label, [at_most(LONGEST_TEXT)], render_kw={"rows": 4})


class ChangingForm(CreatingForm):
    """A form for a note that is there: which version it changes, and who typed it."""

    version = IntegerField(default=0, widget=HiddenInput())
    reader = HiddenField()  # in whose name it is carried over the end of a login

    def retry(self, version: int, refusal: Refused) -> None:
        """The refusal is shown, and pressing again changes the version of now."""
        self.refuse(refusal)
        self.version.data, self.version.raw_data = version, None


class NoteForm(ChangingForm):
    """What notes and referrals share. `paused`: it was locked in the middle of typing."""

    who = Line("學生", [required(), at_most(60)], render_kw=CHOSEN)
    day = DayField("日期", [required()])

    def __init__(self, formdata: Any, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.paused = bool(formdata) and "lock" in formdata
        self.reader.data = str(current_user.id)
        self.pupils = by_label(
            Pupil(each.id, each.name, said(each.class_name), mark_of(each.id))
            for each in notes.pupils()
        )

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether it was sent to be saved: not shown for the first time, nor again after it
        had locked."""
        return not self.paused and super().validate_on_submit(extra_validators)

    def name(self, note: Note) -> None:
        """Shows the child of the note as the list names them."""
        known = {pupil.id: label for label, pupil in self.pupils.items()}
        self.who.data = known.get(note.child_id or 0, note.who)

    def note(self, before: Note) -> Note:
        """What the form says; of a child who has left the register, still that child."""
        as_typed = {
            field.name: field.data
            for field in self
            if field.name in Note.__dataclass_fields__ and field.name != "who"
        }
        who = self.who.data or ""
        pupil = pupil_meant(who, self.pupils)
        child_id = pupil.id if pupil else before.child_id if who == before.who else None
        name = pupil.name if pupil else who
        return Note(**{**as_typed, "kind": before.kind, "child_id": child_id, "who": name})


class SessionForm(NoteForm):
    starts = TimeField("開始時間", [Optional()])
    ends = TimeField("結束時間", [Optional()])
    place = Line("地點", [at_most(40)])
    way = RadioField(
        "方式",
        choices=choices(WAY_LABELS.items()),
        default="face",
        validate_choice=False,
        validators=[AnyOf(list(WAY_LABELS), message="請選擇方式。")],
    )
    issue = words("主訴問題")
    goal = words("輔導目標")
    course = words("輔導過程")
    observation = words("情緒和行為觀察")
    agreements = words("約定或作業")
    risk = RadioField(
        "危險程度",
        choices=choices(RISK_LABELS.items()),
        validate_choice=False,
        validators=[AnyOf(list(RISK_LABELS), message="請選擇危險程度。")],
    )
    next_day = DayField("下次日期")


class ReferralForm(NoteForm):
    to_whom = Line("轉介到", [required(), at_most(60)])
    reason = words("轉介原因")
    outcome = words("結果")
    follow_up = words("後續跟進")


FORMS: dict[NoteKind, type[NoteForm]] = {
    NoteKind.SESSION: SessionForm,
    NoteKind.REFERRAL: ReferralForm,
}


class VoidForm(ChangingForm):
    void = Line("為什麼作廢", [required(), at_most(200)])


def nearest_quarter(at: time) -> time:
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def beginning(kind: NoteKind, at: datetime) -> Note:
    """What a new form says already."""
    starts = nearest_quarter(at.time()) if kind is NoteKind.SESSION else None
    return Note(kind, day=at.date(), starts=starts, way="face")


def after_session(item: BookingEntry, words: Words | None) -> Note:
    """What the form says of a session that was held, by its booking. `NotFound` for what
    was no session, or is not over."""
    if item.state != BookingState.DONE or not item.is_child or item.span is None:
        raise NotFound
    starts, ends = item.span.starts, item.span.ends
    return Note(
        child_id=item.child_id,
        who=item.name or (words.alias if words else ""),
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time() if ends.date() == starts.date() else None,
        place=item.room or "",
        way="face",
    )


def as_typed(note: Note) -> dict[str, Any]:
    """What a form takes of a note: nothing for what the note does not say."""
    return {name: value for name, value in asdict(note).items() if value}
