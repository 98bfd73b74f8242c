"""The school itself: its settings, the staff and their logins, and the trail of deeds."""
