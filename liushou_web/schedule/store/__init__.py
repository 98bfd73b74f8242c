"""Every query and write of the calendar, rooms, openings, activities and duties."""
