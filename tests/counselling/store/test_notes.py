"""Sealed notes: written, changed, voided; read by one key, and told of."""

import json
from dataclasses import replace
from datetime import timedelta

import make
import pytest
from kit import MONDAY_4PM, count_queries

from liushou_web.counselling.rules.notes import Note
from liushou_web.counselling.store import notes
from liushou_web.db import db
from liushou_web.refusal import NotFound, Refused
from liushou_web.schema import NoteVersion, SessionNote, Trail, VaultOpening
from liushou_web.vaults.store import openings

LATER = MONDAY_4PM + timedelta(minutes=5)


@pytest.fixture
def chen(store):
    return make.staff("陈老师", roles=("counsellor",))


@pytest.fixture
def vault(chen):
    return make.vault(chen)


@pytest.fixture
def key(vault):
    return make.key_of(vault)


def told():
    return [(line.deed, line.subject_id, line.detail) for line in Trail.select()][1:]


def test_a_written_note_is_read_again_and_is_nowhere_in_the_row(chen, vault, key):
    note = Note(who="小明", issue="夜裏睡不著", risk="watch")

    note_id = notes.write(vault, note, by=make.actor(chen), at=MONDAY_4PM)

    assert notes.one(note_id, vault, key).note == note
    row = db.execute_sql("SELECT * FROM session_note").fetchone()
    assert not any("睡".encode() in each for each in row if isinstance(each, bytes))
    assert told() == [("notes.write", note_id, "")]


def test_what_does_not_belong_is_refused_without_a_trace(chen, vault):
    with pytest.raises(Refused, match="身份證號"):
        make.note(vault, issue="11010519491231002X")

    assert (SessionNote.select().count(), told()) == (0, [])


def test_a_change_keeps_what_was_there_before(chen, vault, key):
    note_id = make.note(vault, issue="一")
    by = make.actor(chen)

    for version, issue in ((1, "二"), (2, "三")):
        notes.change(
            note_id, vault, Note(who="小明", issue=issue), version=version, by=by, at=LATER
        )

    entry = notes.one(note_id, vault, key)
    assert (entry.version, entry.note.issue, entry.changed_at) == (3, "三", LATER)
    older = [(each.version, each.note.issue) for each in notes.before(note_id, vault, key)]
    assert older == [(2, "二"), (1, "一")]


def test_a_change_of_an_older_version_is_refused(chen, vault, key):
    note_id = make.note(vault, issue="一")
    by = make.actor(chen)
    notes.change(note_id, vault, Note(issue="二"), version=1, by=by, at=LATER)

    with pytest.raises(notes.NoteOutdated):
        notes.change(note_id, vault, Note(issue="三"), version=1, by=by, at=LATER)

    assert notes.one(note_id, vault, key).note.issue == "二"
    assert NoteVersion.select().count() == 1


def test_a_void_note_stays_and_says_why(chen, vault, key):
    note_id = make.note(vault)
    note = replace(notes.one(note_id, vault, key).note, void="寫到別的孩子名下了")

    notes.void(note_id, vault, note, version=1, by=make.actor(chen), at=LATER)

    assert notes.one(note_id, vault, key).note.void == "寫到別的孩子名下了"
    assert told()[-1] == ("notes.void", note_id, "")


def test_all_are_listed_by_the_day_they_tell_of(vault, key):
    old = make.note(vault, day=(MONDAY_4PM - timedelta(days=7)).date())
    new, newer = make.note(vault), make.note(vault)

    assert [entry.id for entry in notes.all_of(vault, key)] == [newer, new, old]


@pytest.mark.parametrize("count", [1, 3])
def test_all_take_one_query_however_many(vault, key, count):
    for _ in range(count):
        make.note(vault)

    with count_queries() as queries:
        listed = notes.all_of(vault, key)

    assert (len(listed), queries.count) == (count, 1)


def test_one_damaged_note_does_not_hide_the_others(vault, key):
    damaged, whole = make.note(vault), make.note(vault)
    SessionNote.update(sealed=b"\x01not sealed").where(SessionNote.id == damaged).execute()

    listed = {entry.id: entry.note for entry in notes.all_of(vault, key)}

    assert (listed[damaged], listed[whole].who) == (None, "小明")


def test_a_note_of_another_vault_is_not_found(vault, key):
    other = make.vault(make.staff(roles=("counsellor",)))
    note_id = make.note(other)

    for ask in (notes.one, notes.before):
        with pytest.raises(NotFound):
            ask(note_id, vault, key)
    by = make.actor()
    with pytest.raises(NotFound):
        notes.change(note_id, vault, Note(), version=1, by=by, at=LATER)
    assert notes.all_of(vault, key) == []


def test_reading_is_recorded(chen, vault, key):
    note_id = make.note(vault)

    notes.view(note_id, vault, key, by=make.actor(chen), at=LATER)
    notes.view(note_id, vault, key, by=make.actor(chen), at=LATER, deed="print")

    lines = [(o.label, o.who, o.address, o.note_id) for o in openings.of_vault(vault)]
    assert lines == [
        ("打印", "陈老师", "192.168.1.20", note_id),
        ("閱讀", "陈老师", "192.168.1.20", note_id),
    ]


def test_people_are_listed_once_with_their_newest_note(vault, key):
    child = make.child("小明")
    first = make.note(vault, child_id=child.id)
    newest = make.note(vault, child_id=child.id, who="小明明")
    alias = make.note(vault, who="小明")

    people = [(id_, note.who) for id_, note in notes.people(notes.all_of(vault, key))]
    assert people == [(alias, "小明"), (newest, "小明明")]
    assert first < newest


@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE vault_opening SET at = '2020-01-01'",
        "UPDATE vault_opening SET staff_id = 99",
        "UPDATE vault_opening SET reason = NULL",
        "UPDATE vault_opening SET reason = reason || x'00'",
        "UPDATE vault_opening SET reason = zeroblob(length(reason))",
        "DELETE FROM vault_opening",
    ],
)
def test_an_opening_is_never_changed(vault, verb):
    openings.record(
        vault, "break_glass", by=make.actor(), at=LATER, reason="孩子留下了遺書一樣的信"
    )

    with pytest.raises(Exception, match="never changed|opening_reason"):
        db.execute_sql(verb)

    assert VaultOpening.select().count() == 1


def test_what_others_did_is_told_until_it_is_seen(vault):
    by = make.actor(make.staff("校长", roles=("head",)))
    openings.record(vault, "break_glass", by=by, at=LATER, reason="孩子說今晚不想活了")
    openings.record(vault, "unlock", by=by, at=LATER)
    first = openings.unseen_of_others(vault)

    openings.mark_seen(vault, first[0].id)
    vault = type(vault).get_by_id(vault.id)

    assert [each.label for each in first] == ["緊急打開"]
    assert openings.unseen_of_others(vault) == []
    assert len(openings.of_vault(vault)) == 2


def test_the_sealed_words_hold_nothing_but_the_note(vault, key):
    make.note(vault, who="小明")

    from liushou_web.vaults.rules.sealing import open_sealed

    words = json.loads(open_sealed(bytes(SessionNote.get().sealed), key))

    assert (words["who"], words["kind"]) == ("小明", "session")
