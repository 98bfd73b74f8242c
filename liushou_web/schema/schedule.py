"""Terms and special days; rooms, weekly openings, activities, and duties passed on."""

from __future__ import annotations

from peewee import BooleanField, Check, DateField, IntegerField, TextField, TimeField

from liushou_web.db.table import Moment, Table, link, one_of
from liushou_web.schedule.rules.swaps import Answer

from .children import Child, SchoolClass
from .school import Staff


class Term(Table):
    """Teaching weeks are counted from the Monday of the week of `first_day`."""

    name = TextField(unique=True)
    first_day = DateField()
    last_day = DateField()

    class Meta:
        constraints = [Check("first_day <= last_day", "term_order")]


class CalendarDay(Table):
    """A closed day, or a make-up day that follows the plan of the date `follows`."""

    day = DateField(unique=True)
    kind = TextField()
    name = TextField()
    follows = DateField(null=True)

    class Meta:
        constraints = [
            Check("kind IN ('closed', 'make_up')", "calendar_kind"),
            Check("follows IS NULL OR kind = 'make_up'", "only_make_up_follows"),
        ]


EXPECTS = "expects IN ('all', 'classes', 'children')"


class Room(Table):
    name = TextField(unique=True)
    retired = BooleanField(default=False)
    counselling = BooleanField(default=False)  # what it is held for, nobody is told


class Slot(Table):
    """A weekly opening of one term; its dated activities are rows of their own."""

    term = link(Term)
    room = link(Room)
    weekday = IntegerField()  # 0 is Monday
    starts = TimeField()
    ends = TimeField()
    title = TextField()
    kind = TextField()
    expects = TextField(default="all")
    ended = BooleanField(default=False)  # the rest of the series was cancelled

    class Meta:
        constraints = [
            Check("weekday BETWEEN 0 AND 6", "slot_weekday"),
            Check("starts < ends", "slot_order"),
            Check(EXPECTS, "slot_expects"),
        ]


class SlotDuty(Table):
    slot = link(Slot, on_delete="CASCADE")
    staff = link(Staff)

    class Meta:
        indexes = ((("slot", "staff"), True),)


class SlotClass(Table):
    slot = link(Slot, on_delete="CASCADE")
    school_class = link(SchoolClass)

    class Meta:
        indexes = ((("slot", "school_class"), True),)


class SlotChild(Table):
    slot = link(Slot, on_delete="CASCADE")
    child = link(Child)

    class Meta:
        indexes = ((("slot", "child"), True),)


class Activity(Table):
    """One dated happening with a roll, made from a slot or on its own.

    Until the first act on its roll (`opened_at`) the children expected are worked out from
    the register; from then on they are `Attendance` rows, and the register can change
    without rewriting the past. A roll that nobody took says nothing about any child.
    """

    slot = link(Slot, null=True)
    room = link(Room)
    title = TextField()
    kind = TextField()
    starts = Moment(index=True)
    ends = Moment()
    expects = TextField(default="all")
    opened_at = Moment(null=True)
    grace_minutes = IntegerField(default=10)  # the setting as it was when the roll opened
    version = IntegerField(default=0)  # counts the changes of the roll
    cancelled_at = Moment(null=True)
    cancel_reason = TextField(default="")
    moved_from = Moment(null=True)
    move_reason = TextField(default="")
    closed_at = Moment(null=True)  # from then on the roll takes corrections only
    closed_by = link(Staff, null=True)
    locked_by = link(Staff, null=True)  # who locked up, as far as it is known
    close_note = TextField(default="")
    added_after = Moment(null=True)  # held without a plan: when it was entered

    class Meta:
        constraints = [
            Check("starts < ends", "activity_order"),
            Check(EXPECTS, "activity_expects"),
        ]


class ActivityDuty(Table):
    activity = link(Activity, on_delete="CASCADE")
    staff = link(Staff)

    class Meta:
        indexes = ((("activity", "staff"), True),)


class ActivityClass(Table):
    activity = link(Activity, on_delete="CASCADE")
    school_class = link(SchoolClass)

    class Meta:
        indexes = ((("activity", "school_class"), True),)


class ActivityChild(Table):
    activity = link(Activity, on_delete="CASCADE")
    child = link(Child)

    class Meta:
        indexes = ((("activity", "child"), True),)


class DutySwap(Table):
    """A request to take a duty over, and its answer. One without an answer lapses by
    itself (`rules/swaps.py`); an accepted one is the trace of who was on duty before."""

    activity = link(Activity, on_delete="CASCADE")
    asked_by = link(Staff)
    asked_of = link(Staff)
    words = TextField(default="")
    asked_at = Moment()
    answer = TextField(default="")
    answered_at = Moment(null=True)

    class Meta:
        constraints = [
            one_of("answer", Answer, "swap_answer"),
            Check("(answer = '') = (answered_at IS NULL)", "swap_answered"),
            Check("asked_by_id <> asked_of_id", "swap_of_two"),
        ]


# One duty is asked of one colleague at a time.
DutySwap.add_index(
    DutySwap.activity,
    DutySwap.asked_by,
    unique=True,
    where=DutySwap.answer == "",
    name="duty_swap_open",
)
