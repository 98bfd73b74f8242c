"""Copies of everything: made, checked, kept, rehearsed and put back; and the self-check."""
