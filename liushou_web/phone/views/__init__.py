"""The pages of the family phone."""

from . import calls, dead_numbers, not_called, phones, register, wishes

BLUEPRINTS = (not_called.bp, register.bp, wishes.bp, calls.bp, dead_numbers.bp, phones.bp)
