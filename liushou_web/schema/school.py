"""Classes and children: what the door needs in one table, the family in another."""

from __future__ import annotations

from peewee import BlobField, BooleanField, Check, DateField, IntegerField, TextField

from liushou_web.class_names import class_name
from liushou_web.db.table import Moment, Table, link

from .people import Staff


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
            Check("sex IN ('', 'm', 'f')", "child_sex"),
        ]


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
            Check(
                "arrangement IN ('', 'grandparents', 'relatives', 'care_parent',"
                " 'boarding', 'alone', 'one_parent', 'other')",
                "file_arrangement",
            ),
        ]


class ImportDraft(Table):
    """A roster between reading it and confirming it; its owner's alone, and for a day."""

    token = TextField(unique=True)
    staff = link(Staff)
    made_at = Moment(index=True)
    filename = TextField()
    content = BlobField()  # its cells, packed; empty once confirmed
    reading = TextField(default="")  # how its columns are understood
    result = TextField(default="")  # the counts, once confirmed
