"""Which backups are kept, when the next is due, and what their names tell."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import MONDAY_4PM

from liushou_web.backups.rules.retention import (
    Backup,
    BackupKind,
    backup_named,
    due,
    is_old,
    newest,
    rehearsal_due,
    to_drop,
)

DAY = timedelta(days=1)


def made(days_ago=0, kind=BackupKind.DAILY, hour=16):
    return Backup(MONDAY_4PM.replace(hour=hour) - days_ago * DAY, kind)


def test_a_name_tells_the_moment_and_the_kind():
    backup = made(kind=BackupKind.UPGRADE)

    assert backup.name == "20261123-160000-before-upgrade.zip"
    assert backup_named(backup.name) == backup


@pytest.mark.parametrize(
    "name",
    [
        "20261123-160000-daily.zip.part",
        "20261123-160000-other.zip",
        "20261323-160000-daily.zip",  # a thirteenth month
        "../20261123-160000-daily.zip",
        "٢٠٢٦١١٢٣-160000-daily.zip",  # other digits than ours
        "daily.zip",
        "",
    ],
)
def test_no_other_name_is_a_backup(name):
    assert backup_named(name) is None


def test_seven_days_and_eight_weeks_are_kept():
    backups = [made(days) for days in range(100)]

    kept = sorted(set(backups) - to_drop(backups, MONDAY_4PM), reverse=True)

    days = [(MONDAY_4PM - each.at).days for each in kept]
    # the last seven days, then the Sunday of each week before
    assert days == [0, 1, 2, 3, 4, 5, 6, 8, 15, 22, 29, 36, 43]


def test_of_one_day_the_last_is_kept():
    backups = [made(hour=hour) for hour in (8, 12, 16)]

    assert to_drop(backups, MONDAY_4PM) == set(backups[:2])


def test_a_holiday_of_three_months_costs_no_backup():
    backups = [made(days) for days in range(90, 97)]

    assert to_drop(backups, MONDAY_4PM) == set()


def test_every_end_of_a_term_is_kept():
    terms = [made(180 * n, BackupKind.TERM) for n in range(20)]

    assert to_drop([*terms, *map(made, range(60))], MONDAY_4PM).isdisjoint(terms)


@pytest.mark.parametrize(
    "kind", [BackupKind.MANUAL, BackupKind.UPGRADE, BackupKind.RESTORE]
)
def test_five_of_each_other_kind_are_kept(kind):
    risky = [made(0, kind, hour=hour) for hour in range(1, 9)]

    assert to_drop([*risky, made()], MONDAY_4PM) == set(risky[:3])


def test_a_clock_that_was_ahead_pushes_no_true_backup_out():
    future = [Backup(datetime(2099, 1, day), BackupKind.DAILY) for day in range(1, 29)]

    dropped = to_drop([*future, made(), made(1)], MONDAY_4PM)

    assert dropped.isdisjoint({made(), made(1)})
    assert dropped < set(future)


@given(st.lists(st.builds(
    Backup,
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(BackupKind),
)))  # fmt: skip
def test_the_newest_always_stays_and_what_stays_once_stays_again(backups):
    dropped = to_drop(backups, MONDAY_4PM)
    kept = set(backups) - dropped

    assert newest(backups, MONDAY_4PM) in {*kept, None}
    assert to_drop(kept, MONDAY_4PM) == set()


@pytest.mark.parametrize(
    ("backups", "last_days", "expected"),
    [
        ([], [], BackupKind.DAILY),
        ([made(1)], [], BackupKind.DAILY),  # exactly a day ago
        ([made(0, hour=8)], [], None),
        ([made(0, BackupKind.MANUAL, hour=8)], [], None),  # somebody made it by hand
        ([Backup(datetime(2099, 1, 1), BackupKind.DAILY)], [], BackupKind.DAILY),
        ([made()], [date(2026, 11, 22)], BackupKind.TERM),  # it ended yesterday
        ([made()], [date(2026, 11, 23)], None),  # today is its last day
        ([made()], [date(2026, 9, 23)], None),  # too long ago to be worth one
        ([made(), made(0, BackupKind.TERM)], [date(2026, 11, 22)], None),
        ([made(), made(90, BackupKind.TERM)], [date(2026, 11, 22)], BackupKind.TERM),
    ],
)
def test_due(backups, last_days, expected):
    assert due(backups, last_days, MONDAY_4PM) is expected


@pytest.mark.parametrize(
    ("last", "old"), [(None, True), (made(3), False), (made(4), True), (made(), False)]
)
def test_after_three_days_it_is_old(last, old):
    assert is_old(last, MONDAY_4PM) is old


@pytest.mark.parametrize(
    ("last", "rehearsed_at", "expected"),
    [
        (None, None, False),  # there is nothing to try
        (made(), None, True),
        (made(), MONDAY_4PM - timedelta(days=7), True),
        (made(), MONDAY_4PM - timedelta(days=6, hours=23), False),
        (made(), MONDAY_4PM + timedelta(days=400), True),  # under a wrong clock
    ],
)
def test_rehearsal_due(last, rehearsed_at, expected):
    assert rehearsal_due(last, rehearsed_at, MONDAY_4PM) is expected
