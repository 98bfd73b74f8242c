"""The pages of keys, and of who opened what."""

from . import unlocking, vaults

BLUEPRINTS = (unlocking.bp, vaults.bp)
