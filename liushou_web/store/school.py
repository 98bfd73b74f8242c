"""The school's own row: its names and settings."""

from __future__ import annotations

from ..schema import School


def school() -> School | None:
    """The school, or None before the set-up wizard has been through."""
    return School.get_or_none(School.id == 1)
