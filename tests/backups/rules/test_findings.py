"""What each finding of the self-check means."""

from datetime import datetime, timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.backups.rules import findings
from liushou_web.backups.rules.findings import GIBIBYTE, State
from liushou_web.backups.rules.retention import Backup, BackupKind
from liushou_web.refusal import Refused

DAY = timedelta(days=1)


def made(days_ago):
    return Backup(MONDAY_4PM - days_ago * DAY, BackupKind.DAILY)


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        (findings.database("ok"), State.GOOD),
        (findings.database("row 3 missing"), State.BAD),
        (findings.links(0), State.GOOD),
        (findings.links(2), State.BAD),
        (findings.schema(False, [], []), State.GOOD),
        (findings.schema(True, [], []), State.BAD),
        (findings.schema(False, ["0002"], []), State.BAD),
        (findings.schema(False, [], ["9999"]), State.BAD),
        (findings.disk(GIBIBYTE), State.GOOD),
        (findings.disk(GIBIBYTE - 1), State.LOOK),
        (findings.disk(GIBIBYTE // 10 - 1), State.BAD),
        (findings.clock(MONDAY_4PM, None), State.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM), State.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM + timedelta(minutes=2)), State.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM + timedelta(minutes=3)), State.BAD),
        (findings.clock(datetime(2025, 12, 31, 23, 59), None), State.BAD),
        (findings.clock(datetime(2026, 1, 1), None), State.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM - 120 * DAY), State.GOOD),  # a summer
        (findings.clock(MONDAY_4PM, MONDAY_4PM - 121 * DAY), State.LOOK),
        (findings.addresses([], ":8000"), State.LOOK),
        (findings.addresses(["192.168.1.5"], ":8000"), State.GOOD),
        (findings.backup(None, None, MONDAY_4PM), State.BAD),
        (findings.backup(made(3), None, MONDAY_4PM), State.GOOD),
        (findings.backup(made(4), None, MONDAY_4PM), State.BAD),
        (findings.backup(made(1), Refused("磁盤滿了。"), MONDAY_4PM), State.LOOK),
        (findings.second_place("", None, None, MONDAY_4PM), State.LOOK),
        (findings.second_place("E:\\", None, None, MONDAY_4PM), State.LOOK),
        (findings.second_place("E:\\", made(1), Refused("不在。"), MONDAY_4PM), State.GOOD),
        (findings.second_place("E:\\", made(4), None, MONDAY_4PM), State.LOOK),
        (findings.sqlite((3, 40, 1)), State.GOOD),
        (findings.program("0.1.0", "3.11.7"), State.GOOD),
    ],
)
def test_states(finding, state):
    assert finding.state is state
    assert "{" not in finding.told()
    assert bool(finding.todo) is (state is not State.GOOD)


def test_addresses_are_told_as_they_are_typed():
    assert findings.addresses(["10.0.0.2", "10.0.0.3"], ":8000").told() == (
        "http://10.0.0.2:8000/、http://10.0.0.3:8000/"
    )
    assert findings.addresses(["10.0.0.2"], "").told() == "10.0.0.2"


def test_a_mended_sqlite_needs_no_note():
    assert findings.sqlite((3, 51, 3)).told() == "3.51.3。"
    assert findings.sqlite((3, 51, 2)).told() != "3.51.2。"


def test_our_words_are_turned_and_a_path_is_not():
    found = findings.second_place("/處", made(4), Refused("不在這裏。"), MONDAY_4PM)

    told = found.told(lambda words: words.replace("裏", "里").replace("處", "处"))

    assert told == "/處，最近複製的備份：2026-11-19 16:00。不在这里。".replace("这", "這")
