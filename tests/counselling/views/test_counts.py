"""The counts for the leaders, on screen and on paper."""

from datetime import date, timedelta

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from kit import MONDAY_4PM, soup

from liushou_web.counselling.rules.notes import RISK_LABELS, WAY_LABELS, Note, NoteKind
from liushou_web.counselling.store import handover, notes
from liushou_web.schema import Child, Vault
from liushou_web.vaults.store import vaults

PATH = "/counselling/counts"


@pytest.fixture
def counsellor(app):
    return make.counsellor()


def sessions(counsellor, month, count, **values):
    first = MONDAY_4PM.replace(month=month, day=values.pop("day", 1))
    for n in range(count):
        told = {"state": "done", "child": make.child(f"孩子{n}"), **values}
        make.booking(counsellor, first + timedelta(days=n), **told)


def table(html):
    return [
        [" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])]
        for row in html.select("tbody tr")
    ]


def test_small_figures_are_not_told_and_not_in_the_total(head, counsellor):
    sessions(counsellor, 9, 5), sessions(counsellor, 10, 2), sessions(counsellor, 11, 9)
    sessions(counsellor, 9, 1, state="missed", day=20)
    lesson = make.activity(MONDAY_4PM.replace(month=10), kind="psychology")
    for n in range(4):
        make.attendance(lesson, make.child(f"學生{n}"), came_at=lesson.starts)

    html = soup(head.get(PATH))

    assert table(html) == [
        ["2026年8月", "0", "0", "0", "0", "0", "0", "0"],
        ["2026年9月", "5", "5", "少於 3", "0", "0", "0", "0"],
        ["2026年10月", "少於 3", "少於 3", "0", "0", "0", "1", "4"],
        ["合計", "5＋", "5＋", "不列出", "0", "0", "1", "4"],
    ]


def test_no_name_is_on_it(head, counsellor):
    sessions(counsellor, 9, 5)

    assert "孩子" not in soup(head.get(PATH)).find("table").text


def test_the_threshold_is_the_counsellors(client_for, at, counsellor):
    at(MONDAY_4PM)
    sessions(counsellor, 9, 4)
    client = client_for(counsellor)
    lengths = {
        "counselling_minutes": 45,
        "counselling_pause": 10,
        "counselling_threshold": 5,
    }

    client.post("/counselling/hours/lengths", data=lengths)

    assert table(soup(client.get(PATH)))[1][:3] == ["2026年9月", "少於 5", "少於 5"]


def test_other_school_years(head, counsellor):
    html = soup(head.get(f"{PATH}?year=2025"))

    assert len(table(html)) == 13
    assert [a["href"] for a in html.select(".week-nav a")] == [
        f"{PATH}?year=2024",
        f"{PATH}?year=2026",
    ]
    assert len(table(soup(head.get(f"{PATH}?year=9999")))) == 4
    assert len(table(soup(head.get(f"{PATH}?year=zz")))) == 4


def test_a_year_that_has_just_begun_says_so(client_for, at):
    at(MONDAY_4PM.replace(month=8, day=20))

    html = soup(client_for(make.staff(roles=("head",))).get(PATH))

    assert html.select_one(".empty").text.startswith("這一學年還沒有過完的月份")


@pytest.mark.parametrize("role", ["duty", "helper", "office", "admin"])
def test_only_the_head_and_the_counsellor_read_it(client_for, app, role):
    assert client_for(make.staff(roles=(role,))).get(PATH).status_code == 403


def note_of(told, child_id):
    words = {"who": "小明", "child_id": child_id, "reason": told["words"]}
    return Note(
        **{**words, **{name: told[name] for name in ("kind", "day", "way", "risk")}}
    )


notes_told = some.fixed_dictionaries(
    {
        "kind": some.sampled_from(NoteKind),
        "day": some.dates(date(2026, 8, 1), date(2026, 11, 23)),
        "way": some.sampled_from(sorted(WAY_LABELS)),
        "risk": some.sampled_from(sorted(RISK_LABELS)),
        "words": some.text("夜裏睡不著想媽媽", max_size=20),
        "then": some.sampled_from(["nothing", "change", "void"]),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(told=notes_told)
def test_no_note_and_no_referral_ever_changes_them(head, counsellor, told):
    """They are sealed: whatever was written, the page stays as it was, to the letter."""
    if not Vault.select().exists():
        sessions(counsellor, 9, 5), sessions(counsellor, 10, 2)
        make.vault(counsellor)
    vault, by = vaults.of(counsellor.id), make.actor(counsellor)
    before = soup(head.get(PATH)).main
    note = note_of(told, Child.select().first().id)

    note_id = notes.write(vault, note, by=by, at=MONDAY_4PM)
    if told["then"] != "nothing":
        deed = getattr(notes, told["then"])
        deed(note_id, vault, note, version=1, by=by, at=MONDAY_4PM)

    assert soup(head.get(PATH)).main == before


def test_nor_does_the_hand_over_of_a_vault(head, counsellor):
    sessions(counsellor, 9, 5), sessions(counsellor, 10, 3)
    old = make.vault(counsellor)
    new = make.vault(make.staff("周老師", roles=("counsellor",)))
    before = table(soup(head.get(PATH)))

    by = make.actor(counsellor)
    handover.hand_over(old, make.key_of(old), new, by=by, at=MONDAY_4PM)

    assert table(soup(head.get(PATH))) == before
