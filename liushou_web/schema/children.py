"""Classes and children: what the door needs in one table, the family in another; who may
collect a child, and how it usually goes home."""

from __future__ import annotations

from peewee import BooleanField, Check, DateField, IntegerField, TextField

from liushou_web.children.rules.collecting import Way
from liushou_web.children.rules.register import SEX_LABELS, Arrangement
from liushou_web.class_names import class_name
from liushou_web.db.table import Moment, Table, link, one_of

from .school import Staff


class SchoolClass(Table):
    grade = IntegerField()
    number = IntegerField()
    teacher = link(Staff, null=True)

    class Meta:
        indexes = ((("grade", "number"), True),)
        constraints = [
            Check("grade BETWEEN 1 AND 9", "class_grade"),
            Check("number BETWEEN 1 AND 40", "class_number"),
        ]

    @property
    def name(self) -> str:
        return class_name(self.grade, self.number)


class Child(Table):
    """A child as every teacher at the door knows it. Left, never deleted."""

    number = TextField(null=True, unique=True)  # 學籍號
    name = TextField()
    sex = TextField(default="")
    birth_date = DateField(null=True)
    school_class = link(SchoolClass)
    boards = BooleanField(default=False)
    left_on = DateField(null=True)
    left_reason = TextField(default="")
    folded = TextField()  # the name in simplified script without spaces, for search
    pinyin = TextField()  # readings of each character: 'shan/dan/chan yu xuan'
    version = IntegerField(default=1)  # an edit of an older version is refused

    class Meta:
        indexes = ((("school_class", "left_on"), False),)
        constraints = [
            Check("name <> ''", "child_name"),
            one_of("sex", SEX_LABELS, "child_sex"),
        ]


# Children of one name are looked for whenever names are shown.
Child.add_index(Child.name, where=Child.left_on.is_null(), name="child_of_name")


class ChildFile(Table):
    """The family behind the child: sensitive, and read by few (`rules/access.py`)."""

    child = link(Child, unique=True)
    arrangement = TextField(default="")
    carer_name = TextField(default="")
    carer_relation = TextField(default="")
    carer_phone = TextField(default="")
    father_name = TextField(default="")
    father_phone = TextField(default="")
    mother_name = TextField(default="")
    mother_phone = TextField(default="")
    parents_work = TextField(default="")  # 父母務工地
    parents_free = TextField(default="")  # when they can take a call
    address = TextField(default="")
    note = TextField(default="")

    class Meta:
        constraints = [
            one_of("arrangement", Arrangement, "file_arrangement"),
        ]


class Collector(Table):
    """A person who may collect a child, from a day on. Ended, never deleted."""

    child = link(Child)
    name = TextField()
    relation = TextField(default="")
    phone = TextField(default="")
    guardian = BooleanField(default=False)  # another fact than being allowed to collect
    first_day = DateField()
    last_day = DateField(null=True)  # where it is known ahead
    photo = TextField(default="")  # the name of a file of ours
    added_by = link(Staff, null=True)  # nobody: taken over from the child's file
    added_at = Moment()
    ended_at = Moment(null=True)  # no longer from that moment on

    class Meta:
        constraints = [
            Check("name <> ''", "collector_name"),
            Check("last_day IS NULL OR first_day <= last_day", "collector_order"),
        ]


class WayHome(Table):
    """How a child usually goes home, and whether it may go alone: who agreed, and when.

    An empty way: somebody has to choose each time.
    """

    child = link(Child, unique=True)
    way = TextField(default="")
    collector = link(Collector, null=True)
    consent_by = TextField(default="")
    consent_on = DateField(null=True)
    set_at = Moment()

    class Meta:
        constraints = [
            one_of("way", (way for way in Way if way != Way.OTHER), "way_home_way"),
            Check("(way = 'collector') = (collector_id IS NOT NULL)", "way_home_collector"),
            Check("(consent_by <> '') = (consent_on IS NOT NULL)", "way_home_consent"),
            Check("way <> 'alone' OR consent_by <> ''", "alone_by_consent"),
        ]
