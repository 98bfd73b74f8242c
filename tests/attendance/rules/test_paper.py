"""Lines typed from paper, what they may change, who enters them; how sheets are ruled."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liushou_web.actor import Actor
from liushou_web.attendance.rules.closing import ClosingFacts
from liushou_web.attendance.rules.corrections import RollFacts
from liushou_web.attendance.rules.paper import (
    ENTERED_WITHIN,
    KnownRow,
    TypedLine,
    check_may_enter,
    check_something,
    may_enter,
    read,
    ruling,
    settled,
)
from liushou_web.refusal import NotAllowed, Refused
from liushou_web.span import Span

DAY = datetime(2026, 11, 24)
LI, OTHER, OFFICE = (
    Actor(1, "李", frozenset({"duty"})),
    Actor(2, "王", frozenset({"duty"})),
    Actor(3, "林", frozenset({"office"})),
)


def clock(hour, minute=0, second=0):
    return DAY.replace(hour=hour, minute=minute, second=second)


AFTERNOON = Span(clock(16, 30), clock(18))
WHOLE_DAY = Span(clock(8), clock(18))
NEXT_DAY = DAY + timedelta(days=1, hours=8)


def one(came="", went="", span=AFTERNOON):
    """What one line says; raises its fault."""
    reading = read({"1": TypedLine(came, went)}, span)
    for fault in reading.faults.values():
        raise fault
    return reading.facts["1"]


@pytest.mark.parametrize(
    "typed",
    ["1605", "16:05", "16：05", "16.05", "16。05", "16點05", " 16 05 ", "１６０５"]
    + ["405", "4:05", "4.05", "0405", "04:05"],
)
def test_a_time_is_read_however_it_is_typed(typed):
    assert one(typed) == RollFacts(clock(16, 5))


@pytest.mark.parametrize(
    ("typed", "span", "expected"),
    [
        ("5.30", WHOLE_DAY, clock(17, 30)),  # within the activity
        ("7.50", WHOLE_DAY, clock(7, 50)),  # just before it
        ("8.10", WHOLE_DAY, clock(8, 10)),
        ("1205", WHOLE_DAY, clock(12, 5)),
        ("1330", AFTERNOON, clock(13, 30)),  # three hours before: inclusive
        ("2100", AFTERNOON, clock(21)),  # three hours after
    ],
)
def test_a_time_is_the_one_nearest_to_the_activity(typed, span, expected):
    assert one(typed, span=span).came_at == expected


@pytest.mark.parametrize("typed", ["1329", "2101", "0030", "930"])
def test_a_time_far_away_is_refused(typed):
    with pytest.raises(Refused, match="離活動的時間太遠"):
        one(typed)


@pytest.mark.parametrize("typed", ["16", "4", "2400", "1660", "16055", "走了", "-", "假"])
def test_what_is_no_time_is_quoted(typed):
    with pytest.raises(Refused, match=f"看不懂「{typed}」"):
        one(typed)


@given(some.text(max_size=8))
def test_any_text_is_read_or_refused_in_words(typed):
    reading = read({"1": TypedLine(typed, typed)}, AFTERNOON)

    assert reading.facts.keys() | reading.faults.keys() == {"1"}


@pytest.mark.parametrize(
    ("typed", "leave"),
    [("事", "personal"), ("事假", "personal"), ("s", "personal"), ("Ｓ", "personal")]
    + [("病", "sick"), ("病假", "sick"), ("b", "sick"), ("B", "sick")],
)
def test_leave_is_a_letter(typed, leave):
    assert one(typed) == RollFacts(leave=leave)


def test_who_is_on_leave_does_not_leave():
    with pytest.raises(Refused, match="不用填走的時間"):
        one("事", "1800")


@pytest.mark.parametrize("ditto", ["=", "＝", "+", '"', "“", "”", "〃", "''", "同上"])
def test_a_ditto_is_the_last_time_above_in_its_column(ditto):
    lines = {"1": TypedLine("1605", "1750"), "2": TypedLine(), "3": TypedLine("病")}

    reading = read({**lines, "4": TypedLine(ditto, ditto)}, AFTERNOON)

    assert reading.facts["4"] == RollFacts(clock(16, 5), clock(17, 50))


def test_a_ditto_under_nothing_and_its_fault_spare_the_other_lines():
    reading = read({"1": TypedLine("="), "2": TypedLine("1605")}, AFTERNOON)

    assert str(reading.faults["1"]) == "上面還沒有時間，請先填一個，例如 1605。"
    assert reading.facts == {"2": RollFacts(clock(16, 5))}


def test_nothing_is_absent():
    assert one() == RollFacts()


CAME = clock(16, 5, 33)
TAPPED = KnownRow(RollFacts(CAME), frozenset({"came_at"}))
BOTH = KnownRow(RollFacts(CAME, clock(17, 40)), frozenset({"came_at", "went_at"}))
AHEAD = KnownRow(RollFacts(leave="sick"), frozenset({"leave"}))
WRITTEN = KnownRow(RollFacts(clock(16, 5), clock(17, 50)))  # from paper, before


@pytest.mark.parametrize(
    ("known", "paper", "expected"),
    [
        (KnownRow(), RollFacts(CAME), RollFacts(CAME)),
        (KnownRow(), RollFacts(), RollFacts()),
        (TAPPED, RollFacts(), RollFacts(CAME)),  # an empty cell keeps what was tapped
        (
            TAPPED,
            RollFacts(clock(16, 5)),
            RollFacts(CAME),
        ),  # the same minute, with its seconds
        (
            TAPPED,
            RollFacts(None, clock(17)),
            RollFacts(CAME, clock(17)),
        ),  # only the rest is new
        (
            TAPPED,
            RollFacts(None, clock(16, 5)),
            RollFacts(CAME, CAME),
        ),  # out in the same minute
        (AHEAD, RollFacts(), RollFacts(leave="sick")),
        (AHEAD, RollFacts(leave="sick"), RollFacts(leave="sick")),
        (AHEAD, RollFacts(CAME), RollFacts(CAME)),  # came after all, as by a tap
        (
            WRITTEN,
            RollFacts(clock(16, 6)),
            RollFacts(clock(16, 6)),
        ),  # typed over, and emptied
        (WRITTEN, RollFacts(), RollFacts()),
        (WRITTEN, RollFacts(leave="sick"), RollFacts(leave="sick")),
    ],
)
def test_a_row_afterwards(known, paper, expected):
    assert settled(known, paper, NEXT_DAY, corrects=False) == expected


@pytest.mark.parametrize(
    ("known", "paper", "words"),
    [
        (TAPPED, RollFacts(clock(16, 6)), "已記簽到 16:05，紙上是 16:06，不直接改寫。"),
        (
            BOTH,
            RollFacts(None, clock(17, 50)),
            "已記簽退 17:40，紙上是 17:50，不直接改寫。",
        ),
        (TAPPED, RollFacts(leave="sick"), "已經記了 16:05 簽到，紙上是請假。"),
        (AHEAD, RollFacts(leave="personal"), "已經登記的請假和紙上的不一樣"),
        (KnownRow(), RollFacts(None, clock(17)), "沒有簽到時間，不能有簽退時間。"),
        (KnownRow(), RollFacts(clock(17), clock(16)), "簽退時間不能早於簽到時間。"),
        (TAPPED, RollFacts(None, clock(16)), "簽退時間不能早於簽到時間。"),
    ],
)
def test_what_was_tapped_is_not_overwritten(known, paper, words):
    with pytest.raises(Refused) as refusal:
        settled(known, paper, NEXT_DAY, corrects=False)

    assert str(refusal.value).startswith(words)


def test_what_is_still_to_come_is_refused():
    with pytest.raises(Refused, match="這個時間還沒有到"):
        settled(KnownRow(), RollFacts(clock(17)), clock(16, 59), corrects=False)


@pytest.mark.parametrize(
    ("known", "paper", "expected"),
    [
        (TAPPED, RollFacts(clock(16, 6)), RollFacts(clock(16, 6))),
        (BOTH, RollFacts(), RollFacts(CAME, clock(17, 40))),
        (BOTH, RollFacts(leave="sick"), RollFacts(leave="sick")),
        (AHEAD, RollFacts(leave="personal"), RollFacts(leave="personal")),
    ],
)
def test_a_correction_overwrites(known, paper, expected):
    assert settled(known, paper, NEXT_DAY, corrects=True) == expected


def test_only_what_came_from_paper_can_be_typed_over():
    known = KnownRow(RollFacts(CAME, clock(17)), frozenset({"came_at"}))

    assert known.from_paper == RollFacts(None, clock(17))
    assert AHEAD.from_paper == RollFacts()


def held(starts=AFTERNOON.starts, **values):
    facts = {"opened_at": None, "cancelled_at": None, "closed_at": None}
    return ClosingFacts(starts, starts, **facts | values, duty=frozenset({1}))


@pytest.mark.parametrize(
    ("by", "facts", "at", "words"),
    [
        (LI, {}, clock(0), None),  # on the day itself
        (LI, {}, AFTERNOON.starts + ENTERED_WITHIN, None),
        (LI, {}, AFTERNOON.starts + ENTERED_WITHIN + timedelta(seconds=1), "過了 60 天"),
        (LI, {}, clock(0) - timedelta(seconds=1), "還沒有到"),
        (LI, {"cancelled_at": DAY}, NEXT_DAY, "已取消"),
        (OTHER, {}, NEXT_DAY, "只有這次活動的值班教師"),
        (OFFICE, {}, NEXT_DAY, None),
        (LI, {"closed_at": clock(18)}, clock(19), None),
        (LI, {"closed_at": clock(18)}, NEXT_DAY, "過後請找辦公室"),
        (OFFICE, {"closed_at": clock(18)}, NEXT_DAY, None),
    ],
)
def test_who_enters_what_and_when(by, facts, at, words):
    assert may_enter(by, held(**facts), at) is (words is None)
    if words:
        with pytest.raises((Refused, NotAllowed), match=words):
            check_may_enter(by, held(**facts), at)
    else:
        check_may_enter(by, held(**facts), at)


def test_an_empty_grid_says_nothing():
    with pytest.raises(Refused, match="一行也沒有填"):
        check_something([RollFacts(), RollFacts()])
    assert check_something([RollFacts(), RollFacts(leave="sick")]) is None


@pytest.mark.parametrize(
    ("children", "blanks", "height"),
    [
        (0, range(1, 21), "tall-80"),
        (12, range(13, 19), "tall-80"),
        (26, range(27, 33), "tall-75"),
        (28, range(29, 35), "tall-70"),  # one page, as tight as it gets
        (29, range(30, 36), "tall-80"),  # two pages, roomy
        (40, range(41, 47), "tall-80"),
        (83, range(84, 90), "tall-80"),  # three
    ],
)
def test_a_sheet_is_ruled_for_its_pages(children, blanks, height):
    assert ruling(children) == (blanks, height)
