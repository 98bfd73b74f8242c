"""The first page of everybody."""

from . import today

BLUEPRINTS = (today.bp,)
