"""Login sessions, and counting wrong passwords even when they come at once."""

from datetime import timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import LoginFailure, LoginSession, Staff, Trail
from liushou_web.school.rules.throttle import TooMany
from liushou_web.school.store import logins

PC = "192.168.1.20"


def seconds(n):
    return MONDAY_4PM + timedelta(seconds=n)


def attempts(n, login="li", address=PC, at=MONDAY_4PM):
    for _ in range(n):
        logins.attempt(login, address=address, at=at)


def counts():
    rows = LoginFailure.select().order_by(LoginFailure.id)
    return {row.key.split(":")[0]: row.count for row in rows}


def begun(person, at=MONDAY_4PM):
    return logins.begin(person, address=PC, at=at)


def test_a_session_belongs_to_its_person_and_keeps_no_token(store):
    li = make.staff()

    token = begun(li)

    row = LoginSession.select().get()
    assert logins.staff_of(token, at=MONDAY_4PM) == li
    assert token not in (row.token_hash, str(row.id))
    assert [(line.deed, line.staff_id) for line in Trail.select()] == [
        ("login.begin", li.id)
    ]


def test_an_unknown_token_is_nobody(store):
    assert logins.staff_of("invented", at=MONDAY_4PM) is None
    assert logins.last_owner("invented") is None


@pytest.mark.parametrize(
    ("later", "alive"),
    [
        (timedelta(hours=2, minutes=59), True),
        (timedelta(hours=3), False),  # idle
        (timedelta(days=-3650), False),  # the clock's battery is dead: not immortal
        (timedelta(minutes=-2), True),  # the clock was put right
    ],
)
def test_a_session_ends_by_itself(store, later, alive):
    token = begun(make.staff())

    assert (logins.staff_of(token, at=MONDAY_4PM + later) is not None) is alive


def test_a_busy_session_ends_after_twelve_hours(store):
    token = begun(make.staff())

    seen = [
        logins.staff_of(token, at=MONDAY_4PM + timedelta(hours=hours)) is not None
        for hours in (2, 4, 6, 8, 10, 11.9, 12)
    ]

    assert seen == [True] * 6 + [False]


def test_looking_up_a_session_takes_one_query(store):
    token = begun(make.staff())

    with count_queries() as queries:
        logins.staff_of(token, at=MONDAY_4PM)

    assert queries.count == 1


def test_an_ended_session_still_knows_its_owner(store):
    li = make.staff()
    token = begun(li)

    logins.end(token, at=seconds(5))
    logins.end(token, at=seconds(9))

    assert logins.staff_of(token, at=seconds(6)) is None
    assert logins.last_owner(token) == li.id
    assert LoginSession.select().get().ended_at == seconds(5)


def test_living_sessions_are_listed_the_newest_first(store):
    li = make.staff()
    old, ended, here = (begun(li, seconds(n)) for n in (1, 2, 3))
    logins.end(ended, at=seconds(4))
    begun(make.staff())

    listed = logins.living(li.id, token=here, at=seconds(5))

    assert [(line.began_at, line.here) for line in listed] == [
        (seconds(3), True),
        (seconds(1), False),
    ]


def test_the_others_are_ended_and_this_one_is_not(store):
    li = make.staff()
    here, elsewhere, another = begun(li), begun(li), begun(make.staff())

    logins.end_others(here, by=make.actor(li), at=seconds(1))

    alive = [
        logins.staff_of(t, at=seconds(2)) is not None for t in (here, elsewhere, another)
    ]
    assert alive == [True, False, True]
    assert Trail.select().order_by(Trail.id.desc()).get().deed == "login.end_others"


def test_old_sessions_go_but_each_person_keeps_the_newest(store):
    li, wang = make.staff(), make.staff()
    begun(li)
    newest = begun(li, seconds(1))
    begun(wang, MONDAY_4PM + timedelta(days=40))

    assert LoginSession.select().where(LoginSession.staff == li.id).count() == 1
    assert logins.last_owner(newest) == li.id


@pytest.mark.parametrize(
    "change", [{"password_hash": "another"}, {"retired_at": MONDAY_4PM}]
)
def test_no_session_for_an_account_that_changed_under_the_login(store, change):
    li = make.staff()
    Staff.update(**change).where(Staff.id == li.id).execute()

    with pytest.raises(Refused, match="賬號或密碼不對"):
        begun(li)
    assert LoginSession.select().count() == 0


@pytest.mark.parametrize("typed", ["li ming", " LIMING ", "ｌｉｍｉｎｇ", "li\u200bming"])
def test_a_person_is_found_however_the_name_is_typed(store, typed):
    li = make.staff(login="liming")

    assert logins.by_name(typed) == li


def test_a_retired_person_is_not_found(store):
    make.staff(login="liming", retired_at=MONDAY_4PM)

    assert logins.by_name("liming") is None


def test_five_tries_are_free_and_the_sixth_waits(store):
    attempts(5)

    with pytest.raises(TooMany) as refusal:
        attempts(1, at=seconds(10))
    assert refusal.value.seconds == 20
    assert counts() == {"address": 5, "account": 5}  # asking again costs nothing


def test_after_the_wait_there_is_one_try_and_then_a_longer_wait(store):
    attempts(5)
    attempts(1, at=seconds(30))

    with pytest.raises(TooMany) as refusal:
        attempts(1, at=seconds(31))
    assert refusal.value.seconds == 59


@pytest.mark.parametrize("typed", ["li", "LI", " l i ", "ｌｉ", "l\u200bi"])
def test_the_count_is_not_escaped_by_another_spelling(store, typed):
    attempts(5)

    with pytest.raises(TooMany):
        attempts(1, login=typed, address="192.168.1.99")


def test_an_unknown_name_waits_just_the_same(store):
    make.staff(login="li")
    attempts(5, login="nobody")

    with pytest.raises(TooMany) as refusal:
        attempts(1, login="nobody")
    assert refusal.value.seconds == 30


def test_other_accounts_and_addresses_are_free(store):
    attempts(5)

    assert attempts(1, login="wang", address="192.168.1.21") is None


def test_an_address_has_twenty_free_tries_over_all_accounts(store):
    for n in range(20):
        attempts(1, login=f"staff{n}")

    with pytest.raises(TooMany):
        attempts(1, login="one-more")
    assert attempts(1, login="one-more", address="192.168.1.21") is None


def test_success_clears_the_account_and_relieves_the_address(store):
    li = make.staff(login="li")
    attempts(3, login="wang")
    attempts(4)

    begun(li)

    by_key = {row.key.split(":")[0]: row.count for row in LoginFailure.select()}
    assert by_key == {"account": 3, "address": 6}
    assert LoginFailure.select().count() == 2


def test_counts_are_forgotten_after_a_quiet_day(store):
    attempts(5)

    attempts(1, login="wang", at=MONDAY_4PM + timedelta(hours=24))

    assert LoginFailure.select().count() == 2


def test_names_that_were_typed_are_not_kept(store):
    attempts(1, login="my secret password")

    assert "secret" not in " ".join(row.key for row in LoginFailure.select())


def test_a_failure_is_told_without_what_was_typed(store):
    li = make.staff(login="li")

    logins.record_failure(li, address=PC, at=MONDAY_4PM)
    logins.record_failure(None, address=PC, at=MONDAY_4PM)

    lines = [
        (t.deed, t.staff_id, t.subject_id, t.address, t.detail) for t in Trail.select()
    ]
    assert lines == [
        ("login.failed", None, li.id, PC, ""),
        ("login.failed", None, None, PC, ""),
    ]


def race(count, deed):
    """Runs `deed(n)` in `count` threads at once; returns what they answered, sorted."""
    gate, outcomes = Barrier(count), []

    def run(n):
        with db.connection_context():
            gate.wait()
            try:
                outcomes.append(deed(n) or "done")
            except Refused as refusal:
                outcomes.append(type(refusal).__name__)

    racers = [Thread(target=run, args=(n,)) for n in range(count)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return sorted(outcomes)


def test_two_wrong_logins_at_the_same_moment_count_two(store):
    outcomes = race(2, lambda _: attempts(1))

    assert outcomes == ["done", "done"]
    assert counts() == {"address": 2, "account": 2}


def test_of_many_at_once_five_get_through_to_the_password(store):
    outcomes = race(12, lambda _: attempts(1))

    assert outcomes == ["TooMany"] * 7 + ["done"] * 5
    assert counts() == {"address": 5, "account": 5}
