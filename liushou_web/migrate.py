"""Brings a database up to this program's schema, one numbered step after another."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from .db import db

FOLDER = Path(__file__).parent / "migrations"


def runner() -> Runner:
    return Runner(db, str(FOLDER))


def pending() -> list[str]:
    """Names of the steps that the open database still lacks."""
    return [step.name for step in runner().status() if step.path and not step.applied]


def unknown() -> list[str]:
    """Steps that the open database has and this program does not: it is newer than us."""
    return [step.name for step in runner().status() if not step.path]


def migrate() -> list[str]:
    """Runs what is pending, each step whole or not at all; returns their names."""
    applied: list[str] = runner().up()
    return applied
