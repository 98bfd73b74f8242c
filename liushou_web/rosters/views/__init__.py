"""The pages of the import."""

from . import imports

BLUEPRINTS = (imports.bp,)
