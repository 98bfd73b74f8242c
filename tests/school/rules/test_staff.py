"""Names to log in by, roles, who may not be changed; the roles and the trail in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.access import RIGHTS, Kind, Role
from liushou_web.actor import Actor
from liushou_web.refusal import Refused
from liushou_web.school.rules import roles, trail
from liushou_web.school.rules.staff import (
    check_admin_stays,
    check_login,
    check_not_oneself,
    check_roles,
    login_name,
)


@pytest.mark.parametrize(
    "typed",
    ["liming", " LiMing ", "ＬｉＭｉｎｇ", "li ming", "li\u3000ming", "li\u200bming\ufeff"],
)
def test_one_account_has_one_name_however_it_is_typed(typed):
    assert login_name(typed) == "liming"


@given(some.text(max_size=20))
def test_a_name_is_as_plain_as_it_gets(typed):
    assert login_name(login_name(typed)) == login_name(typed)


@pytest.mark.parametrize("login", ["", "a", "a" * 33])
def test_a_login_is_neither_too_short_nor_too_long(login):
    with pytest.raises(Refused, match="2 到 32"):
        check_login(login)


def test_a_login_of_two_characters_is_enough():
    assert check_login("李明") is None


@pytest.mark.parametrize("chosen", [set(), {"king"}, {"duty", "king"}])
def test_roles_are_those_that_exist(chosen):
    with pytest.raises(Refused, match="至少選一個角色"):
        check_roles(frozenset(chosen))


def test_nobody_changes_themselves():
    with pytest.raises(Refused, match="不能修改自己"):
        check_not_oneself(7, Actor(7, "李", frozenset()))
    assert check_not_oneself(8, Actor(7, "李", frozenset())) is None


def test_an_administrator_stays():
    with pytest.raises(Refused, match="最後一位系統管理員"):
        check_admin_stays([frozenset({"head"}), frozenset({"duty", "office"})])
    assert check_admin_stays([frozenset({"head", "admin"})]) is None


def test_every_role_is_told_in_a_sentence_and_every_right_in_words():
    assert set(roles.SENTENCES) == set(Role)
    assert [line.kind for line in roles.table()] == list(Kind)
    assert {len(line.rights) for line in roles.table()} == {len(Role)}


def test_the_table_of_roles_says_what_the_rights_say():
    told = {line.kind: dict(zip(Role, line.rights, strict=True)) for line in roles.table()}

    assert told[Kind.CHILD][Role.ADMIN] == "—"
    assert told[Kind.CHILD][Role.HELPER] == "只看自己班級"
    assert told[Kind.CHILD][Role.OFFICE] == "查看和修改"
    assert told[Kind.CHILD][Role.HEAD] == "查看"
    for kind, line in told.items():
        assert {role for role in Role if line[role] != "—"} == set(RIGHTS[kind])


def test_deeds_are_told_in_words():
    assert trail.label("staff.retire") == "停用賬號"
    assert trail.label("children.something_new") == "學生：其他操作"
    assert trail.subject("child", 12) == "學生 12"
    assert trail.subject("", None) == ""
