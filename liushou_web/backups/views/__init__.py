"""The pages of copies and of the self-check."""

from . import backups, self_check

BLUEPRINTS = (backups.bp, self_check.bp)
