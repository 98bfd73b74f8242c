"""The pages of the counsellor, and of those who ask her for a time."""

from . import break_glass, calendar, counts, desk, handover, hours, notes, requests, series

BLUEPRINTS = (
    requests.bp,
    calendar.bp,
    counts.bp,
    desk.bp,
    hours.bp,
    series.bp,
    notes.bp,
    handover.bp,
    break_glass.bp,
)
