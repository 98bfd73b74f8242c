"""The school's settings, and what the trail tells of a change."""

import make
from kit import MONDAY_4PM

from liushou_web.schema import Trail
from liushou_web.school.rules.settings import Settings
from liushou_web.school.store import school


def test_settings_change_and_the_trail_tells_what(store):
    make.school()
    wanted = Settings(**{**make.SETTINGS, "name": "董崗小學", "script": "hans"})

    school.change(wanted._replace(grace_minutes=0), by=make.actor(), at=MONDAY_4PM)

    made = school.school()
    assert (made.name, made.script, made.grace_minutes) == ("董崗小學", "hans", 0)
    assert [(t.deed, t.detail) for t in Trail.select()] == [
        (
            "school.change",
            "學校：董崗鎮中心學校 → 董崗小學；文字：繁體 → 简体；遲到寬限（分鐘）：10 → 0",
        )
    ]


def test_saving_the_same_settings_tells_nothing(store):
    make.school()

    school.change(Settings(**make.SETTINGS), by=make.actor(), at=MONDAY_4PM)

    assert Trail.select().count() == 0
