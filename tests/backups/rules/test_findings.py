"""What each finding of the self-check means."""

from datetime import datetime, timedelta

import pytest
from kit import MONDAY_4PM

from liushou_web.backups.rules import findings
from liushou_web.backups.rules.findings import GIBIBYTE, FindingState
from liushou_web.backups.rules.retention import Backup, BackupKind
from liushou_web.refusal import Refused

DAY = timedelta(days=1)


def made(days_ago):
    return Backup(MONDAY_4PM - days_ago * DAY, BackupKind.DAILY)


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        (findings.database("ok"), FindingState.GOOD),
        (findings.database("row 3 missing"), FindingState.BAD),
        (findings.links(0), FindingState.GOOD),
        (findings.links(2), FindingState.BAD),
        (findings.schema(False, [], []), FindingState.GOOD),
        (findings.schema(True, [], []), FindingState.BAD),
        (findings.schema(False, ["0002"], []), FindingState.BAD),
        (findings.schema(False, [], ["9999"]), FindingState.BAD),
        (findings.disk(GIBIBYTE), FindingState.GOOD),
        (findings.disk(GIBIBYTE - 1), FindingState.LOOK),
        (findings.disk(GIBIBYTE // 10 - 1), FindingState.BAD),
        (findings.clock(MONDAY_4PM, None), FindingState.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM), FindingState.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM + timedelta(minutes=2)), FindingState.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM + timedelta(minutes=3)), FindingState.BAD),
        (findings.clock(datetime(2025, 12, 31, 23, 59), None), FindingState.BAD),
        (findings.clock(datetime(2026, 1, 1), None), FindingState.GOOD),
        (findings.clock(MONDAY_4PM, MONDAY_4PM - 120 * DAY), FindingState.GOOD),  # a summer
        (findings.clock(MONDAY_4PM, MONDAY_4PM - 121 * DAY), FindingState.LOOK),
        (findings.addresses([], ":8000"), FindingState.LOOK),
        (findings.addresses(["192.168.1.5"], ":8000"), FindingState.GOOD),
        (findings.backup(None, None, MONDAY_4PM), FindingState.BAD),
        (findings.backup(made(3), None, MONDAY_4PM), FindingState.GOOD),
        (findings.backup(made(4), None, MONDAY_4PM), FindingState.BAD),
        (findings.backup(made(1), Refused("磁盤滿了。"), MONDAY_4PM), FindingState.LOOK),
        (findings.second_place("", None, None, MONDAY_4PM), FindingState.LOOK),
        (findings.second_place("E:\\", None, None, MONDAY_4PM), FindingState.LOOK),
        (
            findings.second_place("E:\\", made(1), Refused("不在。"), MONDAY_4PM),
            FindingState.GOOD,
        ),
        (findings.second_place("E:\\", made(4), None, MONDAY_4PM), FindingState.LOOK),
        (findings.sqlite((3, 40, 1)), FindingState.GOOD),
        (findings.program("0.1.0", "3.11.7"), FindingState.GOOD),
    ],
)
def test_states(finding, state):
    assert finding.state is state
    assert "{" not in finding.in_words()
    assert bool(finding.todo) is (state is not FindingState.GOOD)


def test_addresses_are_told_as_they_are_typed():
    assert findings.addresses(["10.0.0.2", "10.0.0.3"], ":8000").in_words() == (
        "http://10.0.0.2:8000/、http://10.0.0.3:8000/"
    )
    assert findings.addresses(["10.0.0.2"], "").in_words() == "10.0.0.2"


def test_a_mended_sqlite_needs_no_note():
    assert findings.sqlite((3, 51, 3)).in_words() == "3.51.3。"
    assert findings.sqlite((3, 51, 2)).in_words() != "3.51.2。"


def test_our_words_are_turned_and_a_path_is_not():
    found = findings.second_place("/處", made(4), Refused("不在這裏。"), MONDAY_4PM)

    told = found.in_words(lambda words: words.replace("裏", "里").replace("處", "处"))

    assert told == "/處，最近複製的備份：2026-11-19 16:00。不在这里。".replace("这", "這")
