"""Passwords, roles, waits after a wrong password, the words of the trail; pure."""
