"""Which line of a weekly sheet stands on which page of A4, and how wide its columns are.

Decided here in millimetres, and not left to a browser: tables of classes side by side,
upright or across, whichever is fewer pages at a size that can be read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from math import ceil
from typing import NamedTuple
from unicodedata import east_asian_width

MM_PER_PT = 0.3528
PAPERS = {"portrait": (194.0, 280.0), "landscape": (281.0, 193.0)}  # within the margins
BOLD = 0.4  # by which the figures of a class are wider
NAME_PAD = 1.4  # beside a name, which must not wrap for a hair
GAP = 4.0  # between two tables
PAD = 0.8  # of a cell, both sides and its line
HEAD = 13.0  # title, school and week, on the first page; later ones have a line
SIGNS_BESIDE, SIGNS_BELOW = 31.0, 22.0
LINE = 1.25  # line height of what may wrap
HEAD_LINES = 3  # 週二, 11/24 and 16:30 over a column; the title comes to them
WIDEST_ACTIVITY = 20.0
WIDEST_NAME = 40.0
LONGEST_NAME = 9.0  # in characters; a longer one takes two lines


class Size(NamedTuple):
    """How large a sheet is set."""

    pt: int
    row: float  # mm

    @property
    def em(self) -> float:
        return self.pt * MM_PER_PT

    @property
    def line(self) -> float:
        return self.em * LINE


SIZES = (
    Size(10, 7.0),
    Size(10, 6.0),
    Size(9, 5.4),
    Size(9, 5.0),
    Size(8, 4.7),
    Size(8, 4.4),
)


class ClassText(NamedTuple):
    """A class: its heading ('三年級1班 14人') and its children as they are named."""

    label: str
    names: Sequence[str]


class SheetText(NamedTuple):
    """All of a sheet that takes room."""

    ident: str  # the line that names a loose page
    titles: Sequence[str]  # of the activities
    cell: str  # the longest under an activity: '14/15'
    classes: Sequence[ClassText]
    labels: Sequence[str]  # of the figures
    figures: Sequence[str]  # the longest under each label
    notes: Sequence[str]

    @property
    def headed(self) -> bool:
        """Whether classes have a heading: a class alone has it over the sheet."""
        return len(self.classes) > 1

    @property
    def children(self) -> int:
        return sum(len(each.names) for each in self.classes)


class Segment(NamedTuple):
    """Children of one class that stand below one another; from `first` > 0 on （續）."""

    block: int
    first: int
    after: int


class SheetPage(NamedTuple):
    """A page: tables side by side."""

    strips: list[list[Segment]]
    first: bool
    last: bool


class Widths(NamedTuple):
    """Of the columns of each table."""

    number: float  # 序號
    name: float
    activity: float
    figures: tuple[float, ...]


class Foot(NamedTuple):
    """Totals, legend, notes and signatures, below the last tables of a part."""

    beside: bool  # the totals stand left of the rest
    label: float  # width of the totals' first column
    column: float  # and of the others
    height: float


class SheetPart(NamedTuple):
    """All children at some of the activities; the last part has the figures."""

    activities: range
    widths: Widths
    foot: Foot
    pages: list[SheetPage]


class Layout(NamedTuple):
    paper: str
    size: Size
    parts: list[SheetPart]

    @property
    def pages(self) -> int:
        return sum(len(part.pages) for part in self.parts)


def lay_out(text: SheetText) -> Layout:
    """The layout with the fewest pages; of those the largest, upright before across. Only
    where the activities are too many for one page does the week stand on several parts."""
    for parts in range(1, len(text.titles) + 1):
        if found := _best(text, list(_shares(len(text.titles), parts))):
            return found
    raise ValueError("a name, a title or a figure is wider than the paper")


def width_of(text: str) -> float:
    """In characters: a Chinese one is 1, others are narrower."""
    return sum(map(_width, text))


def _width(char: str) -> float:
    if east_asian_width(char) in "WFA":
        return 1
    if char in "%MW@":
        return 0.95
    return 0.7 if char.isupper() else 0.4 if char in "/:. -" else 0.56


def _shares(activities: int, parts: int) -> Iterator[range]:
    each, more = divmod(activities, parts)
    start = 0
    for n in range(parts):
        stop = start + each + (n < more)
        yield range(start, stop)
        start = stop


def _best(text: SheetText, shares: list[range]) -> Layout | None:
    best: Layout | None = None
    for size, paper, strips in product(SIZES, PAPERS, range(1, 5)):
        found = _laid_out(text, shares, paper, size, strips, best.pages if best else 1000)
        best = found or best
    return best


def _laid_out(
    text: SheetText, shares: list[range], paper: str, size: Size, strips: int, below: int
) -> Layout | None:
    """The layout with so many tables side by side; None where it has not fewer pages than
    `below`, or does not fit."""
    parts: list[SheetPart] = []
    for share in shares:
        width = (PAPERS[paper][0] - GAP * (strips - 1)) / strips
        labels = text.labels if share.stop == len(text.titles) else ()
        widths = _widths(text, len(share), labels, width, size)
        left = below - sum(len(part.pages) for part in parts)
        foot = _foot(text, len(share), PAPERS[paper][0], size, beside=strips > 1)
        if not widths or not foot:
            return None
        pages = _Room(text, share, paper, size, strips, widths, foot).pages(left)
        if not pages:
            return None
        parts.append(SheetPart(share, widths, foot, pages))
    return Layout(paper, size, parts)


def _widths(
    text: SheetText, activities: int, labels: Sequence[str], width: float, size: Size
) -> Widths | None:
    """Columns that are together as wide as their table; None where it is too narrow."""
    em = size.em
    count = em * width_of(str(text.children)) + PAD
    rate = len(labels) - 1
    figures = tuple(
        em * max(width_of(number), width_of(label) if n == rate else 1) + PAD
        for n, (label, number) in enumerate(zip(labels, text.figures, strict=False))
    )
    label = max(width_of(each.label) for each in text.classes) if text.headed else 0
    named = max(min(LONGEST_NAME, width_of(n)) for c in text.classes for n in c.names)
    least = max(em * label + PAD - count, em * 4 + NAME_PAD)
    activity = em * max(width_of("11/23"), width_of(text.cell)) + PAD + BOLD
    spare = width - count - least - activity * activities - sum(figures)
    if spare < 0:
        return None
    wider = min(spare, max(0, em * named + NAME_PAD - least))
    more = min((spare - wider) / activities, WIDEST_ACTIVITY - activity)
    name = min(least + spare - more * activities, max(least + wider, WIDEST_NAME))
    return Widths(count, name, activity + more, figures)


class _Room:
    """How much of a part goes on a page."""

    def __init__(
        self,
        text: SheetText,
        share: range,
        paper: str,
        size: Size,
        strips: int,
        widths: Widths,
        foot: Foot,
    ) -> None:
        self.strips, self.headed = strips, text.headed
        self.row = size.row
        self.tops = [_tops(each.names, widths.name, size) for each in text.classes]
        width, height = PAPERS[paper]
        heads = _head_height(text, share, widths, size)
        self.ident = size.line * ceil(width_of(text.ident) * size.em / width) + 1
        self.height = height - heads
        self.foot = foot.height

    def pages(self, below: int) -> list[SheetPage] | None:
        """The pages, fewer than `below`; the last has its tables of one length."""
        rows = sum(tops[-1] + self.row * self.headed for tops in self.tops)
        least = ceil((rows / self.strips + HEAD + self.foot) / self.height)
        for count in range(max(1, least), below):
            rooms = self._rooms(count)
            if min(rooms) < self.row * 4:
                continue
            if self._filled(rooms, whole=True) or self._filled(rooms, whole=False):
                return self._pages(count, rooms)
        return None

    def _rooms(self, count: int) -> list[float]:
        """What is free in each table, page by page."""
        first = [HEAD, *[self.ident] * (count - 1)]
        last = [*[0.0] * (count - 1), self.foot]
        return [
            self.height - first[n] - last[n]
            for n in range(count)
            for _ in range(self.strips)
        ]

    def _pages(self, count: int, rooms: list[float]) -> list[SheetPage]:
        whole = bool(self._filled(rooms, whole=True))
        before, last = rooms[: -self.strips], rooms[-1]
        filled = self._filled(rooms, whole=whole) or []
        while before and len(filled) <= len(before):  # signatures alone vouch for nothing
            shorter_page = [before[-1] - self.row] * self.strips
            before = [*before[: -self.strips], *shorter_page]
            filled = self._filled([*before, *rooms[-self.strips :]], whole=False) or []
            whole = False
        while shorter := self._filled(
            [*before, *[last - self.row] * self.strips], whole=whole
        ):
            if len(shorter) <= len(before):
                break
            filled, last = shorter, last - self.row
        filled += [[]] * (len(rooms) - len(filled))
        return [
            SheetPage(
                filled[n * self.strips : (n + 1) * self.strips], n == 0, n == count - 1
            )
            for n in range(count)
        ]

    def _filled(self, rooms: Sequence[float], *, whole: bool) -> list[list[Segment]] | None:
        """The children in tables of this height; None where there is not room enough.
        A class is not broken if it is to be `whole` and could stand in one table."""
        strips: list[list[Segment]] = [[]]
        left = rooms[0]
        head = self.row if self.headed else 0.0
        longest = self.height - HEAD - self.foot - head if whole else 0.0
        for block, tops in enumerate(self.tops):
            first, end = 0, len(tops) - 1
            while first < end:
                after = bisect_right(tops, tops[first] + left - head + 1e-6) - 1
                after = self._kept_together(first, after, end)
                keep = after < end and tops[end] <= longest
                if after <= first or (keep and strips[-1]):
                    if len(strips) == len(rooms):
                        return None
                    left = rooms[len(strips)]
                    strips.append([])
                    continue
                strips[-1].append(Segment(block, first, after))
                left -= head + tops[after] - tops[first]
                first = after
        return strips

    def _kept_together(self, first: int, after: int, end: int) -> int:
        """Where to break: never after one child of several, nor before the last."""
        if after >= end:
            return end
        if end - after == 1:
            after -= 1
        return after if after - first >= 2 else first


def _tops(names: Sequence[str], width: float, size: Size) -> list[float]:
    """Where each line begins, and the last ends, from the first on."""
    room = (width - NAME_PAD + 0.1) / size.em
    lines = (max(1, ceil(width_of(name) / room)) for name in names)
    return [0.0, *accumulate(size.row * count for count in lines)]


def _head_height(text: SheetText, share: range, widths: Widths, size: Size) -> float:
    room = int((widths.activity - PAD) / size.em)
    titles = max(ceil(width_of(text.titles[n]) / room) for n in share)
    upright = max((len(label) for label in text.labels[:-1]), default=0)
    return size.line * max(HEAD_LINES + titles, upright) + PAD


def _foot(
    text: SheetText, activities: int, width: float, size: Size, *, beside: bool
) -> Foot | None:
    """The foot, side by side where that is wanted and the totals leave half of the width;
    None where they are too many for the paper."""
    em = size.em
    room = (width - GAP) / 2 if beside else width
    label = em * max(map(width_of, text.labels)) + 2 * PAD
    column = min(WIDEST_ACTIVITY, (room - label) / (activities + 1))
    if column < em * width_of("100.0%") + PAD:
        return _foot(text, activities, width, size, beside=False) if beside else None
    heads = 2 if column >= em * width_of("週一 11/23") + PAD else HEAD_LINES
    totals = size.row * len(text.labels) + size.line * heads + PAD + 1.5
    notes = size.line * sum(ceil(width_of(note) * em / room) for note in text.notes) + 1
    height = max(totals, notes + SIGNS_BESIDE) if beside else totals + notes + SIGNS_BELOW
    return Foot(beside, label, column, height)
