"""Accounts: added, changed, reset, retired, brought back; an administrator always stays."""

from datetime import timedelta
from threading import Barrier, Thread

import make
import pytest
from kit import MONDAY_4PM, count_queries
from peewee import DoesNotExist

from liushou_web.actor import CONSOLE
from liushou_web.db import db
from liushou_web.refusal import Refused
from liushou_web.schema import LoginFailure, Staff, Trail
from liushou_web.school.rules import passwords
from liushou_web.school.store import logins, staff


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def boss(store):
    return make.staff(name="王主任", roles=("admin",))


def deeds():
    return [(t.deed, t.subject_id, t.detail) for t in Trail.select().order_by(Trail.id)]


def begun(person):
    person = Staff.get_by_id(person.id)
    return logins.begin(person, address="192.168.1.20", at=MONDAY_4PM)


def lives(token):
    return logins.staff_of(token, at=MONDAY_4PM) is not None


def add(boss, login="liming", name="李明", roles=("duty",)):
    return staff.add(
        login, name, frozenset(roles), "hash", by=make.actor(boss), at=MONDAY_4PM
    )


def change(person, boss, **values):
    values.setdefault("name", person.name)
    roles = frozenset(values.pop("roles", person.roles))
    staff.change(person.id, roles=roles, by=make.actor(boss), at=MONDAY_4PM, **values)


def test_an_account_is_added_under_its_plain_name(boss):
    made = add(boss, login=" Ｌi Ming ", roles=("duty", "helper"))

    kept = Staff.get_by_id(made.id)
    assert (kept.login, kept.name, kept.roles, kept.must_change) == (
        "liming",
        "李明",
        {"duty", "helper"},
        True,
    )
    assert deeds() == [("staff.add", made.id, "liming 值班教師、班主任／代管家長")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"login": "LIMING"}, "賬號「liming」已經有人使用"),
        ({"login": "l"}, "2 到 32"),
        ({"login": "wang", "roles": ()}, "至少選一個角色"),
        ({"login": "wang", "roles": ("king",)}, "至少選一個角色"),
    ],
)
def test_an_account_that_cannot_be_added_leaves_no_trace(boss, values, reason):
    make.staff(login="liming", retired_at=MONDAY_4PM)

    with pytest.raises(Refused, match=reason):
        add(boss, **values)
    assert (Staff.select().count(), deeds()) == (2, [])


@pytest.mark.parametrize("accounts", [1, 3])
def test_the_list_takes_one_query_however_long(store, accounts):
    for _ in range(accounts):
        person = make.staff()
        begun(person), begun(person)

    with count_queries() as queries:
        everyone = staff.everyone()

    assert [person.seen_at for person in everyone] == [MONDAY_4PM] * accounts
    assert queries.count == 1


def test_the_list_knows_who_was_never_seen(store):
    make.staff(name="李明", roles=("duty", "helper"))

    (person,) = staff.everyone()

    assert (person.name, person.roles, person.seen_at) == (
        "李明",
        {"duty", "helper"},
        None,
    )


def test_the_active_are_those_who_can_log_in(store):
    here = make.staff()
    make.staff(retired_at=MONDAY_4PM)

    assert staff.active() == [here]


def test_a_new_name_ends_no_session(boss):
    li = make.staff(name="李明")
    token = begun(li)

    change(li, boss, name="李名")

    assert Staff.get_by_id(li.id).name == "李名"
    assert lives(token)
    assert deeds()[1:] == [("staff.rename", li.id, "李明 → 李名")]


def test_other_roles_end_the_sessions_at_once(boss):
    li = make.staff(roles=("duty",))
    token = begun(li)

    change(li, boss, roles=("helper",))

    assert Staff.get_by_id(li.id).roles == {"helper"}
    assert not lives(token)
    assert deeds()[1:] == [("staff.change_roles", li.id, "值班教師 → 班主任／代管家長")]


def test_saving_the_same_changes_nothing(boss):
    li = make.staff()
    token = begun(li)

    change(li, boss)

    assert lives(token)
    assert len(deeds()) == 1


def test_nobody_changes_their_own_roles(boss):
    make.staff(roles=("admin",))

    with pytest.raises(Refused, match="不能修改自己的角色"):
        change(boss, boss, roles=("admin", "head"))
    assert Staff.get_by_id(boss.id).roles == {"admin"}


def test_one_changes_ones_own_name(boss):
    change(boss, boss, name="王主任二")

    assert Staff.get_by_id(boss.id).name == "王主任二"


def test_the_last_administrator_keeps_the_role(boss):
    """Asked by somebody who is no administrator any more, as in a race."""
    gone = make.staff(roles=("admin",), retired_at=MONDAY_4PM)

    with pytest.raises(Refused, match="最後一位系統管理員"):
        change(boss, gone, roles=("head",))
    with pytest.raises(Refused, match="最後一位系統管理員"):
        staff.retire(boss.id, by=make.actor(gone), at=MONDAY_4PM)

    kept = Staff.get_by_id(boss.id)
    assert (kept.roles, kept.retired_at) == ({"admin"}, None)


def test_retiring_ends_the_sessions_and_keeps_the_row(boss):
    li = make.staff(login="li")
    token = begun(li)

    staff.retire(li.id, by=make.actor(boss), at=MONDAY_4PM)
    staff.retire(li.id, by=make.actor(boss), at=MONDAY_4PM)

    assert Staff.get_by_id(li.id).retired_at == MONDAY_4PM
    assert not lives(token)
    assert deeds()[1:] == [("staff.retire", li.id, "li")]


def test_nobody_retires_themselves(boss):
    make.staff(roles=("admin",))

    with pytest.raises(Refused, match="停用自己的賬號"):
        staff.retire(boss.id, by=make.actor(boss), at=MONDAY_4PM)
    assert Staff.get_by_id(boss.id).retired_at is None


def test_the_retired_come_back_as_they_were(boss):
    li = make.staff(retired_at=MONDAY_4PM, roles=("duty", "head"))

    staff.bring_back(li.id, by=make.actor(boss), at=MONDAY_4PM)
    staff.bring_back(li.id, by=make.actor(boss), at=MONDAY_4PM)

    kept = Staff.get_by_id(li.id)
    assert (kept.retired_at, kept.roles) == (None, {"duty", "head"})
    assert deeds() == [("staff.bring_back", li.id, li.login)]


def test_retiring_somebody_unknown_is_not_found(boss):
    with pytest.raises(DoesNotExist):
        staff.retire(999, by=make.actor(boss), at=MONDAY_4PM)


def test_a_reset_password_is_new_and_has_to_be_changed(boss):
    li = make.staff(login="li")
    token = begun(li)
    logins.attempt("li", address="192.168.1.20", at=MONDAY_4PM)

    password = staff.reset_password(" LI ", by=CONSOLE, at=MONDAY_4PM)

    kept = Staff.get_by_id(li.id)
    assert passwords.matches(kept.password_hash, password)
    assert kept.must_change
    assert not lives(token)
    assert [row.key.split(":")[0] for row in LoginFailure.select()] == ["address"]
    assert deeds()[1:] == [("staff.reset_password", li.id, "li")]
    assert not [t for t in Trail.select() if password in t.detail]


def test_a_one_time_password_lasts_a_week_and_ones_own_for_ever(boss):
    made = add(boss, login="wang")
    week_on = MONDAY_4PM + timedelta(days=7)
    assert made.one_time_until == week_on

    later = MONDAY_4PM + timedelta(days=30)
    staff.reset_password("wang", by=make.actor(boss), at=later)
    person = Staff.get_by_id(made.id)
    assert person.one_time_until == later + timedelta(days=7)

    staff.change_password(person, "hash", by=make.actor(person), at=later)
    assert Staff.get_by_id(made.id).one_time_until is None


@pytest.mark.parametrize("login", ["nobody", "gone"])
def test_there_is_no_reset_for_whom_there_is_no_account(boss, login):
    make.staff(login="gone", retired_at=MONDAY_4PM)

    with pytest.raises(Refused, match=f"沒有可用的賬號「{login}」"):
        staff.reset_password(login, by=make.actor(boss), at=MONDAY_4PM)


def test_nobody_resets_their_own_password(boss):
    with pytest.raises(Refused, match="我的賬號"):
        staff.reset_password(boss.login, by=make.actor(boss), at=MONDAY_4PM)


def test_no_password_is_hashed_inside_a_transaction(boss, monkeypatch):
    make.staff(login="li")
    inside = []
    monkeypatch.setattr(
        passwords, "hash_of", lambda _: inside.append(db.in_transaction()) or "hash"
    )

    staff.reset_password("li", by=make.actor(boss), at=MONDAY_4PM)

    assert inside == [False]


def test_a_changed_password_ends_the_other_sessions(store):
    li = make.staff(must_change=True)
    here, elsewhere = begun(li), begun(li)
    person = logins.staff_of(here, at=MONDAY_4PM)

    staff.change_password(person, "new hash", by=make.actor(li), at=MONDAY_4PM)

    kept = Staff.get_by_id(li.id)
    assert (kept.password_hash, kept.must_change) == ("new hash", False)
    assert (lives(here), lives(elsewhere)) == (True, False)
    assert deeds()[-1] == ("account.password", None, "")


def test_a_password_that_was_reset_meanwhile_is_not_overwritten(boss):
    li = make.staff()
    staff.reset_password(li.login, by=make.actor(boss), at=MONDAY_4PM)

    with pytest.raises(Refused, match="剛剛在別處改過"):
        staff.change_password(li, "new hash", by=make.actor(li), at=MONDAY_4PM)


def test_the_script_is_ones_own(store):
    li, wang = make.staff(), make.staff()

    staff.read_in("hans", by=make.actor(li), at=MONDAY_4PM)

    assert [Staff.get_by_id(p.id).script for p in (li, wang)] == ["hans", ""]


@pytest.mark.parametrize("deed", ["retire", "demote"])
def test_two_administrators_who_end_each_other_leave_one(store, deed):
    pair = [make.staff(roles=("admin",)), make.staff(roles=("admin",))]
    gate, outcomes = Barrier(2), []

    def run(me, other):
        with db.connection_context():
            gate.wait()
            try:
                if deed == "retire":
                    staff.retire(other.id, by=make.actor(me), at=MONDAY_4PM)
                else:
                    change(other, me, roles=("duty",))
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")

    racers = [Thread(target=run, args=(pair[n], pair[1 - n])) for n in (0, 1)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    left = [person for person in staff.active() if "admin" in person.roles]
    assert (sorted(outcomes), len(left)) == (["done", "refused"], 1)


def test_one_name_is_given_once_however_many_ask(boss):
    gate, outcomes = Barrier(6), []

    def run():
        with db.connection_context():
            gate.wait()
            try:
                add(boss, login="liming")
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")

    racers = [Thread(target=run) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["done"] + ["refused"] * 5
