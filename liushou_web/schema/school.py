"""The school itself, its staff, their logins, and the trail of what they did."""

from __future__ import annotations

from flask_login import UserMixin
from peewee import BooleanField, Check, IntegerField, TextField

from liushou_web.db.table import Moment, Table, WordsField, link, one_of
from liushou_web.school.rules.settings import ROLL_VIEWS, SCRIPT_LABELS


class School(Table):
    """One row: the names on every printed sheet and the settings of the house."""

    name = TextField()
    home_name = TextField()
    script = TextField(default="hant")  # for those who have not chosen
    grace_minutes = IntegerField(default=10)  # after the start, before 遲到
    absences_in_row = IntegerField(default=2)  # that many are told on 今日
    sick_alike = IntegerField(default=3)  # children of one class within a week, likewise
    closing_grace_minutes = IntegerField(default=30)  # after the end, before 逾期未關閉
    vault_idle_minutes = IntegerField(default=5)  # then sealed notes lock themselves
    counselling_minutes = IntegerField(default=45)  # one session
    counselling_pause = IntegerField(default=10)  # so that children do not meet at the door
    counselling_threshold = IntegerField(default=3)  # smaller figures are not told
    call_minutes = IntegerField(default=10)  # of one call on the family phone

    class Meta:
        constraints = [
            Check("id = 1", "one_school"),
            one_of("script", SCRIPT_LABELS, "school_script"),
            Check("grace_minutes BETWEEN 0 AND 120", "school_grace"),
            Check("absences_in_row BETWEEN 2 AND 20", "school_absences"),
            Check("sick_alike BETWEEN 2 AND 20", "school_sick"),
            Check("closing_grace_minutes BETWEEN 0 AND 120", "school_closing_grace"),
            Check("vault_idle_minutes BETWEEN 1 AND 30", "school_vault_idle"),
            Check("counselling_minutes BETWEEN 10 AND 180", "school_session"),
            Check("counselling_pause BETWEEN 0 AND 60", "school_pause"),
            Check("counselling_threshold BETWEEN 3 AND 20", "school_threshold"),
            Check("call_minutes BETWEEN 3 AND 60", "school_call_minutes"),
        ]


class Staff(Table, UserMixin):
    """A person who logs in. Retired, never deleted: the past names them."""

    login = TextField(unique=True)
    name = TextField()
    password_hash = TextField()
    must_change = BooleanField(default=False)  # a one-time password was handed out
    one_time_until = Moment(null=True)  # after this it opens nothing
    roles = WordsField(default=frozenset)
    script = TextField(default="")  # '' follows the school
    roll_view = TextField(default="list")  # or 'tiles'
    retired_at = Moment(null=True)
    token = ""  # of the login session that this person came in by

    class Meta:
        constraints = [
            one_of("script", ("", *SCRIPT_LABELS), "staff_script"),
            one_of("roll_view", ROLL_VIEWS, "staff_roll_view"),
        ]

    def get_id(self) -> str:
        """What Flask-Login puts into the cookie: the session's token, not the person."""
        return self.token


class LoginSession(Table):
    """One login on one device; over when `ended_at` is set. Only a hash of the token."""

    token_hash = TextField(unique=True)
    staff = link(Staff)
    address = TextField()
    began_at = Moment()
    seen_at = Moment()
    ended_at = Moment(null=True)


class LoginFailure(Table):
    """Failed logins in a row for one account ('account:li') or address ('address:…')."""

    key = TextField(unique=True)
    count = IntegerField()
    last_at = Moment()


class Trail(Table):
    """Who did what to which record, when, from where. Triggers forbid any change."""

    at = Moment(index=True)
    staff = link(Staff, null=True)
    address = TextField()
    deed = TextField()  # 'attendance.sign_in'
    subject = TextField(default="")  # 'child', 'activity' …
    subject_id = IntegerField(null=True)
    detail = TextField(default="")

    class Meta:
        indexes = ((("subject", "subject_id"), False),)
