"""The pages of the first day."""

from . import setup

BLUEPRINTS = (setup.bp,)
