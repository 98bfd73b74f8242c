"""Weeks and days, which dates an opening gets, who may swap a duty; all pure."""
