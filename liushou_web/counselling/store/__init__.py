"""Every query and write of hours, bookings, follow-ups and sealed notes."""
