"""Who collects the invented children: beside the carers of their files a few more people,
and once a neighbour whom nobody had put on the list."""

from __future__ import annotations

from datetime import datetime

from liushou_web.actor import Actor
from liushou_web.attendance.store import taps
from liushou_web.children.rules.collecting import CollectorFields, Release
from liushou_web.children.store import collecting
from liushou_web.schedule.store import duties
from liushou_web.schema import Activity, Child, ChildFile

AUNT, UNCLE = ("姑姑", "趙小蓮"), ("叔叔", "王德明")
ALONE, BUS, EACH_TIME = "alone", "bus", ""
# Of the children in the order of the register: how each of these usually goes home.
WAYS_HOME = {2: BUS, 7: BUS, 11: ALONE, 33: EACH_TIME, 36: BUS, 39: ALONE, 45: EACH_TIME}
MORE_COLLECTORS = {0: AUNT, 33: AUNT, 36: UNCLE, 42: AUNT, 45: UNCLE, 51: UNCLE}
BY_NEIGHBOUR = Release("孫桂花", "鄰居", "奶奶腳扭傷了，打電話請鄰居幫忙接", 0)


def enter(by: Actor, now: datetime) -> None:
    children = list(Child.select().order_by(Child.id))
    for place, (relation, name) in MORE_COLLECTORS.items():
        fields = CollectorFields(name, relation, "10000009911", False, now.date())
        collecting.add(children[place].id, fields, usual=False, by=by, at=now)
    for place, way in WAYS_HOME.items():
        child = children[place]
        agreed = way == ALONE
        collecting.set_home(
            child.id,
            way,
            consent_by=_carer(child) if agreed else "",
            consent_on=now.date() if agreed else None,
            by=by,
            at=now,
        )


def _carer(child: Child) -> str:
    file = ChildFile.get(ChildFile.child == child)
    return f"{file.carer_relation} {file.carer_name}，當面同意"


def release_to_neighbour(activity: Activity, child_id: int, by: Actor) -> None:
    """Lets one child go with somebody who is not on its list."""
    teachers = {id_ for id_, _ in duties.teachers()}
    release = BY_NEIGHBOUR._replace(teacher_id=by.id or 0)
    taps.release(activity.id, child_id, release, teachers=teachers, by=by, at=activity.ends)
