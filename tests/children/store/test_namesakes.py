"""What stands beside a shared name is true at each page, however often it was asked."""

import make
from kit import count_queries

from liushou_web.children.store import namesakes
from liushou_web.schema import Child


def test_marks_follow_the_register_at_once(store):
    one = make.child(name="王芳", number="20260001")
    other = make.child(name="王芳", number="20260002")

    before = dict(namesakes.marks())
    Child.update(name="王方").where(Child.id == other.id).execute()

    assert before == {one.id: "…0001", other.id: "…0002"}
    assert dict(namesakes.marks()) == {}


def test_marks_of_the_same_children_are_the_same_and_cannot_be_changed(store):
    for number in ("20260001", "20260002"):
        make.child(name="王芳", number=number)

    with count_queries() as counted:
        first, second = namesakes.marks(), namesakes.marks()

    assert first is second
    assert not hasattr(first, "update")
    assert counted.count == 2
