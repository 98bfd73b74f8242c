"""Who may collect a child, and how it usually goes home."""

from __future__ import annotations

from peewee import BooleanField, Check, DateField, TextField

from liushou_web.db.table import Moment, Table, link

from .people import Staff
from .school import Child


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
            Check("way IN ('', 'collector', 'alone', 'bus', 'dormitory')", "way_home_way"),
            Check("(way = 'collector') = (collector_id IS NOT NULL)", "way_home_collector"),
            Check("(consent_by <> '') = (consent_on IS NOT NULL)", "way_home_consent"),
            Check("way <> 'alone' OR consent_by <> ''", "alone_by_consent"),
        ]
