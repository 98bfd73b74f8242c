"""The pages of the calendar, rooms, openings, activities and duties."""

from . import activities, calendar, duty_counts, rooms, slots, swaps, timetables

BLUEPRINTS = (
    activities.bp,
    calendar.bp,
    duty_counts.bp,
    rooms.bp,
    timetables.bp,
    slots.bp,
    swaps.bp,
)
