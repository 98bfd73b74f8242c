"""The pages of the weekly sheet."""

from . import frozen, weekly_sheet

BLUEPRINTS = (frozen.bp, weekly_sheet.bp)
