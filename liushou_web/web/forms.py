"""What all forms share: tidy text, a one-time key, tokens as lasting as a login."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug import Response
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.form import BaseForm
from wtforms.i18n import get_translations
from wtforms.validators import InputRequired, Length, StopValidation

from liushou_web import clock
from liushou_web.consent import Consent, NotAgreed, fingerprint
from liushou_web.db import form_keys
from liushou_web.refusal import Refused

from . import unsaved
from .htmx import go, say
from .zh import said

# NUL and other controls but tab and line ends; zero-width and direction marks
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)

csrf = CSRFProtect()


def tidy(text: str | None) -> str:
    """NFC, without unseen characters and outer spaces."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", text or "")).strip()


class Line(StringField):
    """One line of text, tidied."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[tidy], **kwargs)


class Text(TextAreaField):
    """Several lines of text, tidied."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[tidy], **kwargs)


class Filled(InputRequired):
    """Something typed: spaces are nothing, the number 0 is something."""

    def __call__(self, form: BaseForm, field: Any) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            field.errors = []
            raise StopValidation(self.message)


def required() -> InputRequired:
    return Filled("請填寫這一項。")


def at_most(length: int) -> Length:
    return Length(max=length, message=f"請不要超過 {length} 個字。")


def choices(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """(value, label) pairs as WTForms wants them, for any field with options."""
    return [SelectChoice(value, label) for value, label in pairs]


class WordsField(SelectField):
    """A select whose options are words of ours, shown in the reader's script."""

    def iter_choices(self) -> Iterator[Choice]:
        for choice in super().iter_choices():
            yield choice._replace(label=said(choice.label))


class Form(FlaskForm):
    """A form; `refuse` puts a refusal on top of it and keeps what was typed."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: BaseForm) -> Any:
            return get_translations(["zh_TW"])

    def validate(self, extra_validators: Any = None) -> bool:
        """An old token is told on top of a form whose view checks it itself."""
        good: bool = super().validate(extra_validators)
        if "csrf_token" in self.errors:
            self.refuse(Refused("頁面已過期，沒有保存。請再提交一次。"))
        return good

    def refuse(self, refusal: Exception) -> None:
        self.form_errors.append(refusal)

    def once(self, save: Callable[[], str]) -> str:
        """What `save` answers; a form that creates asks it only the first time."""
        return save()

    @property
    def status(self) -> int:
        """The status of the page with this form: 422 where something in it is wrong."""
        return 422 if self.errors else 200


class CreatingForm(Form):
    """A form that creates: its one-time key makes a second press answer like the first."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def once(self, save: Callable[[], str]) -> str:
        return form_keys.once(self.key.data or "", save, at=clock.now())


class AgreedForm(Form):
    """A form that may have to be agreed to: what nobody has agreed to yet comes back with
    it and a tick."""

    seen = HiddenField()
    accepted = BooleanField("我知道了，仍要保存")
    shown: Any = None  # what is to be agreed to

    def refuse(self, refusal: Exception) -> None:
        super().refuse(refusal)
        if isinstance(refusal, NotAgreed):
            self.shown = refusal.shown
            self.seen.data = fingerprint(refusal.shown)
            self.accepted.data = False

    def consent(self) -> Consent:
        return Consent(self.seen.data or "", accepted=self.accepted.data)


def saved(form: Form, save: Callable[[], str]) -> Response | None:
    """On to the address that `save`, which writes, gives; None for a first visit, and where
    the form or the house refuses: then the form says why."""
    return outcome(form, lambda: go(form.once(save)))


def outcome(form: Form, act: Callable[[], Response]) -> Response | None:
    """What `act` answers, a page perhaps; None for a first visit, and where the form or the
    house refuses: then the form says why."""
    if not form.validate_on_submit():
        return None
    try:
        return act()
    except Refused as refusal:
        form.refuse(refusal)
        return None


def attributes(field: Any, errors_id: str) -> dict[str, str]:
    """What a field's tag says to a screen reader when it is wrong."""
    return {"aria-invalid": "true", "aria-describedby": errors_id} if field.errors else {}


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    app.before_request(carry_on)
    app.context_processor(lambda: {"csrf_token": token})
    app.jinja_env.globals["attributes"] = attributes
    app.register_error_handler(CSRFError, page_too_old)


def carry_on() -> None:
    """A token that came with a post and was found good is the one of the answer too."""
    came = request.form.get("csrf_token") if g.get("csrf_valid") else None
    if came:
        g.csrf_token = came


def token() -> str:
    """The token of this answer's forms, worked out once: a roll has one a button."""
    return str(g.get("csrf_token") or generate_csrf())


def page_too_old(_error: CSRFError) -> Response:
    """A page from before another login: its typing is given back, to be sent anew."""
    if not current_user.is_authenticated:
        return go("/")
    kept = unsaved.of_request(current_user.id)
    if kept is None:
        return say(said("頁面已過期，剛才的操作沒有保存。請刷新頁面後重試。"), 400)
    return unsaved.give_back(kept, "頁面已過期，剛才的操作沒有保存。", status=400)
